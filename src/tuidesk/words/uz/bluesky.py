"""What the Bluesky channel says."""

TEXTS: dict[str, str] = {
    "help_handle": "hisobning nomi, masalan acme.bsky.social",
    "help_server": "hisob kiradigan server; koʻpchiligi bsky.social da",
    "help_days": "birinchi sinxronlash necha kun orqani oʻqiydi",
    "help_chat": "toʻgʻridan-toʻgʻri xabarlar ham oʻqilib javob berilsinmi",
    "help_poll_s": "ikki qarash orasidagi soniyalar; ancha vaqt hech kim yozmasa, ikki barobar",
    "help_ca": "tizimnikidan tashqari ishoniladigan idoraning PEM fayli",
    "credential": "Maxfiy soʻz hisobning oʻz paroli emas, ilova parolidir: bsky.app da Sozlamalar, Maxfiylik "
    "va xavfsizlik, Ilova parollari, qoʻshish. Toʻgʻridan-toʻgʻri xabarlarga ham shu yerdan "
    "javob berilsa, ularga ruxsatni belgilang. U bir marta, toʻrttadan toʻrt guruh belgi "
    "koʻrinishida chiqadi.",
    "found": "@{handle} nomi bilan kirildi, maʼlumotlari {server} da",
    "public": "Toʻgʻridan-toʻgʻri xabarlardan boshqa hammasi ochiq: postga javobni har kim oʻqiy oladi",
    "second_factor": "Server pochtadagi kodni soʻrayapti: hisob paroli oʻrniga ilova parolini ishlating",
    "logins": "Seans boshlangach tez tugadi; kirishlar soni cheklangan, keyinroq yana uriniladi",
    "no_session": "{host} seans bermadi",
    "no_chat": "Toʻgʻridan-toʻgʻri xabarlarni oʻqib ham, yuborib ham boʻlmaydi ({why}): Sozlamalar, "
    "Maxfiylik va xavfsizlik, Ilova parollarida ruxsati borini yarating",
    "chat_off": "hisob faylida chat = false deyilgan",
    "unsupported": "Blueskyda {type} yoʻq",
    "mixed": "Bu ochiqmi yoki toʻgʻridan-toʻgʻri xabarmi, aniq emas, shuning uchun yuborilmadi",
    "too_long": "Bluesky oladiganidan uzun: {most} belgi",
    "gone": "Javob berilayotgan narsa endi yoʻq yoki muallifi bu hisobni bloklagan",
    "blocked_by": "Muallifi bu hisobni bloklagan",
    "blocking": "Bu hisob muallifini bloklagan",
    "gated": "Muallifi bu hisobga u yerda javob berishga ruxsat bermagan: javobni hech kim koʻrmaydi",
    "locked": "Suhbat qulflangan",
    "chat_disabled": "Ular hozir toʻgʻridan-toʻgʻri xabar olmaydi",
    "one_person": "Toʻgʻridan-toʻgʻri xabar bir kishi bilan boshlanadi",
    "not_there": "@{handle} bu suhbatda yoʻq: uni suhbatdagi boshqa odam oladi",
    "key_taken": "Bu javob oladigan nom ostida boshqa post bor",
    "picture": "{name} Bluesky oladigan rasm emas: 2 MB gacha PNG, JPEG, GIF yoki WebP",
    "pictures": "Bir post bilan koʻpi bilan {most} ta rasm ketadi",
    "no_files": "Blueskydagi toʻgʻridan-toʻgʻri xabar fayl olmaydi",
    "no_file": "Bunday fayl yoʻq",
}
