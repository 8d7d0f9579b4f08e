"""A conversation as a program gets it (`desk.piping`)."""

TEXTS: dict[str, str] = {
    "head": "#{n} {subject} ({medium}, {status})",
    "in": "--- {who}, {at}",
    "out": "--- biz: {who}, {at}",
    "note": "--- qayd, {who}, {at}",
}
