"""What a composer reports to its screen."""

from dataclasses import dataclass

from textual import events
from textual.message import Message

from tuidesk.domain.commands import Mode
from tuidesk.domain.model import Person
from tuidesk.tui.widgets.after_send import Choice
from tuidesk.tui.widgets.writing import Sheet, Slot, Written


class _Report(Message):
    """Its handlers are called as if it stood in the composer: `on_composer_send_wanted`."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__(namespace="composer")


@dataclass
class DraftChanged(_Report):
    """To be on disk as soon as can be. Comes at most half a second after a key, also while typing goes on."""

    written: Written


@dataclass
class SendWanted(_Report):
    """Ctrl+S, with everything on the screen that goes with it. The composer keeps the text."""

    written: Written
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    bcc: tuple[Person, ...]
    confirmed: frozenset[str]
    """Ids of the questions (`guard`) that the agent has answered with yes."""
    passes_on: int | None = None
    """Number of the message that a forward carries along, as the composer said."""
    part: int | None = None
    """Number of the conversation whose recipients and medium a reply's composer shows, of several shown as one."""
    visibility: str | None = None
    """Who can read a reply, as the composer says."""

    @property
    def slot(self) -> Slot:
        return self.written.slot


@dataclass
class Left(_Report):
    """The composer is closed; its draft is kept."""

    conversation: int
    mode: Mode


@dataclass
class QuoteWanted(_Report):
    """The message that is answered, quoted at the cursor."""

    conversation: int


@dataclass
class EditorWanted(_Report):
    """The text is to go on in the agent's own editor."""


@dataclass
class AttachWanted(_Report):
    conversation: int
    mode: Mode


@dataclass
class CannedWanted(_Report):
    """`/` at the start of a line: a canned reply, or a slash."""


@dataclass
class KeysWanted(_Report):
    """Ctrl+G: the keys of this place."""


@dataclass
class RouteWanted(_Report):
    """By which way, or to whom: there is a choice."""

    sheet: Sheet


@dataclass
class RecipientsChanged(_Report):
    """They can be read, and are others than before."""

    conversation: int
    mode: Mode
    to: tuple[Person, ...]
    cc: tuple[Person, ...]


@dataclass
class StripChosen(_Report):
    """What comes after a sent reply. The line is still up: whoever takes this closes it."""

    conversation: int
    choice: Choice
    key: events.Key | None
    """One that was not for the line."""
