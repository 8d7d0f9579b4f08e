"""The journal of steps and their inverses: an undo takes back what still stands as it was left, or says why not."""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from tuidesk.config.tables import AccountKeys
from tuidesk.desk import contacts, correcting, linking, settle
from tuidesk.desk.doing import WORK, Doing
from tuidesk.desk.states import set_tags
from tuidesk.desk.summary import refresh
from tuidesk.domain.commands import Done, Undo
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Settings
from tuidesk.errors import Refused
from tuidesk.store import drafts, handling, journal, messages, outbox
from tuidesk.store.accounts import person_from
from tuidesk.store.sql import Connection, Row, scalar, update
from tuidesk.store.sql import one as get
from tuidesk.words import say

_LOOKS_BACK = 50
"""Steps that are looked at for one that can be taken back."""
_Delivered = set[tuple[int, str]]
"""(conversation, type) of what the channel has carried out."""


def undo(
    connection: Connection,
    command: Undo,
    *,
    now: Instant,
    settings: Settings,
    accounts: Mapping[str, AccountKeys],
) -> Done:
    """Take back the newest step of this door that can be taken back.

    Of a step over many conversations, those that have changed since are left as they are; the warnings name them.

    Raises:
        Refused: there is none, or it is not the one that was shown.
    """
    step = _wanted(connection, command)
    doing = Doing(
        connection=connection,
        now=now,
        settings=settings,
        accounts=accounts,
        step=int(step["id"]),
        door=command.door,
    )
    kept = journal.prior(step)
    stuck = _stuck(connection, kept)
    work = connection.execute(
        "SELECT * FROM outbox WHERE step = ? ORDER BY id DESC", (step["id"],)
    ).fetchall()
    delivered = _call_back(connection, [row for row in work if row["conversation"] not in stuck])
    for one in reversed(kept):
        if one.get("conversation") not in stuck:
            _take_back(doing, one, delivered)
    journal.mark_undone(connection, int(step["id"]), now)
    refresh(connection, doing.touched, now)
    if stuck:
        left = ", ".join(f"#{number}" for number in stuck)
        doing.warnings.append(say("desk.undo_partly", what=left))
    return Done(
        conversations=tuple(doing.touched),
        keys=tuple(doing.keys),
        words=step["words"],
        warnings=tuple(doing.warnings),
    )


def _wanted(connection: Connection, command: Undo) -> Row:
    """The step to take back.

    Raises:
        Refused: there is none. What the newest of all came to is the reason: something of it has left, or things have
            moved since. Or another one was shown, and another screen has been at work since.
    """
    step = newest(connection, command.door)
    shown = journal.get(connection, command.step) if command.step else None
    if shown is not None and shown["undone_at"] is not None:
        raise Refused(say("desk.undo_gone", what=shown["words"]))
    if step is None:
        last = next(journal.newest_first(connection, command.door), None)
        raise Refused(say("desk.undo_nothing") if last is None else _why_not(connection, last))
    if command.step in (None, step["id"]):
        return step
    reason = _why_not(connection, shown) if shown is not None else ""
    raise Refused(reason or say("desk.undo_newer", what=step["words"]))


def newest(connection: Connection, door: str) -> Row | None:
    """The step that an undo from this door would take back: what has left, or moved on, is passed over."""
    steps = islice(journal.newest_first(connection, door), _LOOKS_BACK)
    return next((step for step in steps if not _why_not(connection, step)), None)


def _why_not(connection: Connection, step: Row) -> str:
    """Why a step cannot be taken back; "" where it can, at least for some of its conversations."""
    kept = journal.prior(step)
    for one in kept:
        if one["what"] == "message" and (why := _left(connection, one)):
            return say(why, what=step["words"], n=one["conversation"])
    stuck = _stuck(connection, kept)
    if stuck and all(one.get("conversation") in stuck for one in kept):
        number, why = next(iter(stuck.items()))
        return say(why, what=step["words"], n=number)
    return ""


def _stuck(connection: Connection, kept: list[dict[str, Any]]) -> dict[int | None, str]:
    """Conversations of a step that are not any more as it left them, and why; what it did to them stays."""
    found: dict[int | None, str] = {}
    for one in kept:
        why = ""
        if one["what"] in ("status", "assign", "priority", "flag", "merge"):
            why = _moved(connection, one)
        elif one["what"] in contacts.KINDS:
            why = contacts.moved(connection, one)
        elif one["what"] == "handling" and not correcting.stands(connection, one):
            why = "desk.undo_moved"
        if why:
            found.setdefault(one.get("conversation"), why)
    return found


