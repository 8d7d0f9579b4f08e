"""The picker of canned replies: a few letters, what fits them, and how it reads for this customer."""

from collections.abc import Iterator
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from tuidesk.desk.canned import Customer, Library, kind_words, offered, then_words
from tuidesk.domain import canned
from tuidesk.domain.canned import NEVER, Canned, Used
from tuidesk.domain.template import Filled, Placeholder
from tuidesk.domain.text import clean, cut, pad, width, wrap
from tuidesk.errors import UsageError
from tuidesk.tui.screens.finder import Finder
from tuidesk.tui.widgets.page import Line, Page
from tuidesk.words import say

Picked = Canned | str
"""What was taken; `/` for a slash that was meant."""

_WIDE = 110
"""Columns from which on list and preview stand side by side."""
_LIST = 46
"""Columns of the list then."""
_WIDEST, _FRAME = 130, 4
"""Of the dialog, and of its border and the column of its mark."""
_TITLES = {
    "": "canned.title",
    "holding": "canned.title_holding",
    "survey": "canned.title",
    "template": "canned.title_template",
}
_NO_BREAK = "\u00a0"


class Offers(NamedTuple):
    """What can be picked, and for whom."""

    library: Library
    customer: Customer
    used: dict[str, Used]
    writing: bool
    """It goes into a text that is being written."""
    by_slash: bool
    """It was opened by a `/`, which may have been meant."""
    acts: bool
    """What a reply does besides is done: not with a note, a forward, or a conversation that does not exist yet."""


