"""What happens while the desk is open: new messages, and what customers do with the replies they get."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from tuidesk.channels.demo.cast import CAST, SHOP, Asker, language_of
from tuidesk.channels.demo.ledger import Deed
from tuidesk.channels.demo.memory import Memory
from tuidesk.channels.demo.script import asker_of, data
from tuidesk.domain.events import ChannelEvent, Delivered, Received
from tuidesk.domain.instants import SECOND, Instant
from tuidesk.domain.model import Person
from tuidesk.words import say

_SAYS_READ = ("whatsapp", "messenger", "instagram", "dm")
_TWO_WAY = ("mail", "whatsapp", "sms", "messenger", "instagram", "dm", "chat", "post")
_PUBLIC = ("post", "forum", "review")


@dataclass(frozen=True, slots=True)
class _Moment:
    """A message that is to come."""

    gap: Instant
    """How long after the one before it, at pace 1."""
    asker: Asker
    id: str
    conversation: str
    text: str
    subject: str | None = None

    def event(self, at: Instant) -> Received:
        return _received(self.asker, self.id, self.conversation, at, self.text, self.subject)


class Live:
    """What is to come, and when; `memory` says what has come already."""

    def __init__(
        self, memory: Memory, seed: int, pace: float, asker: Callable[[str], Asker | None], *, go_on: bool
    ) -> None:
        """`asker` knows whose conversation it is; `go_on`: the script's threads are there to go on with."""
        self.memory = memory
        self._seed = seed
        self._pace = pace
        self._asker = asker
        self._moments = islice(_moments(seed, go_on), memory.live, None)
        self._next = next(self._moments)

    def due(self, replies: list[Deed], now: Instant) -> Instant:
        """When the next thing happens."""
        return min([self._arrival(now), *self._reactions(replies)[:1]])

    def take(self, replies: list[Deed], now: Instant) -> list[ChannelEvent]:
        """What has happened by now, and has not been told yet."""
        events: list[ChannelEvent] = []
        for at in self._reactions(replies):
            if at > now:
                break
            events += self._reaction(replies, at)
            self.memory = replace(self.memory, answered=self.memory.answered + 1)
        at = self._arrival(now)
        if at <= now:
            events.append(self._next.event(at))
            self.memory = replace(self.memory, live=self.memory.live + 1, live_at=at)
            self._next = next(self._moments)
        return events

    def _arrival(self, now: Instant) -> Instant:
        """When the next message comes by itself. None pile up while the demo is closed."""
        gap = self._paced(self._next.gap)
        at = (self.memory.live_at or self.memory.start) + gap
        return at if at > now - gap else now

    def _reactions(self, replies: list[Deed]) -> list[Instant]:
        """When customers react to what they have not reacted to yet, in the order it was sent."""
        times: list[Instant] = []
        for deed in replies[self.memory.answered :]:
            patience = random.Random(f"{self._seed} {deed.key}").randint(6 * SECOND, 15 * SECOND)
            times.append(max([deed.at + self._paced(patience), *times[-1:]]))
        return times

    def _reaction(self, replies: list[Deed], at: Instant) -> list[ChannelEvent]:
        """To the first reply without one: a bounce, or read and answered."""
        told = self.memory.answered
        deed = replies[told]
        asker = self._asker(deed.conversation or "") or _stranger(deed)
        if deed.id is None or deed.conversation is None or asker is None:
            return []
        if deed.bounces:
            reason = say("demo.bounced")
            return [Delivered(id=f"{deed.id}-failed", at=at, message=deed.id, state="failed", reason=reason)]
        earlier = sum(before.conversation == deed.conversation for before in replies[:told])
        text = self._words(deed, asker.language, earlier)
        events: list[ChannelEvent] = [_received(asker, f"demo-a-{deed.key}", deed.conversation, at, text)]
        if asker.medium in _SAYS_READ:
            events.insert(0, Delivered(id=f"{deed.id}-read", at=at, message=deed.id, state="read"))
        return events

    def _words(self, deed: Deed, language: str, earlier: int) -> str:
        """To a first reply there may be one more question; after that they say thanks."""
        chance = random.Random(f"{self._seed} {deed.conversation} {earlier}")
        talk = data("talk.json")[language]
        texts: list[str] = talk["questions"] if earlier == 0 and chance.random() < 0.5 else talk["thanks"]
        return chance.choice(texts)

    def _paced(self, lapse: Instant) -> Instant:
        return round(lapse * self._pace)


def _moments(seed: int, go_on: bool) -> Iterator[_Moment]:
    """New messages without end, the same ones for a seed.

    About every second goes on with a thread of the script while there is more to say; the others open one.
    """
    chance = random.Random(f"{seed} live")
    further = list(data("talk.json")["further"]) if go_on else []
    chance.shuffle(further)
    number = 0
    while True:
        number += 1
        gap, id = chance.randint(20 * SECOND, 45 * SECOND), f"demo-l{number}"
        if further and chance.random() < 0.5:
            conversation, text = further.pop()
            asker = asker_of(conversation)
            if asker is not None:
                yield _Moment(gap, asker, f"{id}-m1", conversation, text)
        else:
            yield _opening(gap, id, chance)


def _opening(gap: Instant, id: str, chance: random.Random) -> _Moment:
    """Somebody of the cast has a new question."""
    writers = [
        (customer, medium)
        for customer in CAST.values()
        for medium, _ in customer.handles
        if customer.regular and medium in _TWO_WAY
    ]
    customer, medium = chance.choice(writers)
    subject, text = chance.choice(data("talk.json")[customer.language]["openers"])
    asker = Asker(customer.person(medium), medium, customer.language)
    text = text.format(order=chance.randrange(8900, 9400))
    return _Moment(gap, asker, f"{id}-m1", id, text, subject if medium == "mail" else None)


def _stranger(deed: Deed) -> Asker | None:
    """Whoever a reply went to, where no thread of ours says who it is."""
    if not deed.handle or not deed.medium:
        return None
    return Asker(Person(deed.name, deed.handle), deed.medium, language_of(deed.handle))


def _received(
    asker: Asker, id: str, conversation: str, at: Instant, text: str, subject: str | None = None
) -> Received:
    return Received(
        id=id,
        at=at,
        medium=asker.medium,
        sender=asker.person,
        to=(SHOP,) if asker.medium == "mail" else (),
        conversation=conversation,
        subject=subject,
        text=text,
        visibility="public" if asker.medium in _PUBLIC else "direct",
    )