def _left(connection: Connection, one: dict[str, Any]) -> str:
    """A message that may have reached the customer cannot be called back; one that was taken out is gone already."""
    message = messages.get(connection, one["message"])
    if message is None:
        return "desk.undo_moved"
    work = outbox.by_key(connection, message["key"]) if message["key"] else None
    if work is None:
        return ""
    if work["state"] in ("sending", "sent", "unknown"):
        return "desk.undo_left"
    return "desk.maybe_left" if work["maybe_left"] else ""


def _moved(connection: Connection, one: dict[str, Any]) -> str:
    """Whether a field is not any more as the step left it."""
    row = get(connection, "SELECT * FROM conversation WHERE id = ?", one["conversation"])
    still = row is not None and all(row[name] == value for name, value in one["left"].items())
    if still and one["what"] == "status":
        still = _is_newest_move(connection, one)
    return "" if still else "desk.undo_moved"


def _is_newest_move(connection: Connection, one: dict[str, Any]) -> bool:
    """A status may have gone elsewhere and come back. What goes with a reply goes with it again when that is sent
    again."""
    move = messages.newest_move(connection, one["conversation"])
    if move is None or move["id"] <= one["entry"]:
        return True
    return move["goes_with"] is not None and move["goes_with"] == _goes_with(connection, one)


def _goes_with(connection: Connection, one: dict[str, Any]) -> str | None:
    found: str | None = scalar(
        connection, "SELECT json_extract(data, '$.goes_with') FROM entry WHERE id = ?", one["entry"]
    )
    return found


def _call_back(connection: Connection, work: list[Row]) -> _Delivered:
    """Drop what has not been tried yet; what the channel has carried out, or may have."""
    delivered = set()
    for row in work:
        if row["message"] is not None:
            continue
        if row["state"] == "queued":
            outbox.set_state(connection, row, "dropped", reason="undone")
        if row["state"] in ("sending", "sent") or (row["state"] == "queued" and row["attempt"]):
            delivered.add((int(row["conversation"]), str(row["type"])))
    return delivered


def _take_back(doing: Doing, one: dict[str, Any], delivered: _Delivered) -> None:
    """One kept piece of a step back to what it was; the channel gets the inverse of what it has carried out."""
    if one["what"] in contacts.KINDS:
        contacts.take_back(doing, one)
        return
    number = int(one["conversation"])
    if (take := _BACK.get(one["what"])) is not None:
        take(doing, one, delivered)
    if "entry" in one:
        _annul(doing, one)
    doing.touched[number] = None


def _annul(doing: Doing, one: dict[str, Any]) -> None:
    """What the history says of it holds no more, nor what a reply that went with it has moved since."""
    connection, number = doing.connection, one["conversation"]
    annulled = messages.add_entry(connection, number, doing.now, "undone", doing.agent, entry=one["entry"])
    update(connection, "entry", one["entry"], undone_by=annulled)
    connection.execute(
        "UPDATE entry SET undone_by = ? WHERE conversation = ? AND id > ? AND undone_by IS NULL "
        f"AND what IN {messages.MOVES} AND json_extract(data, '$.goes_with') = ?",
        (annulled, number, one["entry"], _goes_with(connection, one)),
    )


def rest_back(doing: Doing) -> None:
    """A reply was taken out of the outbox: what its step did besides goes as well, where it stands as it was left."""
    step = journal.get(doing.connection, doing.step)
    if step is None:
        return
    work = doing.connection.execute("SELECT * FROM outbox WHERE step = ?", (doing.step,)).fetchall()
    delivered = _call_back(doing.connection, work)
    for one in reversed(journal.prior(step)):
        moved = one["what"] in ("assign", "priority") and _moved(doing.connection, one)
        if one["what"] in ("assign", "priority", "tag") and not moved:
            _take_back(doing, one, delivered)
    refresh(doing.connection, doing.touched, doing.now)


def _fields_back(doing: Doing, one: dict[str, Any], _: _Delivered) -> None:
    update(doing.connection, "conversation", one["conversation"], **one["prior"])


