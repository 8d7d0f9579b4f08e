"""The queries: what show, search and the screen ask, and `rows`'. Synchronous, light, from one reader connection."""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tuidesk.desk import picture
from tuidesk.desk.handing import handover
from tuidesk.desk.offered import agents, last_snooze, tags
from tuidesk.desk.rows import connect, page, queue, rows
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Attachment, Inserted, Person
from tuidesk.errors import NotFound
from tuidesk.store import accounts as store_accounts
from tuidesk.store import away as breaks
from tuidesk.store import drafts as store_drafts
from tuidesk.store import merged, outbox
from tuidesk.store.merged import root as shown_in
from tuidesk.store.sql import Connection, Row, marks, one, scalar
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.domain.query import Query

__all__ = [
    "accounts",
    "agents",
    "away",
    "busy",
    "connect",
    "count",
    "counts",
    "draft",
    "drafts",
    "handover",
    "known_values",
    "last_snooze",
    "leaving",
    "matching",
    "messages",
    "page",
    "queue",
    "recipients",
    "rows",
    "search",
    "shown_in",
    "tags",
    "thread",
    "undoable",
    "work",
]


def counts(connection: Connection, now: Instant) -> picture.Counts:
    """How many conversations each view has, and what is going out."""
    from tuidesk.desk import counting  # who shows one need not know how to count them

    return counting.counts(connection, now)


def thread(connection: Connection, number: int, now: Instant, newest: int = 200) -> picture.Thread:
    """A conversation opened: its newest messages and what happened among them. One that is merged is opened as the
    thread that it is part of.

    Raises:
        NotFound: there is none of that number.
    """
    parts = merged.whole(connection, number)
    number, inside = parts[0], f"conversation IN ({marks(parts)})"
    found = rows(connection, [number], now)
    if number not in found:
        raise NotFound(say("desk.no_conversation", n=number))
    row = found[number]
    messages = connection.execute(
        f"SELECT * FROM message WHERE {inside} ORDER BY at DESC, id DESC LIMIT ?", (*parts, newest)
    ).fetchall()[::-1]
    total = int(scalar(connection, f"SELECT count(*) FROM message WHERE {inside}", *parts))
    earliest = messages[0]["at"] if total > len(messages) else -(1 << 62)
    entries = connection.execute(
        # an undo is shown as what it took back; what a part of a thread does along with it, once
        f"SELECT * FROM entry WHERE {inside} AND at >= ? AND what <> 'undone' "
        "AND (conversation = ? OR json_extract(data, '$.along') IS NOT ?) ORDER BY at, id",
        (*parts, earliest, number, number),
    ).fetchall()
    items = _in_order(
        [*_messages(connection, messages)],
        [_entry(entry, number) for entry in entries],
        _written(connection, messages),
    )
    part = _answered(connection, row, messages)
    caps = store_accounts.caps(connection, part["account"])
    return picture.Thread(
        row=row,
        items=tuple(items),
        earlier=total - len(messages),
        drafts=tuple(
            _draft(kept)
            for kept in connection.execute(
                "SELECT * FROM draft WHERE conversation = ? AND archived_at IS NULL ORDER BY id", (number,)
            )
        ),
        max_length=caps.length(part["medium"]),
        unit=caps.unit,
        can_reply="reply" in caps.performs,
        refuses=part["refuses"],
        fields=tuple(json.loads(part["fields"]).items()),
        only_templates=_only_templates(connection, part, row.window_ends, now),
        links=tuple(
            int(link[0])
            for link in connection.execute(
                f"SELECT id FROM conversation WHERE parent IN ({marks(parts)}) ORDER BY id", parts
            )
        ),
        merged=tuple(parts[1:]),
    )


