"""A conversation as a program gets it (`desk.piping`)."""

TEXTS = {
    "head": "#{n} {subject} ({medium}, {status})",
    "in": "--- {who}, {at}",
    "out": "--- us: {who}, {at}",
    "note": "--- note of {who}, {at}",
}
