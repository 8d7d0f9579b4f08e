"""A day in the life of a team, squeezed: customers write by every service, an agent answers, and each line has faults.

What is counted in the end is what the customers see and what the store has: nothing lost, nothing twice.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.channels.trip import Agent, Far, secret_of, until
from tests.desk.home import make_home
from tests.servers.faults import FaultProxy
from tuidesk.desk.desk import Desk
from tuidesk.domain import commands
from tuidesk.errors import Refused
from tuidesk.store.sql import Connection

_CONFIG = """\
[agent]
name = "Ana"
addresses = ["ana@acme.example"]
[hold]
public = 0
mail = 0
sms = 0
whatsapp = 0
"""
_HEALS_WITHIN_S = 120.0


@dataclass(slots=True)
class Side:
    """One account in the crowd."""

    name: str
    far: Far
    proxy: FaultProxy
    wrote: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Told:
    """How it ended."""

    customers: Counter[str]
    """Times that each customer's word stands in the store."""
    replies: dict[str, tuple[str, int]]
    """Each reply's state, and how often its customer sees it."""
    memory: list[int]
    """Resident kB of the syncing process, a sample a second."""
    faults: Counter[str]
    decided: int
    """Replies that the agent had to look after."""
    unhealed: dict[str, str]
    """Accounts that are not well, and what they say."""

    @property
    def lost(self) -> list[str]:
        gone = [word for word, times in self.customers.items() if times == 0]
        return gone + [word for word, (state, seen) in self.replies.items() if state == "sent" and seen == 0]

    @property
    def twice(self) -> list[str]:
        many = [word for word, times in self.customers.items() if times > 1]
        return many + [word for word, (_, seen) in self.replies.items() if seen > 1]


class Soak:
    """One crowd, one agent."""

    def __init__(self, agent: Agent, desk: Desk, sides: Sequence[Side], seed: int) -> None:
        self._agent, self._desk, self._sides = agent, desk, sides
        self._dice = random.Random(seed)
        self._said: dict[str, str] = {}
        """Reply → side."""
        self._answered: set[str] = set()
        self._decided = 0

    def run(self, seconds: float, rate: float) -> Told:
        """Faults on so many of the requests for so long, then calm until all is well."""
        for number, side in enumerate(self._sides):
            side.proxy.storm(rate, self._dice.randrange(1 << 30) + number)
        memory: list[int] = []
        end, next_look = time.monotonic() + seconds, 0.0
        while (now := time.monotonic()) < end:
            self._somebody_writes()
            if now > next_look:
                self._answer()
                memory.append(_resident(self._agent))
                next_look = now + 1.0
            if self._dice.random() < 0.02:
                self._dice.choice(self._sides).proxy.hang_up()
            time.sleep(0.15)
        for side in self._sides:
            side.proxy.calm()
        self._desk.nudge()
        try:
            until(self._all_settled, "everything delivered and everybody well", _HEALS_WITHIN_S)
        except TimeoutError:
            raise AssertionError(f"not settled: {self._unsettled()}") from None
        memory.append(_resident(self._agent))
        return self._told(memory)

    def _somebody_writes(self) -> None:
        side = self._dice.choice(self._sides)
        word = f"word-{side.name}-{len(side.wrote)}-end"
        side.far.writes(f"{word} where is my parcel?")
        side.wrote.append(word)

    def _answer(self) -> None:
        """Each word of a customer that is in and was not answered yet."""
        for number, text in self._desk.read(_inbound).result():
            if text not in self._answered:
                self._answered.add(text)
                word = text.partition("word-")[2].partition(" ")[0]
                reply = f"reply-{word}"
                self._said[reply] = word.split("-")[0]
                self._desk.do(commands.Reply(conversation=number, text=f"{reply} it leaves today.")).result()

    def _all_settled(self) -> bool:
        self._answer()
        self._decide()
        return self._unsettled() == []

    def _decide(self) -> None:
        """What only the agent can know of a reply: they look at what the customer has."""
        for key, text in self._desk.read(_unknown).result():
            word = text.partition(" ")[0]
            side = next(side for side in self._sides if side.name == self._said[word])
            there = any(f"{word} " in seen for seen in side.far.sees())
            self._decided += 1
            with suppress(Refused):  # it has settled by itself meanwhile
                self._desk.do(commands.Settle(key=key, how="sent" if there else "again")).result()

    def _unsettled(self) -> list[str]:
        """Words that have not come in, replies still on their way, accounts that are not well."""
        arrived = " ".join(text for _, text in self._desk.read(_inbound).result())
        missing = [word for side in self._sides for word in side.wrote if f"{word} " not in arrived]
        states = self._desk.read(_outbound).result()
        waiting = [f"{state} {text}" for text, state in states.items() if state in ("queued", "sending")]
        return [*missing, *waiting, *(f"{name}: {said}" for name, said in self._unhealed().items())]

    def _unhealed(self) -> dict[str, str]:
        found = self._desk.read(_health).result()
        return {name: said for name, said in found.items() if not said.startswith("ok")}

    def _told(self, memory: list[int]) -> Told:
        texts = [text for _, text in self._desk.read(_inbound).result()]
        customers = Counter({word: 0 for side in self._sides for word in side.wrote})
        for word in customers:
            customers[word] = sum(f"{word} " in text for text in texts)
        states = self._desk.read(_outbound).result()
        seen = {side.name: side.far.sees() for side in self._sides}
        replies = {
            reply: (
                next((state for text, state in states.items() if f"{reply} " in text), "missing"),
                sum(f"{reply} " in text for text in seen[name]),
            )
            for reply, name in self._said.items()
        }
        faults = Counter(
            type(one.fault).__name__
            for side in self._sides
            for one in side.proxy.seen()
            if one.fault is not None
        )
        return Told(customers, replies, memory, faults, self._decided, self._unhealed())


