"""What becomes of work that was tried: sent, queued again, failed, unknown. And the agent's word on it."""

import json
from dataclasses import replace
from typing import Any

from tuidesk.desk import arrive, parked, surveys, together
from tuidesk.desk.compose import move_on
from tuidesk.desk.doing import WORK, Doing
from tuidesk.desk.states import accept_noted, reopen
from tuidesk.desk.summary import refresh
from tuidesk.domain import commands
from tuidesk.domain.commands import Done, Mode
from tuidesk.domain.events import NoteSeen, Sent
from tuidesk.domain.instants import Instant, rfc3339
from tuidesk.domain.outgoing import UNSAFE, Found, Receipt
from tuidesk.errors import NotFound, Refused
from tuidesk.store import changes, drafts, journal, messages, outbox
from tuidesk.store.accounts import person_dict
from tuidesk.store.sql import Connection, Row, scalar, update
from tuidesk.words import say

LETTERS = ("reply", "start")
FILE_AFTER: Instant = 20_000
"""How long a copy waits before it is filed: many servers file what they submit by themselves, a moment later."""
_SETS: dict[str, str] = {kind: status for status, kind in WORK.items()}
"""The status that each work asks for."""


def sent(connection: Connection, row: Row, receipt: Receipt | Found, now: Instant) -> None:
    """The customer can have it: the message is sent, known by the channel's ids, and its follow-ups are queued.

    Once more for what an echo has settled before: the receipt may say more.
    """
    outbox.set_state(connection, row, "sent", reason="", maybe_left=0)
    number = int(row["conversation"])
    names = [name for name in (receipt.id, *receipt.ids) if name]
    if isinstance(receipt, Receipt):
        _note_receipt(connection, row, receipt, now)
        names += [parked.conversation(receipt.conversation)] if receipt.conversation else []
    if row["message"] is not None:
        _message_sent(connection, row, receipt, now)
    parked.free(connection, row["account"], [*names, parked.settled(row["key"]), parked.leaving(row["key"])])
    _follow(connection, row, receipt, now)
    if isinstance(receipt, Receipt) and _customer_refused(row, receipt):
        _came_back_at_once(connection, row, receipt, now)
    elif number and row["type"] in LETTERS:
        together.believe(connection, row)
    if number:
        refresh(connection, (number,), now)


def found(
    connection: Connection, row: Row, id_: str | None, at: Instant | None, ids: tuple[str, ...], now: Instant
) -> None:
    """It was seen on the channel, so it was sent."""
    sent(connection, row, Found(id_, at, ids), now)


def _note_receipt(connection: Connection, row: Row, receipt: Receipt, now: Instant) -> None:
    number = int(row["conversation"])
    if receipt.conversation and number:
        arrive.name(connection, number, receipt.conversation)
    if receipt.refused and number:
        people = [person_dict(who) for who in receipt.refused]
        messages.add_entry(connection, number, now, "refused", None, people=people)


def _customer_refused(row: Row, receipt: Receipt) -> bool:
    """Is somebody among the refused to whom it was written? A copy that was refused is only told."""
    refused = {who.handle.casefold() for who in receipt.refused}
    return any(who.handle.casefold() in refused for who in outbox.outgoing(row).to)


def _came_back_at_once(connection: Connection, row: Row, receipt: Receipt, now: Instant) -> None:
    """It left, but not to the customer, who waits as before; what went with it is not done."""
    who = ", ".join(person.handle for person in receipt.refused)
    reason = "; ".join([say("deliver.refused", who=who), *receipt.warnings])
    _message_state(connection, row, "failed", reason)
    drop_dependents(connection, row, reason, now)
    if row["conversation"] and not surveys.void(connection, row["message"]):
        reopen(connection, int(row["conversation"]), now, "refused")


def _message_sent(connection: Connection, row: Row, receipt: Receipt | Found, now: Instant) -> None:
    message = messages.get(connection, row["message"])
    assert message is not None
    warnings = receipt.warnings if isinstance(receipt, Receipt) else ()
    at = message["at"] if message["state"] == "sent" else None
    update(
        connection,
        "message",
        row["message"],
        state="sent" if message["direction"] == "out" else "",
        reason="; ".join(warnings) or None,
        at=_sent_at(message, receipt.at if receipt.at is not None else at, now),
        remote=receipt.id or message["remote"],
    )
    messages.add_ids(connection, row["account"], row["message"], (receipt.id, *receipt.ids))
    # one echo is this message; another with the same words is a message of its own
    for place, event in enumerate(parked.take(connection, row["account"], parked.settled(row["key"]))):
        if place == 0 and isinstance(event, Sent | NoteSeen):
            arrive.learn(connection, row["account"], event, message)
        else:
            parked.park(connection, row["account"], parked.FREE, event)


