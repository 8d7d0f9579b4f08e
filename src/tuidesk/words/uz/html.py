"""What HTML becomes where it has no text of its own."""

TEXTS: dict[str, str] = {
    "too_deep": "HTML {limit} darajadan chuqur",
    "image": "[{alt}]",
}