@contextmanager
def soaking(folder: Path, fars: dict[str, Far], seed: int) -> Iterator[Soak]:
    """The crowd, each behind a proxy of its own, and the agent's program at work."""
    with ExitStack() as stack:
        sides = [Side(name, far, stack.enter_context(FaultProxy(far.url))) for name, far in fars.items()]
        accounts = {side.name: side.far.account(side.proxy.url) for side in sides}
        paths = make_home(folder / "home", _CONFIG, **accounts)
        agent = Agent(folder / "home", {secret_of(side.name): side.far.secret for side in sides})
        agent.start()
        stack.callback(agent.kill)
        until(lambda: agent.run("list").returncode == 0, "the store")
        desk = Desk.open(paths, door="shell")
        stack.callback(desk.close)
        yield Soak(agent, desk, sides, seed)


def _inbound(connection: Connection) -> list[tuple[int, str]]:
    found = connection.execute("SELECT conversation, text FROM message WHERE direction = 'in' ORDER BY id")
    return [(int(row[0]), str(row[1])) for row in found]


def _outbound(connection: Connection) -> dict[str, str]:
    found = connection.execute("SELECT text, state FROM message WHERE direction = 'out' AND mine = 1")
    return {str(row[0]): str(row[1]) for row in found}


def _unknown(connection: Connection) -> list[tuple[str, str]]:
    found = connection.execute(
        "SELECT key, text FROM message WHERE state = 'unknown' AND mine = 1 ORDER BY id"
    )
    return [(str(row[0]), str(row[1])) for row in found]


def _health(connection: Connection) -> dict[str, str]:
    return {
        str(row[0]): f"{row[1]} {row[2]}"
        for row in connection.execute("SELECT id, health, detail FROM account")
    }


def _resident(agent: Agent) -> int:
    assert agent.syncing is not None
    status = Path(f"/proc/{agent.syncing.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])
