"""Marking: which conversations the next action is about. Methods are named after the actions (`domain.actions`)."""

from typing import TYPE_CHECKING

from tuidesk.desk import read, siblings
from tuidesk.desk.picture import Row
from tuidesk.domain.instants import DAY
from tuidesk.domain.query import parse
from tuidesk.domain.text import clean, cut
from tuidesk.tui import when
from tuidesk.tui.widgets import queue_lines
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen


class Marking:
    """Marks belong to conversations, never to rows; what is not in the view cannot be marked."""

    def __init__(self, screen: "DeskScreen") -> None:
        self._screen = screen
        self._offered = 0
        """The conversation whose customer has others open: as long as that is said, `* c` is about those."""

    def mark(self) -> None:
        self._screen.queue.toggle()

    def mark_range(self) -> None:
        self._screen.queue.mark_range()

    def mark_all(self) -> None:
        picture = self._screen.queue.picture
        if picture is not None:
            self._screen.queue.mark_all()
            self._screen.tell(say("tui.marked_all", count=len(picture)))

    def mark_unread(self) -> None:
        self._by("is:unread")

    def mark_starred(self) -> None:
        self._by("is:starred")

    def mark_late(self) -> None:
        self._by("is:late")

    def mark_open(self) -> None:
        self._by("is:open")

    def mark_mine(self) -> None:
        self._by("is:mine")

    def _by(self, query: str) -> None:
        self._screen.work(self._mark_by(query), "marking", exclusive=True)

    async def _mark_by(self, query: str) -> None:
        """Mark what a query finds of the view as it was when the key was pressed."""
        screen, picture = self._screen, self._screen.queue.picture
        if picture is None:
            return
        found = await screen.ask(read.matching, parse(query), picture.ids, screen.showing.now())
        if screen.queue.picture is picture:
            screen.queue.mark(found)
            screen.tell(say("tui.marked_all", count=len(found)))

    def mark_none(self) -> None:
        self._screen.queue.mark(())

    # One customer in several conversations

    def mark_customer(self) -> None:
        """All that the customer has open: the one that has been named, else the one at the mark."""
        n = self._offered or self._screen.queue.current
        if n is not None:
            self._screen.work(self._mark_customer(n), "marking", exclusive=True)

    async def _mark_customer(self, n: int) -> None:
        screen = self._screen
        others: tuple[Row, ...] = await screen.ask(siblings.others, n, screen.showing.now())
        own = () if n == self._offered else (n,)
        self._offered = 0
        screen.go("queue")
        screen.queue.mark((*own, *(row.n for row in others)))
        screen.tell(say("tui.marked_all", count=len(screen.queue.marks)))

    async def offer(self, n: int, done: str) -> None:
        """What was done to `n`, and what its customer has open besides."""
        screen = self._screen
        others: tuple[Row, ...] = await screen.ask(siblings.others, n, screen.showing.now())
        if not others:
            return
        named = " ".join(f"#{row.n}" for row in others[:3])
        words = say(
            "tui.also_open_one" if len(others) == 1 else "tui.also_open",
            done=done,
            name=queue_lines.name(others[0]._replace(also_open=0), 20).strip(),
            count=len(others),
            named=named,
        )
        picture = screen.queue.picture
        in_view = picture is not None and any(row.n in picture for row in others)
        mark = "tui.also_open_mark_one" if len(others) == 1 else "tui.also_open_mark"
        screen.tell(say(mark, words=words, key=screen.key("mark-customer")) if in_view else words)
        self._offered = n if in_view else 0

    def forget_offer(self) -> None:
        """It is not said any more."""
        self._offered = 0

    async def say_answered(self, n: int) -> None:
        """Before a second answer: that the customer has had one, where and whose."""
        screen, now = self._screen, self._screen.showing.now()
        found: siblings.Answered | None = await screen.ask(siblings.answered, n, now - DAY)
        if found is not None:
            by = (
                say("tui.answered_you")
                if found.by.me
                else clean(found.by.name or found.by.handle, lines=False)
            )
            words = "tui.answered" if found.n == n else "tui.answered_elsewhere"
            medium = clean(found.medium, lines=False)
            span = when.span(now - found.at)
            screen.tell(say(words, span=span, medium=medium, n=found.n, by=cut(by, 20)))

    def words(self) -> str:
        """How many are marked, and what that is good for; "" where none is, or the keys are about something else."""
        count = len(self._screen.queue.marks) if self._screen.at == "queue" else 0
        if not count:
            return ""
        screen = self._screen
        keys = " ".join(screen.key(id) for id in ("complete", "snooze", "assign", "tag"))
        words = {1: "tui.marked_one", 2: "tui.marked_two"}.get(count, "tui.marked")
        return say(words, count=count, keys=keys, none=screen.key("mark-none"))
