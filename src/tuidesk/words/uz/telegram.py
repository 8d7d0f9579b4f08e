"""What the Telegram channel says."""

TEXTS: dict[str, str] = {
    "help_server": "Bot API serveri: Telegramniki yoki oʻzingizniki",
    "help_team": "oʻz Telegram hisobidan javob beradigan hamkasblarning raqami yoki @nomi",
    "help_mark_read": "javob berilgan xabar oʻqilganini biznes hisob mijoziga koʻrsatish",
    "help_poll_s": "server yangilik yoʻqligini aytguncha kutadigan soniyalar",
    "help_ca": "tizimnikidan tashqari ishoniladigan idoraning PEM fayli",
    "credential": "Maxfiy soʻz bot tokenidir: Telegramda @BotFather ga /newbot (bor bot uchun /token) yozing va "
    "123456:ABC koʻrinishidagi satrni nusxalang. Bu botni ayni vaqtda boshqa dastur oʻqimasin. "
    "Guruhda bot har bir xabarni koʻrishi uchun maxfiylik rejimini oʻchiring (/setprivacy).",
    "found": "Bot: {name} (@{handle})",
    "one_reader": "Botni faqat bitta dastur oʻqiy oladi: bu tokenni bitta mashinadagi tuideskka qoldiring",
    "privacy": "Guruhda bot faqat buyruq, eslatma va oʻziga javoblarni koʻradi: buni @BotFather da /setprivacy "
    "oʻzgartiradi",
    "bad_token": "Telegram bu tokenni tanimaydi: toʻgʻrisini @BotFather da /token koʻrsatadi",
    "webhook": "Bu botning xabarlarini {host} dagi vebxuk oladi, shuning uchun tuidesk ololmaydi: tuideskka alohida "
    "bot bering yoki u yerda vebxukni olib tashlang (deleteWebhook)",
    "second_reader": "Bu botni boshqa dastur ham oʻqiyapti va xabarlar boʻlinib ketadi: uni toʻxtating yoki tuideskka "
    "alohida bot bering. tuidesk besh daqiqa yoʻl berib, yana qaraydi",
    "unsupported": "Telegram botida {type} yoʻq",
    "no_chat": "Bu qaysi suhbatda ekani nomaʼlum",
    "window": "Biznes hisob mijoziga oxirgi xabaridan keyin bir kun ichida javob berish mumkin",
    "nobody": "Bot alohida faqat bir kishiga, oʻziga yozgan odamga yoza oladi",
    "no_file": "Bunday fayl yoʻq",
    "no_find": "Bot yuborganini koʻra olmaydi: suhbatga qarang",
    "too_big": "{name} bot yubora oladigan {limit} MB dan katta",
    "too_long": "Xabarda koʻpi bilan {most} belgi boʻladi",
    "half": "Faqat bir qismi yuborildi: {reason}",
    "paced": "Telegram guruhga daqiqasiga yigirmata xabar oladi: biroz kuting",
    "blocked": "Mijoz botni bloklagan",
    "removed": "Bot endi bu guruhda emas",
    "no_right": "{who} botga javob berishga ruxsat bermagan",
    "disconnected": "{who} botni uzib qoʻygan",
}
