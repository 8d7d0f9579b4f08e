"""A round trip: a customer at a real server, the program as an agent runs it, and what the customer sees in the end.

An adapter's test has a class of its own, `class TestTrip(Trip)`, with a fixture `far`: the server, as its customer has
it. Between the two stands a fault proxy. The judge is what the customer sees.
"""

import json
import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest

from tests.desk.home import make_home
from tests.servers.faults import FaultProxy, Lose

T = TypeVar("T")
_WITHIN_S = 45.0
"""The machine may be busy; what it took is written into the report."""
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


def secret_of(name: str) -> str:
    """The variable that an account's secret is in."""
    return f"TRIP_SECRET_{name.upper()}"


class Far(ABC):
    """A server and one customer of it, who writes in one thread."""

    sending: ClassVar[str]
    """What a reply's request looks like: `METHOD /path`, a pattern."""
    completes: ClassVar[bool] = False
    """Whether the service has a status that `completed` can look at."""
    remembers: ClassVar[bool] = True
    """Whether what was read once can be read again; else a restart in the middle is a fake's to show."""

    url: str
    """Where the server is: the proxy stands before it."""
    secret: str
    """The account's."""

    @abstractmethod
    def account(self, url: str) -> str:
        """The account file, with the server at `url` and the secret in the variable `secret_of(name)`."""

    @abstractmethod
    def writes(self, text: str) -> None:
        """The customer writes, in their thread."""

    @abstractmethod
    def sees(self) -> list[str]:
        """Our messages in the customer's thread, oldest first, and nowhere else."""

    def completed(self) -> bool:
        """The server's word on the conversation."""
        raise NotImplementedError


class Agent:
    """The program of one home."""

    def __init__(self, home: Path, secrets: Mapping[str, str]) -> None:
        self.home = home
        self._environ = {**os.environ, **secrets}
        self.syncing: subprocess.Popen[bytes] | None = None

    def run(self, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(words),
            input=text,
            text=True,
            capture_output=True,
            timeout=60,
            env=self._environ,
            check=False,
        )

    def lines(self, *words: str) -> list[Any]:
        """What a command prints with --json."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def start(self) -> None:
        """`tuidesk sync`, until it is ended."""
        with (self.home / "sync.log").open("ab") as log:
            self.syncing = subprocess.Popen(
                self._command(("sync",)), env=self._environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        if self.syncing is not None:
            self.syncing.send_signal(number)
            self.syncing.wait(20)
            self.syncing = None

    def conversation(self, text: str) -> int | None:
        """The number of the one in which a customer said this."""
        for row in self.lines("list", "all"):
            if any(text in one["text"] for one in self.messages(row["n"])):
                return int(row["n"])
        return None

    def messages(self, number: int, direction: str = "in") -> list[Any]:
        shown = self.lines("show", str(number))
        return [one for one in shown if one["type"] == "message" and one["direction"] == direction]

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "tuidesk", "--home", str(self.home), *words]


def until(look: Callable[[], T | None], what: str, within: float = _WITHIN_S) -> T:
    """The first answer of `look` that is true."""
    end = time.monotonic() + within
    while not (found := look()):
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.1)
    return found


@contextmanager
def agent_at(home: Path, far: Far, url: str) -> Iterator[Agent]:
    """An agent whose account is at `url`, with `tuidesk sync` running."""
    make_home(home, _CONFIG, shop=far.account(url))
    agent = Agent(home, {secret_of("shop"): far.secret})
    agent.start()
    try:
        until(lambda: agent.run("list").returncode == 0, "the store")
        yield agent
    finally:
        agent.kill()


class Trip:
    """The tests."""

    @pytest.fixture
    def proxy(self, far: Far) -> Iterator[FaultProxy]:
        with FaultProxy(far.url) as proxy:
            yield proxy

    @pytest.fixture
    def agent(self, far: Far, proxy: FaultProxy, tmp_path: Path) -> Iterator[Agent]:
        with agent_at(tmp_path / "home", far, proxy.url) as agent:
            yield agent

    def test_a_customer_is_answered_once_in_their_thread(
        self, far: Far, agent: Agent, record_property: Callable[[str, object], None]
    ) -> None:
        far.writes("hello? anybody there")
        until(lambda: agent.conversation("anybody there"), "the first look")
        began = time.monotonic()
        far.writes("my parcel 8841 is not here")
        number = until(lambda: agent.conversation("parcel 8841"), "the second message in the queue")
        record_property("seconds_into_the_queue", round(time.monotonic() - began, 2))
        assert number == agent.conversation("anybody there")
        done = agent.run("reply", str(number), "-", text="It leaves today.\n")
        assert done.returncode in (0, 4), done.stderr
        assert until(far.sees, "the reply at the customer's")[-1].endswith("It leaves today.")
        far.writes("thank you")
        until(lambda: any("thank you" in one["text"] for one in agent.messages(number)), "the thanks")
        assert sum("It leaves today." in text for text in far.sees()) == 1
        assert [one["state"] for one in agent.messages(number, "out")] == ["sent"]

    def test_what_is_completed_here_is_there_and_opens_again_with_the_next_word(
        self, far: Far, agent: Agent
    ) -> None:
        if not far.completes:
            pytest.skip("the service has no such status: it is kept here")
        far.writes("please close this")
        number = until(lambda: agent.conversation("please close this"), "the message")
        assert agent.run("complete", str(number)).returncode in (0, 4)
        until(far.completed, "the status at the server's")
        assert agent.run("reopen", str(number)).returncode in (0, 4)
        until(lambda: not far.completed(), "the status at the server's, back again")

    def test_a_restart_in_the_middle_loses_nothing(self, far: Far, agent: Agent) -> None:
        if not far.remembers:
            pytest.skip("this server forgets what was read once; the fake's tests restart in the middle")
        far.writes("number 1 of three")
        number = until(lambda: agent.conversation("number 1 of three"), "the first")
        far.writes("number 2 of three")
        agent.kill()
        far.writes("number 3 of three")
        agent.start()
        until(lambda: any("number 3 of" in one["text"] for one in agent.messages(number)), "the third")
        said = [one["text"] for one in agent.messages(number)]
        for n in (1, 2, 3):
            assert sum(f"number {n} of three" in text for text in said) == 1

    def test_an_answer_that_was_lost_after_the_work_was_done_sends_nothing_twice(
        self, far: Far, proxy: FaultProxy, agent: Agent
    ) -> None:
        far.writes("do you hear me?")
        number = until(lambda: agent.conversation("do you hear me?"), "the message")
        proxy.add(far.sending, Lose())
        assert agent.run("reply", str(number), "-", text="Yes, we do.\n").returncode in (0, 4, 5)
        until(
            lambda: [seen for seen in proxy.seen(far.sending) if isinstance(seen.fault, Lose)],
            "the lost answer",
        )

        def settled() -> bool:
            return [one["state"] for one in agent.messages(number, "out")] in (["sent"], ["unknown"])

        until(settled, "the reply's state")
        agent.kill()
        agent.start()
        far.writes("fine, thanks")
        until(
            lambda: any("fine, thanks" in one["text"] for one in agent.messages(number)), "what came after it"
        )
        assert sum("Yes, we do." in text for text in far.sees()) == 1
        assert len(agent.messages(number, "out")) == 1