def _answered(connection: Connection, row: picture.Row, found: list[Row]) -> Row:
    """The part that an answer leaves by: in which the customer wrote last."""
    newest_in = next((message for message in reversed(found) if message["id"] == row.last_in), None)
    number = row.n if newest_in is None else int(newest_in["conversation"])
    part = one(connection, "SELECT * FROM conversation WHERE id = ?", number)
    assert part is not None
    return part


def _only_templates(connection: Connection, part: Row, ends: Instant | None, now: Instant) -> bool:
    if ends is None or ends > now:
        return False
    offered = store_accounts.offered(connection, part["account"])
    return any(kept.template and kept.fits(part["medium"]) for kept in offered)


def _written(connection: Connection, found: list[Row]) -> dict[str, Instant]:
    """When our letters were written, by key, and never before what they answer: a letter keeps its place in the
    thread when it leaves."""
    basis = {str(row["key"]): int(row["basis"] or 0) for row in found if row["key"]}
    made: dict[str, Instant] = {}
    keys = list(basis)
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        for key, at in connection.execute(f"SELECT key, at FROM outbox WHERE key IN ({marks(part)})", part):
            made[str(key)] = max(int(at), basis[str(key)])
    return made


def _in_order(
    messages: list[picture.ShownMessage], entries: list[picture.ShownEntry], written: dict[str, Instant]
) -> list[picture.ShownMessage | picture.ShownEntry]:
    """As it came about: what goes with a letter stands behind it, whenever that one leaves."""
    placed: list[tuple[Instant, int, int, picture.ShownMessage | picture.ShownEntry]] = []
    for message in messages:
        answers = written.get(message.key or "")
        placed.append((answers or message.at, int(answers is not None), message.n, message))
    for entry in entries:
        behind = written.get(str(entry.data.get("goes_with")), entry.at)
        placed.append((max(entry.at, behind), 2, entry.n, entry))
    return [item for *_, item in sorted(placed, key=lambda one: one[:3])]


def _messages(connection: Connection, found: list[Row]) -> Iterable[picture.ShownMessage]:
    numbers = [int(row["id"]) for row in found]
    files: dict[int, list[Attachment]] = {}
    work: dict[int, Row] = {}
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        for row in connection.execute(
            f"SELECT * FROM attachment WHERE message IN ({marks(part)}) ORDER BY id", part
        ):
            files.setdefault(row["message"], []).append(
                Attachment(row["name"], row["size"], row["type"], row["ref"], row["alt"])
            )
        keys = [
            row["key"] for row in found if row["key"] and row["state"] in ("queued", "sending", "unknown")
        ]
        for row in connection.execute(f"SELECT * FROM outbox WHERE key IN ({marks(keys)})", keys):
            if row["message"] is not None:
                work[int(row["message"])] = row
    behind = {number for number, row in work.items() if outbox.held_up_by(connection, row) is not None}
    return (
        _message(row, tuple(files.get(row["id"], ())), work.get(row["id"]), row["id"] in behind)
        for row in found
    )


def _message(row: Row, files: tuple[Attachment, ...], work: Row | None, behind: bool) -> picture.ShownMessage:
    people = json.loads(row["people"])
    held = work is not None and work["state"] == "queued" and not behind
    return picture.ShownMessage(
        n=row["id"],
        id=row["remote"],
        direction=row["direction"],
        kind=row["kind"],
        at=row["at"],
        sender=Person(row["name"], row["handle"], bool(row["mine"])),
        text=row["text"],
        subject=row["subject"],
        to=_people(people.get("to")),
        cc=_people(people.get("cc")),
        bcc=_people(people.get("bcc")),
        reply_address=people.get("reply_address"),
        visibility=row["visibility"],
        attachments=files,
        body_size=row["body_size"],
        source=row["source"],
        remote_images=row["remote_images"],
        edited=row["edited_at"] is not None,
        prior=row["prior"],
        deleted=row["deleted_at"] is not None,
        state=row["state"],
        reason=say("desk.behind") if behind else row["reason"],
        key=row["key"],
        not_before=work["not_before"] if work is not None and held else None,
        behind=behind,
        asked=bool(work["asked"]) if work is not None else False,
        about=row["about"],
        html=row["html"] is not None,
        conversation=row["conversation"],
        holding=bool(row["holding"]),
    )


