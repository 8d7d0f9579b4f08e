"""The sheet that is written on: text, recipients, files and what stands around them; and that none of it is lost."""

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tuidesk.desk.picture import Draft
from tuidesk.domain import actions
from tuidesk.domain.actions import Keymap
from tuidesk.domain.commands import Mode
from tuidesk.domain.model import Inserted
from tuidesk.domain.text import clean
from tuidesk.tui.widgets import composer_reports as reports
from tuidesk.tui.widgets.composer_fields import Fields
from tuidesk.tui.widgets.composer_frame import Frame, named
from tuidesk.tui.widgets.composer_guards import Asking
from tuidesk.tui.widgets.composer_lines import Rail
from tuidesk.tui.widgets.draft_text import DraftText, Obey, fit
from tuidesk.tui.widgets.writing import (
    Keeping,
    Misaddressed,
    Sheet,
    Slot,
    Written,
    addressees,
)
from tuidesk.words import say

SAVE_AGAIN_S = 3
"""Until a draft that could not be written is reported once more."""
SAVE_AFTER_S = 0.4
"""From the first key that is not saved to the report that asks for it, however fast the typing goes on."""

_TEXT_LINES, _THREAD_LINES = 4, 5
"""There is room for so many at least: of the text, then of what it answers."""


class Paper(Vertical):
    """Shows one `Sheet` at a time, and reports what is typed (`DraftChanged`)."""

    def __init__(self, obey: Obey, keymap: Keymap = actions.STANDARD, *, id: str | None = None) -> None:
        """`obey` is asked first about each key that comes to a field."""
        super().__init__(id=id)
        self._keymap = keymap
        self._sheet: Sheet | None = None
        self._keeping = Keeping()
        self._sending: set[Slot] = set()
        self._files: tuple[str, ...] = ()
        self._alts: dict[str, str] = {}
        """What pictures among them show, by path."""
        self._sizes: dict[str, int] = {}
        """Bytes of the files that were attached here."""
        self._sender = ""
        """A From alias: it came with the draft."""
        self._canned: tuple[Inserted, ...] = ()
        self._began = 0
        self._problem = ""
        self._save_problem = ""
        self._asking = Asking(keymap)
        self._save: Timer | None = None
        self._frame = Frame(keymap)
        self._fields = Fields(obey)
        self._text = DraftText(obey)

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

    def _load(self, sheet: Sheet) -> None:
        kept = self._keeping.load(sheet)
        self._files, self._sender, self._began = kept.files, kept.sender, kept.began
        self._canned, self._alts = kept.canned, dict(kept.alts)
        with self.prevent(TextArea.Changed, Input.Changed):
            self._text.load_text(fit(kept.text))
            self._text.move_cursor(self._text.document.end)
            self._fields.load(sheet, kept)
        self._keeping.loaded(self.written())

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
            alts=tuple((path, words) for path, words in self._alts.items() if path in self._files),
            visibility=self._sheet.visibility,
            medium=self._sheet.chosen_medium,
            canned=self._canned,
            began=self._began,
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
        self._problem = ""
        self._asking.forget()
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
        now, people_changed = self._keeping.report(now)
        self.post_message(reports.DraftChanged(now))
        if people_changed:
            self._report_people(now.slot)
        self._draw_foot()

    def _report_people(self, slot: Slot) -> None:
        assert self._sheet is not None
        try:
            to, cc = addressees(self._sheet, self._fields.typed())
        except Misaddressed:
            return  # not whole yet: said when it is sent
        self.post_message(reports.RecipientsChanged(slot.conversation, slot.mode, to, cc))

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

    @property
    def at_rest(self) -> Written | None:
        """What stands here, if all of it is on disk and none of it is on its way."""
        if self._sheet is None or not self.is_open or self._sheet.slot in self._sending:
            return None
        now = self.written()
        return now if self._keeping.is_saved(now) else None

    def follow(self, before: Written, draft: Draft) -> None:
        """The draft as it was read from the disk while `before` stood here at rest: somebody else may have written in
        it, and what is typed from now on must not be written over that."""
        text = fit(draft.text)
        if self.at_rest != before or text == before.text:
            return
        at = self._text.cursor_location
        at_end = at == self._text.document.end
        with self.prevent(TextArea.Changed):
            self._text.load_text(text)
            self._text.move_cursor(self._text.document.end if at_end else at)
        self._files, self._canned, self._alts = draft.files, draft.canned, dict(draft.alts)
        self._problem = ""
        self._asking.forget()  # it was asked about other words
        self._keeping.loaded(self.written())
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

    def insert_canned(self, made: Inserted) -> None:
        """A canned reply as it was filled: at the cursor, and remembered with the draft."""
        if self.is_open and not self._text.read_only:
            self._canned = (*self._canned, made._replace(text=fit(made.text)))
            self.insert(made.text)

    @property
    def account(self) -> str:
        """That a new conversation leaves by; "" of what belongs to one."""
        return self._fields.account.chosen if self._sheet is not None else ""

    @property
    def medium(self) -> str:
        """By which it leaves."""
        return self._sheet.goes_by if self._sheet is not None else ""

    def attach(self, path: str, size: int) -> None:
        """A file that goes along, of so many bytes."""
        self._sizes[path] = size
        self._enclose(dict.fromkeys((*self._files, path)))

    def describe(self, path: str, words: str) -> None:
        """What a picture that goes along shows; "": nobody says."""
        if self.is_open and not self._text.read_only:
            self._alts.pop(path, None)
            self._alts |= {path: words} if words else {}
            self.touched()

    def detach(self, path: str) -> None:
        self._enclose(file for file in self._files if file != path)

    def _enclose(self, files: Iterable[str]) -> None:
        if self.is_open and not self._text.read_only:
            self._files = tuple(files)
            self.touched()

    @property
    def files(self) -> tuple[str, ...]:
        return self._files

    # Drawing

    def on_resize(self) -> None:
        if self.is_open:
            self._draw()

    @property
    def _cells(self) -> int:
        """Width: that of the pane, which it fills. Until it has been laid out, its own is 0 or of another day."""
        pane = self.parent.size.width if isinstance(self.parent, Widget) else 0
        return pane or self.app.size.width

    def _draw(self) -> None:
        assert self._sheet is not None
        fields = len(self._fields.ring())
        around = self._frame.say(self._sheet, self._sender, fields=fields, cells=self._cells)
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
        files, cells = named(self._files, self._sizes, self._alts), self._cells
        if sheet.slot in self._sending:
            self._frame.say_sending(sheet, files, cells)
        elif words := self._problem or self._save_problem:
            style = "warn" if self._asking.is_up else "error"
            self._frame.say_words(sheet, words, style, files, cells)
        else:
            now = self.written()
            self._frame.say_state(sheet, now, files, saved=self._keeping.is_saved(now))