def _sent_at(message: Row, at: Instant | None, now: Instant) -> Instant:
    """When a message of ours was sent: the channel's stamp or the clock, never before the message it answers."""
    return max(at if at is not None else now, message["basis"] or 0)


def _follow(connection: Connection, row: Row, receipt: Receipt | Found, now: Instant) -> None:
    """Queue what comes after: filing, flags. Each is work of its own that can be repeated."""
    out = outbox.outgoing(row)
    for kind in receipt.follow:
        work = replace(out, key=f"{out.key}-{kind}"[:48], type=kind, sent_id=receipt.id)
        if outbox.by_key(connection, work.key) is None:
            not_before = now + FILE_AFTER if kind == "file" else 0
            outbox.add(connection, row["account"], row["conversation"], work, not_before=not_before)


def again(connection: Connection, row: Row, reason: str, not_before: Instant) -> None:
    """Certainly not done: queued again, not tried before `not_before`. What looked like its echo was none.

    A state that was taken back while it was under way is not asked for once more.
    """
    if row["type"] not in UNSAFE and journal.is_undone(connection, row["step"]):
        outbox.set_state(connection, row, "dropped", reason="undone")
        return
    outbox.set_state(
        connection, row, "queued", reason=reason, not_before=not_before, owner="", asked=0, tried_at=None
    )
    _message_state(connection, row, "queued", reason)
    _free_echoes(connection, row)


def missing(connection: Connection, row: Row, reason: str, not_before: Instant) -> None:
    """The channel knows that no try has left: queued again, and it can be called back."""
    again(connection, row, reason, not_before)
    outbox.set_state(connection, row, "queued", maybe_left=0)


def sending(connection: Connection, row: Row, owner: str, now: Instant) -> None:
    """Claimed: on disk before the first byte leaves, with the number of the try it is.

    `tried_at` stays that of the first try whose end nobody knows: a service honours a key from then on.
    """
    outbox.set_state(
        connection,
        row,
        "sending",
        owner=owner,
        attempt=row["attempt"] + 1,
        tried_at=row["tried_at"] if row["tried_at"] is not None else now,
        asked=0,
    )
    _message_state(connection, row, "sending", None)


def unknown(
    connection: Connection,
    row: Row,
    reason: str,
    now: Instant,
    *,
    asked: bool = False,
    not_before: Instant = 0,
) -> None:
    """Perhaps done. `asked`: the channel could not tell either, so the agent must.

    If the channel shows the same words, the reason says so: whoever decides has to know.
    """
    for event in parked.waiting(connection, row["account"], parked.settled(row["key"]))[:1]:
        if isinstance(event, Sent) and (shown := say("deliver.shown", at=rfc3339(event.at))) not in reason:
            reason = f"{shown}; {reason}" if reason else shown
    outbox.set_state(
        connection, row, "unknown", reason=reason, asked=int(asked), not_before=not_before, maybe_left=1
    )
    _message_state(connection, row, "unknown", reason)
    parked.free(connection, row["account"], [parked.leaving(row["key"])])
    if row["conversation"]:
        if row["type"] in LETTERS:
            together.doubt(connection, row, now)
        refresh(connection, (row["conversation"],), now)


def failed(connection: Connection, row: Row, reason: str, now: Instant) -> None:
    """Certainly not sent, and not tried again: a letter reopens its conversation, what went with it is dropped.

    A state that the channel would not take gives way to what the channel has said of it since.
    """
    outbox.set_state(connection, row, "failed", reason=reason)
    _message_state(connection, row, "failed", reason)
    drop_dependents(connection, row, reason, now)
    _free_echoes(connection, row)
    number = int(row["conversation"])
    if not number:
        return
    if row["type"] in LETTERS:
        if not surveys.void(connection, row["message"]):
            reopen(connection, number, now, "failed")
    elif row["type"] not in UNSAFE:
        messages.add_entry(connection, number, now, "not_done", None, work=row["type"], reason=reason)
        if _still_ours(connection, row) and not accept_noted(connection, number, row["key"]):
            reopen(connection, number, now, "not_done")
    refresh(connection, (number,), now)