class Picker(Finder[Picked]):
    """Its result is what was taken."""

    DEFAULT_CSS = """
    Picker { align: center middle; }
    Picker #canned { width: 96%; max-width: 130; height: 90%; background: $surface; border: solid $accent; }
    Picker #canned-panes { layout: vertical; height: 1fr; }
    Picker #canned-list { height: 8; margin-top: 1; }
    Picker #canned-preview { border-top: solid $foreground 30%; padding: 0 1; }
    Picker.-wide #canned-panes { layout: horizontal; margin-top: 1; }
    Picker.-wide #canned-list { width: 46; height: 1fr; margin-top: 0; }
    Picker.-wide #canned-preview { border-top: none; border-left: solid $foreground 30%; }
    """

    def __init__(self, offers: Offers) -> None:
        hint = say("canned.hint_slash" if offers.by_slash else "canned.hint")
        super().__init__(say(_TITLES[offers.customer.calls_for]), hint)
        self._offers, self._library = offers, offers.library
        medium = offers.customer.medium
        self._others = sum(
            self._is_usable(one) and not canned.fits(one, medium) for one in self._library.replies
        )
        self._bodies = canned.bodies(self._library.with_shipped())
        self._found: list[Canned] = []
        self._preview = Page()
        self._preview.can_focus = False
        self._list.id, self._preview.id = "canned-list", "canned-preview"

    def compose(self) -> ComposeResult:
        with Vertical(id="canned"):
            yield self._title
            yield self._typed
            with Container(id="canned-panes"):
                yield self._list
                yield self._preview

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= _WIDE, "-wide")
        self.call_after_refresh(self._show)

    @property
    def _cells(self) -> int:
        return min(self.size.width * 96 // 100, _WIDEST) - _FRAME

    def _show_found(self, typed: str) -> None:
        offers = self._offers
        if offers.by_slash and typed == "/":
            self.dismiss("/")  # the slash was meant
            return
        found = offered(self._library, offers.customer, typed, offers.used)
        self._found = [reply for reply in found if self._is_usable(reply)]
        self._list.marked = 0
        self._show()

    def _is_usable(self, reply: Canned) -> bool:
        return bool(reply.body) or not self._offers.writing  # a macro writes nothing

    def _at(self, place: int) -> Picked | None:
        return self._found[place] if place < len(self._found) else None

    def _move(self, step: int) -> None:
        super()._move(step)
        self._show_preview()

    def _page(self, pages: int) -> None:
        self._preview.scroll_pages(0.5 * pages)

    # Drawing

    def _show(self) -> None:
        cells = (_LIST if self.has_class("-wide") else self.size.width * 96 // 100) - 4
        lines = [self._line(reply, cells) for reply in self._found]
        told = list(self._beside())
        if not lines and (self._typed.value.strip() or not told):
            any_at_all = offered(self._library, self._offers.customer, "", self._offers.used)
            told.insert(0, (say("canned.nothing" if any_at_all else "canned.none"), "quiet"))
        lines += [((f" {part}", style),) for words, style in told for part in wrap(words, max(cells, 8))]
        self._list.show(lines, self._list.marked or 0)
        self._show_preview()

    def _beside(self) -> Iterator[tuple[str, str]]:
        """(words, style) of what cannot be picked here: to have none that can be read is not to have none."""
        if self._others:
            yield say("canned.others", count=self._others), "quiet"
        if self._library.problems:
            yield say("canned.problems", count=len(self._library.problems)), "alert"

    def _line(self, reply: Canned, cells: int) -> Line:
        used = self._offers.used.get(reply.name, NEVER)
        uses = say("canned.uses", count=used.uses) if used.uses else ""
        kind, account = kind_words(reply), cut(_one_line(reply.account), 12)
        behind = " ".join(part for part in (kind, account, _one_line(reply.language), uses) if part)
        key = pad(f" {cut(_one_line(reply.shortcut), 8)}", 10)
        room = max(cells - 10 - width(behind) - 2, 8)
        title = pad(cut(_one_line(reply.called), room), room)
        return ((key, "key"), (title, "words"), (f" {behind}", "quiet"))

    def _show_preview(self) -> None:
        at = self._list.marked or 0
        reply = self._found[at] if at < len(self._found) else None
        self._preview.show(list(self._reading(reply)) if reply is not None else [])
        self._preview.to_start()

    def _reading(self, reply: Canned) -> Iterator[Line]:
        """How a reply reads for this customer, what it does, and what is known of it."""
        cells = max(self._preview.size.width - 2, 16)
        name = f"{_one_line(reply.called)}  {reply.name}" if reply.title else reply.name
        yield ((cut(name, cells), "title"),)
        try:
            filled = canned.filled(reply, self._offers.customer.values, {}, self._bodies)
        except UsageError as error:
            yield from (((part, "alert"),) for part in wrap(clean(str(error), lines=False), cells))
            return
        if reply.body:
            yield ()
            yield from preview(filled, cells)
        yield ()
        if reply.survey is not None and (why := self._offers.customer.why_no_survey(reply.survey)):
            yield from (((part, "alert"),) for part in wrap(say("canned.not_now", why=why), cells))
        for words in self._told(reply):
            yield from (((part, "quiet"),) for part in wrap(clean(words, lines=False), cells))

    def _told(self, reply: Canned) -> Iterator[str]:
        if reply.holding and self._offers.acts:
            yield say("canned.does_holding")
        if reply.template:
            yield say("canned.does_template")
        if reply.survey is not None and self._offers.acts:
            yield say("canned.does_survey", scale=reply.survey.scale, days=reply.survey.within_days)
        if reply.then and self._offers.acts:
            yield say("canned.does_sent" if reply.body else "canned.does", then=then_words(reply.then))
        if reply.attachments:
            yield say("canned.files", names=", ".join(path.rpartition("/")[2] for path in reply.attachments))
        used = self._offers.used.get(reply.name, NEVER)
        words = "canned.from_file" if used.uses else "canned.from_file_new"
        words = "canned.from_file_told" if used.changed or used.reopened else words
        uses = say("canned.uses", count=used.uses)
        source = "/".join(reply.source.split("/")[-2:]) or say("canned.from_shipped")
        source = say("canned.from_account", account=reply.account) if reply.account else source
        yield say(words, source=source, uses=uses, changed=used.changed, reopened=used.reopened)


def _one_line(text: str) -> str:
    return clean(text, lines=False)


def preview(filled: Filled, cells: int) -> Iterator[Line]:
    """A filled text in lines, what is missing marked in it."""
    marks = [f"[{_one_line(_called(hole))}?]".replace(" ", _NO_BREAK) for hole in filled.holes]
    by_hole = dict(zip(filled.holes, marks, strict=True))
    text = "".join(part if isinstance(part, str) else by_hole[part] for part in filled.parts)
    for line in clean(text).split("\n"):
        for part in wrap(line, cells) or [""]:
            yield tuple(_marked(part, marks))


def _called(hole: Placeholder) -> str:
    return " / ".join(hole.choices) or hole.what


def _marked(line: str, marks: list[str]) -> Iterator[tuple[str, str]]:
    at = 0
    while found := min(
        ((place, mark) for mark in marks if (place := line.find(mark, at)) >= 0), default=None
    ):
        place, mark = found
        yield line[at:place], "words"
        yield mark.replace(_NO_BREAK, " "), "alert"
        at = place + len(mark)
    yield line[at:].replace(_NO_BREAK, " "), "words"
