"""The thread pane: a conversation's header and messages. It reports what is wanted; the screen decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tuidesk.desk.picture import ShownMessage, Thread
from tuidesk.domain.instants import Instant
from tuidesk.domain.text import wrap
from tuidesk.tui import themes, when
from tuidesk.tui.widgets.strips import Drawn, Looks, strip
from tuidesk.tui.widgets.thread_head import HeadLine, Refusal, WaitClock, route, status, title
from tuidesk.tui.widgets.thread_lines import Ask, File, Fold, Line, Linked, Setting, Spot, Whole
from tuidesk.tui.widgets.thread_roll import Place, Roll
from tuidesk.words import say

PAGE = 200
"""Messages that are asked for at a time."""


class ThreadPane(Vertical):
    """Header, wait and messages of one conversation."""

    DEFAULT_CSS = """
    ThreadPane { width: 1fr; height: 1fr; }
    ThreadPane #thread-route { height: 1; }
    ThreadPane #thread-place { width: 1fr; }
    """

    @dataclass
    class Unfolded(Message):
        """A part of a message is shown now, or hidden again."""

        conversation: int
        message: int
        shown: bool

    @dataclass
    class DownloadWanted(Message):
        conversation: int
        message: int
        ref: str
        name: str
        """As it came: not cleaned, not a safe file name."""

    @dataclass
    class AskUnknown(Message):
        """What became of this reply: the agent must say."""

        conversation: int
        key: str

    @dataclass
    class EarlierWanted(Message):
        """The reader is at the top, and there is more: `newest` messages are to be shown."""

        conversation: int
        newest: int

    @dataclass
    class WholeWanted(Message):
        """The whole of a message that is cut, or the source of one that could not be read."""

        conversation: int
        message: int

    @dataclass
    class LinkWanted(Message):
        """Another conversation, which continues this one."""

        conversation: int

    def __init__(self, agent_names: Iterable[str] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._agent_names = tuple(agent_names)
        self._title = HeadLine("thread-title")
        self._place = HeadLine("thread-place")
        self._clock = WaitClock()
        self._refuses = Refusal()
        self._rule = HeadLine("thread-rule")
        self._body = ThreadBody()

    def compose(self) -> ComposeResult:
        yield self._title
        with Horizontal(id="thread-route"):
            yield self._place
            yield self._clock
        yield self._refuses
        yield self._rule
        yield self._body

    # What is shown

    @property
    def conversation(self) -> int | None:
        """Number of the conversation on the screen. What an action binds to."""
        return self._body.thread.row.n if self._body.thread is not None else None

    @property
    def thread(self) -> Thread | None:
        return self._body.thread

    @property
    def last_seen(self) -> int | None:
        """Number of the newest message the agent has had before their eyes."""
        return self._body.last_seen or None

    @property
    def current(self) -> ShownMessage | None:
        """The message at the cursor."""
        return self._body.roll.message() if self._body.roll is not None else None

    def show(self, thread: Thread, now: Instant) -> None:
        """A conversation, or the same one again as it is now: then the reader stays where the reader is."""
        self._body.show(thread, self._agent_names, now)
        row = thread.row
        self._title.say((title(row),), (status(row, now),))
        self._place.say(route(thread, now), ())
        self._refuses.say(thread.refuses)
        self._clock.show(row, now)
        self.count_below()

    def opening(self, n: int) -> None:
        """A conversation that is on its way. Nothing of another one is left to be taken for it."""
        self._empty(say("thread.loading", n=n))

    def not_read(self, n: int) -> None:
        """One that the store could not give: nothing of another one is left here either."""
        self._empty(say("thread.not_read", n=n))

    def clear(self) -> None:
        """No conversation."""
        self._empty(say("thread.nothing_open"))

    def _empty(self, words: str) -> None:
        self._body.clear(words)
        for part in (self._title, self._place):
            part.say((), ())
        self._refuses.say("")
        self._clock.show(None, 0)
        self.count_below()

    def tick(self, now: Instant) -> None:
        """The clock of the screen: a minute went by."""
        self._clock.tick(now)

    def count_below(self) -> None:
        """Say how many messages came in below the reader."""
        count = self._body.below
        self._rule.say(
            (("--", "rule"), (" " + say("thread.new_below", count=count) + " ", "mark")) if count else ()
        )

    # What the keys do

    def focus(self, scroll_visible: bool = True) -> Self:
        """The keys go to the messages."""
        self._body.focus(scroll_visible)
        return self

    def move(self, step: int) -> None:
        """The next (1) or the last (-1) message or spot."""
        self._body.move(step)

    def scroll_lines(self, lines: int) -> None:
        self._body.turn(lines)

    def scroll_pages(self, pages: float) -> None:
        """Down, or up where negative; 0.5 is half a page."""
        height = self._body.size.height
        self._body.turn(int(max(height - 1, 1) * pages) or (1 if pages > 0 else -1))

    def to_start(self) -> None:
        self._body.to_start()

    def to_end(self) -> None:
        self._body.to_end()

    def go_to(self, key: str) -> None:
        """The cursor to the reply of this key, where it is among what is loaded."""
        self._body.go_to(key)

    def act(self) -> bool:
        """Enter: what stands at the cursor, or near it in the same message; whether there was anything."""
        return self._body.act()

    def download(self) -> bool:
        """The file at the cursor, or near it in the same message; whether there was one."""
        return self._body.act(File)


class ThreadBody(Drawn, can_focus=True):
    """The lines in view, drawn one by one."""

    LOOKS: ClassVar[Looks] = {
        "sender": themes.STRONG,
        "ours": themes.PRIMARY_STRONG,
        "address": themes.MUTED,
        "time": themes.MUTED,
        "mark": themes.WARNING,
        "new": themes.WARNING_STRONG,
        "quote": themes.MUTED,
        "gone": themes.STRUCK,
        "fold": themes.MUTED,
        "file": themes.PLAIN,
        "note": themes.WARNING_ITALIC,
        "rail": themes.WARNING_STRONG,
        "entry": themes.MUTED,
        "words": themes.MUTED,
        "date": themes.MUTED,
        "day": themes.MUTED,
        "failed": themes.ERROR,
        "cursor": themes.ACCENT_STRONG,
        "body": themes.PLAIN,
    }
    DEFAULT_CSS = """
    ThreadBody { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.roll: Roll | None = None
        self.last_seen = 0
        self._words = say("thread.nothing_open")
        self._asked = (0, 0)
        self._height = 0
        self._window: list[tuple[Place, Line]] = []
        """The lines in view while they are drawn."""
        self._fresh = False
        """Just opened, and not yet laid out."""

    @property
    def thread(self) -> Thread | None:
        return self.roll.thread if self.roll is not None else None

    @property
    def below(self) -> int:
        """Messages of the customer's that came in since and are not seen yet."""
        if self.roll is None:
            return 0
        return sum(
            isinstance(item, ShownMessage) and item.direction == "in" and item.n > self.last_seen
            for item in self.roll.thread.items
        )

    def show(self, thread: Thread, agent_names: tuple[str, ...], now: Instant) -> None:
        year = when.local(now).year
        setting = Setting(max(self.size.width - 2, 8), year, thread.row.handle, agent_names)
        old = self.roll
        if old is None or old.thread.row.n != thread.row.n:
            self.roll = Roll(thread, setting)
            self.last_seen = max(
                (item.n for item in thread.items if isinstance(item, ShownMessage)), default=0
            )
            self._fresh = True
            self._settle()
        else:
            was_at_end = old.at_end(self.size.height)
            self.roll = old.again(thread, setting)
            if was_at_end and _newest_is_mine(thread, old.thread):
                self.roll.to_end(self.size.height)
            self.roll.clamp(self.size.height)
        self._seen()
        self.refresh()

    def clear(self, words: str) -> None:
        self.roll, self._words, self.last_seen = None, words, 0
        self.refresh()

    def _settle(self) -> None:
        """Where a conversation opens, once the pane has a size."""
        if self._fresh and self.roll is not None and self.size.height:
            self.roll.to_unanswered(self.size.height)
            self._height = self.size.height  # the first resize may be told later than a size is known
            self._fresh = False

    def on_resize(self, event: events.Resize) -> None:
        """The same lines at another width; with the end in view, it stays in view."""
        old, self._height = self._height, event.size.height
        if self.roll is None or not self._height:
            return
        was_at_end = bool(old) and not self._fresh and self.roll.at_end(old)
        self._rewrap(event.size.width)
        if was_at_end:
            self.roll.top = self.roll.last_top(self._height)
        self.roll.clamp(self._height)
        self._settle()
        self._seen()
        self.refresh()

    def _rewrap(self, cells: int) -> None:
        if self.roll is None or self.roll.setting.width == max(cells - 2, 8):
            return
        was = self.roll.setting
        setting = Setting(max(cells - 2, 8), was.year, was.customer, was.agent_names, was.zone)
        self.roll = self.roll.again(self.roll.thread, setting)

    def _seen(self) -> None:
        """Note which messages have been before the reader's eyes."""
        if self.roll is None or not self.size.height:
            return
        items = self.roll.thread.items
        for (index, _), line in self.roll.window(self.size.height):
            if line.head:
                self.last_seen = max(self.last_seen, items[index].n)

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        self._window = self.roll.window(self.size.height) if self.roll is not None else []
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        if self.roll is None:
            lines = ["", *wrap(self._words, max(cells - 2, 1))]
            return strip(self, ((" " + lines[y] if y < len(lines) else "", "words"),), cells)
        if y >= len(self._window):
            return strip(self, (), cells)
        place, line = self._window[y]
        mark = ">" if self.has_focus and place == self.roll.cursor else " "
        return strip(self, ((mark, "cursor"), *line.spans), cells)

    def on_focus(self) -> None:
        self._mark_changed()

    def on_blur(self) -> None:
        self._mark_changed()

    def _mark_changed(self) -> None:
        if self.roll is not None:
            self._redraw(self.roll.top, None)

    def _redraw(self, top: Place, cursor: Place | None) -> None:
        """Only the lines of the cursor where the view stands; else everything."""
        assert self.roll is not None
        if self.roll.top != top:
            self.refresh()
            return
        for y, (place, _) in enumerate(self.roll.window(self.size.height)):
            if place in (cursor, self.roll.cursor):
                self.refresh(Region(0, y, self.size.width, 1))

    # Moving

    def move(self, step: int) -> None:
        if self.roll is not None:
            top, cursor = self.roll.top, self.roll.cursor
            self.roll.move(step, self.size.height)
            self._moved(top, cursor)

    def turn(self, lines: int) -> None:
        """Scroll by so many lines."""
        if self.roll is not None:
            top, cursor = self.roll.top, self.roll.cursor
            self.roll.scroll(lines, self.size.height)
            self._moved(top, cursor, up=lines < 0)

    def to_start(self) -> None:
        if self.roll is not None:
            top, cursor = self.roll.top, self.roll.cursor
            self.roll.to_start(self.size.height)
            self._moved(top, cursor, up=True)

    def to_end(self) -> None:
        if self.roll is not None:
            top, cursor = self.roll.top, self.roll.cursor
            self.roll.to_end(self.size.height)
            self._moved(top, cursor)

    def go_to(self, key: str) -> None:
        if self.roll is not None:
            top, cursor = self.roll.top, self.roll.cursor
            self.roll.go_to(key, self.size.height)
            self._moved(top, cursor)

    def _moved(self, top: Place, cursor: Place | None, up: bool = False) -> None:
        assert self.roll is not None
        self._redraw(top, cursor)
        seen = self.last_seen
        self._seen()
        if seen != self.last_seen and isinstance(self.parent, ThreadPane):
            self.parent.count_below()
        thread = self.roll.thread
        asked = (thread.row.n, thread.earlier)
        if thread.earlier and self.roll.at_start() and (up or self.roll.top != top) and self._asked != asked:
            self._asked = asked
            shown = sum(isinstance(item, ShownMessage) for item in thread.items)
            self.post_message(ThreadPane.EarlierWanted(thread.row.n, shown + PAGE))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.turn(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.turn(-3)

    # Acting

    def act(self, kind: type[Spot] | None = None) -> bool:
        if self.roll is None:
            return False
        spot = self.roll.spot(kind)
        if spot is not None:
            self._report(spot)
        return spot is not None

    def _report(self, spot: Spot) -> None:
        assert self.roll is not None
        n = self.roll.thread.row.n
        match spot:
            case Fold(message, part):
                shown = self.roll.toggle(message, part, self.size.height)
                self.refresh()
                self._seen()
                self.post_message(ThreadPane.Unfolded(n, message, shown))
            case File(message, ref, name):
                self.post_message(ThreadPane.DownloadWanted(n, message, ref, name))
            case Ask(key):
                self.post_message(ThreadPane.AskUnknown(n, key))
            case Whole(message):
                self.post_message(ThreadPane.WholeWanted(n, message))
            case Linked(conversation):
                self.post_message(ThreadPane.LinkWanted(conversation))


def _newest_is_mine(thread: Thread, before: Thread) -> bool:
    """Whether the last thing here is a message of this agent's that was not here before."""
    last = next((item for item in reversed(thread.items) if isinstance(item, ShownMessage)), None)
    if last is None or last.direction == "in" or not last.sender.me:
        return False
    return all(not isinstance(item, ShownMessage) or item.n != last.n for item in before.items)
