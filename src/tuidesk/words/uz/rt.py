"""What the channel to Request Tracker says."""

TEXTS: dict[str, str] = {
    "help_server": "RT manzili, masalan https://rt.acme.example",
    "help_user": "parol bilan kirilsa, foydalanuvchi nomi; boʻsh boʻlsa maxfiy soʻz tokendir",
    "help_queues": "ishlanadigan navbatlar nomi; boʻsh boʻlsa koʻrinadiganlarning hammasi",
    "help_days": "birinchi sinxronlash necha kun orqani oʻqiydi",
    "help_poll_s": "ikki qarash orasidagi soniyalar: RT qoʻngʻiroq chalmaydi",
    "help_ca": "tizimnikidan tashqari ishoniladigan idoraning PEM fayli",
    "credential": "Maxfiy soʻz oʻz tokeningizdir: RT sozlamalarida Auth Tokens, Create. "
    "RT token bermasa, `user` ni yozing va parolingizni oling.",
    "found": "Navbatlar: {queues}",
    "no_user": "Token kimniki — nomaʼlum ({why}): `server` ga qarang, `user` ni yozing yoki oʻz tokeningizni oling",
    "no_queue": "Bu hisob koʻra oladigan {name} navbati yoʻq",
    "unsupported": "RTda {type} yoʻq; shu kompyuterda qoladi",
    "repeatable": "Holatni yana qoʻyish mumkin",
    "hidden": "[RT yozilganini koʻrsatmaydi: {why}]",
    "no_file": "Bunday fayl yoʻq",
    "not_set": "RT {name} ni oʻzgartirmadi",
}
