"""The locked screen."""

TEXTS: dict[str, str] = {
    "enter": "tuidesk qulflangan. Enter ochadi.",
    "passphrase": "tuidesk qulflangan. Parol iborasi ochadi:",
    "wrong": "Bu emas. Keyingi urinish {seconds} soniyadan keyin:",
    "wait": "Hali emas.",
}
