"""A text in the agent's own editor."""

TEXTS: dict[str, str] = {
    "cannot_write": "matnni muharrirga berib boʻlmadi: {reason}",
    "cannot_read": "{path}: oʻqib boʻlmadi: {reason}",
    "no_file": "bu fayl emas",
    "too_large": "matn uchun juda katta",
    "bad": "{command} muharririni oʻqib boʻlmadi: {reason}",
    "cannot_run": "{command} muharririni ishga tushirib boʻlmadi: {reason}",
    "no_terminal": "Bu yerda muharrir uchun terminal yoʻq.",
    "ended": "Muharrir {code} bilan tugadi: matn avvalgidek qoldi.",
    "killed": "Muharrirni {number} signali toʻxtatdi; yozgani shu yerda.",
    "found": "Muharrirda {when} da #{n} uchun yozilgan matn topildi: “{text}”. Endi u qoralama, g d "
    "koʻrsatadi.",
    "found_start": "Muharrirda {when} da yangi suhbat uchun yozilgan matn topildi: “{text}”. c davom "
    "ettiradi.",
    "left": "Muharrirda {when} da yozilgan matnni qoralama qilib boʻlmadi, u {path} da qoladi: {reason}",
}
