"""How an account's line is."""

TEXTS = {
    "silent": "no answer from the server",
}
