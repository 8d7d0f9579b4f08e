"""By which way a reply goes to the customer."""

TEXTS: dict[str, str] = {
    "title": "#{n}: qaysi yoʻl bilan?",
    "now": "Hozir: {medium}, shaxsiy.",
    "now_public": "Hozir: {medium}, OMMAVIY.",
    "thread": "{medium}, {seen}: #{n}, kimga {to}, {via} orqali",
    "start": "{medium}, {seen}: yangi suhbat, kimga {to}, {via} orqali",
    "window": "javob muddati: {when} gacha",
    "closed": "javob muddati oʻtgan",
    "most": "koʻpi bilan {room}",
    "unit_characters": "{count} belgi",
    "unit_graphemes": "{count} belgi",
    "unit_utf16": "{count} belgi",
    "unit_bytes": "{count} bayt",
    "unit_gsm7": "{count} SMS belgisi",
    "unit_x-weighted": "{count} belgi",
    "recipients": "shu yoʻl bilan boshqalarga: Kimga va Nusxani oʻzgartirish",
    "not_saved": "Matn hali diskda emas, shuning uchun shu yerda qoladi.",
    "begun": "Yangi suhbat allaqachon boshlangan (“{text}”): c koʻrsatadi; avval yuboring yoki boʻshating.",
    "now_unlisted": "Hozir: {medium}, ROʻYXATSIZ.",
    "now_private": "Hozir: {medium}, obunachilar ham.",
}
