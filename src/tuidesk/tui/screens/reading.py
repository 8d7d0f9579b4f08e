"""A screen full of text: what help, accounts and sources share."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from tuidesk.tui.keyboard import meant
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets.hint_line import KeysLine
from tuidesk.tui.widgets.page import Page
from tuidesk.words import say


class Reading(ModalScreen[None], inherit_bindings=False):
    """Scrolls with the keys of the thread; Esc, `u` and `q` leave."""

    AUTO_FOCUS: ClassVar[str | None] = None
    hides_conversation: ClassVar[bool] = True
    """Whether it is about something else than the conversation below it, whose clock stands meanwhile."""
    DEFAULT_CSS = """
    Reading { background: $background; layout: vertical; }
    Reading #reading-title { height: 2; color: $text-accent; }
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = Page((((" " + title, "title"),),))
        self._title.id = "reading-title"
        self._title.can_focus = False
        self.page = Page()
        self._keys = KeysLine()

    def compose(self) -> ComposeResult:
        yield self._title
        yield self.page
        yield self._keys

    def on_mount(self) -> None:
        self._keys.say(self.keys())
        self.page.focus()

    def on_resize(self) -> None:
        self.lay_out()

    def lay_out(self) -> None:
        """Show the text, wrapped for the width there is: nothing here is worth reading in halves."""

    def keys(self) -> tuple[tuple[str, str], ...]:
        """Those that the last line names, the most wanted first."""
        return (
            (say("tui.key_esc"), say("tui.reading_back")),
            (say("tui.key_space"), say("tui.reading_page")),
            *self.more_keys(),
        )

    def more_keys(self) -> tuple[tuple[str, str], ...]:
        """Keys of the screen's own, for the last line."""
        return ()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if isinstance(event, Burst):
            return
        match meant(event):
            case "Esc" | "Ctrl+C" | "u" | "q":
                self.dismiss(None)
            case "j" | "Down":
                self.page.move(1)
            case "k" | "Up":
                self.page.move(-1)
            case "Space" | "PgDn":
                self.page.scroll_pages(1)
            case "PgUp":
                self.page.scroll_pages(-1)
            case "Ctrl+D":
                self.page.scroll_pages(0.5)
            case "Ctrl+U":
                self.page.scroll_pages(-0.5)
            case "Home":
                self.page.to_start()
            case "End":
                self.page.to_end()
            case key:
                self.pressed(key)

    def pressed(self, key: str) -> None:
        """A key of the screen's own."""

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
