"""Keeps what is on the screen true: asks the desk, hands the answers to the widgets, listens for what changes."""

import asyncio
import math
from array import array
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual.timer import Timer

from tuidesk.desk import customer as desk_customer
from tuidesk.desk import read
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import AccountState, Change, Counts, Customer, Row, Thread
from tuidesk.domain.instants import Instant
from tuidesk.domain.query import Query
from tuidesk.errors import NotFound, StoreError, TuideskError
from tuidesk.tui import freshness
from tuidesk.tui.screens.heading import Heading
from tuidesk.tui.views import SEARCH, Views
from tuidesk.tui.widgets import queue_lines
from tuidesk.tui.widgets.queue_picture import Picture

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

DOOR = "screen"

_FIRST = 60
"""Rows that come with a picture; the rest when they are looked at."""
_REST_S = 0.12
"""The mark rests for so long before the thread beside it, or the line below, follows."""
_SEEN_S = 1.5
"""A thread that follows the mark counts as looked at after this."""
_SLOW_S = 0.15
"""A conversation that takes longer to come up is said to be opening."""
_GATHER_S = 0.1
_MANY = 300
_COUNT_S = 1.0
_SELDOM = 20
"""The user's own views are counted for a twentieth of the time at most."""
_SUSPENDED_S = 60.0


