"""What is said to an agent who does not look: in notifications, and in the title of the window."""

TEXTS: dict[str, str] = {
    "title": "tuidesk",
    "all": "tuidesk: {what}",
    "mine": "suhbatlaringizda {count} ta",
    "new": "{count} ta yangi",
    "back": "muddati kelgani {count} ta",
    "check": "tekshiriladigani {count} ta",
    "soon": "tez orada kechikadigani {count} ta",
    "late": "kechikkani {count} ta",
    "window": "javob muddati tugayotgani {count} ta",
    "from": "{what}, {who}",
    "more": "yana {count} ta",
}
