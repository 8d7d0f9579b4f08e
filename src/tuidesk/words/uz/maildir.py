"""What a maildir account says."""

TEXTS: dict[str, str] = {
    "help_path": "Maildir yoki mbox fayli (u faqat oʻqiladi)",
    "help_sent": "yuborilganlar papkasi: kirish qutisi yonidagi nom yoki yoʻl",
    "help_send": "javoblar qanday ketadi: command = [...] yoki host, port, security, user bilan smtp; "
    "boʻlmasa faqat oʻqiladi",
    "help_days": "birinchi sinxronlash necha kun orqaga oʻqisin",
    "help_poll_s": "tekshirishlar orasidagi soniyalar",
    "one_way_to_send": "send uchun command yoki smtp kerak",
    "no_box": "{path} Maildir ham, mbox fayli ham emas",
    "cannot_read": "{path}: oʻqib boʻlmadi: {why}",
    "cannot_write": "{path}: yozib boʻlmadi: {why}",
    "message_gone": "xabar endi u yerda yoʻq",
    "read_only": "bu hisobning yuborish yoʻli yoʻq (faylidagi `send` ga qarang)",
    "unsupported": "Maildir da {type} yoʻq: faqat shu yerda saqlanadi",
    "no_trace": "yuborilganlar papkasida koʻrinmaydi",
    "closed": "hisob yopilmoqda",
    "found_maildir": "Maildir, {count} ta xabar, soʻnggi {days} kunda {recent} ta",
    "found_mbox": "mbox fayli, {count} ta xabar, soʻnggi {days} kunda {recent} ta; faqat oʻqiladi",
    "found_sent": "javoblar saqlanadi: {path}",
    "found_no_sent": "yuborilganlar papkasi {path} yoʻq: javoblar faqat shu yerda saqlanadi",
    "found_program": "javoblar {program} orqali ketadi",
    "found_no_program": "{program} dasturi bu yerda yoʻq: javob yuborib boʻlmaydi",
    "found_smtp": "javoblar {host} orqali ketadi",
    "found_no_smtp": "hozir xat yuborib boʻlmaydi: {reason}",
    "found_read_only": "hech narsa yuborib boʻlmaydi",
}
