"""What a command writes: data to stdout, talk to stderr. Text for people is cleaned, JSON goes out as it came."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from tuidesk.errors import ConfigError
from tuidesk.words import say

_GAP = "  "
_MOST = 16
"""Cells that a column may take on a terminal, all but the last one, which has the rest …"""
_LAST = 20
"""… and these at least, as long as the others keep …"""
_LEAST = 7
"""… so many each."""


def _clean(text: str, *, lines: bool = True) -> str:
    from tuidesk.domain.text import clean  # JSON, which is not cleaned, does not pay for it

    return clean(text, lines=lines)


@contextmanager
def to_stdout() -> Iterator[None]:
    """What is written in the block is data.

    Raises:
        ConfigError: stdout does not take it (a full disk, say).
        BrokenPipeError: whoever read it has had enough.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        discard()
        where = say("cli.the_output")
        raise ConfigError(say("cli.cannot_write", path=where, reason=error.strerror)) from error


@contextmanager
def at_any_rate() -> Iterator[None]:
    """For the account of what has been done: it is done, whether or not that can be told."""
    try:
        yield
        flush()
    except BrokenPipeError:
        discard()
    except ConfigError as error:
        talk(say("cli.error", why=error))


def flush() -> None:
    """What was written is on its way.

    Raises:
        ConfigError, BrokenPipeError: as `to_stdout`.
    """
    with to_stdout():
        sys.stdout.flush()


def discard() -> None:
    """Nothing is written to stdout any more, at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def data(text: str) -> None:
    """One line for a person: what it quotes cannot begin another one."""
    words(_clean(text, lines=False))


def block(text: str, indent: str = "  ") -> None:
    """Lines from outside, set in, so that none of them passes for one of ours."""
    for line in _clean(text).splitlines():
        words(f"{indent}{line}".rstrip())


def words(text: str) -> None:
    """Lines of our own."""
    with to_stdout():
        _write(sys.stdout, text + "\n")


def json_line(value: dict[str, Any]) -> None:
    """One object on a line of its own, in UTF-8 whatever the locale is; on its way when this returns."""
    with to_stdout():
        sys.stdout.buffer.write(as_json(value, on_terminal=sys.stdout.isatty()) + b"\n")
        sys.stdout.buffer.flush()


def json_lines(values: Iterable[dict[str, Any]]) -> None:
    """Objects, a line each, written as a whole."""
    on_terminal = sys.stdout.isatty()
    lines = [as_json(value, on_terminal=on_terminal) for value in values]
    if lines:
        with to_stdout():
            sys.stdout.buffer.write(b"\n".join(lines) + b"\n")


def file(data: bytes) -> None:
    """What would stand in a file; on a terminal without the CR of its lines, which acts there."""
    if sys.stdout.isatty():
        data = data.replace(b"\r\n", b"\n")
    with to_stdout():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def as_json(value: dict[str, Any], *, on_terminal: bool) -> bytes:
    """An object on one line, as it came; on a terminal with `\\u202e` for what acts there, which is the same JSON."""
    text = json.dumps(value, ensure_ascii=False)
    if on_terminal and not text.isprintable():
        text = "".join(sign if sign.isprintable() else _escaped(sign) for sign in text)
    return text.encode("utf-8", "replace")


def _escaped(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def talk(text: str) -> None:
    """A sentence to the person, beside the data; where nobody can hear it, the work goes on."""
    with suppress(OSError):
        _write(sys.stderr, _clean(text) + "\n")


def ask(prompt: str) -> None:
    """A question, with the cursor left behind it."""
    _write(sys.stderr, _clean(prompt, lines=False))
    sys.stderr.flush()


def _write(stream: Any, text: str) -> None:
    stream.write(
        text.encode(stream.encoding or "utf-8", "backslashreplace").decode(stream.encoding or "utf-8")
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns aligned by cells. On a terminal they are cut to what fits; elsewhere nothing is."""
    from tuidesk.domain.text import cut, pad, width

    cells = [list(heads), *([_clean(cell, lines=False) for cell in row] for row in rows)]
    shown = sys.stdout.isatty()
    widths = [max(width(row[place]) for row in cells) for place in range(len(heads) - 1)]
    room = columns() - len(_GAP) * len(widths)
    if shown:
        widths = _narrowed(widths, room - _LAST)
    for row in cells:
        padded = [pad(cut(cell, wide), wide) for cell, wide in zip(row[:-1], widths, strict=True)]
        last = cut(row[-1], max(room - sum(widths), 1)) if shown else row[-1]
        words(_GAP.join([*padded, last]).rstrip())


def _narrowed(widths: list[int], room: int) -> list[int]:
    """Columns that fit: the widest gives first, down to what can still be read."""
    narrow = [min(wide, _MOST) for wide in widths]
    while sum(narrow) > room and (widest := max(narrow)) > _LEAST:
        narrow[narrow.index(widest)] -= 1
    return narrow


def columns() -> int:
    """How wide stdout's terminal is; 80 where it is none, or does not say."""
    try:
        return os.get_terminal_size(1).columns or 80
    except OSError:
        return 80


class Progress:
    """One line on a terminal's stderr that says how far something is; nothing elsewhere."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._written = False

    def say(self, text: str) -> None:
        """Show `text` in the place of what was said before."""
        if self._shown:
            _write(sys.stderr, f"\r{_clean(text, lines=False)}\x1b[K")
            sys.stderr.flush()
            self._written = True

    def end(self) -> None:
        """Go to a line of its own."""
        if self._written:
            sys.stderr.write("\n")
            self._written = False
