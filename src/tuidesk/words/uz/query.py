"""Mistakes in a query (`domain.query`)."""

TEXTS: dict[str, str] = {
    "near": "{why}: balki {near}?",
    "quote_it": "{why} ({known}); ikki nuqtali matn qoʻshtirnoqda yoziladi",
    "unknown_key": "{key}: bunday narsa yoʻq",
    "unknown_value": "{key}: {value} ni bilmaydi",
    "known": "{why}, borlari: {known}",
    "no_value": "{key}: nima? {known}",
    "no_text": "{key}: kim yoki nima?",
    "bracketed_value": "{key}: dan keyingisi qavssiz yoziladi",
    "no_span": "{key}: >30m, <2h yoki >1d kabi vaqtni oladi",
    "no_date": "{key}: sana (2026-11-20), today, yesterday yoki 7d oladi",
    "or_alone": 'or ikki narsa orasida turadi; soʻzning oʻzi: “"or"”',
    "not_closed": "bu qavs yopilmagan",
    "not_opened": "yopiladigan qavs yoʻq",
    "nothing_inside": "bu qavslar ichi boʻsh",
    "too_deep": "qavslar juda chuqur: koʻpi bilan {most} daraja",
    "too_long": "soʻrovda koʻpi bilan {most} qism boʻladi",
    "sort_once": "sort: bir marta yoziladi",
    "sort_inside": "sort: butun soʻrovga tegishli: -siz va qavssiz alohida yoziladi",
}
