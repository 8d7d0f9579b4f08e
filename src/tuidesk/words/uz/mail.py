"""What a mail account says."""

TEXTS: dict[str, str] = {
    # the line
    "certificate": "{host} sertifikatiga ishonib boʻlmaydi: {reason}. Hech narsa yuborilmadi.",
    "tls": "{host} bilan himoyalangan aloqa yoʻq: {reason}",
    "no_such_host": "{host} hosti yoʻq yoki nomini hozir topib boʻlmadi",
    "silent": "{host} javob bermayapti",
    "line": "{host}: {reason}",
    "hung_up": "server aloqani yopdi",
    "nonsense": "{host} IMAP boʻlmagan javob berdi ({reason})",
    "no_connection_left": "{host}: bu pochta qutisi uchun boʻsh ulanish qolmadi: {reason}",
    "polled": "yangi xatlar darhol bilinmaydi, vaqti-vaqti bilan tekshiriladi: {reason}",
    "closed": "hisob yopilmoqda",
    "ascii_login": "bu server foydalanuvchi nomi va parolda faqat ASCII harflarini oladi",
    "line_end": "boshqa buyruq boshlanishi mumkin boʻlgan joyda qator oxiri yoki NUL bor",
    "ca": "{path}: sertifikatlar fayli emas: {reason}",
    "renumbered": "{folder} qayta raqamlandi",
    "bad_days": "days 1 yoki undan koʻp boʻlishi kerak",
    "bad_seconds": "idle_s 1 va {limit} orasida, poll_s 0 dan katta boʻlishi kerak",
    "bad_oauth": 'auth = "oauth" va [oauth] jadvali birga boʻlishi kerak: biri yoʻq',
    # messages and work
    "message_gone": "xabar endi serverda yoʻq",
    "unsupported": "pochtada {type} yoʻq",
    "no_keywords": "{folder} kalit soʻzlarni saqlamaydi, xat arxivga ham koʻchirilmaydi, server bila olmaydi",
    "repeatable": "buni takrorlash mumkin",
    "no_trace": "yuborilganlar papkasida ham, javobda ham koʻrinmaydi, SMTP esa qayd saqlamaydi",
    # what check found
    "found_messages": "{folder}: soʻnggi {days} kunda {count} ta xabar",
    "found_idle": "yangi xat darhol bilinadi (IDLE)",
    "found_polling": "server yangi xatni ayta olmaydi (IDLE yoʻq): har {seconds} soniyada soʻraladi",
    "found_condstore": "server qaysi bayroqlar oʻzgarganini aytadi (CONDSTORE)",
    "found_no_condstore": "server qaysi bayroqlar oʻzgarganini ayta olmaydi: eng yangi xabarlarniki "
    "solishtiriladi",
    "found_keywords": "yakunlangan xatga {keyword} kalit soʻzi qoʻyiladi, uni boshqa dasturlar ham koʻradi",
    "found_no_keywords": "server kalit soʻzlarni saqlamaydi: yakunlangani faqat shu yerda bilinadi",
    "found_archive": "yakunlangan xat koʻchiriladi: {folder}",
    "found_sent": "javoblar papkasi: {folder}",
    "found_sent_by_name": "javoblar papkasi, nomiga qaraganda: {folder}",
    "found_no_smtp": "hozir xat yuborib boʻlmaydi: {reason}",
    "found_no_sent": "yuborilganlar papkasi yoʻq: birinchi javobda yaratiladi",
}