def drop_dependents(connection: Connection, row: Row, reason: str, now: Instant) -> None:
    """What goes with this work and has not been tried falls with it."""
    for waiting in outbox.going_with(connection, row, ("queued",)):
        falls_with(connection, waiting, reason, now)


def falls_with(connection: Connection, row: Row, reason: str, now: Instant) -> None:
    """What it goes with was lost: a part of a reply is as little sent as the part before it, a state is not set."""
    if row["message"] is not None:
        failed(connection, row, reason, now)
    else:
        outbox.set_state(connection, row, "dropped", reason=reason)


def unsupported(connection: Connection, row: Row, reason: str) -> None:
    """The channel has no such thing: it stays local."""
    outbox.set_state(connection, row, "dropped", reason=reason)
    _message_state(connection, row, "", None)


def dropped(connection: Connection, row: Row, reason: str, now: Instant) -> None:
    """A state that a newer customer message has overtaken: not carried out, and said so."""
    outbox.set_state(connection, row, "dropped", reason=reason)
    number = int(row["conversation"])
    messages.add_entry(connection, number, now, "dropped", None, work=row["type"], why=reason)
    if _still_ours(connection, row):
        reopen(connection, number, now, "customer")
    refresh(connection, (number,), now)


def _still_ours(connection: Connection, row: Row) -> bool:
    """Is the conversation's status the one that this work is about, and not what was set after it?"""
    if row["type"] not in _SETS:
        return False
    number = int(row["conversation"])
    status = scalar(connection, "SELECT status FROM conversation WHERE id = ?", number)
    later = outbox.unsettled(connection, number, tuple(_SETS))
    return bool(status == _SETS[row["type"]]) and (later is None or later["id"] <= row["id"])


def _free_echoes(connection: Connection, row: Row) -> None:
    """Nothing of it has left, so what looked like it is somebody else's."""
    key = str(row["key"])
    parked.free(connection, row["account"], [parked.settled(key), parked.leaving(key)])


def _message_state(connection: Connection, row: Row, state: str, reason: str | None) -> None:
    if row["message"] is not None:
        update(connection, "message", row["message"], state=state, reason=reason)


def by_agent(doing: Doing, command: commands.Settle) -> Done:
    """The agent's word on a reply that failed, may have arrived, or is still held.

    Raises:
        NotFound: no such work.
        Refused: it is not in a state in which that can be said.
    """
    connection, now = doing.connection, doing.now
    row = outbox.by_key(connection, command.key)
    if row is None:
        raise NotFound(say("desk.no_work", key=command.key))
    number, doing.step = int(row["conversation"]), row["step"] or 0
    draft: tuple[int, Mode] | None = None
    if command.how in ("check", "again", "now") and row["account"] not in doing.accounts:
        raise Refused(say("desk.account_gone", account=row["account"]))
    match command.how, row["state"]:
        case "check", "unknown":
            outbox.set_state(connection, row, "unknown", asked=0, not_before=0)
        case "again", "unknown" | "failed":
            again(connection, row, "", 0)
            # the agent has looked: what has come since does not hold it, and is answered by it
            outbox.set_state(connection, row, "queued", last_seen=None)
            if row["message"] is not None:
                update(connection, "message", row["message"], basis=doing.basis(number))
            for part in _parts_behind(connection, row, ("failed",)):
                again(connection, part, "", 0)
                outbox.set_state(connection, part, "queued", last_seen=None)
            surveys.again(connection, row["message"])
            if row["state"] == "failed" and row["type"] == "reply" and not _moves_nothing(connection, row):
                move_on(doing, doing.conversation(number), command.key)
        case "sent", "unknown":
            found(connection, row, None, None, (), now)
        case "now", "queued":
            outbox.set_state(connection, row, "queued", not_before=0)
        case "back", "queued" | "failed":
            row = _first_part(connection, row)
            if row["maybe_left"]:
                raise Refused(say("desk.maybe_left", what=say("desk.this_letter")))
            was_survey = surveys.is_one(connection, row["message"])
            draft = take_back(connection, row, now)
            if row["step"]:
                journal.mark_undone(connection, int(row["step"]), now)
            if row["type"] in LETTERS and not was_survey:
                reopen(connection, number, now, "taken_back")
        case _:
            raise Refused(say("desk.settle_state", how=command.how, state=row["state"]))
    if number:
        refresh(connection, (number,), now)
    return Done(keys=(command.key,), conversations=(number,) if number else (), draft=draft)


