"""What goes to the terminal besides the screen: copies, notifications, the title. Pure: text → a sequence to write.

Each is a string of our own making: text goes in as base64, or without any sign that could end it or begin another.
"""

from base64 import b64encode
from collections.abc import Mapping

from tuidesk.domain.text import clean

BELL = "\x07"
KEEP_TITLE, GIVE_TITLE_BACK = "\x1b[22;2t", "\x1b[23;2t"
"""Onto the terminal's own stack, and from it."""
COPY_MOST = 50_000
"""Bytes. Terminals take 74 kB and more, as base64."""
_NOTICE_MOST = 120
_PIECE = 700
"""GNU screen takes no longer string than 768 bytes."""


def copied(text: str, environ: Mapping[str, str]) -> str:
    """Puts a text into the clipboard of whoever sits at the terminal (OSC 52)."""
    sequence = f"\x1b]52;c;{b64encode(text.encode()[:COPY_MOST]).decode()}{BELL}"
    return sequence + passed_through(
        sequence, environ
    )  # tmux takes it itself, or hands it on, as it is set up


def notice(text: str, kind: str, environ: Mapping[str, str]) -> str:
    """A notification of the terminal's: OSC `9`, or `777`."""
    words = _words(text)
    sequence = f"\x1b]777;notify;tuidesk;{words}{BELL}" if kind == "777" else f"\x1b]9;{words}{BELL}"
    return passed_through(sequence, environ) or sequence


def title(text: str, environ: Mapping[str, str]) -> str:
    """The title of the window, or of the pane within tmux and screen."""
    words = _words(text)
    return f"\x1bk{words}\x1b\\" if "STY" in environ else f"\x1b]2;{words}{BELL}"


def passed_through(sequence: str, environ: Mapping[str, str]) -> str:
    """The same for the terminal around tmux or screen; "" where there is none around."""
    if "TMUX" in environ or environ.get("TERM", "").startswith("tmux"):
        doubled = sequence.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{doubled}\x1b\\"
    if "STY" in environ or environ.get("TERM", "").startswith("screen"):
        pieces = (sequence[at : at + _PIECE] for at in range(0, len(sequence), _PIECE))
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return ""


def _words(text: str) -> str:
    return clean(text, lines=False).replace(";", ",")[:_NOTICE_MOST]
