"""Stars, silence, spam, what belongs together, and the next that nobody has. Methods are named after the actions."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tuidesk.desk import customer, read
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import Customer, Row
from tuidesk.domain.commands import Assign, Command, Merge, Mute, Spam, Split, Star
from tuidesk.domain.text import clean
from tuidesk.errors import Refused
from tuidesk.tui.ranking import nearest, rank
from tuidesk.tui.screens.acting import Targets, Wish
from tuidesk.tui.screens.chooser import Find, Option
from tuidesk.tui.widgets import queue_lines
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

_LOOKED_AT = 20
"""Conversations of nobody's that are tried before they are asked for anew."""


class _Flag(NamedTuple):
    """Something that is up or not, and the key that turns it."""

    what: str
    is_up: Callable[[Row], bool]
    turn: Callable[[tuple[int, ...], bool], Command]


_STAR = _Flag("star", lambda row: row.starred, lambda n, on: Star(conversations=n, on=on))
_MUTE = _Flag("mute", lambda row: row.muted, lambda n, on: Mute(conversations=n, on=on))
_SPAM = _Flag("spam", lambda row: row.spam, lambda n, on: Spam(conversations=n, on=on))


class Sorting:
    """Which conversation is what."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk

    # Flags: taken where all of them have it, else given to those that have not

    def star(self) -> None:
        self._turn(_STAR)

    def mute(self) -> None:
        self._turn(_MUTE)

    def spam(self) -> None:
        targets = self._screen.acting.targets()
        if targets is not None:
            self._screen.work(self._spam(targets), "question", exclusive=True)

    async def _spam(self, targets: Targets) -> None:
        """Asked before it is said; not before it is taken back."""
        if await self._are(_SPAM, targets):
            self._turn(_SPAM, targets)
            return
        wish = Wish(
            what="spam",
            make=lambda on: Spam(conversations=on.numbers),
            settles=True,
            repeats=False,
            asks=True,
        )
        self._screen.acting.wish(wish, targets)

    def _turn(self, flag: _Flag, targets: Targets | None = None) -> None:
        async def make(
            on: Targets,
        ) -> Command:  # a second key waits for the first, and turns what that one left
            return flag.turn(on.numbers, not await self._are(flag, on))

        self._screen.acting.wish(Wish(what=flag.what, make=make, repeats=False), targets)

    async def _are(self, flag: _Flag, targets: Targets) -> bool:
        return all(flag.is_up(row) for row in (await self._rows(targets)).values())

    async def _rows(self, targets: Targets) -> dict[int, Row]:
        found: dict[int, Row] = await self._screen.ask(
            read.rows, list(targets.numbers), self._screen.showing.now()
        )
        return found

    # What belongs together

    def merge(self, typed: str = "") -> None:
        """All that are marked, or the one on the screen with one that is named or chosen."""
        targets = self._screen.acting.targets()
        if targets is None:
            return
        number = typed.strip().removeprefix("#")
        if number.isascii() and number.isdigit() and len(number) < 19:
            self._merge(targets, int(number))
        elif len(targets.numbers) > 1 and not typed:
            self._merge(targets, None)
        else:
            self._screen.choosing.ask_about(self._ask_merge(targets))

    async def _ask_merge(self, targets: Targets) -> None:
        """With which other conversation of theirs."""
        screen, now = self._screen, self._screen.showing.now()
        row = next(iter((await self._rows(targets)).values()), None)
        if row is None:
            return
        found: Customer = await screen.ask(customer.of, row.contact, now)
        theirs = [other for other in found.conversations if other.n not in targets.numbers]
        title = say("tui.choose_merge", what=screen.acting.named(targets))
        hint = say("tui.choose_merge_hint" if theirs else "tui.choose_merge_none")
        await screen.choosing.choose(
            title, hint, conversations(theirs), "", lambda n: self._merge(targets, n)
        )

    def _merge(self, targets: Targets, other: int | None) -> None:
        more = () if other is None or other in targets.numbers else (other,)
        self._screen.acting.wish(
            Wish(
                what="merge",
                make=lambda on: Merge(conversations=(*on.numbers, *more)),
                settles=True,
                stays=True,
                repeats=False,
            ),
            targets,
        )

    def split(self) -> None:
        wish = Wish(what="split", make=lambda on: Split(conversations=on.numbers), repeats=False)
        self._screen.acting.wish(wish)

    # What nobody has

    def take_next(self) -> None:
        self._screen.work(self._take_next(), "commands")

    async def _take_next(self) -> None:
        """The first that nobody has is ours, and on the screen; one that somebody has taken meanwhile is not."""
        screen, me = self._screen, self._desk.settings.agent
        free: list[Row] = await screen.ask(read.page, "unassigned", screen.showing.now(), _LOOKED_AT)
        for row in free:
            try:
                done = await screen.acting.do_in_turn(Assign(conversations=(row.n,), to=me, only_free=True))
            except Refused:
                continue
            screen.moving.open_conversation(row.n)
            screen.tell(done.words)
            return
        screen.tell(say("tui.nobody_waits_unassigned"))


def conversations(theirs: list[Row]) -> Find[int]:
    """A customer's conversations, by number or by what they are about."""
    options = [
        Option(_about(row), row.n, key=f"#{row.n}", note=say(f"tui.clock_{row.status}")) for row in theirs
    ]
    return lambda typed: nearest(
        options, lambda option: rank(typed, option.words, option.key, option.key[1:])
    )


def _about(row: Row) -> str:
    said = clean(row.subject or row.snippet, lines=False).strip() or queue_lines.name(row, 20).strip()
    return f"{clean(row.medium, lines=False)}: {said}"