def _status_back(doing: Doing, one: dict[str, Any], delivered: _Delivered) -> None:
    row, prior = doing.row(one["conversation"]), one["prior"]
    _fields_back(doing, one, delivered)
    if any((one["conversation"], kind) in delivered for kind in WORK.values()):
        doing.tell_status(
            row,
            prior["status"],
            until=prior["snoozed_until"],
            firm=bool(prior["snooze_firm"]),
            pending_for=prior["pending_for"],
        )


def _assign_back(doing: Doing, one: dict[str, Any], delivered: _Delivered) -> None:
    _fields_back(doing, one, delivered)
    _tell_back(doing, one, delivered, assignee=person_from(one["prior"]["assignee"]))


def _priority_back(doing: Doing, one: dict[str, Any], delivered: _Delivered) -> None:
    _fields_back(doing, one, delivered)
    _tell_back(doing, one, delivered, **one["prior"])


def _tags_back(doing: Doing, one: dict[str, Any], delivered: _Delivered) -> None:
    add, remove = tuple(one["remove"]), tuple(one["add"])
    set_tags(doing.connection, one["conversation"], add, remove)
    _tell_back(doing, one, delivered, add=add, remove=remove)


def _tell_back(doing: Doing, one: dict[str, Any], delivered: _Delivered, **fields: Any) -> None:
    """The inverse for the channel, where that has carried out what is taken back."""
    number, kind = one["conversation"], one["what"]
    if (number, kind) in delivered:
        row = doing.row(number)
        doing.queue(row, doing.state_work(row, kind, **fields))


def _merge_back(doing: Doing, one: dict[str, Any], delivered: _Delivered) -> None:
    _fields_back(doing, one, delivered)
    into = one["prior"]["merged_into"]
    if into is not None:
        linking.drafts_along(doing, one["conversation"], into)
    threads = (one["left"]["merged_into"], into)
    doing.touched |= dict.fromkeys(thread for thread in threads if thread is not None)


def _draft_back(doing: Doing, one: dict[str, Any], _: _Delivered) -> None:
    drafts.reopen(doing.connection, one["draft"], one["into"], one.get("prior"), one.get("left"))


def _use_back(doing: Doing, one: dict[str, Any], _: _Delivered) -> None:
    doing.connection.execute("DELETE FROM canned_use WHERE id = ?", (one["use"],))


def _handling_back(doing: Doing, one: dict[str, Any], _: _Delivered) -> None:
    handling.forget(doing.connection, one["handling"])


def _message_back(doing: Doing, one: dict[str, Any], _: _Delivered) -> None:
    """A message that has not left: out of the thread, its text the draft again."""
    connection = doing.connection
    row = connection.execute("SELECT * FROM outbox WHERE message = ?", (one["message"],)).fetchone()
    if row is not None:
        before = outbox.by_key(connection, row["waits_for"]) if row["waits_for"] else None
        if before is None or before["message"] is None:  # else the part before it takes it along
            settle.take_back(connection, row, doing.now)
        return
    text = scalar(connection, "SELECT text FROM message WHERE id = ?", one["message"])
    if text is not None:
        drafts.restore(connection, one["conversation"], one["mode"], text, doing.now)
        settle.remove(connection, int(one["message"]))


def _note_back(doing: Doing, one: dict[str, Any], _: _Delivered) -> None:
    """A draft that was handed over as a note is a draft again, whether or not the team has the note by now."""
    connection, number = doing.connection, int(one["conversation"])
    if _left(connection, one):
        doing.warnings.append(say("desk.note_stays", n=number))
    else:
        work = connection.execute("SELECT * FROM outbox WHERE message = ?", (one["message"],)).fetchone()
        if work is not None:
            outbox.set_state(connection, work, "dropped", reason="undone")
        settle.remove(connection, int(one["message"]))
    drafts.restore(
        connection, number, one["mode"], one["typed"], doing.now, one["recipients"], began=one["began"]
    )


_BACK: dict[str, Callable[[Doing, dict[str, Any], _Delivered], None]] = {
    "status": _status_back,
    "assign": _assign_back,
    "priority": _priority_back,
    "tag": _tags_back,
    "flag": _fields_back,
    "merge": _merge_back,
    "draft": _draft_back,
    "handed": _note_back,
    "message": _message_back,
    "canned_use": _use_back,
    "handling": _handling_back,
}
"""How each kind of piece goes back, but for those of contacts; one that is an entry alone is only annulled."""
