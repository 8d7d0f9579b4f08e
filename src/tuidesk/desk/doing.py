"""What one transaction of commands carries along, and the steps that several commands share."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tuidesk.config.tables import AccountKeys
from tuidesk.desk.arrive import ENTRY
from tuidesk.desk.enclosing import NOTHING, Enclosed
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Caps, Person, Settings, Status
from tuidesk.domain.outgoing import Outgoing
from tuidesk.errors import NotFound
from tuidesk.store import accounts, merged, messages, outbox
from tuidesk.store.sql import Connection, Row, one, update
from tuidesk.words import say

WORK: dict[str, str] = {"open": "reopen", "pending": "pending", "snoozed": "snooze", "complete": "complete"}
"""What asks a channel for each status."""
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
    step: int
    door: str
    enclosed: Enclosed = NOTHING
    prior: list[dict[str, Any]] = field(default_factory=list)
    """For the journal: what was there before."""
    touched: dict[int, None] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    """Messages that were made."""
    warnings: list[str] = field(default_factory=list)

    @property
    def agent(self) -> Person:
        return self.settings.agent

    def conversation(self, number: int) -> Row:
        """A conversation's row; of one that is merged, the row of the one that it is shown in.

        Raises:
            NotFound: there is none of that number.
        """
        return self.row(merged.root(self.connection, number))

    def conversations(self, numbers: Iterable[int]) -> list[Row]:
        """The rows of these, each once.

        Raises:
            NotFound: one of them is not there.
        """
        found = (self.conversation(number) for number in numbers)
        return list({int(row["id"]): row for row in found}.values())

    def row(self, number: int) -> Row:
        """The row of just this conversation, merged or not.

        Raises:
            NotFound: there is none of that number.
        """
        row = one(self.connection, "SELECT * FROM conversation WHERE id = ?", number)
        if row is None:
            raise NotFound(say("desk.no_conversation", n=number))
        return row

    def thread(self, row: Row) -> list[Row]:
        """The rows of all that is shown in one, its own first: what is done to a thread is done to each."""
        parts = merged.parts(self.connection, int(row["id"]))
        return [row, *(self.row(part) for part in parts[1:])]

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

    def keep(self, what: str, row: Row, entry: int | None, left: dict[str, Any], **more: Any) -> None:
        """Note for the journal what stood in the fields that were set to `left`, and their entry in the history."""
        kept = {"what": what, "conversation": int(row["id"]), "left": left, **more}
        kept["prior"] = {name: row[name] for name in left}
        self.prior.append(kept if entry is None else kept | {"entry": entry})
        self.touched[int(row["id"])] = None

    def set_status(self, row: Row, what: str, entry: dict[str, Any], **fields: Any) -> None:
        """Move a conversation's status, write it into the history, and note for the journal what was there."""
        number = int(row["id"])
        newest = messages.newest_inbound(self.connection, number)
        basis = int(newest["at"]) if newest is not None else 0
        defaults: dict[str, Any] = {"pending_for": None, "snoozed_until": None, "snooze_firm": 0, "woke": 0}
        left = {**defaults, "settled": 1, "status_basis": basis, **fields}
        update(self.connection, "conversation", number, **left)
        entry_number = messages.add_entry(
            self.connection,
            number,
            self.now,
            what,
            self.agent,
            basis=basis,
            message=newest["id"] if newest is not None else None,
            along=row["merged_into"],
            **entry,
        )
        self.prior.append(
            {
                "what": "status",
                "conversation": number,
                "prior": {name: row[name] for name in STATUS_FIELDS},
                "left": {"status": left["status"], "status_basis": basis},
                "entry": entry_number,
            }
        )
        self.touched[number] = None

    def move(
        self,
        row: Row,
        status: Status,
        said: dict[str, Any],
        *,
        goes_with: str | None = None,
        until: Instant | None = None,
        firm: bool = False,
        pending_for: str | None = None,
    ) -> None:
        """Move a thread to a status, here and on the channels of its parts.

        Args:
            goes_with: key of the reply it waits for.
        """
        asked = (status, until, int(firm), pending_for)
        for part in self.thread(row):
            stands = (part["status"], part["snoozed_until"], part["snooze_firm"], part["pending_for"])
            if part is row or stands != asked:
                self._move(part, status, said, goes_with, until, firm, pending_for)

    def _move(
        self,
        row: Row,
        status: Status,
        said: dict[str, Any],
        goes_with: str | None,
        until: Instant | None,
        firm: bool,
        pending_for: str | None,
    ) -> None:
        if status == "snoozed":
            fields: dict[str, Any] = {"snoozed_until": until, "snooze_firm": int(firm)}
        else:
            fields = {"pending_for": pending_for} if status == "pending" else {}
        entry = said | {"pending_for": pending_for, "goes_with": goes_with}
        self.set_status(row, ENTRY[status], entry, status=status, **fields)
        self.tell_status(row, status, goes_with=goes_with, until=until, firm=firm, pending_for=pending_for)

    def tell_status(
        self,
        row: Row,
        status: Status,
        *,
        goes_with: str | None = None,
        until: Instant | None = None,
        firm: bool = False,
        pending_for: str | None = None,
    ) -> None:
        """Queue a status for the channel.

        Where the channel knows complete and open alone, whatever is not complete any more is open there. What hides
        a conversation holds only for what the agent had seen, so it names the newest customer message that the channel
        knows.
        """
        performs = self.caps(row["account"]).performs
        kind = WORK[status]
        if kind not in performs and row["status"] == "complete":
            kind = "reopen"
        fields: dict[str, Any] = {}
        if kind == "pending":
            fields = {"pending_for": pending_for}
        elif kind == "snooze":
            fields = {"until": until, "until_reply": not firm}
        newest = messages.newest_inbound(self.connection, int(row["id"]))
        its_own = messages.newest_inbound_of(self.connection, int(row["id"]))
        if kind == "complete" and its_own is not None:
            fields = {"seen": its_own["remote"]}
        hides = kind in ("complete", "pending") or (kind == "snooze" and not firm)
        self.queue(
            row,
            self.state_work(row, kind, **fields),
            waits_for=goes_with,
            last_seen=(newest["id"] if newest is not None else 0) if hides else None,
        )

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
