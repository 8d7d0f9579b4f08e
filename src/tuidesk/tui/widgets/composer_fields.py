"""The fields above a text: from which account, to whom, about what."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.widget import Widget

from tuidesk.domain.text import clean, cut, pad
from tuidesk.tui import themes
from tuidesk.tui.widgets.draft_text import Field, Obey
from tuidesk.tui.widgets.strips import Drawn, Looks, strip
from tuidesk.tui.widgets.writing import Sheet, Written
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
        self.account = AccountRow(obey)
        self.to, self.cc = Field(obey, "composer-to"), Field(obey, "composer-cc")
        self.bcc = Field(obey, "composer-bcc")
        self._hidden = Horizontal(Label(say("composer.field_bcc")), self.bcc)
        self.subject = Field(obey, "composer-subject")
        self._about = Horizontal(Label(say("composer.field_subject")), self.subject)
        self.display = False

    def compose(self) -> ComposeResult:
        yield self.account
        yield Horizontal(Label(say("composer.field_to")), self.to)
        yield Horizontal(Label(say("composer.field_cc")), self.cc)
        yield self._hidden
        yield self._about

    def load(self, sheet: Sheet, kept: Written) -> None:
        """What was typed before, else the thread's own recipients."""
        self._sheet = sheet
        typed = bool(kept.to or kept.cc)
        self.to.value, self.cc.value = (kept.to, kept.cc) if typed else sheet.default_people()
        self.subject.value, self.bcc.value = kept.subject, kept.bcc
        is_start = sheet.mode == "start"
        self.account.offer(sheet.accounts if is_start else (), kept.account)
        self.account.display = is_start and bool(sheet.accounts)
        self._about.display = is_start
        self._hidden.display = bool(kept.bcc)
        self.display = sheet.has_fields or typed or bool(kept.bcc)

    def show(self) -> Field:
        """Open the recipients; where they are open, hidden copies as well. The field to go to."""
        if not self.display:
            self.display = True
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
        shown += [self.to, self.cc]
        shown += [self.bcc] if self._hidden.display else []
        return [*shown, self.subject] if self._about.display else shown


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
    """Which account a conversation is started from; left and right choose."""

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
        self._accounts: tuple[tuple[str, str], ...] = ()
        self._at = 0

    @property
    def chosen(self) -> str:
        """The account's id; "" where there is nothing to choose."""
        return self._accounts[self._at][0] if self._accounts else ""

    def offer(self, accounts: Sequence[tuple[str, str]], chosen: str) -> None:
        self._accounts = tuple(accounts)
        ids = [account for account, _ in accounts]
        self._at = ids.index(chosen) if chosen in ids else 0
        self.refresh()

    def turn(self, step: int) -> None:
        if self._accounts:
            self._at = (self._at + step) % len(self._accounts)
            self.refresh()

    def on_key(self, event: events.Key) -> None:
        if self._obey(self, event):
            event.stop()
            event.prevent_default()

    def render_line(self, y: int) -> Strip:
        if y or not self._accounts:
            return strip(self, (), self.size.width)
        label = clean(self._accounts[self._at][1], lines=False)
        hint = "  " + say("composer.account_hint") if len(self._accounts) > 1 else ""
        name = pad(" " + say("composer.field_account"), 9)
        chosen = cut(f"{label} ", max(self.size.width - 9, 4))
        style = "chosen" if self.has_focus else "words"
        return strip(self, ((name, "name"), (chosen, style), (hint, "hint")), self.size.width)
