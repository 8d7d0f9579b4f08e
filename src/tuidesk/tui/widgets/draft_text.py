"""The fields that are written in: Textual's, with our keys, and with nothing in them that acts on a terminal."""

import re
from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, TextArea

Obey = Callable[[Widget, events.Key], bool]
"""Tries a key that came to a field on the composer's own commands; whether it was one."""

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LONE = re.compile("[\ud800-\udfff]")
# What turns or hides text. It stays in the draft, since right-to-left scripts need some of it, but is drawn as a dot.
_ACTING = re.compile(
    "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_JOINERS = frozenset("\u200c\u200d\u200e\u200f\ufe0e\ufe0f")


def fit(text: str) -> str:
    """`text` as a draft may hold it: one kind of line end, and pictures for controls (pasted, or from a file)."""
    text = _LONE.sub("�", _BREAKS.sub("\n", text))
    return _CONTROLS.sub(lambda found: _picture(found[0]), text)


def _picture(control: str) -> str:
    code = ord(control)
    return chr(0x2400 + code) if code < 0x20 else "␡"


def _harmless(text: str) -> str:
    """`text` as it is drawn: as many characters, none of which acts."""
    return _CONTROLS.sub("·", text) if text.isascii() else _CONTROLS.sub("·", _ACTING.sub("·", text))


class DraftText(TextArea):
    """Soft wrap, no markup, no blinking. `Ctrl+A E K U W Y D Z` edit, as in Textual; all else asks the composer.

    Its scrollbar is always there, without a width: Textual 8.2.8 raises in `undo` where one comes or goes.
    """

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    DraftText {
        height: 1fr; min-height: 1; border: none; padding: 0 1; background: $surface;
        overflow-x: hidden; overflow-y: scroll; scrollbar-size: 0 0;
        &:focus { border: none; }
    }
    """

    def __init__(self, obey: Obey) -> None:
        super().__init__(soft_wrap=True, highlight_cursor_line=False, id="composer-text", compact=True)
        self.cursor_blink = False
        self.match_cursor_bracket = False
        self._obey = obey

    @property
    def is_at_start(self) -> bool:
        """The cursor is at the start of a line, with nothing selected."""
        return self.selection.is_empty and self.cursor_location[1] == 0 and not self.read_only

    async def _on_key(self, event: events.Key) -> None:
        if self._obey(self, event):
            event.stop()
            event.prevent_default()
        elif (
            event.character in _JOINERS and not self.read_only
        ):  # no key for Textual, but Persian is typed with them
            self.insert(event.character or "")
            event.stop()
            event.prevent_default()

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = fit(event.text)
        event.stop()  # the screen says of a paste that gets there that it went nowhere

    def get_line(self, line_index: int) -> Text:
        line = self.document.get_line(line_index)
        return Text(_harmless(line), end="", no_wrap=True)


class TypedLine(Input):
    """One line to type in, whatever is pasted into it: no blinking, and nothing of it acts on the terminal."""

    def __init__(self, *, id: str | None = None, placeholder: str = "") -> None:
        super().__init__(id=id, placeholder=placeholder, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.text = fit(event.text).replace("\n", " ").strip()

    def render_line(self, y: int) -> Strip:
        drawn = super().render_line(y)
        if drawn.text.isascii() and drawn.text.isprintable():
            return drawn
        safe = [Segment(_harmless(text), style) for text, style, _ in drawn]
        return Strip(safe).adjust_cell_length(drawn.cell_length)


class Field(TypedLine):
    """A line of the composer's: recipients or a subject."""

    DEFAULT_CSS = """
    Field { width: 1fr; height: 1; border: none; padding: 0 1; background: $surface; }
    Field:focus { border: none; background: $surface; }
    """

    def __init__(self, obey: Obey, id: str) -> None:
        super().__init__(id=id)
        self._obey = obey

    async def _on_key(self, event: events.Key) -> None:
        if self._obey(self, event):
            event.stop()
            event.prevent_default()
