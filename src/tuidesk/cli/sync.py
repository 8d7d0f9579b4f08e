"""`sync`: pull, deliver and wake, for ever or once."""

import argparse
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tuidesk.cli import output
from tuidesk.cli.acting import DONE, FAILED, PARTLY, QUEUED, opened
from tuidesk.cli.parser import Noun
from tuidesk.cli.ringing import teller
from tuidesk.desk import read
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import AccountState, Change
from tuidesk.desk.progress import bar
from tuidesk.errors import NotFound
from tuidesk.words import say

_LOOK_S = 0.2
_HOLDER_S = 30
"""How long `--once` waits for another process that does the work."""
_STOPPED = ("offline", "auth", "crashed", "config")
"""An account in such a state is not waited for."""
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help=say("cli.once_help"))


def _sync(given: argparse.Namespace) -> int:
    with _ended() as end, opened(given.home) as desk:
        desk.examine().result()
        for problem in desk.problems:
            output.talk(str(problem))
        if not desk.accounts:
            raise NotFound(say("cli.sync_no_account"))
        for failure in desk.ask_secrets():
            output.talk(failure)
        desk.tell = teller(desk)
        said = _Said(desk)
        stop_hearing = desk.listen(said.hear)
        try:
            return _once(desk, said, end) if given.once else _always(desk, end)
        finally:
            stop_hearing()
            said.progress.end()


@contextmanager
def _ended() -> Iterator[threading.Event]:
    """Set when the person, the terminal or the service manager wants us to end."""
    end = threading.Event()
    before = {number: signal.signal(number, lambda *_: end.set()) for number in _ENDING}
    try:
        yield end
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _always(desk: Desk, end: threading.Event) -> int:
    if not desk.lock.take():
        output.talk(say("cli.sync_waits", pid=desk.lock.holder() or "?"))
    desk.start()
    output.talk(say("cli.sync_runs", accounts=", ".join(desk.accounts)))
    end.wait()
    return DONE


def _once(desk: Desk, said: "_Said", end: threading.Event) -> int:
    import asyncio

    if not desk.lock.take():
        output.talk(say("cli.sync_by", pid=desk.lock.holder() or "?"))
        if not _by_the_holder(desk, end):
            return _account_for(desk, said, None if end.is_set() else _held_up(desk))
    try:
        failures = asyncio.run(_until(end, desk))
    finally:
        desk.lock.release()
    return _account_for(desk, said, failures)


def _by_the_holder(desk: Desk, end: threading.Event) -> bool:
    """Wait while the holder of the lock does the work. True: it has let go of the lock, and it is ours."""
    until = time.monotonic() + _HOLDER_S
    while not desk.lock.take():
        working = any(state.health not in _STOPPED and _is_worked(desk, state) for state in _accounts(desk))
        if not working or time.monotonic() > until or end.wait(_LOOK_S):
            return False
    return True


def _accounts(desk: Desk) -> list[AccountState]:
    return [state for state in desk.read(read.accounts).result() if state.id in desk.accounts]


def _is_worked(desk: Desk, state: AccountState) -> bool:
    """Whether the account is not through yet."""
    if state.health == "syncing" or not state.caught_up:
        return True
    return desk.read(read.busy, state.id, desk.clock.now()).result()


def _held_up(desk: Desk) -> dict[str, str]:
    """Why the holder of the lock has not done an account's work, by account."""
    found = {}
    for state in _accounts(desk):
        if state.health in _STOPPED:
            found[state.id] = state.detail or state.health
        elif _is_worked(desk, state):
            found[state.id] = say("cli.sync_slow", seconds=_HOLDER_S)
    return found


def _account_for(desk: Desk, said: "_Said", failures: dict[str, str] | None) -> int:
    """Say what failed and what is left; the exit code."""
    if failures is None:
        return FAILED
    said.look()
    said.progress.end()
    for account, failure in failures.items():
        if not said.has_told(account, failure):
            output.talk(say("cli.sync_failed", account=account, why=failure))
    left = desk.read(read.counts, desk.clock.now()).result().going_out
    if left:
        output.talk(say("cli.sync_left", count=left))
    if failures:
        return FAILED if len(failures) == len(desk.accounts) else PARTLY
    return QUEUED if left else DONE


async def _until(end: threading.Event, desk: Desk) -> dict[str, str] | None:
    """What failed, by account; None where we were told to end before all was done."""
    import asyncio

    work = asyncio.ensure_future(desk.engine().once())
    while not work.done():
        await asyncio.wait([work], timeout=_LOOK_S)
        if end.is_set():
            work.cancel()
            await asyncio.wait([work], timeout=1.0)
            return None
    return work.result()


class _Said:
    """Says on stderr how the accounts are, each state once, and how far a first sync is."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[str, tuple[str, str]] = {}
        self._looking = threading.Lock()
        self._at = 0.0
        self.progress = output.Progress()

    def hear(self, changes: frozenset[Change]) -> None:
        """On the feed's thread: look at the accounts again if one changed."""
        if any(change.kind == "account" for change in changes):
            self.look()

    def look(self) -> None:
        """Say how the accounts are, as far as that has not been said."""
        with self._looking:
            for state in _accounts(self._desk):
                self._say(state)

    def has_told(self, account: str, why: str) -> bool:
        """Whether this stands beside the last that was said of the account."""
        return self._known.get(account, ("", ""))[1] == why

    def _say(self, state: AccountState) -> None:
        told = (state.health, state.detail)
        if state.health == "syncing" and state.total:
            if time.monotonic() - self._at > _LOOK_S:
                self._at = time.monotonic()
                self.progress.say(
                    say(
                        "cli.sync_progress",
                        account=state.id,
                        bar=bar(state.done, state.total),
                        done=f"{state.done:,}",
                        total=f"{state.total:,}",
                    )
                )
        elif told != self._known.get(state.id) and state.health != "new":
            self.progress.end()
            output.talk(
                say(f"cli.health_{state.health}", account=state.id)
                + (f" ({state.detail})" if state.detail else "")
            )
        self._known[state.id] = told


NOUN = Noun(_arguments, _sync)
