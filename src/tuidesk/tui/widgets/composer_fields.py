"""The fields above a text: from which account, to whom, about what."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.widget import Widget

from tuidesk.desk.starts import Way
from tuidesk.domain import addresses
from tuidesk.domain.model import Person
from tuidesk.domain.text import clean, cut, pad
from tuidesk.tui import themes
from tuidesk.tui.widgets.draft_text import Field, Obey
from tuidesk.tui.widgets.strips import Drawn, Looks, strip
from tuidesk.tui.widgets.writing import Sheet, Written, shown_person
from tuidesk.words import say


class Fields(Vertical):
    """Hidden in a reply until somebody wants to change its recipients."""

    DEFAULT_CSS = """
    Fields { height: auto; }
    Fields Horizontal { height: 1; }
    """

    def __init__(self, obey: Obey) -> None:
        super().__init__(id="composer-fields")
        self._sheet: Sheet | None = None
        self._is_taken = False
        """Who is offered stands in To, where the way that is chosen has a name for them."""
        self.account = AccountRow(obey)
        self.to, self.cc = Field(obey, "composer-to"), Field(obey, "composer-cc")
        self.bcc = Field(obey, "composer-bcc")
        self._copies = Horizontal(Label(say("composer.field_cc")), self.cc)
        self._hidden = Horizontal(Label(say("composer.field_bcc")), self.bcc)
        self.subject = Field(obey, "composer-subject")
        self._about = Horizontal(Label(say("composer.field_subject")), self.subject)
        self.display = False

    def compose(self) -> ComposeResult:
        yield self.account
        yield Horizontal(Label(say("composer.field_to")), self.to)
        yield self._copies
        yield self._hidden
        yield self._about

    def load(self, sheet: Sheet, kept: Written) -> None:
        """What was typed before, else the thread's own recipients."""
        self._sheet = sheet
        typed = bool(kept.to or kept.cc)
        self.to.value, self.cc.value = (kept.to, kept.cc) if typed else sheet.default_people()
        self.subject.value, self.bcc.value = kept.subject, kept.bcc
        self._is_taken = bool(kept.to) and kept.to == _typed(sheet.offered)
        self._fit(sheet)
        self.display = sheet.has_fields or typed or bool(kept.bcc)

    def _fit(self, sheet: Sheet) -> None:
        """The lines that the way it leaves by has. What stands in the others stays there, and goes nowhere."""
        self._sheet = sheet
        self.account.offer(sheet.ways, sheet.way)
        self.account.display = bool(sheet.ways)
        self._copies.display = sheet.is_letter
        self._hidden.display = sheet.is_letter and bool(self.bcc.value)
        self._about.display = sheet.is_letter and sheet.mode == "start"
        who = sheet.offered
        self.to.placeholder = say("composer.offered", who=shown_person(who)) if who is not None else ""

    def follow(self, before: Sheet, now: Sheet) -> None:
        """Another way was chosen; who was offered by the last one, and taken, is called otherwise now."""
        self._fit(now)
        self._is_taken = self._is_taken and self.to.value == _typed(before.offered)
        if self._is_taken:
            self.to.value = _typed(now.offered)

    def take(self, sheet: Sheet) -> bool:
        """Write down who is offered, if nobody is named; whether that was so."""
        if self.to.value or sheet.offered is None:
            return False
        self.to.value = _typed(sheet.offered)
        self.to.cursor_position = len(self.to.value)
        self._is_taken = True
        return True

    def show(self) -> Field:
        """Open the recipients; where they are open, hidden copies as well. The field to go to."""
        if not self.display:
            self.display = True
            return self.to
        if self._sheet is None or not self._sheet.is_letter:
            return self.to
        self._hidden.display = True
        return self.bcc

    def typed(self) -> tuple[str, str] | None:
        """To and Cc as typed; None where the recipients are still the thread's own."""
        typed = self.to.value, self.cc.value
        if self._sheet is None or not self.display:
            return None
        if not self._sheet.has_fields and typed == self._sheet.default_people():
            return None
        return typed

    def ring(self) -> list[Widget]:
        """Those that can be typed in, from the top: each is a line."""
        if not self.display:
            return []
        shown: list[Widget] = [self.account] if self.account.display else []
        shown += [self.to, self.cc] if self._copies.display else [self.to]
        shown += [self.bcc] if self._hidden.display else []
        return [*shown, self.subject] if self._about.display else shown


def _typed(person: Person | None) -> str:
    return "" if person is None else addresses.write([person])


class Label(Drawn):
    """The name of a field."""

    LOOKS: ClassVar[Looks] = {
        "name": themes.MUTED,
    }
    DEFAULT_CSS = """
    Label { width: 9; height: 1; }
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._words = name

    def render_line(self, y: int) -> Strip:
        return strip(self, ((f" {self._words}", "name"),) if y == 0 else (), self.size.width)


class AccountRow(Drawn, can_focus=True):
    """From which account, and in which medium, a conversation is started; left and right choose."""

    LOOKS: ClassVar[Looks] = {
        "name": themes.MUTED,
        "hint": themes.MUTED,
        "words": themes.PLAIN,
        "chosen": themes.REVERSED,
    }
    DEFAULT_CSS = """
    AccountRow { height: 1; }
    """

    def __init__(self, obey: Obey) -> None:
        super().__init__(id="composer-account")
        self._obey = obey
        self._ways: Sequence[Way] = ()
        self._at = 0

    def offer(self, ways: Sequence[Way], chosen: int) -> None:
        self._ways, self._at = ways, chosen
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        if self._obey(self, event):
            event.stop()
            event.prevent_default()

    def render_line(self, y: int) -> Strip:
        if y or not self._ways:
            return strip(self, (), self.size.width)
        way = self._ways[self._at]
        names = [clean(name, lines=False) for name in (way.label, way.medium)]
        label = say("composer.way", account=names[0], medium=names[1])
        hint = "  " + say("composer.account_hint") if len(self._ways) > 1 else ""
        name = pad(" " + say("composer.field_account"), 9)
        chosen = cut(f"{label} ", max(self.size.width - 9, 4))
        style = "chosen" if self.has_focus else "words"
        return strip(self, ((name, "name"), (chosen, style), (hint, "hint")), self.size.width)
