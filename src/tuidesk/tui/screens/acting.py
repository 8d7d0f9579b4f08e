"""What an agent does to conversations. Methods are named after the actions (`domain.actions`).

A command is bound to conversations when the key is pressed: to those that are marked, at the queue; else to the one on
the screen. What is asked afterwards changes nothing in that.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from tuidesk.desk import read
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import Row, ShownMessage
from tuidesk.domain import when
from tuidesk.domain.commands import (
    Assign,
    Command,
    Complete,
    Done,
    Pending,
    Reopen,
    Snooze,
    Undo,
)
from tuidesk.domain.text import clean, cut
from tuidesk.errors import NeedsTag, UsageError
from tuidesk.tui.screens.question import Answer, Question
from tuidesk.tui.screens.showing import DOOR
from tuidesk.tui.widgets import queue_lines
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

MANY = 10
"""What is done to more conversations than this at once is shown before it is done."""
_NAMED = 6


class Targets(NamedTuple):
    """What a command is about, as of the key."""

    numbers: tuple[int, ...]
    seen: tuple[tuple[int, int], ...]
    """(conversation, number of the newest customer message that was on the screen)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is wanted, of whichever conversations."""

    what: str
    """Which words ask for it of many (`tui.many_…`)."""
    make: Callable[[Targets], Command | Awaitable[Command]]
    detail: str = ""
    """To whom, until when …: for these words."""
    settles: bool = False
    """Whether it is done with them then: the screen goes on, and they are not marked any more."""
    stays: bool = False
    """It does not go on all the same."""
    asks: bool = False
    """Whether it is asked first, of however few."""
    repeats: bool = True
    """Whether `.` does it once more."""
    then: Callable[[], None] | None = None
    """What follows instead of going on."""


class Acting:
    """Keys → commands."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._asked_about: tuple[Targets, Callable[[], None] | None] = Targets((), ()), None
        """What the prompt is about, and what follows."""
        self._last_snooze = say("when.usual")
        self._last: Wish | None = None
        """What `.` does once more."""
        self._steps = asyncio.Lock()
        """An undo waits for the step before it, which it takes back."""

    async def remember(self) -> None:
        """What was typed on another day."""
        self._last_snooze = await self._screen.ask(read.last_snooze)

    async def do(self, command: Command) -> Done:
        """Carry a command out; it is on disk when this returns."""
        done = await self._screen.outcome(self._desk.do(command))
        if done.step is not None:
            self._screen.showing.undoable = done.step, done.words
        return done

    async def do_in_turn(self, command: Command) -> Done:
        """The same, behind the steps that are under way."""
        async with self._steps:
            return await self.do(command)

    def obey(self, command: Command) -> None:
        """Carry a command out, and say what it did."""
        self._screen.work(self._obey_command(command), "commands")

    async def _obey_command(self, command: Command) -> None:
        self._screen.tell((await self.do_in_turn(command)).words)

    # What it is about

    def targets(self) -> Targets | None:
        """Those that are marked, at the queue; else the one on the screen. Where there is none, that is said."""
        screen = self._screen
        if screen.at == "queue" and screen.queue.marks:
            numbers = screen.queue.marked
            rows = screen.queue.picture.rows if screen.queue.picture is not None else {}
            return Targets(numbers, _seen_in(rows.get(n) for n in numbers))
        n = screen.target
        if n is None:
            screen.tell(say("tui.no_conversation"), wrong=True)
            return None
        return Targets((n,), self.seen(n))

    def seen(self, n: int) -> tuple[tuple[int, int], ...]:
        """The newest customer message of it that was on the screen."""
        shown = self._screen.thread.thread
        if self._screen.at != "queue" and shown is not None and shown.row.n == n:
            last = self._screen.thread.last_seen or 0
            inbound = [
                item.n
                for item in shown.items
                if isinstance(item, ShownMessage)
                and (item.direction, item.kind) == ("in", "person")  # a bounce is no customer's word
                and item.n <= last
            ]
            return ((n, max(inbound, default=0)),)
        row = self._screen.queue.row
        return _seen_in([row]) if row is not None and row.n == n else ()

    # Doing it

    def wish(self, wish: Wish, targets: Targets | None = None) -> None:
        """Do it, to `targets` or to what is chosen now; of many, ask first."""
        targets = self.targets() if targets is None else targets
        if targets is None:
            return
        if wish.asks or len(targets.numbers) > MANY:
            self._screen.choosing.ask_whether(self._ask_first(wish, targets))
        else:
            self._obey(wish, targets)

    async def _ask_first(self, wish: Wish, targets: Targets) -> None:
        """What is about to be done, and to whom. A row that was not fetched yet is taken as it is now."""
        asked = list(targets.numbers)
        rows: dict[int, Row] = await self._screen.ask(read.rows, asked, self._screen.showing.now())
        known = dict(_seen_in(rows.values())) | dict(targets.seen)
        whole = targets._replace(seen=tuple((n, known[n]) for n in asked if n in known))
        kind = "many" if len(asked) > 1 else "one"
        detail = clean(wish.detail, lines=False)
        title = say(f"tui.{kind}_{wish.what}", count=len(asked), n=asked[0], detail=detail)
        yes = say(f"tui.{kind}_yes", key=self._screen.key("undo"))
        question = Question(title, _named(rows, asked), (Answer("y", yes, "yes"),))
        self._screen.app.push_screen(question, lambda said: self._obey(wish, whole) if said else None)

    def _obey(self, wish: Wish, targets: Targets, *, again: bool = False) -> None:
        self._screen.work(self._carry_out(wish, targets, again=again), "commands")

    async def _carry_out(self, wish: Wish, targets: Targets, *, again: bool) -> None:
        try:
            async with self._steps:
                made = wish.make(targets)
                done = await self.do(await made if isinstance(made, Awaitable) else made)
        except NeedsTag as error:
            if not self._screen.is_idle:
                raise
            self._screen.choosing.tag_first(error, lambda: self._obey(wish, targets, again=again))
            return
        if wish.repeats:
            self._last = replace(wish, then=None)
        words = "; ".join((done.words, *done.warnings))
        words = say("tui.again", what=words) if again else words
        self._screen.tell(words)
        if wish.settles:
            self._screen.queue.unmark(targets.numbers)
        if wish.then is not None:
            wish.then()
        elif wish.settles and not wish.stays:
            self._go_on(targets.numbers)
        if wish.what == "complete" and len(targets.numbers) == 1:
            await self._screen.marking.offer(targets.numbers[0], words)

    def _go_on(self, numbers: Sequence[int]) -> None:
        """Where the agent wants to be after this, if the screen is still at one of these."""
        screen, n = self._screen, self._screen.target
        after = self._desk.settings.after_complete
        if n is None or n not in numbers or after == "stay":
            return
        if screen.at != "queue":
            if after == "next":
                screen.moving.other_conversation(1)
                return
            screen.queue.go_to(n)
            screen.go("queue")
        screen.queue.move_past(numbers)

    def repeat(self) -> None:
        """The last status, tag, owner or priority once more, for what is chosen now. Never a text."""
        wish = self._last
        if wish is None:
            self._screen.tell(say("tui.nothing_to_repeat", key=self._screen.key("repeat")), wrong=True)
        elif (targets := self.targets()) is not None:
            if len(targets.numbers) > MANY:
                self.wish(wish, targets)
            else:
                self._obey(wish, targets, again=True)

    # Settling

    def complete(self) -> None:
        self.wish(_complete())

    def complete_this(self, n: int, seen: tuple[tuple[int, int], ...] | None = None) -> None:
        """Complete, and on. `seen`: as of the key, where the screen has changed since."""
        self.wish(_complete(), Targets((n,), self.seen(n) if seen is None else seen))

    def complete_stay(self) -> None:
        self.wish(_complete(stays=True))

    def reopen(self) -> None:
        self.wish(
            Wish(what="reopen", make=lambda on: Reopen(conversations=on.numbers), settles=True, stays=True)
        )

    def take(self) -> None:
        me = self._desk.settings.agent
        self.wish(Wish(what="take", make=lambda on: Assign(conversations=on.numbers, to=me)))

    def undo(self) -> None:
        self._screen.work(self._undo(), "commands")

    async def _undo(self) -> None:
        was = self._screen.queue.current
        async with self._steps:
            number, _ = self._screen.showing.undoable
            done = await self.do(Undo(door=DOOR, step=number))
        self._screen.tell(say("tui.undone", what=clean(done.words, lines=False)))
        is_still_here = self._screen.at == "queue" and self._screen.queue.current == was
        if is_still_here and len(done.conversations) == 1:
            self._screen.queue.go_to(done.conversations[0])
        if gone := await self._screen.showing.forget(done.conversations):
            left = [n for n in done.conversations if n not in gone]
            self._screen.composing.open_again(*(left[0], "forward") if left else (0, "start"))

    # What is asked in a line

    def pending(self, whom: str = "") -> None:
        if (targets := self.targets()) is not None:
            if whom:
                self._pend(targets, whom, None)
            else:
                self._ask("pending", targets, say("tui.ask_pending_empty"))

    def ask_pending(self, n: int, then: Callable[[], None]) -> None:
        self._ask("pending", Targets((n,), ()), say("tui.ask_pending_empty"), then)

    def snooze(self, until: str = "") -> None:
        if (targets := self.targets()) is not None:
            if until:
                self._snooze(targets, until, None)
            else:
                self._ask("snooze", targets, say("tui.ask_snooze_empty", last=self._last_snooze))

    def ask_snooze(self, n: int, then: Callable[[], None]) -> None:
        hint = say("tui.ask_snooze_empty", last=self._last_snooze)
        self._ask("snooze", Targets((n,), ()), hint, then)

    def _ask(
        self,
        question: str,
        targets: Targets,
        hint: str,
        then: Callable[[], None] | None = None,
        typed: str = "",
    ) -> None:
        self._asked_about = targets, then
        words = say(f"tui.ask_{question}", what=self.named(targets))
        self._screen.put_question(question, words, typed=typed, placeholder=hint)

    def named(self, targets: Targets) -> str:
        """`#42`, or how many."""
        numbers = targets.numbers
        return f"#{numbers[0]}" if len(numbers) == 1 else say("tui.so_many", count=len(numbers))

    def answered(self, question: str, answer: str) -> None:
        """The prompt was answered."""
        targets, then = self._asked_about
        match question:
            case "search" if words := answer.strip() or self._screen.showing.typed:
                self._screen.go("queue")
                self._screen.showing.open_view("search", typed=words)
            case "pending":
                self._pend(targets, answer.strip(), then)
            case "snooze":
                self._snooze(targets, answer.strip() or self._last_snooze, then)
            case "attach":
                self._screen.composing.attach_this(answer)
            case "describe":
                self._screen.composing.describe_this(answer)

    def _pend(self, targets: Targets, whom: str, then: Callable[[], None] | None) -> None:
        self.wish(
            Wish(
                what="pending",
                make=lambda on: Pending(conversations=on.numbers, pending_for=whom or None),
                detail=whom or say("desk.the_customer"),
                settles=True,
                then=then,
            ),
            targets,
        )

    def _snooze(self, targets: Targets, typed: str, then: Callable[[], None] | None) -> None:
        try:
            when.parse(typed, self._screen.showing.now())
        except UsageError as error:
            self._screen.tell(str(error), wrong=True)
            self._ask("snooze", targets, "", then, typed)
            return
        self._last_snooze = typed

        def make(on: Targets) -> Command:
            until = when.parse(typed, self._screen.showing.now())  # once more: `2h` is from the key on
            return Snooze(conversations=on.numbers, until=until.at, firm=until.firm, typed=typed)

        self.wish(Wish(what="snooze", make=make, detail=typed, settles=True, then=then), targets)


def _complete(*, stays: bool = False) -> Wish:
    return Wish(
        what="complete",
        make=lambda on: Complete(conversations=on.numbers, seen=on.seen),
        settles=True,
        stays=stays,
    )


def _seen_in(rows: Iterable[Row | None]) -> tuple[tuple[int, int], ...]:
    return tuple((row.n, row.last_in) for row in rows if row is not None)


def _named(rows: dict[int, Row], numbers: Sequence[int]) -> list[str]:
    """The first of them, a line each, and how many more."""
    lines = [
        say(
            "tui.many_one",
            n=n,
            name=queue_lines.name(rows[n], 20).strip(),
            text=cut(clean(rows[n].subject or rows[n].snippet, lines=False), 30),
        )
        for n in numbers[:_NAMED]
        if n in rows
    ]
    if len(numbers) > len(lines):
        lines.append(say("tui.many_more", count=len(numbers) - len(lines)))
    return lines
