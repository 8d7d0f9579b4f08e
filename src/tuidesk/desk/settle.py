"""What becomes of work that was tried: sent, queued again, failed, unknown. And the agent's word on it."""

import json
from dataclasses import replace

from tuidesk.desk.compose import sent_at
from tuidesk.desk.summary import refresh
from tuidesk.domain import commands, vocabulary
from tuidesk.domain.commands import Done
from tuidesk.domain.instants import Instant
from tuidesk.domain.outgoing import UNSAFE, Found, Receipt
from tuidesk.errors import NotFound, Refused
from tuidesk.store import drafts, messages, outbox
from tuidesk.store.accounts import person_dict
from tuidesk.store.sql import Connection, Row, one, scalar, update
from tuidesk.words import say

LETTERS = ("reply", "start")


def sent(connection: Connection, row: Row, receipt: Receipt | Found, now: Instant) -> None:
    """The customer can have it: the message is sent, known by the channel's ids, and its follow-ups are queued."""
    outbox.set_state(connection, row, "sent", reason="")
    warnings = receipt.warnings if isinstance(receipt, Receipt) else ()
    refused = receipt.refused if isinstance(receipt, Receipt) else ()
    number = int(row["conversation"])
    if isinstance(receipt, Receipt) and receipt.conversation and number:
        connection.execute(
            "UPDATE OR IGNORE conversation SET remote = ? WHERE id = ? AND remote IS NULL",
            (receipt.conversation, number),
        )
    if row["message"] is not None:
        message = messages.get(connection, row["message"])
        assert message is not None
        update(
            connection,
            "message",
            row["message"],
            state="sent" if message["direction"] == "out" else "",
            reason="; ".join(warnings) or None,
            at=sent_at(message, receipt.at, now),
            remote=receipt.id or message["remote"],
        )
        messages.add_ids(connection, row["account"], row["message"], (receipt.id, *receipt.ids))
        _adopt_echoes(connection, row)
    if refused and number:
        messages.add_entry(
            connection, number, now, "refused", None, people=[person_dict(who) for who in refused]
        )
    _follow(connection, row, receipt)
    if number:
        refresh(connection, (number,), now)


def found(
    connection: Connection, row: Row, id_: str | None, at: Instant | None, ids: tuple[str, ...], now: Instant
) -> None:
    """It was seen on the channel, so it was sent."""
    sent(connection, row, Found(id_, at, ids), now)


def _follow(connection: Connection, row: Row, receipt: Receipt | Found) -> None:
    """Queue what comes after: filing, flags. Each is work of its own that can be repeated."""
    out = outbox.outgoing(row)
    for kind in receipt.follow:
        work = replace(out, key=f"{out.key}-{kind}"[:48], type=kind, sent_id=receipt.id)
        if outbox.by_key(connection, work.key) is None:
            outbox.add(connection, row["account"], row["conversation"], work)


def _adopt_echoes(connection: Connection, row: Row) -> None:
    """Echoes that waited for this are names of this message, not messages of their own."""
    waiting = connection.execute(
        "SELECT id, event FROM parked WHERE account = ? AND waits_for = ?",
        (row["account"], f"settled:{row['key']}"),
    ).fetchall()
    for parked in waiting[:1]:
        event = vocabulary.parse(json.loads(parked["event"]))
        ids = (getattr(event, "id", None), *getattr(event, "ids", ()))
        messages.add_ids(connection, row["account"], row["message"], ids)
        connection.execute("DELETE FROM parked WHERE id = ?", (parked["id"],))


def again(connection: Connection, row: Row, reason: str, not_before: Instant) -> None:
    """Certainly not done: queued again, not tried before `not_before`."""
    outbox.set_state(connection, row, "queued", reason=reason, not_before=not_before, owner="")
    _message_state(connection, row, "queued", reason)


def sending(connection: Connection, row: Row, owner: str, now: Instant) -> None:
    """On disk before the first byte leaves: who tries, and which try it is."""
    outbox.set_state(
        connection, row, "sending", owner=owner, attempt=row["attempt"] + 1, tried_at=now, asked=0
    )
    _message_state(connection, row, "sending", None)


def unknown(connection: Connection, row: Row, reason: str, now: Instant, *, asked: bool = False) -> None:
    """Perhaps done. `asked`: the channel could not tell either, so the agent must."""
    outbox.set_state(connection, row, "unknown", reason=reason, asked=int(asked))
    _message_state(connection, row, "unknown", reason)
    if row["conversation"]:
        refresh(connection, (row["conversation"],), now)


