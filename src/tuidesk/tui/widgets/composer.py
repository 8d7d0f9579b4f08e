"""The composer: reply, note, new conversation, forward. It keeps the text; the screen saves and sends it."""

from dataclasses import replace
from typing import TypeAlias

from textual import events, on
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tuidesk.domain import actions
from tuidesk.domain.actions import Keymap
from tuidesk.domain.commands import Mode
from tuidesk.domain.guards import Ask
from tuidesk.domain.template import left_in
from tuidesk.domain.text import clean
from tuidesk.tui.keyboard import written
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets import composer_reports as reports
from tuidesk.tui.widgets.after_send import AfterSend
from tuidesk.tui.widgets.composer_guards import own_asks
from tuidesk.tui.widgets.composer_keys import EDITING, ITS_OWN, meaning
from tuidesk.tui.widgets.composer_paper import Paper
from tuidesk.tui.widgets.draft_text import TypedLine
from tuidesk.tui.widgets.writing import (
    Misaddressed,
    Sheet,
    Slot,
    addressees,
    hidden,
)
from tuidesk.words import say


class Composer(Paper):
    """A text on its way to somebody. Closed until it is opened with a `Sheet`."""

    DEFAULT_CSS = """
    Composer { height: 45%; min-height: 10; max-height: 22; display: none; }
    Composer.-open { display: block; }
    Composer.-after { height: auto; min-height: 1; }
    Composer.-after #composer-sheet { display: none; }
    Composer AfterSend { display: none; }
    Composer.-after AfterSend { display: block; }
    Composer #composer-paper { height: 1fr; }
    Composer Rail { display: none; }
    Composer.-note Rail { display: block; }
    """

    DraftChanged: TypeAlias = reports.DraftChanged
    SendWanted: TypeAlias = reports.SendWanted
    Left: TypeAlias = reports.Left
    QuoteWanted: TypeAlias = reports.QuoteWanted
    EditorWanted: TypeAlias = reports.EditorWanted
    AttachWanted: TypeAlias = reports.AttachWanted
    CannedWanted: TypeAlias = reports.CannedWanted
    KeysWanted: TypeAlias = reports.KeysWanted
    RouteWanted: TypeAlias = reports.RouteWanted
    RecipientsChanged: TypeAlias = reports.RecipientsChanged
    StripChosen: TypeAlias = reports.StripChosen

    def __init__(self, keymap: Keymap = actions.STANDARD, *, id: str | None = None) -> None:
        super().__init__(self.obey, keymap, id=id)
        self._after = AfterSend()

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield self._after

    # Opening and closing

    def open(self, sheet: Sheet) -> None:
        """Show a text. What was open before is reported first, and what is not on disk yet wins over `sheet.draft`."""
        self.flush()
        self._sheet = sheet
        self._problem = self._save_problem = ""
        self._asking.forget()
        self._load(sheet)
        self.set_class(True, "-open")
        self.set_class(False, "-after")
        self.set_class(sheet.mode == "note", "-note")
        self._after.stop()
        self._text.read_only = sheet.slot in self._sending
        self._draw()
        (self._fields.to if sheet.has_fields and not self._fields.to.value else self._text).focus()

    def close(self) -> None:
        """Off the screen. The draft is reported if it was not yet."""
        self.flush()
        self._sheet = None
        self._after.stop()
        self.remove_class("-open", "-after", "-note")

    def _leave(self) -> None:
        slot = self.slot
        self.close()
        if slot is not None:
            self.post_message(self.Left(slot.conversation, slot.mode))

    # Sending

    def _send(self) -> None:
        sheet = self._sheet
        if sheet is None or sheet.slot in self._sending:
            return
        if sheet.mode != "forward" and not self._text.text.strip():
            self._say_problem(say("composer.empty"))
            return
        if sheet.mode != "note" and (holes := left_in(self._text.text, [one.text for one in self._canned])):
            self._say_problem(say("canned.left_in", what=clean(", ".join(holes), lines=False)))
            return
        try:
            to, cc = addressees(sheet, self._fields.typed())
            bcc = hidden(sheet, self._fields.bcc.value)
        except Misaddressed as error:
            self._fields.display = True
            self._draw()
            self._fields.query_one(f"#composer-{error.field}").focus()
            self._say_problem(str(error))
            return
        self._asking.yes()
        if ask := self._asking.next(own_asks(sheet, self.written(), (*to, *cc, *bcc))):
            self.guard(ask)
            return
        self.flush()
        passes_on = sheet.passes_on.n if sheet.passes_on is not None else None
        confirmed = self._asking.answered
        part = sheet.recipients.conversation or None if sheet.recipients is not None else None
        seen_by = sheet.seen_by if sheet.mode == "reply" else None
        self.post_message(self.SendWanted(self.written(), to, cc, bcc, confirmed, passes_on, part, seen_by))

    def guard(self, ask: Ask) -> None:
        """Ask before sending. Ctrl+S again comes back in `SendWanted.confirmed`; Esc or a change takes it away."""
        if self.is_open and self._sheet is not None:
            self._sending.discard(self._sheet.slot)
            self._text.read_only = False
            self._say_problem(self._asking.ask(ask))

    def sending(self) -> None:
        """It is being written to disk: the text cannot be changed, and stays."""
        if self._sheet is not None:
            self._sending.add(self._sheet.slot)
            self._text.read_only = True
            self._problem = ""
            self._draw_foot()

    def sent(self, conversation: int, mode: Mode, leaves_in: float = 0) -> None:
        """It is on disk as queued, and held back for so many seconds: the text is no draft any more."""
        slot = Slot(conversation, mode)
        self._sending.discard(slot)
        self._keeping.sent(slot)
        if slot != self.slot or not self.is_open:
            return
        self._files, self._sender, self._canned, self._alts = (), "", (), {}
        self._keeping.loaded(self.written())
        self._text.read_only = False
        if mode == "note":
            self._leave()
            return
        with self.prevent(TextArea.Changed, Input.Changed):
            self._text.load_text("")
        self.remove_class("-note")
        self.add_class("-after")
        self.styles.min_height = None
        self._after.begin(leaves_in)
        self._after.focus()

    def became(self, state: str, reason: str) -> None:
        """What the line after sending is about is so far by now."""
        self._after.became(state, reason)

    def failed(self, conversation: int, mode: Mode, reason: str) -> None:
        """It could not be queued: here is the text again."""
        slot = Slot(conversation, mode)
        self._sending.discard(slot)
        if slot == self.slot and self.is_open:
            self._text.read_only = False
            self._asking.forget()
            self._text.focus()
            self._say_problem(say("composer.failed", reason=clean(reason, lines=False)))

    @on(AfterSend.Chosen)
    def _chosen(self, event: AfterSend.Chosen) -> None:
        event.stop()
        if self.slot is not None and self.is_after:
            self.post_message(self.StripChosen(self.slot.conversation, event.choice, event.key))

    # Keys

    @property
    def _quotes(self) -> bool:
        """Whether what is written answers something."""
        return self._sheet is not None and self._sheet.mode == "reply"

    def obey(self, field: Widget, event: events.Key) -> bool:
        """A key that came to one of the fields: whether it was the composer's own."""
        if not self.is_open:
            return True  # it was on its way when the composer closed
        key = written(event)
        quotes = self._quotes and not self._text.text and not isinstance(event, Burst)
        in_text, in_choice = field is self._text, field is self._fields.account
        command = meaning(key, in_text=in_text, in_choice=in_choice, quotes=quotes, keymap=self._keymap)
        if self.slot in self._sending and command != "leave":
            return bool(command) or key in EDITING
        if command in ITS_OWN and isinstance(event, Burst):
            self._say_problem(say(event.why))
            return True
        if key == "/" and field is self._text and self._text.is_at_start and not isinstance(event, Burst):
            self.post_message(self.CannedWanted())
            return True
        if not command:  # a line has no undo of its own, and the screen's suspends
            return field is not self._text and key in ("Ctrl+Y", "Ctrl+Z")
        self._do(command)
        return True

    def act(self, action: str) -> None:
        """One of `ITS_OWN`, chosen by its name."""
        if self.is_open and self.slot not in self._sending:
            self._do(action)

    def _do(self, command: str) -> None:
        assert self._sheet is not None
        slot = self._sheet.slot
        match command:
            case "send":
                self._send()
            case "leave" if self._asking.is_under_way:
                self._problem = ""
                self._asking.forget()
                self._draw_foot()
            case "leave":
                self._leave()
            case "recipients":
                self._choose_route()
            case "attach" if slot.mode == "note":
                self._say_problem(say("composer.no_files"))
            case "attach":
                self.post_message(self.AttachWanted(slot.conversation, slot.mode))
            case "quote" if self._quotes:
                self.post_message(self.QuoteWanted(slot.conversation))
            case "quote":
                self._say_problem(say("composer.no_quote"))
            case "editor":
                self.post_message(self.EditorWanted())
            case "help-writing":
                self.post_message(self.KeysWanted())
            case "next-field" | "last-field":
                self._turn(1 if command == "next-field" else -1)
            case "left" | "right":
                self._fields.account.turn(1 if command == "right" else -1)
                self._sender = ""  # it was one of the other account's
                self._draw()
                self.touched()

    def _choose_route(self) -> None:
        """To whom, or by which way: asked where there is a choice."""
        assert self._sheet is not None
        if self._sheet.mode == "reply" and self._sheet.routes and not self._fields.display:
            self.post_message(self.RouteWanted(self._sheet))
        else:
            self.change_recipients()

    def show_to(self, visibility: str, hold_s: float) -> None:
        """Seen by others than the conversation ("" as that one), and held back for so many seconds."""
        if self.is_open and self._sheet is not None:
            self._sheet = replace(self._sheet, visibility=visibility, hold_s=hold_s)
            self._draw()
            self.touched()

    def change_recipients(self) -> None:
        """The fields of those it goes to."""
        if self._sheet is None or not self.is_open:
            return
        if not self._sheet.can_change:
            self._say_problem(say("composer.no_recipients"))
            return
        field = self._fields.show()
        self._draw()
        field.focus()

    def _turn(self, step: int) -> None:
        """Tab: round the fields and the text, never out."""
        ring = [*self._fields.ring(), self._text]
        at = ring.index(self.screen.focused) if self.screen.focused in ring else len(ring) - 1
        field = ring[(at + step) % len(ring)]
        field.focus()
        if isinstance(field, TypedLine):
            field.cursor_position = len(field.value)
