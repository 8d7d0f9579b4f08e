"""What is said of HTTP and of who speaks it."""

TEXTS: dict[str, str] = {
    "bad_base": "{base!r} tuidesk kira oladigan manzil emas: https://… (http faqat shu kompyuterda)",
    "ca": "{path} dagi sertifikat idoralarini oʻqib boʻlmadi: {reason}",
    "bad_proxy": "Muhitdagi proksidan foydalanib boʻlmaydi ({what}): HTTPS_PROXY va ALL_PROXY ni koʻring",
    "bad_secret": "Maxfiy soʻzda sarlavha koʻtara olmaydigan belgilar bor: toʻliq nusxalanganini tekshiring",
    "closed": "Hisob yopilmoqda",
    "unwritable": "Soʻrovni yozib boʻlmadi ({what}): manzil va maxfiy soʻzni tekshiring",
    "no_connection": "{host} bilan bogʻlanib boʻlmadi: {why}",
    "certificate": "{host} sertifikatiga ishonib boʻlmaydi: {why}",
    "slow": "{host} vaqtida javob bermadi",
    "broken": "{host} bilan aloqa uzildi ({what})",
    "ended": "{host} oqimni tugatdi",
    "endless": "sahifalar tugamaydi",
    "status": "{host} javobi: {status} {phrase}",
    "moved": "{host} boshqa manzilga yubormoqda: hisob faylida oʻsha manzilni yozing",
    "elsewhere": "{host} {other} dagi manzilni aytdi, tuidesk u yerga bormaydi",
    "not_understood": "{host} dan kutilmagan javob: {what}",
    "no_json": "JSON emas",
    "too_much": "{limit} baytdan koʻp",
    "too_big": "Fayl {limit} baytdan katta",
    "limited": "Xizmat cheklovi tugadi: u toʻlguncha kutilmoqda",
}
