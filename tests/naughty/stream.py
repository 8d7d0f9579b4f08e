"""What a program wrote to a terminal, judged: everything that acts on a terminal must be the program's own.

The bytes are decoded as UTF-8 and read once from front to back, as a terminal reads them. A sequence passes only
if the program itself has a reason to write it; the data's never do, because their parameters are ones that it never
uses (`tests.naughty.canaries`).
"""

import re
from collections import Counter
from dataclasses import dataclass, field

# Colours and weights as Rich writes them. The canaries' own (`8;77`) is none of them.
_COLOUR = r"(?:[0-79]|2[1-9]|3[0-79]|4[0-79]|9[0-7]|10[0-7]|[34]8;5;\d{1,3}|[34]8;2;\d{1,3};\d{1,3};\d{1,3})"
_SGR = re.compile(rf"\x1b\[(?:{_COLOUR}(?:;{_COLOUR})*)?m")
_GO = re.compile(r"\x1b\[(\d+);(\d+)H")
_SETTING = re.compile(r"\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]")
_QUESTION = re.compile(r"\x1b\[\?(?:2026|2048)\$p")
_KITTY_KEYS = re.compile(r"\x1b\[(?:>\d{1,2}u|<u)")
_ERASE = re.compile(r"\x1b\[[02]?[JK]")
_POINTER = re.compile(r"\x1b\]22;[a-z-]+\x07")
"""The shape of the mouse pointer (OSC 22), which has no words of anybody's in it."""
_ASKED = re.compile(r"\x1b\[6n|\x1b\[K|\x1b\]11;\?\x07")
"""How wide the signs are, and what colour is behind the text."""
COUNTED = (
    r"\d+ (?:late|near the end of the reply window|due soon"
    r"|in your conversations|new|back from a snooze|to check)"
)
"""What the title may count."""
_TITLE = re.compile(rf"\x1b\[2[23];2t|\x1b\]2;tuidesk(?:: {COUNTED}(?:, {COUNTED})*)?\x07")
"""Of the window: ours, in words of ours alone, and the one before."""
_COPY = re.compile(r"\x1b\]52;c;[A-Za-z0-9+/=]+\x07")

_SCREEN = (_SGR, _GO, _SETTING, _QUESTION, _KITTY_KEYS, _POINTER, _ASKED, _TITLE, _COPY)
_SHELL = (re.compile(r"\x1b\[K"),)
"""The line that says how far something is, and nothing else."""

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)


@dataclass
class Verdict:
    """What was found in a stream."""

    wrong: list[str] = field(default_factory=list)
    """What nobody but the data can have written, each with what stands around it."""
    seen: Counter[str] = field(default_factory=Counter)
    """The sequences that passed, without the numbers of colours and places."""


def of_screen(written: bytes, columns: int, lines: int) -> Verdict:
    """The stream of the screen's program, on a terminal of at most this size."""
    return _judge(written, _SCREEN, columns, lines)


def of_shell(written: bytes) -> Verdict:
    """The stream of a command, after the kernel has made each LF into CR LF."""
    return _judge(written, _SHELL, 0, 0)


def _judge(written: bytes, allowed: tuple[re.Pattern[str], ...], columns: int, lines: int) -> Verdict:
    verdict = Verdict()
    try:
        text = written.decode()
    except UnicodeDecodeError as error:
        verdict.wrong.append(f"no UTF-8: {error}")
        text = written.decode(errors="replace")
    verdict.wrong += [_around(text, found.start()) for found in _HIDDEN.finditer(_own(text))]
    for found in re.finditer("\x1b", text):
        passed = next((match for form in allowed if (match := form.match(text, found.start()))), None)
        if passed is None or (passed.re is _GO and not _on_screen(passed, columns, lines)):
            verdict.wrong.append(_around(text, found.start()))
        else:
            verdict.seen[re.sub(r"\d+;\d+H", "H", _SGR.sub("\x1b[m", passed[0]))] += 1
    for found in re.finditer("\r(?!\n)", text):
        if not re.compile("\r[^\r\n\x1b]*\x1b\\[K").match(text, found.start()):
            verdict.wrong.append(_around(text, found.start()))
    return verdict


def _own(text: str) -> str:
    """Without the sequences of ours that end in a BEL."""
    for form in (_POINTER, _ASKED, _TITLE, _COPY):
        text = form.sub("", text)
    return text


def _on_screen(place: re.Match[str], columns: int, lines: int) -> bool:
    return 1 <= int(place[1]) <= lines and 1 <= int(place[2]) <= columns + 1


def _around(text: str, at: int) -> str:
    return repr(text[max(at - 40, 0) : at + 40])


def without_sequences(written: bytes) -> str:
    """The text that was written, in the order it was written in."""
    return re.sub(
        r"\x1b(?:\[[0-9;:<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*\x07)", "", written.decode(errors="replace")
    )
