"""`v`: a message as it came, to the last byte that fits."""

from tuidesk.domain.text import clean
from tuidesk.tui.screens.reading import Reading
from tuidesk.tui.widgets.page import Line
from tuidesk.words import say

_MOST = 2_000_000
"""Bytes that are shown; nobody reads more, and what is shown is cleaned line by line."""


class Source(Reading):
    def __init__(self, message: int, data: bytes) -> None:
        super().__init__(say("tui.source_title", n=message, size=len(data)), _lines(data))


def _lines(data: bytes) -> tuple[Line, ...]:
    text = data[:_MOST].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines: list[Line] = [((" " + clean(line, lines=False), "words"),) for line in text.split("\n")]
    if len(data) > _MOST:
        lines.append(((say("tui.source_more", size=len(data) - _MOST), "quiet"),))
    return tuple(lines)