def messages(connection: Connection, numbers: list[int]) -> Iterable[tuple[int, picture.ShownMessage]]:
    """(conversation, message) of these messages, those that are gone left out."""
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        found = connection.execute(
            f"SELECT * FROM message WHERE id IN ({marks(part)}) ORDER BY id", part
        ).fetchall()
        yield from zip((int(row["conversation"]) for row in found), _messages(connection, found), strict=True)


def _people(kept: list[dict[str, Any]] | None) -> tuple[Person, ...]:
    return tuple(Person(**person) for person in kept or ())


def _entry(row: Row, thread: int) -> picture.ShownEntry:
    part = {} if row["conversation"] == thread else {"part": row["conversation"]}
    return picture.ShownEntry(
        n=row["id"],
        what=row["what"],
        at=row["at"],
        by=store_accounts.person_from(row["by"]),
        data=json.loads(row["data"]) | part,
        undone=row["undone_by"] is not None,
    )


def _draft(row: Row) -> picture.Draft:
    typed = json.loads(row["recipients"])
    return picture.Draft(
        mode=row["mode"],
        text=row["text"],
        at=row["at"],
        to=typed.get("to", ""),
        cc=typed.get("cc", ""),
        subject=typed.get("subject", ""),
        account=typed.get("account", ""),
        bcc=typed.get("bcc", ""),
        sender=typed.get("sender", ""),
        files=tuple(typed.get("files", ())),
        alts=tuple((path, words) for path, words in typed.get("alts", ())),
        visibility=typed.get("visibility", ""),
        medium=typed.get("medium", ""),
        canned=tuple(_inserted(*one) for one in typed.get("canned", ())),
        began=row["began"],
    )


def _inserted(name: str, text: str, template: str = "", values: Iterable[list[str]] = ()) -> Inserted:
    return Inserted(name, text, template, tuple((place, value) for place, value in values))


def draft(connection: Connection, number: int, mode: str) -> picture.Draft | None:
    """The open draft of a thread and mode; number 0 is a conversation that does not exist yet."""
    row = store_drafts.get(connection, merged.root(connection, number), mode)
    return None if row is None else _draft(row)


def drafts(connection: Connection) -> dict[int, picture.Draft]:
    """The open drafts, of each conversation the newest; under 0 the conversation that does not exist yet."""
    return {
        int(row["conversation"]): _draft(row)
        for row in connection.execute("SELECT * FROM draft WHERE archived_at IS NULL ORDER BY at, id")
    }


def recipients(
    connection: Connection,
    number: int,
    ours: Collection[str] = (),
    answers: int | None = None,
    agent: Collection[str] = (),
) -> picture.Recipients:
    """Who a reply goes to unless the agent changes it. `ours` and `agent`: the account's and the agent's addresses,
    folded.

    Raises:
        NotFound: no such conversation or message.
    """
    from tuidesk.desk import recipients as rules

    row = one(
        connection, "SELECT * FROM conversation WHERE id = ?", merged.answering(connection, number, answers)
    )
    if row is None:
        raise NotFound(say("desk.no_conversation", n=number))
    return rules.of(connection, row, ours, answers, agent)


def accounts(connection: Connection) -> tuple[picture.AccountState, ...]:
    """Every account the store knows, and how it is."""
    return tuple(
        picture.AccountState(
            id=row["id"],
            kind=row["kind"],
            label=row["label"] or row["id"],
            health=row["health"],
            detail=row["detail"],
            heard_at=row["heard_at"],
            caught_up=bool(row["caught_up"]),
            done=row["done"],
            total=row["total"],
            going_out=int(
                scalar(
                    connection,
                    "SELECT count(*) FROM outbox WHERE account = ? AND state IN ('queued', 'sending', 'unknown')",
                    row["id"],
                )
            ),
        )
        for row in store_accounts.every(connection)
    )


