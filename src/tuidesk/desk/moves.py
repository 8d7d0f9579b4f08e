"""What moves a conversation from one status to another: complete, reopen, pending, snooze, spam."""

import time

from tuidesk.desk.choosing import numbers, others
from tuidesk.desk.doing import Doing
from tuidesk.desk.fields import set_flag
from tuidesk.desk.states import tags_of
from tuidesk.domain import commands
from tuidesk.domain.instants import Instant, rfc3339
from tuidesk.domain.model import Status
from tuidesk.domain.status import now_reads
from tuidesk.errors import Moved, NeedsTag, Refused
from tuidesk.store import merged, messages, outbox
from tuidesk.store.sql import Row, scalar
from tuidesk.words import say


def _reply_under_way(doing: Doing, row: Row) -> str | None:
    """Key of the newest letter of the thread that is still going out."""
    found = [
        reply
        for part in merged.parts(doing.connection, int(row["id"]))
        if (reply := outbox.unsettled(doing.connection, part, ("reply", "start"))) is not None
    ]
    return str(max(found, key=lambda reply: int(reply["id"]))["key"]) if found else None


def complete(doing: Doing, command: commands.Complete) -> str:
    seen = {merged.root(doing.connection, number): newest for number, newest in command.seen}
    rows = doing.conversations(command.conversations)
    if untagged := [row for row in rows if row["status"] != "complete" and lacks_tag(doing, row)]:
        lacking = tuple(int(row["id"]) for row in untagged)
        raise NeedsTag(no_tag(doing, untagged), lacking, doing.settings.complete_needs_tag or ())
    for row in rows:
        number = int(row["id"])
        newest = messages.newest_inbound(doing.connection, number)
        if number in seen and newest is not None and newest["id"] != seen[number]:
            raise Moved(say("desk.moved", n=number))
        doing.move(row, "complete", {}, goes_with=_reply_under_way(doing, row))
    return say("desk.did_complete", what=numbers(rows))


def lacks_tag(doing: Doing, row: Row) -> bool:
    """Whether a conversation has no tag that it must have to be completed (`complete_needs_tag`)."""
    needed = doing.settings.complete_needs_tag
    if needed is None:
        return False
    tags = tags_of(doing.connection, int(row["id"]))
    return not (tags & set(needed) if needed else tags)


def no_tag(doing: Doing, rows: list[Row]) -> str:
    """What such conversations lack, in words."""
    needed = doing.settings.complete_needs_tag
    words = "desk.needs_one_of" if needed else "desk.needs_tag"
    return say(words, what=numbers(rows), tags=", ".join(needed or ()))


def reopen(doing: Doing, command: commands.Reopen) -> str:
    closed = others(
        doing,
        command.conversations,
        lambda row: now_reads(row["status"], row["snoozed_until"], doing.now) == "open",
        "desk.open_already",
    )
    for row in closed:
        doing.move(row, "open", {"why": "agent", "was": row["status"]})
    return say("desk.did_reopen", what=numbers(closed))


def pending(doing: Doing, command: commands.Pending) -> str:
    rows = doing.conversations(command.conversations)
    for row in rows:
        doing.move(
            row, "pending", {}, goes_with=_reply_under_way(doing, row), pending_for=command.pending_for
        )
    whom = command.pending_for or say("desk.the_customer")
    return say("desk.did_pending", what=numbers(rows), whom=whom)


def snooze(doing: Doing, command: commands.Snooze) -> str:
    until = command.until
    if until is not None and until <= doing.now:
        raise Refused(say("desk.snooze_past", at=rfc3339(until)))
    if until is None and command.firm:
        raise Refused(say("desk.snooze_firm_needs_time"))
    rows = doing.conversations(command.conversations)
    said = {"until": until, "firm": command.firm, "typed": command.typed or None}
    for row in rows:
        _warn_of_window(doing, row, until)
        with_reply = _reply_under_way(doing, row)
        doing.move(row, "snoozed", said, goes_with=with_reply, until=until, firm=command.firm)
    what = numbers(rows)
    if until is None:
        return say("desk.did_snooze_reply", what=what)
    kind = "desk.did_snooze_firm" if command.firm else "desk.did_snooze"
    return say(kind, what=what, at=_moment(until, doing.now))


def _warn_of_window(doing: Doing, row: Row, until: Instant | None) -> None:
    """A reply window that closes while the conversation sleeps; one that is closed already is no news."""
    closes = row["window_ends"]
    if until is not None and closes is not None and doing.now < closes < until:
        doing.warnings.append(say("desk.snooze_window", n=row["id"], at=_moment(closes, doing.now)))


def _moment(at: Instant, now: Instant) -> str:
    """`24 Nov 09:00` by the wall clock of this machine; the year where it is another one."""
    then, today = time.localtime(at / 1000), time.localtime(now / 1000)
    month = say("desk.months").split()[then.tm_mon - 1]
    return say(
        "desk.moment" if then.tm_year == today.tm_year else "desk.moment_year",
        day=then.tm_mday,
        month=month,
        year=then.tm_year,
        at=f"{then.tm_hour:02}:{then.tm_min:02}",
    )


def spam(doing: Doing, command: commands.Spam) -> str:
    on = command.on
    rows = others(
        doing,
        command.conversations,
        lambda row: bool(row["spam"]) == on,
        "desk.spam_already" if on else "desk.spam_not",
    )
    for row in rows:
        number = int(row["id"])
        was = _before_spam(doing, number) if not on else None
        set_flag(doing, row, "spam", on=on)
        if on and row["status"] != "complete":
            doing.move(row, "complete", {"why": "spam"})
        elif was is not None and row["status"] == "complete":
            doing.move(row, was, {"why": "agent", "was": "complete"})
    return say("desk.did_spam" if on else "desk.did_no_spam", what=numbers(rows))


def _before_spam(doing: Doing, number: int) -> Status | None:
    """The status that a conversation had when it became spam; None where it was complete. A snooze has ended since."""
    was = scalar(
        doing.connection,
        "SELECT json_extract(data, '$.was') FROM entry WHERE conversation = ? AND what = 'spam' "
        "AND json_extract(data, '$.on') AND undone_by IS NULL ORDER BY id DESC LIMIT 1",
        number,
    )
    return {"complete": None, "pending": "pending"}.get(was, "open")
