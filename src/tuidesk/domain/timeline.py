"""In which status a conversation was when, and what of that does not count."""

from typing import Literal, NamedTuple

from tuidesk.domain.hours import Span
from tuidesk.domain.instants import Instant

Status = Literal["open", "pending", "snoozed", "complete"]


class Cut(NamedTuple):
    """A stretch that does not count, and the status that it was spent in."""

    start: Instant
    end: Instant
    status: Status


class Timeline:
    """The stretches of one conversation. Its clock never runs backwards."""

    def __init__(self) -> None:
        self.status: Status = "open"
        self.since: Instant = 0
        self._until: Instant | None = None
        self._firm = False
        self._past: list[tuple[Instant, Instant, Status]] = []

    def turn(self, at: Instant, status: Status, until: Instant | None = None, *, firm: bool = False) -> None:
        """From here on it is in this status; a snooze opens by itself at `until`."""
        self._close(max(at, self.since))
        self.status, self._until, self._firm = status, until, firm

    def sleeps_on(self, at: Instant) -> bool:
        """Whether a snooze stands that nothing but its end takes away."""
        return self.status == "snoozed" and self._firm and (self._until is None or at < self._until)

    def end(self, at: Instant) -> None:
        """Nothing comes any more: the last stretch ends, so far."""
        self._close(at)

    def _close(self, at: Instant) -> None:
        if self._until is not None and self._until < at:
            wakes = max(self._until, self.since)
            self._past.append((self.since, wakes, self.status))
            self.status, self.since, self._until = "open", wakes, None
        if at > self.since:
            self._past.append((self.since, at, self.status))
        self.since = at

    def within(self, start: Instant, stop: Instant) -> list[Cut]:
        """The stretches that were not open, cut to these bounds; the one under way as well."""
        ends = stop if self._until is None else min(stop, self._until)
        past = [*self._past, (self.since, ends, self.status)]
        cut = ((max(a, start), min(b, stop), status) for a, b, status in past if status != "open")
        return [Cut(a, b, status) for a, b, status in cut if a < b]

    def cuts(self) -> tuple[Cut, ...]:
        return tuple(Cut(a, b, status) for a, b, status in self._past if status != "open")

    def open_spans(self, start: Instant) -> tuple[Span, ...]:
        """When it was open, from `start` on."""
        found: list[Span] = []
        for a, b, status in self._past:
            span = Span(max(a, start), b)
            if status == "open" and span.start < span.end:
                if found and found[-1].end == span.start:
                    span = Span(found.pop().start, span.end)
                found.append(span)
        return tuple(found)