def busy(connection: Connection, account: str, now: Instant) -> bool:
    """Whether something of an account is under way, or would be tried now."""
    under_way = outbox.in_state(connection, "sending", account)
    return bool(under_way) or outbox.next_due(connection, account, now) is not None


def search(connection: Connection, typed: str, now: Instant, limit: int = 200) -> list[int]:
    """Conversations that a query finds (`domain.query`), in its order: for words alone the newest hit first.

    Whoever asks for one more than it shows knows whether there are more.

    Raises:
        BadQuery: it cannot be read.
    """
    from tuidesk.desk import finding  # who lists or shows need not know how to search
    from tuidesk.domain.query import parse

    return list(finding.find(connection, parse(typed), now, limit))


def matching(
    connection: Connection, wanted: "str | Query", numbers: Sequence[int], now: Instant
) -> frozenset[int]:
    """Those of these conversations that a view, by its name, or a query finds."""
    from tuidesk.desk import finding

    return finding.matching(connection, wanted, numbers, now)


def away(connection: Connection) -> picture.Break | None:
    """The break that this agent is on."""
    row = breaks.running(connection)
    return None if row is None else picture.Break(began=row["began"], reason=row["reason"])


def count(connection: Connection, wanted: "str | Query", now: Instant) -> int:
    """How many conversations a view, by its name, or a query finds."""
    from tuidesk.desk import finding

    return finding.count(connection, wanted, now)


def known_values(connection: Connection) -> dict[str, tuple[str, ...]]:
    """What may follow the keys of a query whose values are the desk's, for completion: tags by their use."""

    def first(query: str) -> tuple[str, ...]:
        return tuple(str(row[0]) for row in connection.execute(query))

    return {
        "in": first("SELECT id FROM account ORDER BY id"),
        "tag": first("SELECT tag FROM tag GROUP BY tag ORDER BY count(*) DESC, tag LIMIT 500"),
        "medium": first("SELECT DISTINCT medium FROM identity WHERE medium <> '' ORDER BY medium"),
        "assignee": tuple(person.name or person.handle for person in agents(connection)),
    }


def leaving(connection: Connection) -> tuple[picture.Leaving, ...]:
    """Replies that are held or queued."""
    return tuple(
        picture.Leaving(
            key=row["key"],
            conversation=row["conversation"],
            name=row["name"] or row["handle"] or "",
            state=row["state"],
            not_before=row["not_before"],
            text=row["text"] or "",
        )
        for row in connection.execute(
            "SELECT outbox.*, message.text, contact.name, conversation.handle FROM outbox "
            "LEFT JOIN message ON message.id = outbox.message "
            "LEFT JOIN conversation ON conversation.id = outbox.conversation "
            "LEFT JOIN contact ON contact.id = conversation.contact "
            "WHERE outbox.state IN ('queued', 'sending', 'unknown') AND outbox.state <> 'unknown' "
            "AND outbox.type IN ('reply', 'start', 'note') "
            "ORDER BY outbox.id"
        )
    )


def undoable(connection: Connection, door: str) -> tuple[int, str]:
    """(number, words) of the step that an undo from this door would take back; (0, "") for none."""
    from tuidesk.desk import undo  # half of what the desk would load, and not needed to look

    step = undo.newest(connection, door)
    return (0, "") if step is None else (int(step["id"]), str(step["words"]))


def work(connection: Connection, key: str) -> tuple[str, str]:
    """(state, reason) of a piece of work.

    Raises:
        NotFound: nothing of that key was ever queued.
    """
    row = one(connection, "SELECT state, reason FROM outbox WHERE key = ?", key)
    if row is None:
        raise NotFound(say("desk.no_work", key=key))
    return str(row["state"]), str(row["reason"])