def _moves_nothing(connection: Connection, row: Row) -> bool:
    """Whether a letter leaves its conversation where it is: a holding reply, or a survey."""
    holding = scalar(connection, "SELECT holding FROM message WHERE id = ?", row["message"])
    return bool(holding) or surveys.is_one(connection, row["message"])


def take_back(connection: Connection, row: Row, now: Instant) -> tuple[int, Mode] | None:
    """Out of the outbox and out of the thread; the text is a draft again, the work's row keeps it as well.

    Which draft it is: (conversation, mode); None for work without a text.
    """
    outbox.set_state(connection, row, "dropped", reason="taken back")
    for part in _parts_behind(connection, row, ("queued", "failed")):
        outbox.set_state(connection, part, "dropped", reason="taken back")
        remove(connection, int(part["message"]))
    drop_dependents(connection, row, "taken back", now)
    if row["message"] is None:
        return None
    draft = _restore_draft(connection, row, now)
    remove(connection, int(row["message"]))
    forget_if_empty(connection, int(row["conversation"]), now)
    return draft


def _first_part(connection: Connection, row: Row) -> Row:
    """The earliest part of a reply that is as little sent as this one: its draft has the text of all."""
    before = outbox.by_key(connection, row["waits_for"]) if row["waits_for"] else None
    if before is None or before["message"] is None or before["state"] not in ("queued", "failed"):
        return row
    return _first_part(connection, before)


def _parts_behind(connection: Connection, row: Row, states: tuple[str, ...]) -> list[Row]:
    """The parts of a reply that come after this one, in order; its draft has their text as well."""
    parts: list[Row] = []
    for part in outbox.going_with(connection, row, states):
        if part["message"] is not None:
            parts += [part, *_parts_behind(connection, part, states)]
    return parts


def _restore_draft(connection: Connection, row: Row, now: Instant) -> tuple[int, Mode]:
    """The text as the agent typed it, before the signature, where it was typed and to whom."""
    kept = _typed(connection, row)
    text = scalar(connection, "SELECT text FROM message WHERE id = ?", row["message"])
    number, mode = kept.get("draft", row["conversation"]), kept.get("mode", row["type"])
    drafts.restore(
        connection,
        number,
        mode,
        str(kept.get("typed", text or "")),
        now,
        kept.get("recipients"),
        began=row["last_seen"] or 0,
    )
    return number, mode


def _typed(connection: Connection, row: Row) -> dict[str, Any]:
    """What the journal knows of how a message was written; nothing for one that came with an import."""
    prior = scalar(connection, "SELECT prior FROM step WHERE id = ?", row["step"])
    for kept in json.loads(prior or "[]"):
        if kept.get("message") == row["message"]:
            return dict(kept)
    return {}


def forget_if_empty(connection: Connection, number: int, now: Instant) -> None:
    """A conversation that we opened and took back before anything left was none; its number is not used again."""
    if scalar(connection, "SELECT 1 FROM message WHERE conversation = ? LIMIT 1", number) is not None:
        return
    if scalar(connection, "SELECT remote FROM conversation WHERE id = ?", number) is not None:
        return
    connection.execute("UPDATE conversation SET merged_into = NULL WHERE merged_into = ?", (number,))
    for table in ("entry", "tag", "awaited", "told", "canned_use", "sample", "run", "cycle", "handling"):
        connection.execute(f"DELETE FROM {table} WHERE conversation = ?", (number,))
    connection.execute("DELETE FROM conversation WHERE id = ?", (number,))
    journal.forget(connection, number, now)
    changes.note(connection, "conversation", number)


def remove(connection: Connection, message: int) -> None:
    """Take a message of ours that never left out of its thread."""
    surveys.void(connection, message)
    text = scalar(connection, "SELECT text FROM indexed WHERE message = ?", message)
    if text is not None:
        connection.execute(
            "INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", (message, text)
        )
        connection.execute("DELETE FROM indexed WHERE message = ?", (message,))
    connection.execute("UPDATE outbox SET message = NULL WHERE message = ?", (message,))
    connection.execute("DELETE FROM attachment WHERE message = ?", (message,))
    connection.execute("DELETE FROM remote_id WHERE message = ?", (message,))
    connection.execute("DELETE FROM canned_use WHERE message = ?", (message,))
    connection.execute("DELETE FROM message WHERE id = ?", (message,))
