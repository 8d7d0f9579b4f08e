"""Why the user's own program has not said what it knows of a customer."""

TEXTS: dict[str, str] = {
    "not_started": "{command}: ishga tushirib boʻlmadi: {why}",
    "too_slow": "{seconds} soniyada javob yoʻq",
    "too_much": "javobi {most} kB dan oshdi",
    "failed": "{status} holati bilan tugadi: {why}",
    "status": "{status} holati bilan tugadi",
    "not_understood": "javobining {n}-qatori: {why}",
    "no_contact": "javobining {n}-qatori contact qatori emas",
}
