"""Which lines of a thread are in view. Pure, and lazy: only what is looked at is ever made into lines.

Places are (index of the item, line within it), so that nothing needs the length of what was not looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tuidesk.desk.picture import ShownMessage, Thread
from tuidesk.domain.instants import Instant
from tuidesk.tui import when
from tuidesk.tui.widgets.thread_lines import (
    File,
    Fold,
    Item,
    Line,
    Linked,
    Setting,
    Spot,
    day_line,
    ends,
    entry_lines,
    message_lines,
)
from tuidesk.words import say

Place = tuple[int, int]
Key = tuple[str, int]


def key_of(item: Item) -> Key:
    """What an item is known by from one picture of the thread to the next."""
    return ("message" if isinstance(item, ShownMessage) else "entry", item.n)


@dataclass(frozen=True, slots=True)
class _Made:
    """Lines, and what they were made of."""

    item: Item
    unfolded: frozenset[int]
    new_sender: bool
    before: tuple[int, bool, bool]
    """(messages before the first, a blank line goes before, the day changed)."""
    lines: tuple[Line, ...]


@dataclass
class Roll:
    """One thread at one width, and where its reader is."""

    thread: Thread
    setting: Setting
    top: Place = (0, 0)
    cursor: Place | None = None
    unfolded: dict[int, frozenset[int]] = field(default_factory=dict)
    """Message → its parts that are shown."""
    _made: dict[Key, _Made] = field(default_factory=dict)
    _newcomers: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self._newcomers = _newcomers(self.thread)

    # Lines

    @property
    def count(self) -> int:
        """Items, with what stands before the first and after the last of the thread's own."""
        return len(self.thread.items) + 1

    def block(self, index: int) -> tuple[Line, ...]:
        """Lines of one item; the last index is what the thread is linked to."""
        if index == len(self.thread.items):
            return self._links()
        item = self.thread.items[index]
        unfolded = self.unfolded.get(item.n, frozenset()) if isinstance(item, ShownMessage) else frozenset()
        new = isinstance(item, ShownMessage) and item.n in self._newcomers
        before = self._before(index)
        made = self._made.get(key_of(item))
        if made is None or (made.item, made.unfolded, made.new_sender, made.before) != (
            item,
            unfolded,
            new,
            before,
        ):
            made = _Made(item, unfolded, new, before, self._lines(item, unfolded, new, before))
            self._made[key_of(item)] = made
        return made.lines

    def _lines(
        self, item: Item, unfolded: frozenset[int], new: bool, before: tuple[int, bool, bool]
    ) -> tuple[Line, ...]:
        earlier, blank, new_day = before
        lines: list[Line] = []
        if earlier:
            words = say("thread.earlier_one") if earlier == 1 else say("thread.earlier", count=earlier)
            lines.append(ends(self.setting.width, ((words, "entry"),), say("thread.scroll_loads"), "fold"))
        if blank:
            lines.append(Line())
        if new_day:
            lines.append(day_line(when.local(item.at, self.setting.zone).date(), self.setting))
        if isinstance(item, ShownMessage):
            lines += message_lines(item, self.setting, unfolded, new)
        else:
            lines += entry_lines(item, self.setting)
        return tuple(lines)

    def _before(self, index: int) -> tuple[int, bool, bool]:
        items = self.thread.items
        if index == 0:
            return self.thread.earlier, False, True
        item, last = items[index], items[index - 1]
        zone = self.setting.zone
        new_day = when.local(item.at, zone).date() != when.local(last.at, zone).date()
        return 0, new_day or isinstance(item, ShownMessage) or isinstance(last, ShownMessage), new_day

    def _links(self) -> tuple[Line, ...]:
        verb = say("thread.opens")
        return tuple(
            ends(self.setting.width, ((say("thread.linked", n=n), "fold"),), verb, "fold", Linked(n))
            for n in self.thread.links
        )

    def window(self, height: int) -> list[tuple[Place, Line]]:
        """The lines in view, at most `height`."""
        seen: list[tuple[Place, Line]] = []
        for place, line in self._from(self.top):
            if len(seen) == height:
                break
            seen.append((place, line))
        return seen

    def _from(self, place: Place) -> Iterator[tuple[Place, Line]]:
        index, offset = place
        while index < self.count:
            lines = self.block(index)
            for number in range(offset, len(lines)):
                yield (index, number), lines[number]
            index, offset = index + 1, 0

    def _back(self, place: Place) -> Iterator[tuple[Place, Line]]:
        """Lines before `place`, nearest first."""
        index, offset = place
        while index >= 0:
            lines = self.block(index)
            for number in range(min(offset, len(lines)) - 1, -1, -1):
                yield (index, number), lines[number]
            index -= 1
            offset = len(self.block(index)) if index >= 0 else 0

    # Moving the view

    def last_top(self, height: int) -> Place:
        """Where the view begins when it ends with the thread."""
        place = (self.count, 0)
        found = (0, 0)
        left = height
        index, _ = place
        while index > 0 and left > 0:
            index -= 1
            lines = len(self.block(index))
            found = (index, max(lines - left, 0))
            left -= lines
        return found

    def scroll(self, lines: int, height: int) -> bool:
        """Move the view by so many lines, as far as there are any; whether it moved. The cursor follows."""
        before = self.top
        step = self._from(self.top) if lines > 0 else self._back(self.top)
        skip = 1 if lines > 0 else 0  # the first line from the top is the top itself
        wanted = abs(lines) + skip
        for count, (place, _) in enumerate(step, 1):
            self.top = place
            if count == wanted:
                break
        self.clamp(height)
        self._cursor_into_view(height, from_top=lines > 0)
        return self.top != before

    def clamp(self, height: int) -> None:
        """Not below the end."""
        self.top = min(self.top, self.last_top(height))

    def to_start(self, height: int) -> None:
        self.top = (0, 0)
        self._cursor_into_view(height, from_top=True)

    def to_end(self, height: int) -> None:
        self.top = self.last_top(height)
        self._cursor_into_view(height, from_top=False)

    def to_unanswered(self, height: int) -> None:
        """Begin with the first message that waits for us, or end with the thread where that shows it too."""
        self.to_end(height)
        since = self.thread.row.waiting_since
        index = None if since is None else _first_waiting(self.thread, since)
        if index is not None:
            head = next((number for number, line in enumerate(self.block(index)) if line.head), 0)
            self.top = min(self.top, (index, head))
            self.cursor = (index, head)

    def go_to(self, key: str, height: int) -> None:
        """The cursor to the reply of this key; where it is not there, to the end."""
        self.to_end(height)
        for index, item in enumerate(self.thread.items):
            if isinstance(item, ShownMessage) and item.key == key:
                self.cursor = (index, _head_at(self.block(index)))
                self._show(self.cursor, height)

    def at_start(self) -> bool:
        return self.top == (0, 0)

    def at_end(self, height: int) -> bool:
        return self.top >= self.last_top(height)

    # The cursor, and what Enter acts on

    def move(self, step: int, height: int) -> None:
        """The cursor to the next (1) or last (-1) message or spot; half a page on where none is in reach."""
        seen = [place for place, _ in self.window(height)]
        here = self.cursor if self.cursor in seen else None
        start = here or (seen[0 if step > 0 else -1] if seen else self.top)
        way = self._from(start) if step > 0 else self._back(start)
        for count, (place, line) in enumerate(way):
            if place != here and (line.head or line.spot is not None):
                self._show(place, height)
                if line.head and step > 0:
                    self._show_whole(place[0], start, height)
                self.cursor = place
                return
            if count >= height - 1:
                break
        if not self.scroll(step * max(height // 2, 1), height):
            self._cursor_into_view(height, from_top=step < 0)

    def _show_whole(self, index: int, start: Place, height: int) -> None:
        """As much of a message as can be seen without losing sight of `start`, where the cursor was."""
        before = self.top
        self._show((index, len(self.block(index)) - 1), height)
        self.top = max(before, min(self.top, start))

    def _show(self, place: Place, height: int) -> None:
        """Scroll as little as shows the line at `place`."""
        if place < self.top:
            self.top = place
            return
        seen = self.window(height)
        if not seen or place <= seen[-1][0]:
            return
        back = (at for at, _ in self._back(place))
        self.top = place
        for _ in range(height - 1):
            self.top = next(back, self.top)

    def _cursor_into_view(self, height: int, *, from_top: bool) -> None:
        seen = self.window(height)
        if self.cursor is not None and any(place == self.cursor for place, _ in seen):
            return
        stops = [place for place, line in seen if line.head or line.spot is not None]
        if stops:
            self.cursor = stops[0] if from_top else stops[-1]

    def spot(self, kind: type[Spot] | None = None) -> Spot | None:
        """What a key acts on: the spot at the cursor, else the nearest of the same item, never another message's.

        Enter takes a file only where the cursor is on it: a file that is wanted has a key of its own.
        """
        index, number = self.cursor or self.top
        spots = [
            (abs(at - number), line.spot)
            for at, line in enumerate(self.block(index))
            if line.spot is not None
            and (isinstance(line.spot, kind) if kind else at == number or not isinstance(line.spot, File))
        ]
        return min(spots, key=lambda found: found[0])[1] if spots else None

    def message(self) -> ShownMessage | None:
        """The message the cursor is on."""
        index = (self.cursor or self.top)[0]
        item = self.thread.items[index] if index < len(self.thread.items) else None
        return item if isinstance(item, ShownMessage) else None

    # The same conversation again

    def toggle(self, message: int, part: int, height: int) -> bool:
        """Show a folded part, or hide it; whether it is shown now."""
        shown = self.unfolded.get(message, frozenset()) ^ {part}
        self.unfolded[message] = shown
        for place, line in self.window(height) if part in shown else ():
            if line.spot == Fold(message, part):
                self._show_whole(place[0], place, height)
                break
        self.clamp(height)
        return part in shown

    def again(self, thread: Thread, setting: Setting) -> "Roll":
        """The same conversation as it is now, or at another width, with the reader where the reader was."""
        roll = Roll(thread, setting, unfolded=self.unfolded)
        if setting == self.setting:
            roll._made = self._made
        index_of = {key_of(item): index for index, item in enumerate(thread.items)}
        roll.top = self._carried(self.top, roll, index_of) or (0, 0)
        if self.cursor is not None:
            roll.cursor = self._carried(self.cursor, roll, index_of)
        return roll

    def _carried(self, place: Place, roll: "Roll", index_of: dict[Key, int]) -> Place | None:
        """`place` in the new picture: the same spot or the same line of the same item."""
        index, number = place
        if index >= len(self.thread.items):
            return (len(roll.thread.items), number)
        there = index_of.get(key_of(self.thread.items[index]))
        if there is None:
            return None
        lines, now = self.block(index), roll.block(there)
        line = lines[number] if number < len(lines) else None
        if line is not None and (line.head or line.spot is not None):
            for at, other in enumerate(now):
                if (line.head and other.head) or (line.spot is not None and other.spot == line.spot):
                    return (there, at)
        number += _head_at(now) - _head_at(lines)
        return (there, max(min(number, len(now) - 1), 0))


def _head_at(lines: tuple[Line, ...]) -> int:
    return next((number for number, line in enumerate(lines) if line.head), 0)


def _first_waiting(thread: Thread, since: Instant) -> int | None:
    for index, item in enumerate(thread.items):
        if isinstance(item, ShownMessage) and item.direction == "in" and item.at >= since:
            return index
    return None


def _newcomers(thread: Thread) -> frozenset[int]:
    """Messages whose sender is another than the customer and had not written in the thread before."""
    known = {thread.row.handle.casefold()}
    found: list[int] = []
    begun = thread.earlier > 0
    for item in thread.items:
        if (
            not isinstance(item, ShownMessage)
            or item.direction != "in"
            or item.kind not in ("person", "auto")
        ):
            continue
        handle = item.sender.handle.casefold()
        if handle not in known and begun and item.kind == "person":
            found.append(item.n)
        known.add(handle)
        begun = True
    return frozenset(found)
