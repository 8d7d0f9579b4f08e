"""What is said of a Matrix account."""

TEXTS: dict[str, str] = {
    "help_user": "hisobingiz identifikatori: @support:acme.example",
    "help_login": "maxfiy qiymat nima: token (kirish tokeni) yoki password (parol)",
    "help_homeserver": "uy serveri manzili, agar identifikator domeni aytgan joy boʻlmasa",
    "help_ca": "tizimnikidan tashqari ishoniladigan markazning PEM fayli",
    "help_days": "birinchi sinxronlash necha kun orqaga oʻqiydi",
    "help_invites": (
        "kimning taklifi qabul qilinadi: everybody (hamma), listed (invites_from dagilar), nobody (hech kim)"
    ),
    "help_invites_from": (
        "listed boʻlsa: foydalanuvchi yoki serverlar: @dana:example.org, example.org, *.example.org"
    ),
    "help_colleagues": (
        "bu xonalarda biz tomondan yana kim gapiradi (odamlar, botlar, koʻpriklar), invites_from kabi"
    ),
    "help_receipts": (
        "javob ketgach mijoz xabari oʻqilganini xonaga bildirish: none, private (faqat boshqa mijoz "
        "dasturlaringiz koʻradi), public"
    ),
    "help_typing": "javobning fayllari yuklanayotganda mijozga yozilayotganini koʻrsatish",
    "bad_user": "user toʻliq Matrix identifikatori boʻlishi kerak: @support:acme.example",
    "bad_days": "days 1 yoki undan katta boʻlishi kerak",
    "credential": (
        "Yordam stoli uchun alohida hisob ochgan maʼqul. Elementda oʻsha hisob bilan kiring, All "
        "settings, Help & About ni oching, eng pastdagi Access Token ni nusxalang; keyin oʻsha "
        "Elementdan chiqmang, aks holda token tugaydi. Yoki login = password ni tanlab, hisob parolini "
        "bering: tuidesk har ishga tushganda bitta qurilma sifatida kiradi. Tokenlar bir necha daqiqada "
        "tugaydigan joyda (matrix.org) parolni tanlang."
    ),
    "no_token": "Uy serveri token bermadi",
    "no_sync": "Uy serveri javobida davom etish joyi yoʻq",
    "no_room": "Uy serveri qaysi xonani ochganini aytmadi",
    "no_event": "Uy serveri qaysi xabarni yaratganini aytmadi",
    "no_upload": "Uy serveri faylni qayerga qoʻyganini aytmadi",
    "no_file": "Uy serverida bunday fayl yoʻq",
    "no_such_file": "Faylni oʻqib boʻlmadi: {why}",
    "no_user": "Yozish uchun Matrix identifikatori yoʻq: {who}",
    "no_forward": "Matrix xabarni uzata olmaydi: matnini nusxalang",
    "other_user": "Maxfiy qiymat {user} niki, hisob faylida esa {wanted}",
    "unsupported": "Matrixda {type} yoʻq",
    "too_long": "Matn {limit} baytdan uzun",
    "repeatable": "Qayta bajarilsa zarari yoʻq",
    "same_words": "Xonada xuddi shu soʻzlar bor, lekin aynan shular ekanini hech narsa koʻrsatmaydi",
    "too_much": "Shundan beri u yerda juda koʻp gapirilgan, topib boʻlmaydi",
    "encrypted": (
        "Xona boshdan oxir shifrlangan, tuidesk buni bilmaydi: Elementda javob bering yoki yangi xona oching"
    ),
    "public": "Bu xonani endi hamma oʻqiy oladi: yozganingiz faqat mijozga atalgan edi",
    "left": "Biz endi bu xonada emasmiz",
    "moved": "Xona yopilgan, oʻrniga boshqasi bor: oʻsha yerda javob bering",
    "alone": "Xonada boshqa hech kim yoʻq",
    "uninvited": "Qoida qabul qilmaydigan {count} ta taklif kutmoqda",
    "unreadable": "[shifrlangan xabar: tuidesk oʻqiy olmaydi]",
    "lost": "Bundan oldin tuidesk yoʻq paytda aytilganlarni oʻqib boʻlmadi: {why}",
    "deleted": "[oʻchirilgan xabar]",
    "call": "[qoʻngʻiroq]",
    "location": "[joylashuv {where}]",
    "file": "[{name}]",
    "locked_file": "[shifrlangan fayl {name}]",
    "sort": "[{sort}]",
    "no_sort": "[oʻqib boʻlmaydigan xabar]",
    "field_room": "xona",
    "field_topic": "mavzu",
    "field_network": "tarmoq",
    "finding_server": "Uy serveri: {host}",
    "finding_encrypted": (
        "Boshdan oxir shifrlangan xonalar koʻrinadi, lekin oʻqilmaydi va javob berilmaydi: server "
        "aytmasa, Element shaxsiy xabarlarni shifrlaydi"
    ),
    "finding_password": (
        "tuidesk har ishga tushganda parol bilan kiradi; serverlar ketma-ket kirishni cheklaydi, kirish "
        "tokeniga esa kirish kerak emas"
    ),
}