def failed(connection: Connection, row: Row, reason: str, now: Instant) -> None:
    """Certainly not sent, and not tried again: a letter reopens its conversation, what went with it is dropped."""
    outbox.set_state(connection, row, "failed", reason=reason)
    _message_state(connection, row, "failed", reason)
    number = int(row["conversation"])
    for dependent in outbox.depends_on(connection, row["key"]):
        outbox.set_state(connection, dependent, "dropped", reason=reason)
    if not number:
        return
    if row["type"] in LETTERS:
        _reopen(connection, number, now, "failed")
    elif row["type"] not in UNSAFE:
        messages.add_entry(connection, number, now, "not_done", None, work=row["type"], reason=reason)
    refresh(connection, (number,), now)


def dropped(connection: Connection, row: Row, reason: str, now: Instant) -> None:
    """A complete that a newer customer message has overtaken: not carried out, and said so."""
    outbox.set_state(connection, row, "dropped", reason=reason)
    number = int(row["conversation"])
    messages.add_entry(connection, number, now, "dropped", None, work=row["type"], why=reason)
    _reopen(connection, number, now, "customer")
    refresh(connection, (number,), now)


def _reopen(connection: Connection, number: int, now: Instant, why: str) -> None:
    row = one(connection, "SELECT status FROM conversation WHERE id = ?", number)
    if row is not None and row["status"] != "open":
        messages.add_entry(connection, number, now, "reopened", None, why=why, was=row["status"])
        connection.execute(
            "UPDATE entry SET undone_by = 0 WHERE conversation = ? AND what = 'completed' AND undone_by IS NULL "
            "AND id = (SELECT max(id) FROM entry WHERE conversation = ? AND what = 'completed')",
            (number, number),
        )
        update(connection, "conversation", number, status="open", snoozed_until=None, pending_for=None)


def _message_state(connection: Connection, row: Row, state: str, reason: str | None) -> None:
    if row["message"] is not None:
        update(connection, "message", row["message"], state=state, reason=reason)


def by_agent(connection: Connection, command: commands.Settle, now: Instant) -> Done:
    """The agent's word on a reply that failed, may have arrived, or is still held.

    Raises:
        NotFound: no such work.
        Refused: it is not in a state in which that can be said.
    """
    row = outbox.by_key(connection, command.key)
    if row is None:
        raise NotFound(say("desk.no_work", key=command.key))
    number = int(row["conversation"])
    match command.how, row["state"]:
        case "check", "unknown":
            outbox.set_state(connection, row, "unknown", asked=0)
        case "again", "unknown" | "failed":
            again(connection, row, "", 0)
        case "sent", "unknown":
            found(connection, row, None, None, (), now)
        case "now", "queued":
            outbox.set_state(connection, row, "queued", not_before=0)
        case "back", "queued" | "failed":
            take_back(connection, row, now)
        case _:
            raise Refused(say("desk.settle_state", how=command.how, state=row["state"]))
    if number:
        refresh(connection, (number,), now)
    return Done(keys=(command.key,), conversations=(number,) if number else ())


def take_back(connection: Connection, row: Row, now: Instant) -> None:
    """Out of the outbox and out of the thread; the text is a draft again, the work's row keeps it as well."""
    outbox.set_state(connection, row, "dropped", reason="taken back")
    for dependent in outbox.depends_on(connection, row["key"]):
        outbox.set_state(connection, dependent, "dropped", reason="taken back")
    if row["message"] is None:
        return
    message = messages.get(connection, row["message"])
    assert message is not None
    mode = {"reply": "reply", "note": "note"}.get(row["type"], "start")
    drafts.restore(
        connection, row["conversation"] if mode != "start" else 0, mode, typed(connection, row), now
    )
    remove(connection, int(row["message"]))


def typed(connection: Connection, row: Row) -> str:
    """The text as the agent typed it, before the signature."""
    prior = scalar(connection, "SELECT prior FROM step WHERE id = ?", row["step"])
    for kept in json.loads(prior or "[]"):
        if kept.get("message") == row["message"] and "typed" in kept:
            return str(kept["typed"])
    return str(scalar(connection, "SELECT text FROM message WHERE id = ?", row["message"]) or "")


def remove(connection: Connection, message: int) -> None:
    """Take a message of ours that never left out of its thread."""
    text = scalar(connection, "SELECT text FROM indexed WHERE message = ?", message)
    if text is not None:
        connection.execute(
            "INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", (message, text)
        )
        connection.execute("DELETE FROM indexed WHERE message = ?", (message,))
    connection.execute("UPDATE outbox SET message = NULL WHERE message = ?", (message,))
    connection.execute("DELETE FROM attachment WHERE message = ?", (message,))
    connection.execute("DELETE FROM remote_id WHERE message = ?", (message,))
    connection.execute("DELETE FROM message WHERE id = ?", (message,))
