"""Merge and split: conversations of one customer shown as one thread. A link; messages keep their origin."""

from collections.abc import Iterable

from tuidesk.desk import fields
from tuidesk.desk.arrive import ENTRY
from tuidesk.desk.choosing import numbers
from tuidesk.desk.doing import Doing
from tuidesk.desk.states import tags_of
from tuidesk.domain import commands
from tuidesk.domain.model import Status
from tuidesk.domain.status import now_reads
from tuidesk.errors import Refused
from tuidesk.store import contacts, drafts, merged, messages
from tuidesk.store.accounts import person_from
from tuidesk.store.sql import Row, update
from tuidesk.words import say

_NEEDS_US: tuple[Status, ...] = ("open", "pending", "snoozed", "complete")
"""What a thread reads if its parts differ: the first of these."""


def merge(doing: Doing, command: commands.Merge) -> str:
    """Show the named threads in one.

    Raises:
        Refused: they are of several customers, or one already.
    """
    rows = doing.conversations(command.conversations)
    into = doing.conversation(command.into if command.into is not None else min(int(r["id"]) for r in rows))
    joining = [row for row in rows if row["id"] != into["id"]]
    if not joining:
        raise Refused(say("desk.merge_one", n=into["id"]))
    for row in joining:
        _refuse_strangers(doing, row, into)
    for row in joining:
        for part in merged.parts(doing.connection, int(row["id"])):
            _link(doing, doing.row(part), int(into["id"]))
        drafts_along(doing, int(row["id"]), int(into["id"]))
    _take_over(doing, into, joining)
    return say("desk.did_merge", what=numbers(joining), into=into["id"])


def _refuse_strangers(doing: Doing, row: Row, into: Row) -> None:
    connection = doing.connection
    theirs, ours = (contacts.root(connection, int(one["contact"])) for one in (row, into))
    if theirs != ours or not ours:
        raise Refused(say("desk.merge_strangers", n=row["id"], into=into["id"]))


def _link(doing: Doing, row: Row, into: int) -> None:
    update(doing.connection, "conversation", row["id"], merged_into=into)
    entry = messages.add_entry(doing.connection, row["id"], doing.now, "merged", doing.agent, into=into)
    doing.keep("merge", row, entry, {"merged_into": into})
    doing.touched[into] = None


def drafts_along(doing: Doing, number: int, into: int) -> None:
    """What stood in a composer of the one that is merged stands in that of the thread."""
    for row in drafts.every(doing.connection, number):
        before = drafts.get(doing.connection, into, row["mode"])
        drafts.archive(doing.connection, number, row["mode"], doing.now)
        drafts.restore(
            doing.connection,
            into,
            row["mode"],
            row["text"],
            doing.now,
            drafts.typed(row),
            began=row["began"],
        )
        left = drafts.get(doing.connection, into, row["mode"])
        kept = {"what": "draft", "conversation": number, "draft": row["id"], "into": into}
        doing.prior.append(kept | {"prior": _content(before), "left": _content(left)})


def _content(draft: Row | None) -> dict[str, str] | None:
    return None if draft is None else {"text": draft["text"], "recipients": draft["recipients"]}


def _take_over(doing: Doing, into: Row, joining: Iterable[Row]) -> None:
    """What is known of a part is known of the thread, which needs us if one of its parts does."""
    reads = {now_reads(row["status"], row["snoozed_until"], doing.now): row for row in (*joining, into)}
    found = next(status for status in _NEEDS_US if status in reads)
    like = reads[found]
    if like is not into:
        said = {"status": found, "pending_for": like["pending_for"]}
        if found == "snoozed":
            said |= {"snoozed_until": like["snoozed_until"], "snooze_firm": like["snooze_firm"]}
        doing.set_status(into, ENTRY[found], {"why": "merged", "was": into["status"]}, **said)
    for row in joining:
        if into["assignee"] is None and row["assignee"] is not None:
            fields.give(doing, into, person_from(row["assignee"]))
            into = doing.row(int(into["id"]))
        fields.label(doing, into, tuple(sorted(tags_of(doing.connection, int(row["id"])))))


def split(doing: Doing, command: commands.Split) -> str:
    """Give merged conversations back, in the status of the thread that they leave.

    Raises:
        Refused: one of them is not merged with anything.
    """
    given = dict.fromkeys(part for number in command.conversations for part in _apart(doing, number))
    for number in given:
        row = doing.row(number)
        thread = doing.row(int(row["merged_into"]))
        update(doing.connection, "conversation", number, merged_into=None)
        entry = messages.add_entry(
            doing.connection, number, doing.now, "split", doing.agent, **{"from": thread["id"]}
        )
        doing.keep("merge", row, entry, {"merged_into": None})
        told = messages.add_entry(
            doing.connection, thread["id"], doing.now, "split", doing.agent, gone=number
        )
        doing.prior.append({"what": "entry", "conversation": int(thread["id"]), "entry": told})
        doing.touched[int(thread["id"])] = None
        _leave_as(doing, doing.row(number), thread)
    return say("desk.did_split", what=", ".join(f"#{number}" for number in given))


def _apart(doing: Doing, number: int) -> list[int]:
    row = doing.row(number)
    parts = [number] if row["merged_into"] else merged.parts(doing.connection, number)[1:]
    if not parts:
        raise Refused(say("desk.split_nothing", n=number))
    return parts


def _leave_as(doing: Doing, row: Row, thread: Row) -> None:
    status = now_reads(thread["status"], thread["snoozed_until"], doing.now)
    if now_reads(row["status"], row["snoozed_until"], doing.now) == status:
        return
    asleep = status == "snoozed"
    doing.move(
        row,
        status,
        {"why": "split"},
        until=thread["snoozed_until"] if asleep else None,
        firm=asleep and bool(thread["snooze_firm"]),
        pending_for=thread["pending_for"],
    )
