"""What import and export say."""

TEXTS: dict[str, str] = {
    "no_account": 'bu yerda "{account}" hisobi yoʻq',
    "bad_account": "`account` hisob nomi emas",
    "stray": "{type} qatorining suhbati yoki mijozi yoʻq",
    "bad_work": "`out` kanal uchun ish emas",
}
