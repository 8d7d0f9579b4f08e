"""A conversation as a program gets it (`desk.piping`)."""

TEXTS: dict[str, str] = {
    "head": "#{n} {subject} ({medium}, {status})",
    "in": "--- {who}, {at}",
    "out": "--- 우리: {who}, {at}",
    "note": "--- {who}의 메모, {at}",
}
