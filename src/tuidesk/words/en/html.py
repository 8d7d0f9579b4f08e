"""What HTML becomes where it has no text of its own."""

TEXTS: dict[str, str] = {
    "too_deep": "the HTML is nested deeper than {limit}",
    "image": "[{alt}]",
}
