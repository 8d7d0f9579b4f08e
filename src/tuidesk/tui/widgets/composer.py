"""The composer: reply, note, new conversation, forward. It keeps the text; the screen saves and sends it."""

from collections.abc import Iterable

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tuidesk.domain import actions
from tuidesk.domain.actions import Keymap
from tuidesk.domain.commands import Mode
from tuidesk.domain.model import Inserted, Person
from tuidesk.domain.text import clean
from tuidesk.tui.keyboard import written
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets import composer_reports as reports
from tuidesk.tui.widgets.after_send import AfterSend
from tuidesk.tui.widgets.composer_fields import Fields
from tuidesk.tui.widgets.composer_frame import Frame, named
from tuidesk.tui.widgets.composer_keys import EDITING, ITS_OWN, meaning
from tuidesk.tui.widgets.composer_lines import Rail, caret, too_long
from tuidesk.tui.widgets.draft_text import DraftText, TypedLine, fit
from tuidesk.tui.widgets.writing import (
    Keeping,
    Misaddressed,
    Sheet,
    Slot,
    Written,
    addressees,
    dotless,
    hidden,
    shown_person,
)
from tuidesk.words import say

SAVE_AGAIN_S = 3
"""Until a draft that could not be written is reported once more."""
SAVE_AFTER_S = 0.4
"""From the first key that is not saved to the report that asks for it, however fast the typing goes on."""

_TEXT_LINES, _THREAD_LINES = 4, 5
"""There is room for so many at least: of the text, then of what it answers."""


