"""Was it sent? What a service without keys lets one say, from the newest messages of ours in the thread.

Texts repeat ("It leaves today."), and the service's clock is not ours, so an equal text counts as this one only where
it is certainly later than the command; where it is near, nobody can tell.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tuidesk.domain.instants import MINUTE, Instant
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Unsure
from tuidesk.errors import Unavailable
from tuidesk.wire.channel import Clock
from tuidesk.words import say

SKEW: Instant = 5 * MINUTE
"""How far the service's clock may be behind ours."""


_WORKS_ON_S = 30.0
"""How long a service may be busy with a request whose line broke: RT shows a text when its mails have left."""


class Tries:
    """What this adapter was sending a moment ago. Who has only just begun does not know, and takes it for that."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.monotonic()
        self._ended: dict[str, float] = {}

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        """A try."""
        try:
            yield
        finally:
            now = self._clock.monotonic()
            self._ended = {one: at for one, at in self._ended.items() if now - at < _WORKS_ON_S} | {key: now}

    def known(self, out: Outgoing, told: Found | Missing | Unsure) -> Found | Missing | Unsure:
        """What the service told, where it may be believed.

        Raises:
            Unavailable: it does not have it yet, which says nothing: ask again.
        """
        since = self._clock.monotonic() - self._ended.get(out.key, self._began)
        if isinstance(told, Missing) and since < _WORKS_ON_S:
            raise Unavailable(say("wire.early"))
        return told


class Trace(NamedTuple):
    """A message of ours, as the service has it."""

    id: str
    at: Instant
    text: str


def look(out: Outgoing, ours: Iterable[Trace], *, whole: bool) -> Found | Missing | Unsure:
    """What the thread says of `out`.

    Args:
        ours: the messages of our side, of any age.
        whole: they are all there were since `out.at`, and the service's list does not lag: it knows what it lacks.
    """
    wanted = plain(out.text)
    same = [trace for trace in ours if plain(trace.text) == wanted and trace.at >= out.at - SKEW]
    certain = [trace for trace in same if trace.at >= out.at]
    if len(same) == 1 and certain:
        return Found(id=certain[0].id, at=certain[0].at)
    if same:
        return Unsure(say("wire.several"))
    return Missing() if whole else Unsure(say("wire.not_whole"))


def plain(text: str) -> str:
    """A text as two copies of it are compared: services change blanks and line ends."""
    return " ".join(text.split())
