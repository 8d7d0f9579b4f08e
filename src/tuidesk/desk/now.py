"""Delivery for a command of the shell: by the holder of the sync lock where there is one, else by ourselves."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tuidesk.desk.desk import Desk
from tuidesk.store import outbox
from tuidesk.store.sql import Connection, Row
from tuidesk.words import say

WAIT_S = 5.0
"""How long the holder is given to settle what was queued."""
_GIVE_UP_S = 2.0
"""What has to wait longer than this is left to whoever delivers next."""
_LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one piece of work."""

    key: str
    type: str
    account: str
    state: str
    """`queued` `sending` `sent` `failed` `unknown` `dropped`."""
    reason: str
    stuck: bool = False
    """Queued behind what only the agent can settle."""


def deliver(desk: Desk, keys: Sequence[str], wait_s: float = WAIT_S) -> tuple[Outcome, ...]:
    """Bring this work out now, as far as that can be done in a moment. Blocking.

    Raises:
        StoreError: the store cannot serve.
    """
    until = time.monotonic() + wait_s
    while True:
        found = _outcomes(desk, keys)
        if all(outcome.stuck or outcome.state not in ("queued", "sending") for outcome in found):
            return found
        if desk.lock.take():
            return _alone(desk, keys, frozenset(outcome.account for outcome in found))
        if time.monotonic() >= until:
            return found
        time.sleep(_LOOK_S)


def _alone(desk: Desk, keys: Sequence[str], accounts: Collection[str]) -> tuple[Outcome, ...]:
    """Nobody else delivers, so we do, for the accounts it concerns and as the holder of the lock."""
    import asyncio  # what only reads, or leaves the work to the holder, does not pay for it

    try:
        desk.ask_secrets(accounts)
        asyncio.run(desk.engine(accounts).once(pull=False, give_up_s=_GIVE_UP_S))
    finally:
        desk.lock.release()
    return _outcomes(desk, keys)


def _outcomes(desk: Desk, keys: Sequence[str]) -> tuple[Outcome, ...]:
    return desk.read(_look, keys).result()


def _look(connection: Connection, keys: Sequence[str]) -> tuple[Outcome, ...]:
    rows = (outbox.by_key(connection, key) for key in keys)
    return tuple(_outcome(connection, row) for row in rows if row is not None)


def _outcome(connection: Connection, row: Row) -> Outcome:
    before = outbox.held_up_by(connection, row)
    reason = row["reason"] if before is None else say("desk.behind")
    stuck = before is not None and bool(before["asked"])
    return Outcome(row["key"], row["type"], row["account"], row["state"], reason, stuck)
