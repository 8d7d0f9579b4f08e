"""Times as they are typed (`domain.when`). Words that mean the same are separated by `|`, all in small letters."""

TEXTS: dict[str, str] = {
    # what is understood; in every other language besides what stands there. The beginning of a name will do
    "weekdays": "dushanba seshanba chorshanba payshanba juma shanba yakshanba",
    "months": "yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr",
    "today": "bugun",
    "tomorrow": "ertaga",
    "after_tomorrow": "indin|indinga",
    "next": "keyingi|kelasi",
    "next_week": "keyingi hafta|kelasi hafta|keyingi haftada|kelasi haftada",
    "reply": "javob|javob kelguncha|javobgacha",
    "firm": "qatʼiy|qatʼiy|javob kelsa ham",
    "minute_units": "daq|daqiqa|minut",
    "hour_units": "soat",
    "day_units": "kun",
    "week_units": "hafta",
    "am": "ertalab",
    "pm": "kechqurun|kechki|tushdan keyin",
    "at": "soat",
    "day_endings": "",
    "hour_endings": "",
    # what is said
    "usual": "ertaga 9",
    "unreadable": "“{typed}” vaqt emas. Masalan: 2 soat, 30 daq, 3 kun, ertaga 9, dush 14:00, 2-dekabr, "
    "javob; oxirida ! boʻlsa, javob kelsa ham",
    "past": "“{typed}” oʻtib ketgan",
    "no_change": "“{typed}” tuzatish emas: +5m qoʻshadi, -5m ayiradi, 12m hammasi shuncha degani",
    "firm_reply": "qatʼiy qoldirish uchun vaqt kerak",
    "now": "hozir",
    "yesterday": "kecha",
    "this_week": "shu hafta|bu hafta",
    "last_week": "oʻtgan hafta|oʼtgan hafta|o'tgan hafta",
    "this_month": "shu oy|bu oy",
    "last_month": "oʻtgan oy|oʼtgan oy|o'tgan oy",
    "unreadable_past": "“{typed}” vaqt emas. Masalan: 7 kun, kecha, dushanba, oʻtgan hafta, oʻtgan oy, "
    "2-noyabr, 2026-11, 2026-11-20, 2026-11-20 9:00",
    "period_ends": "davr boshlanmasidan tugaydi",
}
