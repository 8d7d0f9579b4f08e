"""Verb, then object: whom, which tag, how urgent, which command. Methods are named after the actions."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, TypeVar

from tuidesk.desk import read
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import Row
from tuidesk.domain import actions
from tuidesk.domain.commands import Assign, SetPriority, Tag
from tuidesk.domain.model import PRIORITIES, Person, Priority
from tuidesk.errors import NeedsTag
from tuidesk.tui.ranking import nearest, rank
from tuidesk.tui.screens.acting import Targets, Wish
from tuidesk.tui.screens.chooser import Chooser, Find, Option
from tuidesk.tui.screens.finder import Finder
from tuidesk.tui.screens.palette import Chosen, palette
from tuidesk.tui.turnstile import HELD_S
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

T = TypeVar("T")

_NOT_OFFERED = frozenset({"palette", "palette-writing", "quit-hint", "send-hint", "send"})
"""What the palette does not list. A text leaves by its own key alone: letters and an Enter can be pasted."""
_NOBODY = "-"


class Choosing:
    """Opens what is chosen from, and makes commands of what was chosen."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk

    # Commands

    def palette(self) -> None:
        place = self._screen.place

        def chosen(found: Chosen | None) -> None:
            if found is not None:
                self._screen.obey(*found)

        offered = [
            action for action in actions.here(place, self._screen.keymap) if action.id not in _NOT_OFFERED
        ]
        self._screen.app.push_screen(palette(offered), chosen)

    def palette_writing(self) -> None:
        self.palette()

    # Whom, which, how

    def assign(self, typed: str = "") -> None:
        self._about(lambda targets: self._assign(targets, typed))

    async def _assign(self, targets: Targets, typed: str) -> None:
        rows = await self._rows(targets)
        accounts = {row.account for row in rows}
        known = await self._screen.ask(read.agents, accounts.pop() if len(accounts) == 1 else None)
        find = people(self._desk.settings.agent, known)

        def chosen(whom: Person | str) -> None:
            to = None if isinstance(whom, str) else whom
            self._screen.acting.wish(
                Wish(
                    what="assign",
                    make=lambda on: Assign(conversations=on.numbers, to=to),
                    detail=say("desk.nobody") if to is None else to.name or to.handle,
                ),
                targets,
            )

        title = say("tui.choose_assign", what=self._screen.acting.named(targets))
        await self.choose(title, say("tui.choose_assign_hint"), find, typed, chosen)

    def tag(self, typed: str = "") -> None:
        self._about(lambda targets: self._tag(targets, typed))

    async def _tag(self, targets: Targets, typed: str) -> None:
        rows = await self._rows(targets)
        find = tags(await self._screen.ask(read.tags), [row.tags for row in rows])
        has = ", ".join(sorted({tag for row in rows for tag in row.tags}))

        def chosen(change: str) -> None:
            add, remove = ((), (change[1:],)) if change.startswith("-") else ((change,), ())
            self._screen.acting.wish(
                Wish(
                    what="tag",
                    make=lambda on: Tag(conversations=on.numbers, add=add, remove=remove),
                    detail=change,
                ),
                targets,
            )

        named = self._screen.acting.named(targets)
        title = say("tui.choose_tag_has", what=named, tags=has) if has else say("tui.choose_tag", what=named)
        await self.choose(title, say("tui.choose_tag_hint"), find, typed, chosen)

    def tag_first(self, refused: NeedsTag, then: Callable[[], None]) -> None:
        """The tag without which that was refused, and then what follows."""
        self.ask_about(self._tag_first(refused, then))

    async def _tag_first(self, refused: NeedsTag, then: Callable[[], None]) -> None:
        used = dict(await self._screen.ask(read.tags))
        known = [(tag, used.get(tag, 0)) for tag in refused.one_of] or list(used.items())

        def find(typed: str) -> Sequence[Option[str]]:
            found = tags(known, ())(typed)
            return [one for one in found if one.result in refused.one_of] if refused.one_of else found

        def chosen(tag: str) -> None:
            self._screen.acting.wish(
                Wish(
                    what="tag",
                    make=lambda on: Tag(conversations=on.numbers, add=(tag,)),
                    detail=tag,
                    then=then,
                ),
                Targets(refused.numbers, ()),
            )

        await self.choose(str(refused), say("tui.choose_tag_hint"), find, "", chosen)

    def priority(self, typed: str = "") -> None:
        self._about(lambda targets: self._priority(targets, typed))

    async def _priority(self, targets: Targets, typed: str) -> None:
        rows = await self._rows(targets)
        find = priorities({row.priority for row in rows})

        def chosen(priority: Priority) -> None:
            self._screen.acting.wish(
                Wish(
                    what="priority",
                    make=lambda on: SetPriority(conversations=on.numbers, priority=priority),
                    detail=say(f"tui.priority_{priority}"),
                ),
                targets,
            )

        title = say("tui.choose_priority", what=self._screen.acting.named(targets))
        await self.choose(title, say("tui.choose_priority_hint"), find, typed, chosen)

    # What they share

    def _about(self, work: Callable[[Targets], Coroutine[None, None, None]]) -> None:
        targets = self._screen.acting.targets()
        if targets is not None:
            self.ask_about(work(targets))

    def ask_about(self, work: Coroutine[None, None, None]) -> None:
        """Put up by `work` what has a field. What is typed from here on is meant for that: it waits until it is
        there."""
        self._put_up_by(work, "chooser", has_field=True)

    def ask_whether(self, work: Coroutine[None, None, None], group: str = "question") -> None:
        """Put up by `work` what a letter answers. What is typed from here on waits for it, but not for ever; then it
        is obeyed by nobody."""
        self._put_up_by(work, group, has_field=False)

    def _put_up_by(self, work: Coroutine[None, None, None], group: str, *, has_field: bool) -> None:
        self._screen.turnstile.shut()
        self._screen.work(self._until_there(work, has_field=has_field), group, exclusive=True)

    async def _until_there(self, work: Coroutine[None, None, None], *, has_field: bool) -> None:
        screen, there, is_held = self._screen, False, True

        def is_slow() -> None:
            nonlocal is_held
            screen.tell(say("tui.opening"))
            if not has_field:
                is_held = False
                screen.turnstile.open(forget=True)

        slow = screen.set_timer(HELD_S, is_slow)
        try:
            await work
            there = True
        finally:
            slow.stop()
            screen.telling.take_back(say("tui.opening"))
            if is_held:
                screen.turnstile.open(forget=not there)

    async def _rows(self, targets: Targets) -> Sequence[Row]:
        found = await self._screen.ask(read.rows, list(targets.numbers), self._screen.showing.now())
        return tuple(found.values())

    async def choose(
        self, title: str, hint: str, find: Find[T], typed: str, chosen: Callable[[T], None]
    ) -> None:
        """What was typed behind a command and means one thing is that; else it is asked."""
        meant = find(typed) if typed else ()
        if typed and (len(meant) == 1 or (meant and meant[0].words.casefold() == typed.casefold())):
            chosen(meant[0].result)
            return
        chooser: Chooser[T] = Chooser(title, hint, find, typed=typed)

        def answered(result: T | None) -> None:
            if result is not None:
                chosen(result)

        await self.put_up(chooser, answered)

    async def put_up(self, finder: Finder[T], answered: Callable[[T | None], None]) -> None:
        """On the screen, until its field has the keys."""
        app = self._screen.app
        await app.push_screen(finder, answered)
        while finder.is_current and app.focused is None:
            await asyncio.sleep(0.005)  # the focus comes by a message of its own


