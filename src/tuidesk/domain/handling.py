"""Handling time: how long a conversation had the focus of an agent who was at the keyboard.

Made of keys and of moves of the focus alone: nothing ticks, and what is said of a moment does not change later.
"""

from dataclasses import dataclass
from typing import NamedTuple

from tuidesk.domain import when
from tuidesk.domain.instants import SECOND, Instant
from tuidesk.errors import UsageError
from tuidesk.words import say

LEAST: Instant = SECOND
"""A conversation that was on the screen for less was passed by."""
_JUMP_S = 2.0
"""A wall clock that is off by more, against one that never jumps, was set, or the machine slept."""


class Stretch(NamedTuple):
    """A conversation had the focus."""

    conversation: int
    start: Instant
    stop: Instant

    @property
    def ms(self) -> Instant:
        return self.stop - self.start


@dataclass(slots=True)
class _Running:
    conversation: int
    start: Instant
    """By the wall clock; how long it took is by the other one."""
    began: float
    touched: float
    """The last key."""
    wall: Instant
    """What the wall clock said then."""

    def until(self, beat: float) -> Stretch:
        took = round(max(beat - self.began, 0.0) * 1000)
        return Stretch(self.conversation, self.start, self.start + took)


class Stopwatch:
    """Told of keys and of the focus, each with the wall clock (`now`) and with a clock that never runs backwards
    (`beat`, in seconds)."""

    def __init__(self, idle_s: float) -> None:
        self._idle_s = idle_s
        """Without a key for longer, nobody was there since the last one."""
        self._conversation: int | None = None
        self._running: _Running | None = None

    @property
    def conversation(self) -> int | None:
        """What has the focus."""
        return self._conversation

    @property
    def running(self) -> Stretch | None:
        """What is being measured, up to the last key: whether somebody is still there, only the next one says."""
        return self._running.until(self._running.touched) if self._running is not None else None

    def key(self, now: Instant, beat: float) -> Stretch | None:
        """The agent is at the keyboard; the stretch that had ended before."""
        running = self._running
        if running is not None and self._goes_on(running, now, beat):
            running.touched, running.wall = beat, now
            return None
        self._begin(now, beat)
        return None if running is None else _whole(running.until(running.touched))

    def focus(self, conversation: int | None, now: Instant, beat: float) -> Stretch | None:
        """Another conversation has the focus, or none has; the stretch that ends by it."""
        if conversation == self._conversation:
            return None
        running = self._running
        self._conversation = conversation
        self._begin(now, beat)
        if running is None:
            return None
        return _whole(running.until(beat if self._goes_on(running, now, beat) else running.touched))

    def _begin(self, now: Instant, beat: float) -> None:
        one = self._conversation
        self._running = None if one is None else _Running(one, now, beat, beat, now)

    def _goes_on(self, running: _Running, now: Instant, beat: float) -> bool:
        quiet = beat - running.touched
        is_steady = abs((now - running.wall) / 1000 - quiet) <= _JUMP_S
        return is_steady and quiet <= self._idle_s


def _whole(stretch: Stretch) -> Stretch | None:
    return stretch if stretch.ms >= LEAST else None


class Change(NamedTuple):
    """A correction, as an agent means it."""

    ms: Instant
    is_sum: bool
    """What all of it comes to, instead of what is added, or taken away."""


def change(typed: str) -> Change:
    """`+5m`, `-3m`, `12m` (all of it is that then).

    Raises:
        UsageError: it is none of these.
    """
    sign = typed[:1] if typed[:1] in ("+", "-", "\N{MINUS SIGN}") else ""
    length = when.span(typed.removeprefix(sign))
    if length is None:
        raise UsageError(say("when.no_change", typed=typed))
    return Change(length if sign in ("", "+") else -length, not sign)
