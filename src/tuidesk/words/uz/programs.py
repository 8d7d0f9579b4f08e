"""Programs of the user's own (`desk.programs`)."""

TEXTS: dict[str, str] = {
    "none": "Qaysi dastur? Hech narsa yozilmadi.",
    "not_words": "Buni dastur va argumentlari deb oʻqib boʻlmadi: {reason}.",
    "cannot_start": "{program}: ishga tushirib boʻlmadi: {reason}.",
}