def people(me: Person, known: Sequence[Person], *, but_me: bool = False) -> Find[Person | str]:
    """This agent, nobody, those whom the account knows; by an address, anybody, and where it knows nobody, anybody."""
    colleagues = [who for who in known if not _is(who, me)]
    own: Option[Person | str] = Option(say("tui.choose_me"), me, note=me.name or me.handle)
    options = [] if but_me else [own]
    options.extend(
        Option(who.name or who.handle, who, note=who.handle if who.name else "") for who in colleagues
    )
    options.append(Option(_NOBODY, _NOBODY, note=say("tui.choose_nobody")))

    def find(typed: str) -> list[Option[Person | str]]:
        wanted = typed.strip()
        if wanted == _NOBODY:
            return options[-1:]
        found = nearest(options, lambda option: rank(wanted, option.words, option.note))
        if wanted and not found and ("@" in wanted or not colleagues):
            new = Person("" if "@" in wanted else wanted, wanted)
            return [Option(wanted, new, note=say("tui.choose_stranger"))]
        return found

    return find


def _is(who: Person, me: Person) -> bool:
    return who.me or bool(me.handle and who.handle.casefold() == me.handle.casefold())


def tags(known: Sequence[tuple[str, int]], present: Sequence[tuple[str, ...]]) -> Find[str]:
    """Tags to add, the most used first; below them, or alone with `-`, those to take off. `known`: with how many
    conversations have it; `present`: of each conversation."""
    used = dict(known)
    on_some = list(dict.fromkeys(tag for one in present for tag in one))
    on_all = {tag for tag in on_some if all(tag in one for one in present)}
    addable = list(dict.fromkeys([*used, *on_some]))

    def off(typed: str) -> list[Option[str]]:
        return [
            Option(f"-{tag}", f"-{tag}", note=say("tui.choose_tag_off"))
            for tag in nearest(on_some, lambda tag: rank(typed, tag))
        ]

    def find(typed: str) -> list[Option[str]]:
        wanted = " ".join(typed.split())
        if wanted.startswith("-"):
            return off(wanted[1:])
        found = [
            Option(tag, tag, note=say("tui.choose_tag_on") if tag in on_all else str(used.get(tag, "")))
            for tag in nearest(addable, lambda tag: rank(wanted, tag))
            if tag not in on_all or wanted
        ]
        if wanted and wanted not in addable:
            found.append(Option(wanted, wanted, note=say("tui.choose_tag_new")))
        return found if wanted else [*found, *off("")]

    return find


def priorities(now: set[str]) -> Find[Priority]:
    options = [
        Option(say(f"tui.priority_{one}"), one, note=say("tui.choose_now") if now == {one} else "")
        for one in PRIORITIES
    ]
    return lambda typed: nearest(options, lambda option: rank(typed, option.words))
