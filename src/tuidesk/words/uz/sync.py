"""How an account's line is."""

TEXTS: dict[str, str] = {
    "silent": "serverdan javob yoʻq",
}