class Showing:
    """What the screen shows, and where it comes from."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self.heading = Heading(screen, desk, self)
        self.views = Views(desk.config.views)
        self.view = "open"
        self.typed = ""
        """What was searched for."""
        self.asked: str | Query = "open"
        """What the desk is asked for: the view by its name, or a query."""
        self.before_search = "open"
        self.accounts: tuple[AccountState, ...] = ()
        self.counts: Counts | None = None
        self.own_counts: dict[str, int] = {}
        self._counted = -math.inf
        self._count_again_s = 0.0
        self.undoable = 0, ""
        """(number, words) of the step that an undo takes back: the one that is shown."""
        self._wanted: int | None = None
        """The conversation that the thread pane is to show."""
        self._newest: int | None = None
        """How many messages of it; None: as many as the desk thinks fit."""
        self._theirs: frozenset[int] = frozenset()
        """Conversations of the customer whose thread is shown."""
        self._changed: set[Change] = set()
        self._is_catching_up = False
        self._stop_listening: Callable[[], None] | None = None
        self._rest: Timer | None = None
        self._ticked = 0.0
        self._trouble = ""
        self._show_first()

    def now(self) -> Instant:
        return self._desk.clock.now()

    # Beginning and end

    def start(self) -> None:
        """Listen, and show the first picture."""
        loop = asyncio.get_running_loop()

        def heard(changes: frozenset[Change]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._heard, changes)

        self._stop_listening = self._desk.listen(heard)
        self._ticked = self._desk.clock.monotonic()
        self._screen.work(self._open_view(None), "view", exclusive=True)

    def stop(self) -> None:
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None

    # The queue

    def open_view(self, view: str, *, typed: str = "", at: int | None = None) -> None:
        """A new picture of a view; the mark goes to conversation `at`.

        Raises:
            BadQuery: what is searched for cannot be read.
        """
        asked = self.views.asked(view, typed)
        if view == SEARCH and self.view != SEARCH:
            self.before_search = self.view
        self.view, self.typed, self.asked = view, typed, asked
        self._screen.turnstile.hold("view")
        self._screen.work(self._open_view(at), "view", exclusive=True)

    def refresh_view(self) -> None:
        """The same view as it is now; the mark stays with its conversation."""
        self.open_view(self.view, typed=self.typed, at=self._screen.queue.current)

    async def _open_view(self, at: int | None) -> None:
        screen, view, asked, now = self._screen, self.view, self.asked, self.now()
        if not screen.is_up:
            await self._first_look()
            at = screen.queue.current
        ids = await screen.ask(read.queue, asked, now)
        picture = Picture(view, ids, asked)
        if view == "drafts":
            picture.drafts = await screen.ask(read.drafts)
        place = (picture.place(at) if at is not None else None) or 0
        first = list(ids[max(place - _FIRST // 2, 0) : place + _FIRST // 2])
        picture.fill(first, await screen.ask(read.rows, first, now))
        screen.queue.show(picture, now, at)
        screen.turnstile.let_go("view")
        await self._look_around()
        self.moved()

    def _show_first(self) -> None:
        """The rows of the first paint, before there is a loop: one at work slows a query down tenfold."""
        now = self.now()
        try:
            rows = self._desk.read(read.page, self.view, now, _FIRST).result()
        except TuideskError as error:  # the screen comes up all the same, and says so
            self._trouble = str(error)
            return
        picture = Picture(self.view, array("q", (row.n for row in rows)))
        picture.rows.update((row.n, row) for row in rows)
        self._screen.queue.agents = self._desk.settings.agent_names
        self._screen.queue.show(picture, now)

    async def _first_look(self) -> None:
        """The list is painted before everything else is loaded."""
        painted = asyncio.Event()
        self._screen.call_after_refresh(painted.set)
        await painted.wait()
        await self._screen.furnish()
        if self._trouble:
            self._screen.tell(self._trouble, wrong=True)

    def fetch(self, numbers: list[int]) -> None:
        """Rows for the list."""
        self._screen.work(self._fetch(numbers), "rows", exclusive=True)

    async def _fetch(self, numbers: list[int]) -> None:
        picture, now = self._screen.queue.picture, self.now()
        found = await self._screen.ask(read.rows, numbers, now)
        if picture is not None and self._screen.queue.picture is picture:
            self._screen.queue.fill(numbers, found, now)
            self._preview()

    def moved(self) -> None:
        """The mark is somewhere else."""
        self._screen.say_talk()
        self.follow()

    def laid_out(self) -> None:
        """There is room for more panes, or for fewer."""
        self._preview()
        self.follow()
        self._screen.handling.look()

    def _preview(self) -> None:
        """What the row at the mark says, where no thread is beside the list."""
        if self._screen.panes != "one":
            return
        row = self._screen.queue.row
        self._screen.preview.say(
            queue_lines.preview(row, self.now(), self._screen.queue.agents) if row is not None else ""
        )

    # The thread and its customer

    def follow(self) -> None:
        """The thread beside the list, or the line below it, follows the mark once that rests."""
        if self._rest is not None:
            self._rest.stop()
        if self._screen.at == "queue":
            self._rest = self._screen.set_timer(_REST_S, self._follow)

    def _follow(self) -> None:
        screen = self._screen
        n = screen.queue.current
        if screen.panes == "one":
            self._preview()
        if screen.at != "queue" or screen.panes == "one" or screen.composer.is_open:
            return
        if n is None:
            self._wanted = None
            screen.thread.clear()
            screen.customer.clear()
            screen.handling.look()
        elif n != screen.thread.conversation:
            self.open_thread(n)
            self._rest = screen.set_timer(_SEEN_S, lambda: self._seen(n))

    def _seen(self, n: int) -> None:
        if self._screen.thread.conversation == n and not self._desk.read_only:
            self._screen.work(self._say_seen(n), "seen")

    async def _say_seen(self, n: int) -> None:
        from tuidesk.domain.commands import Seen

        await self._screen.outcome(self._desk.do(Seen(conversation=n)))

    def open_thread(self, n: int, newest: int | None = None, *, looked_at: bool = False) -> None:
        """Show a conversation in the thread pane. What is written to another one goes: its draft is kept."""
        slot = self._screen.composer.slot
        if slot is not None and slot.conversation not in (0, n):
            self._screen.composer.close()
            self._screen.say_keys()
        self._wanted, self._newest = n, newest
        if looked_at:
            self._screen.turnstile.hold("thread")
        self._screen.work(self._open_thread(n), "thread", exclusive=True)
        if looked_at:
            self._screen.work(self._look_at(n), "seen")

    async def _look_at(self, n: int) -> None:
        if not self._desk.read_only:
            await self._say_seen(n)

    async def _open_thread(self, n: int) -> None:
        screen = self._screen
        answer = asyncio.ensure_future(self._thread(n))
        done, _ = await asyncio.wait({answer}, timeout=_SLOW_S)
        if not done:
            screen.thread.opening(n)
        try:
            thread = await answer
        except StoreError:
            if self._wanted == n != screen.thread.conversation:
                screen.thread.not_read(n)
                screen.customer.clear()
            raise
        if self._wanted == n:
            screen.thread.show(thread, self.now())
            screen.handling.look()
            screen.turnstile.let_go("thread")
            await self._show_customer(thread.row.contact)

    async def _thread(self, n: int) -> Thread:
        newest = () if self._newest is None else (self._newest,)
        found: Thread = await self._screen.ask(read.thread, n, self.now(), *newest)
        return found

    async def _show_customer(self, contact: int) -> None:
        """The history beside the thread; another thread's answer that comes late is not shown."""
        wanted = self._wanted
        try:
            customer: Customer = await self._screen.ask(desk_customer.of, contact, self.now())
        except StoreError:
            if self._wanted == wanted:
                self._screen.customer.not_read()
            raise
        thread = self._screen.thread.thread
        if self._wanted == wanted and thread is not None:
            self._theirs = frozenset(row.n for row in customer.conversations)
            self._screen.customer.show(customer, thread.row.n, self.now(), thread.fields)
            self._screen.customers.shown(customer)

    # What changes

    def _heard(self, changes: Iterable[Change]) -> None:
        self._changed.update(changes)
        if not self._is_catching_up:
            self._is_catching_up = True
            self._screen.work(self._catch_up(), "changes")

    async def _catch_up(self) -> None:
        try:
            while self._changed:
                await asyncio.sleep(_GATHER_S)
                if not self._screen.is_up:
                    continue
                changed, self._changed = self._changed, set()
                conversations = {int(one.id) for one in changed if one.kind in ("conversation", "draft")}
                contacts = {int(one.id) for one in changed if one.kind == "contact"}
                if any(one.kind == "draft" for one in changed):
                    await self._screen.composing.follow()
                await self._look_around()
                await self._refresh_rows(conversations)
                await self._refresh_thread(conversations)
                await self._refresh_customer(contacts)
                await self._screen.replies.follow()
        finally:
            self._is_catching_up = False

    async def _refresh_rows(self, conversations: set[int]) -> None:
        screen, now = self._screen, self.now()
        picture = screen.queue.picture
        if picture is None or not conversations:
            return
        if not screen.queue.touched and (not len(picture) or freshness.loading(self.accounts)):
            opening = self._open_view(screen.queue.current)  # nobody has taken hold of it yet
            screen.work(opening, "view", exclusive=True)
            return
        if picture.view == "drafts":
            picture.drafts = await screen.ask(read.drafts)
        known = list(picture.known(conversations))
        if known:
            screen.queue.fill(known, await screen.ask(read.rows, known, now), now)
            self._preview()
        await self._count_newcomers(picture, [n for n in conversations if n not in picture])

    async def _count_newcomers(self, picture: Picture, unknown: list[int]) -> None:
        now = self.now()
        if len(unknown) > _MANY:
            ids = await self._screen.ask(read.queue, picture.asked, now)
            picture.newcomers = {n: None for n in ids if n not in picture}
        elif unknown:
            belong: frozenset[int] = await self._screen.ask(read.matching, picture.asked, unknown, now)
            found: dict[int, Row] = await self._screen.ask(read.rows, list(belong), now)
            for n in unknown:
                picture.newcomers.pop(n, None)
            picture.newcomers.update(found)
        self._screen.say_talk()

    async def forget(self, conversations: Iterable[int]) -> set[int]:
        """These were taken back: what is no conversation any more leaves the screen. The result is what that is."""
        asked = set(conversations)
        found: dict[int, Row] = await self._screen.ask(read.rows, list(asked), self.now())
        gone = asked - found.keys()
        if self._screen.thread.conversation in gone:
            self._wanted = None
            self._screen.thread.clear()
            self._screen.customer.clear()
            self._screen.handling.look()
        return gone

    async def _refresh_thread(self, conversations: set[int]) -> None:
        shown = self._screen.thread.thread
        if shown is None:
            return
        n = shown.row.n
        if n in conversations:
            try:
                thread = await self._thread(n)
            except NotFound:
                await self.forget((n,))
                return
            if self._screen.thread.conversation == n:
                self._screen.thread.show(thread, self.now())
                self._screen.handling.ask()
        picture = self._screen.queue.picture
        newcomers = picture.newcomers.values() if picture is not None else ()
        is_theirs = any(row is not None and row.contact == shown.row.contact for row in newcomers)
        if is_theirs or not self._theirs.isdisjoint(conversations):
            await self._show_customer(shown.row.contact)

    async def _refresh_customer(self, contacts: set[int]) -> None:
        """Somebody was merged or split, or something is known now."""
        customer, thread = self._screen.customer.customer, self._screen.thread.thread
        if customer is None or thread is None or contacts.isdisjoint((customer.n, *customer.members)):
            return
        await self._show_customer(thread.row.contact)

    async def _look_around(self) -> None:
        """Counts, accounts, what can be taken back."""
        screen = self._screen
        self.counts = await screen.ask(read.counts, self.now())
        known, self.accounts = self.accounts, await screen.ask(read.accounts)
        if self.accounts and not known:
            screen.say_keys()  # no first run
        self.undoable = await screen.ask(read.undoable, DOOR)
        screen.handling.breaks(await screen.ask(read.away))
        self.heading.say()
        screen.say_talk()
        if self.views.own and self._desk.clock.monotonic() >= self._counted + self._count_again_s:
            screen.work(self._count_own(), "counts", exclusive=True)

    async def _count_own(self) -> None:
        """The user's own views may ask anything, and take long: in a lane of their own, and seldom if they do."""
        self._counted = began = self._desk.clock.monotonic()
        self._count_again_s = math.inf
        now = self.now()
        try:
            for own in self.views.own:
                counting = self._desk.read(read.count, own.query, now, lane="counts")
                self.own_counts[own.name] = await asyncio.wrap_future(counting)
        finally:
            self._counted = self._desk.clock.monotonic()
            self._count_again_s = max(_COUNT_S, _SELDOM * (self._counted - began))
        self.heading.say()

    # The clock

    def tick(self) -> None:
        """The one clock of the screen: only what reads differently now is drawn again."""
        now, beat = self.now(), self._desk.clock.monotonic()
        if beat - self._ticked > _SUSPENDED_S:
            self._desk.nudge()
        self._ticked = beat
        self._screen.queue.tick(now)
        self._screen.thread.tick(now)
        self._screen.customer.tick(now)
        if self.counts is not None and self.counts.turns_at is not None and self.counts.turns_at <= now:
            self.counts = self.counts._replace(turns_at=None)  # it is asked for once
            self._screen.work(self._look_around(), "turn", exclusive=True)
        self.heading.say()