class Composer(Vertical):
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

    DraftChanged = reports.DraftChanged
    SendWanted = reports.SendWanted
    Left = reports.Left
    AttachWanted = reports.AttachWanted
    CannedWanted = reports.CannedWanted
    KeysWanted = reports.KeysWanted
    RecipientsChanged = reports.RecipientsChanged
    StripChosen = reports.StripChosen

    def __init__(self, keymap: Keymap = actions.STANDARD, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keymap = keymap
        self._sheet: Sheet | None = None
        self._keeping = Keeping()
        self._sending: set[Slot] = set()
        self._files: tuple[str, ...] = ()
        self._sizes: dict[str, int] = {}
        """Bytes of the files that were attached here."""
        self._sender = ""
        """A From alias: it came with the draft."""
        self._canned: tuple[Inserted, ...] = ()
        self._problem = ""
        self._save_problem = ""
        self._guard = ""
        self._own_guard_passed = False
        self._save: Timer | None = None
        self._frame = Frame(keymap)
        self._fields = Fields(self.obey)
        self._text = DraftText(self.obey)
        self._after = AfterSend()

    def compose(self) -> ComposeResult:
        with Vertical(id="composer-sheet"):
            yield self._frame.head
            yield self._frame.people
            yield self._fields
            yield self._frame.route
            with Horizontal(id="composer-paper"):
                yield Rail()
                yield self._text
            yield self._frame.foot
        yield self._after

    # Opening and closing

    @property
    def is_open(self) -> bool:
        """A text is on the screen (the line after sending does not count)."""
        return self._sheet is not None and not self.has_class("-after")

    @property
    def is_after(self) -> bool:
        """The line after sending is up."""
        return self._sheet is not None and self.has_class("-after")

    @property
    def slot(self) -> Slot | None:
        """What is being written; stays while the line after sending is up."""
        return self._sheet.slot if self._sheet is not None else None

    @property
    def text(self) -> str:
        return self._text.text

    def open(self, sheet: Sheet) -> None:
        """Show a text. What was open before is reported first, and what is not on disk yet wins over `sheet.draft`."""
        self.flush()
        self._sheet = sheet
        self._problem = self._save_problem = self._guard = ""
        self._own_guard_passed = False
        self._load(sheet)
        self.set_class(True, "-open")
        self.set_class(False, "-after")
        self.set_class(sheet.mode == "note", "-note")
        self._after.stop()
        self._text.read_only = sheet.slot in self._sending
        self._draw()
        (self._fields.to if sheet.has_fields and not self._fields.to.value else self._text).focus()

    def _load(self, sheet: Sheet) -> None:
        kept = self._keeping.load(sheet)
        self._files, self._sender = kept.files, kept.sender
        self._canned = kept.canned
        with self.prevent(TextArea.Changed, Input.Changed):
            self._text.load_text(fit(kept.text))
            self._text.move_cursor(self._text.document.end)
            self._fields.load(sheet, kept)
        self._keeping.loaded(self.written())

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

    # The text, and that it is never lost

    def written(self) -> Written:
        """What stands here now."""
        assert self._sheet is not None
        to, cc = self._fields.typed() or ("", "")
        return Written(
            slot=self._sheet.slot,
            text=self._text.text,
            to=to,
            cc=cc,
            subject=self._fields.subject.value if self._sheet.mode == "start" else "",
            account=self._fields.account.chosen,
            bcc=self._fields.bcc.value,
            sender=self._sender,
            files=self._files,
            canned=self._canned,
        )

    def unsaved(self) -> tuple[Written, ...]:
        """All that may not be on disk yet, for whoever must save it at once (a hang-up)."""
        return self._keeping.unsaved(self.written() if self.is_open else None)

    @on(TextArea.Changed)
    @on(Input.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        self.touched()

    def touched(self) -> None:
        """Something was typed: what was asked about it holds no more, and it is to be saved."""
        if not self.is_open or self._keeping.is_reported(self.written()):
            return
        self._problem = self._guard = ""
        self._own_guard_passed = False
        if self._save is None:
            self._save = self.set_timer(SAVE_AFTER_S, self.flush)
        self._draw_foot()

    def flush(self) -> None:
        """Report what was typed since the last report, now."""
        if self._save is not None:
            self._save.stop()
            self._save = None
        if not self.is_open or self._keeping.is_reported(now := self.written()):
            return
        people_changed = self._keeping.report(now)
        self.post_message(self.DraftChanged(now))
        if people_changed:
            self._report_people(now.slot)
        self._draw_foot()

    def _report_people(self, slot: Slot) -> None:
        assert self._sheet is not None
        try:
            to, cc = addressees(self._sheet, self._fields.typed())
        except Misaddressed:
            return  # not whole yet: said when it is sent
        self.post_message(self.RecipientsChanged(slot.conversation, slot.mode, to, cc))

    def saved(self, conversation: int, mode: Mode, text: str) -> None:
        """A draft is on disk."""
        slot = Slot(conversation, mode)
        if self._keeping.saved(slot, text) and slot == self.slot:
            self._save_problem = ""
        if slot == self.slot and self.is_open:
            self._draw_foot()

    def not_saved(self, conversation: int, mode: Mode, reason: str) -> None:
        """A draft could not be written. It stays here, and is reported again, with the next key or without."""
        if Slot(conversation, mode) == self.slot and self.is_open:
            self._keeping.not_saved()
            self._save_problem = say("composer.not_saved", reason=clean(reason, lines=False))
            if self._save is None:
                self._save = self.set_timer(SAVE_AGAIN_S, self.flush)
            self._draw_foot()

    def put(self, text: str) -> None:
        """Another text in its place (from the editor). One step of undo."""
        if self.is_open and not self._text.read_only:
            self._text.replace(fit(text), (0, 0), self._text.document.end)
            self._text.move_cursor(self._text.document.end)
            self._text.focus()

    def insert(self, text: str) -> None:
        """At the cursor; what is there stays."""
        if self.is_open and not self._text.read_only:
            self._text.insert(fit(text))
            self._text.focus()

    def insert_canned(self, name: str, text: str) -> None:
        """A canned reply as it was filled: at the cursor, and remembered with the draft."""
        if self.is_open and not self._text.read_only:
            self._canned = (*self._canned, Inserted(name, fit(text)))
            self.insert(text)

    @property
    def medium(self) -> str:
        """By which it leaves."""
        return self._sheet.goes_by if self._sheet is not None else ""

    def attach(self, path: str, size: int) -> None:
        """A file that goes along, of so many bytes."""
        self._sizes[path] = size
        self._enclose(dict.fromkeys((*self._files, path)))

    def detach(self, path: str) -> None:
        self._enclose(file for file in self._files if file != path)

    def _enclose(self, files: Iterable[str]) -> None:
        if self.is_open and not self._text.read_only:
            self._files = tuple(files)
            self.touched()

    @property
    def files(self) -> tuple[str, ...]:
        return self._files

    # Sending

    def _send(self) -> None:
        sheet = self._sheet
        if sheet is None or sheet.slot in self._sending:
            return
        if sheet.mode != "forward" and not self._text.text.strip():
            self._say_problem(say("composer.empty"))
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
        asked = "" if self._own_guard_passed else self._own_guard(sheet, (*to, *cc, *bcc))
        if asked:
            self._own_guard_passed = True
            self._say_problem(_asking(asked, self._keymap))
            return
        self.flush()
        passes_on = sheet.passes_on.n if sheet.passes_on is not None else None
        self.post_message(self.SendWanted(self.written(), to, cc, bcc, self._guard, passes_on))

    def _own_guard(self, sheet: Sheet, people: Iterable[Person]) -> str:
        """What must be answered before this leaves, whatever the screen asks besides."""
        asked = [say("composer.guard_public")] if sheet.is_public else []
        if sheet.mode == "forward" and not self._text.text.strip():
            asked.append(say("composer.guard_bare"))
        if odd := dotless(sheet, people):
            asked.append(say("composer.guard_domain", who=shown_person(odd)))
        if over := too_long(sheet, self._text.text):
            asked.append(say("composer.guard_long", over=over))
        return " ".join(asked)

    def guard(self, reason: str) -> None:
        """Ask before sending. Ctrl+S again comes back as `SendWanted.confirmed`; Esc or a change takes it away."""
        if self.is_open:
            self._guard = reason
            self._say_problem(_asking(clean(reason, lines=False), self._keymap))

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
        self._files, self._sender, self._canned = (), "", ()
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
            self._guard = ""
            self._own_guard_passed = False
            self._text.focus()
            self._say_problem(say("composer.failed", reason=clean(reason, lines=False)))

    @on(AfterSend.Chosen)
    def _chosen(self, event: AfterSend.Chosen) -> None:
        event.stop()
        if self.slot is not None and self.is_after:
            self.post_message(self.StripChosen(self.slot.conversation, event.choice, event.key))

    # Keys

    def obey(self, field: Widget, event: events.Key) -> bool:
        """A key that came to one of the fields: whether it was the composer's own."""
        if not self.is_open:
            return True  # it was on its way when the composer closed
        key = written(event)
        command = meaning(
            key, self._keymap, in_text=field is self._text, in_choice=field is self._fields.account
        )
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
            case "leave" if self._guard or self._own_guard_passed:
                self._guard = self._problem = ""
                self._own_guard_passed = False
                self._draw_foot()
            case "leave":
                self._leave()
            case "recipients":
                self._change_recipients()
            case "attach" if slot.mode == "note":
                self._say_problem(say("composer.no_files"))
            case "attach":
                self.post_message(self.AttachWanted(slot.conversation, slot.mode))
            case "help-writing":
                self.post_message(self.KeysWanted())
            case "next-field" | "last-field":
                self._turn(1 if command == "next-field" else -1)
            case "left" | "right":
                self._fields.account.turn(1 if command == "right" else -1)
                self._sender = ""  # it was one of the other account's
                self._draw()
                self.touched()

    def _change_recipients(self) -> None:
        assert self._sheet is not None
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

    # Drawing

    def on_resize(self) -> None:
        if self.is_open:
            self._draw()

    def _draw(self) -> None:
        assert self._sheet is not None
        fields = len(self._fields.ring())
        around = self._frame.say(self._sheet, self._sender, fields=fields, cells=self.size.width)
        self._draw_foot()
        self._make_room(around)

    def _make_room(self, around: int) -> None:
        """However much is said around the text, there are some lines for it, and some of the thread above."""
        pane = self.parent.size.height if isinstance(self.parent, Widget) else 0
        self.styles.min_height = max(min(around + _TEXT_LINES, pane - _THREAD_LINES), 3)

    def _say_problem(self, words: str) -> None:
        self._problem = words
        self._draw_foot()

    def _draw_foot(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        files, cells = named(self._files, self._sizes), self.size.width
        if sheet.slot in self._sending:
            self._frame.say_sending(sheet, files, cells)
        elif words := self._problem or self._save_problem:
            style = "warn" if self._guard or self._own_guard_passed else "error"
            self._frame.say_words(sheet, words, style, files, cells)
        else:
            now = self.written()
            self._frame.say_state(sheet, now, files, saved=self._keeping.is_saved(now))


def _asking(reason: str, keymap: Keymap) -> str:
    """A guard's words, and which keys answer it."""
    return say("composer.guard", reason=reason, send=caret("send", keymap), leave=caret("leave", keymap))
