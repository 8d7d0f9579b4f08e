"""The locked screen."""

TEXTS = {
    "enter": "tuidesk is locked. Enter opens it.",
    "passphrase": "tuidesk is locked. Its passphrase opens it:",
    "wrong": "That is not it. The next try in {seconds} s:",
    "wait": "Not yet.",
}
