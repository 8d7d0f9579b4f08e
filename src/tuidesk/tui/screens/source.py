"""`v`: a message as it came, to the last byte that fits."""

import asyncio
from typing import ClassVar

from tuidesk.domain.text import clean, wrap
from tuidesk.tui.screens.reading import Reading
from tuidesk.tui.widgets.page import Line
from tuidesk.words import say

_MOST = 2_000_000
"""Bytes that are shown; nobody reads more, and what is shown is cleaned line by line."""


class Source(Reading):
    hides_conversation: ClassVar[bool] = False

    def __init__(self, message: int, data: bytes) -> None:
        super().__init__(say("tui.source_title", n=message, size=len(data)))
        self._data = data

    def lay_out(self) -> None:
        self.run_worker(self._show(max(self.size.width - 2, 8)), exclusive=True)

    async def _show(self, cells: int) -> None:
        """Two megabytes take half a second: not on the loop of the keys."""
        self.page.show(await asyncio.to_thread(_lines, self._data, cells))


def _lines(data: bytes, cells: int) -> tuple[Line, ...]:
    text = data[:_MOST].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines: list[Line] = [
        ((" " + part, "words"),)
        for line in text.split("\n")
        for part in wrap(clean(line, lines=False), cells)
    ]
    if len(data) > _MOST:
        lines.append(((say("tui.source_more", size=len(data) - _MOST), "quiet"),))
    return tuple(lines)
