"""A desk of any size for load tests, made conversation by conversation: nothing of it is ever held in memory.

Conversation 0 is the newest; all lie within four weeks, so that no age rule completes them. Everything about
one follows from the seed and its index alone, which is what makes a cursor of it.
"""

from collections.abc import Iterator

from tuidesk.channels.demo.cast import Asker
from tuidesk.channels.demo.script import data
from tuidesk.domain.events import Assigned, ChannelEvent, Received, Sent, StatusSet
from tuidesk.domain.instants import DAY, MINUTE, Instant
from tuidesk.domain.model import Person, Status

MESSAGES = 3
"""Of a conversation, on average."""
_MEDIA = ("mail", "whatsapp", "chat", "sms", "mail", "messenger", "instagram", "dm")
_LANGUAGES = ("en", "ko", "uz", "ar", "ja", "de")
_SPAN = 28 * DAY
_STEP = 7 * MINUTE
_WORD = (1 << 64) - 1
# Who speaks: True is the customer. Two, three and four messages take turns.
_WAITING = ((True, True), (True, False, True), (True, True, False, True))
_ANSWERED = ((True, False), (True, True, False), (True, False, True, False))
_STATUSES: tuple[Status, ...] = (
    *("open",) * 8,
    *("pending",) * 4,
    "snoozed",
    *("complete",) * 7,
)


class Sized:
    """`size` conversations, told from any index on."""

    def __init__(self, size: int, start: Instant, seed: int, agent: Person) -> None:
        self._size = size
        self._start = start - MINUTE
        self._seed = seed
        self._agent = agent
        self._talk = data("talk.json")

    def conversations(self, first: int) -> Iterator[list[ChannelEvent]]:
        """The events of each conversation from index `first` on."""
        for index in range(first, self._size):
            yield self._conversation(index)

    def asker(self, conversation: str) -> Asker | None:
        """Whose conversation it is; None for one that is not of this desk."""
        number = conversation.removeprefix("demo-z")
        if number == conversation or not number.isdecimal():
            return None
        return self._asker(self._dice(int(number)))

    def _dice(self, index: int) -> int:
        """64 bits from seed and index, mixed as SplitMix64 does: a generator each would cost more."""
        mixed = (index + 1) * 0x9E3779B97F4A7C15 + self._seed * 0xD1B54A32D192ED03 & _WORD
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _WORD
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _WORD
        return mixed ^ mixed >> 31

    def _asker(self, dice: int) -> Asker:
        """One of half as many customers as there are conversations; each has one medium and one language."""
        who = dice % (self._size // 2 + 1)
        language = _LANGUAGES[who % len(_LANGUAGES)]
        medium = _MEDIA[who // len(_LANGUAGES) % len(_MEDIA)]
        names = self._talk[language]["names"]
        name = names[who % len(names)]
        if medium in ("sms", "whatsapp"):
            handle = f"+1{201 + who % 799}55501{who // 799 % 100:02d}"  # 01xx is fiction's, in every area
        else:
            handle = f"c{who}@customers.example" if medium == "mail" else f"{medium}-{who}"
        return Asker(Person(name, handle), medium, language)

    def _conversation(self, index: int) -> list[ChannelEvent]:
        dice = self._dice(index)
        asker, id = self._asker(dice), f"demo-z{index}"
        status = _STATUSES[(dice >> 32) % len(_STATUSES)]
        turns = (_WAITING if status == "open" else _ANSWERED)[index % 3]
        newest = self._start - index * _SPAN // self._size
        told = self._messages(id, asker, turns, newest, dice >> 40)
        if status != "open":
            until = newest + DAY * (29 + dice % 7) if status == "snoozed" else None
            at = newest + MINUTE // 2
            told.append(
                StatusSet(id=f"{id}-s", at=at, by=self._agent, conversation=id, status=status, until=until)
            )
        if index % 10 == 0:
            told.append(Assigned(id=f"{id}-a", at=newest, by=self._agent, conversation=id, to=self._agent))
        return told

    def _messages(
        self, id: str, asker: Asker, turns: tuple[bool, ...], newest: Instant, dice: int
    ) -> list[ChannelEvent]:
        talk = self._talk[asker.language]
        subject, opener = talk["openers"][dice % len(talk["openers"])]
        mail = asker.medium == "mail"
        order = 1000 + dice % 9000
        made: list[ChannelEvent] = []
        for number, theirs in enumerate(turns):
            if theirs:
                text = opener.format(order=order) if number == 0 else _pick(talk["questions"], dice + number)
            else:
                text = _pick(talk["replies"], dice + number)
            kind = Received if theirs else Sent
            made.append(
                kind(
                    id=f"{id}-m{number + 1}",
                    at=newest - (len(turns) - 1 - number) * _STEP,
                    medium=asker.medium,
                    sender=asker.person if theirs else self._agent,
                    conversation=id,
                    text=text,
                    subject=subject.format(order=order) if mail else None,
                )
            )
        return made


def _pick(texts: list[str], dice: int) -> str:
    return texts[dice % len(texts)]
