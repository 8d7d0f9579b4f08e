"""What one transaction of commands carries along, and the steps that several commands share."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tuidesk.config.schema import AccountKeys
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Caps, Person, Settings
from tuidesk.domain.outgoing import Outgoing
from tuidesk.errors import NotFound
from tuidesk.store import accounts, messages, outbox
from tuidesk.store.sql import Connection, Row, one, update
from tuidesk.words import say

STATUS_FIELDS = ("status", "status_basis", "pending_for", "snoozed_until", "snooze_firm", "woke", "settled")
"""What a move of the status sets, and an undo brings back."""


@dataclass(slots=True, kw_only=True)
class Doing:
    """One command under way."""

    connection: Connection
    now: Instant
    settings: Settings
    accounts: Mapping[str, AccountKeys]
    """By id; an account that is not here any more sends nothing."""
    spool: Path
    step: int
    prior: list[dict[str, Any]] = field(default_factory=list)
    """For the journal: what was there before."""
    touched: dict[int, None] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    """Messages that were made."""

    @property
    def agent(self) -> Person:
        return self.settings.agent

    def conversation(self, number: int) -> Row:
        """A conversation's row.

        Raises:
            NotFound: there is none of that number.
        """
        row = one(self.connection, "SELECT * FROM conversation WHERE id = ?", number)
        if row is None:
            raise NotFound(say("desk.no_conversation", n=number))
        return row

    def caps(self, account: str) -> Caps:
        return accounts.caps(self.connection, account)

    def ours(self, account: str) -> list[str]:
        """The account's own addresses, folded, its first one first."""
        keys = self.accounts.get(account)
        found = [keys.address, *keys.addresses] if keys is not None else []
        row = accounts.get(self.connection, account)
        if row is not None:
            found.append(json.loads(row["identity"]).get("handle", ""))
        return list(dict.fromkeys(address.casefold() for address in found if address))

    def basis(self, number: int) -> Instant:
        """Stamp of the newest customer message that is known; 0 where there is none."""
        newest = messages.newest_inbound(self.connection, number)
        return int(newest["at"]) if newest is not None else 0

    def targets(self, number: int) -> tuple[str, ...]:
        """All known ids of every customer message in the conversation."""
        rows = self.connection.execute(
            "SELECT remote_id.id FROM remote_id JOIN message ON message.id = remote_id.message "
            "WHERE message.conversation = ? AND message.direction = 'in' ORDER BY message.at, message.id",
            (number,),
        )
        return tuple(str(row[0]) for row in rows if not row[0].startswith("digest:"))

    def set_status(self, row: Row, what: str, entry: dict[str, Any], **fields: Any) -> None:
        """Move a conversation's status, write it into the history, and note for the journal what was there."""
        number = int(row["id"])
        basis = self.basis(number)
        defaults: dict[str, Any] = {"pending_for": None, "snoozed_until": None, "snooze_firm": 0, "woke": 0}
        left = {**defaults, "settled": 1, "status_basis": basis, **fields}
        update(self.connection, "conversation", number, **left)
        entry_number = messages.add_entry(
            self.connection, number, self.now, what, self.agent, basis=basis, **entry
        )
        self.prior.append(
            {
                "what": "status",
                "conversation": number,
                "prior": {name: row[name] for name in STATUS_FIELDS},
                "left": {"status": left["status"]},
                "entry": entry_number,
            }
        )
        self.touched[number] = None

    def queue(self, row: Row, out: Outgoing, **also: Any) -> None:
        """Queue work for the conversation's channel, if that can do such a thing; else it stays local."""
        if row["account"] not in self.accounts or out.type not in self.caps(row["account"]).performs:
            return
        outbox.add(self.connection, row["account"], int(row["id"]), out, step=self.step, **also)
        self.keys.append(out.key)

    def state_work(self, row: Row, kind: str, **fields: Any) -> Outgoing:
        """An `Outgoing` that sets a state."""
        return Outgoing(
            key=outbox.new_key(),
            type=kind,
            at=self.now,
            agent=self.agent,
            conversation=row["remote"],
            medium=row["medium"],
            targets=self.targets(int(row["id"])),
            **fields,
        )
