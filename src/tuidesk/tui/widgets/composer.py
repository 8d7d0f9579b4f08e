"""The composer: reply, note, new conversation, forward. It keeps the text; the screen saves and sends it."""

from collections.abc import Iterable
from dataclasses import dataclass

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
from tuidesk.domain.model import Person
from tuidesk.domain.text import clean
from tuidesk.tui.keyboard import written
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets.after_send import AfterSend, Choice
from tuidesk.tui.widgets.composer_fields import Fields
from tuidesk.tui.widgets.composer_lines import (
    Lines,
    Rail,
    Row,
    caret,
    file_words,
    foot,
    foot_saying,
    head,
    people,
    route,
    too_long,
)
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

_FIXED = {"Tab": "next-field", "Shift+Tab": "last-field", "Enter": "enter", "Left": "left", "Right": "right"}
"""Keys inside the composer that are not the table's."""
_TEXT_LINES, _THREAD_LINES = 4, 5
"""There is room for so many at least: of the text, then of what it answers."""
_EDITING = frozenset(f"Ctrl+{letter}" for letter in "AEKUWYDZ")
"""Never anybody else's while a text is written."""
ITS_OWN = frozenset({"send", "leave", "recipients", "attach", "help-writing"})
"""Actions of `domain.actions` that it carries out; the others that hold here are the screen's."""


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

    @dataclass
    class DraftChanged(Message):
        """To be on disk as soon as can be. Comes at most half a second after a key, also while typing goes on."""

        conversation: int
        mode: Mode
        text: str
        to: str
        cc: str
        subject: str
        account: str
        bcc: str
        sender: str
        files: tuple[str, ...]

    @dataclass
    class SendWanted(Message):
        """Ctrl+S, with everything on the screen that goes with it. The composer keeps the text."""

        conversation: int
        mode: Mode
        text: str
        to: tuple[Person, ...]
        cc: tuple[Person, ...]
        subject: str
        account: str
        bcc: tuple[Person, ...]
        sender: str
        files: tuple[str, ...]
        confirmed: str
        """The reason given to `guard` that the agent has answered with yes; else ""."""
        passes_on: int | None = None
        """Number of the message that a forward carries along, as the composer said."""

    @dataclass
    class Left(Message):
        """The composer is closed; its draft is kept."""

        conversation: int
        mode: Mode

    @dataclass
    class AttachWanted(Message):
        conversation: int
        mode: Mode

    @dataclass
    class KeysWanted(Message):
        """Ctrl+G: the keys of this place."""

    @dataclass
    class RecipientsChanged(Message):
        """They can be read, and are others than before."""

        conversation: int
        mode: Mode
        to: tuple[Person, ...]
        cc: tuple[Person, ...]

    @dataclass
    class StripChosen(Message):
        """What comes after a sent reply. The line is still up: whoever takes this closes it."""

        conversation: int
        choice: Choice
        key: events.Key | None
        """One that was not for the line."""

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
        self._problem = ""
        self._save_problem = ""
        self._guard = ""
        self._own_guard_passed = False
        self._save: Timer | None = None
        self._head, self._people = Lines("composer-head"), Lines("composer-people")
        self._route, self._foot = Lines("composer-route"), Lines("composer-foot")
        self._fields = Fields(self.obey)
        self._text = DraftText(self.obey)
        self._after = AfterSend()

    def compose(self) -> ComposeResult:
        with Vertical(id="composer-sheet"):
            yield self._head
            yield self._people
            yield self._fields
            yield self._route
            with Horizontal(id="composer-paper"):
                yield Rail()
                yield self._text
            yield self._foot
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
        slot = now.slot
        self.post_message(
            self.DraftChanged(
                slot.conversation,
                slot.mode,
                now.text,
                now.to,
                now.cc,
                now.subject,
                now.account,
                now.bcc,
                now.sender,
                now.files,
            )
        )
        if people_changed:
            self._report_people(slot)
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

    def _named_files(self) -> tuple[str, ...]:
        return tuple(file_words(path, self._sizes.get(path)) for path in self._files)

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
        now, slot = self.written(), sheet.slot
        self.post_message(
            self.SendWanted(
                slot.conversation,
                slot.mode,
                now.text,
                to,
                cc,
                now.subject,
                now.account,
                bcc,
                now.sender,
                now.files,
                self._guard,
                sheet.passes_on.n if sheet.passes_on is not None else None,
            )
        )

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
        self._files, self._sender = (), ""
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
        command = self._command(key, field)
        if self.slot in self._sending and command != "leave":
            return bool(command) or key in _EDITING
        if command in ITS_OWN and isinstance(event, Burst):
            self._say_problem(say(event.why))
            return True
        if not command:  # a line has no undo of its own, and the screen's suspends
            return field is not self._text and key in ("Ctrl+Y", "Ctrl+Z")
        self._do(command)
        return True

    def act(self, action: str) -> None:
        """One of `ITS_OWN`, chosen by its name."""
        if self.is_open and self.slot not in self._sending:
            self._do(action)

    def _command(self, key: str, field: Widget) -> str:
        """What a key means in a field; "" where it edits, or is somebody else's."""
        action = actions.holding("composer", self._keymap).get(key)
        if action is not None and key not in _EDITING:
            return action.id if action.id in ITS_OWN else ""
        command = _FIXED.get(key, "")
        if command == "enter":
            return "" if field is self._text else "next-field"
        if command in ("left", "right") and field is not self._fields.account:
            return ""
        return command

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
        self._head.say(head(self._sheet))
        shown = () if self._fields.display else people(self._sheet, self.size.width, self._keymap)
        way = (*route(self._sheet, self._sender), Row((), fill="-"))
        self._people.say(*shown)
        self._route.say(*way)
        self._draw_foot()
        self._make_room(1 + len(shown) + len(self._fields.ring()) + len(way) + 2)

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
        if sheet.slot in self._sending:
            words = say("composer.sending_note" if sheet.mode == "note" else "composer.sending")
            self._foot.say(
                *foot_saying(sheet, words, "warn", self._named_files(), self.size.width, self._keymap)
            )
        elif words := self._problem or self._save_problem:
            style = "warn" if self._guard or self._own_guard_passed else "error"
            self._foot.say(
                *foot_saying(sheet, words, style, self._named_files(), self.size.width, self._keymap)
            )
        else:
            now = self.written()
            is_empty = not (now.text or now.to or now.cc or now.bcc or now.subject or now.files)
            state = say("composer.saved") if self._keeping.is_saved(now) else say("composer.saving")
            self._foot.say(
                *foot(sheet, now.text, "" if is_empty else state, self._named_files(), self._keymap)
            )


def _asking(reason: str, keymap: Keymap) -> str:
    """A guard's words, and which keys answer it."""
    return say("composer.guard", reason=reason, send=caret("send", keymap), leave=caret("leave", keymap))
