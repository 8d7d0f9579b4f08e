"""The composer: reply, note, new conversation, forward. It keeps the text; the screen saves and sends it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tuidesk.domain.commands import Mode
from tuidesk.domain.lengths import length
from tuidesk.domain.model import Person
from tuidesk.domain.text import clean, cut, pad, width, wrap
from tuidesk.tui.widgets.after_send import AfterSend, Choice
from tuidesk.tui.widgets.draft_text import DraftText, Field, fit
from tuidesk.tui.widgets.strips import strip
from tuidesk.tui.widgets.writing import Misaddressed, Sheet, Slot, Written, addressees, shown_person
from tuidesk.words import say

SAVE_AFTER_S = 0.4
"""From the first key that is not saved to the report that asks for it, however fast the typing goes on."""
BURST_S = 0.03
"""Keys closer than this came in one piece: nobody types so fast, but a paste arrives like that."""

Spans = tuple[tuple[str, str], ...]

KEYS: dict[str, str] = {
    "ctrl+s": "send",
    "ctrl+enter": "send",
    "escape": "leave",
    "ctrl+c": "leave",
    "ctrl+r": "recipients",
    "ctrl+o": "editor",
    "ctrl+f": "attach",
    "ctrl+g": "keys",
    "tab": "next_field",
    "shift+tab": "last_field",
    "enter": "enter",
    "left": "last_account",
    "right": "next_account",
}
"""Key → command. What is not here edits (`Ctrl+A E K U W Y D Z`), or is the screen's."""
EDITING = frozenset(f"ctrl+{letter}" for letter in "aekuwydz")
"""Never anybody else's while a text is written."""
