"""Command → rows + outbox: one match, one transaction. It is on the screen, and on disk, when this is done."""

import time
from collections.abc import Callable, Iterable, Mapping

from tuidesk.config.schema import AccountKeys
from tuidesk.desk import canned_use, compose, moved, settle, undo
from tuidesk.desk.doing import Doing
from tuidesk.desk.enclosing import NOTHING, Enclosed
from tuidesk.desk.states import set_tags, tags_of
from tuidesk.desk.summary import refresh
from tuidesk.domain import commands
from tuidesk.domain.commands import Command, Done
from tuidesk.domain.instants import Instant, rfc3339
from tuidesk.domain.model import Person, Settings
from tuidesk.domain.status import now_reads
from tuidesk.errors import Moved, Refused
from tuidesk.store import changes, drafts, journal, messages, outbox
from tuidesk.store.accounts import person_dict, person_from, person_json
from tuidesk.store.sql import Connection, Row, scalar, update
from tuidesk.words import say


def apply(
    connection: Connection,
    command: Command,
    *,
    now: Instant,
    settings: Settings,
    accounts: Mapping[str, AccountKeys],
    door: str,
    enclosed: Enclosed = NOTHING,
) -> Done:
    """Carry a command out on the store. Runs inside the caller's transaction.

    Args:
        enclosed: the files that go along.

    Raises:
        NotFound: it names what is not there.
        Refused: it does not hold as things are; the text says why.
    """
    match command:
        case commands.SaveDraft():
            return _save_draft(connection, command, now)
        case commands.Seen():
            return _seen(connection, command, now)
        case commands.Undo():
            return undo.undo(connection, command, now=now, settings=settings, accounts=accounts)
    doing = Doing(
        connection=connection,
        now=now,
        settings=settings,
        accounts=accounts,
        step=0,
        door=door,
        enclosed=enclosed,
    )
    if isinstance(command, commands.Settle):
        done = settle.by_agent(doing, command)
        if command.how == "back":
            undo.rest_back(doing)
        return done
    doing.step = journal.open_step(connection, now, door)
    words = _do(doing, command)
    journal.close_step(connection, doing.step, words, doing.prior)
    refresh(connection, doing.touched, now)
    return Done(
        step=doing.step,
        keys=tuple(doing.keys),
        conversations=tuple(doing.touched),
        messages=tuple(doing.made),
        words=words,
    )


def _do(doing: Doing, command: Command) -> str:
    """One command that the journal keeps; what it did, in words."""
    match command:
        case commands.Reply():
            return "; ".join([compose.reply(doing, command), *_acts(doing, command.then)])
        case commands.Start():
            return compose.start(doing, command)
        case commands.Forward():
            return compose.forward(doing, command)
        case commands.Note():
            return compose.note(doing, command)
        case commands.Complete():
            return _complete(doing, command)
        case commands.Reopen():
            return _reopen(doing, command)
        case commands.Pending():
            return _pending(doing, command)
        case commands.Snooze():
            return _snooze(doing, command)
        case commands.Assign():
            return _assign(doing, command)
        case commands.Tag():
            return _tag(doing, command)
        case commands.SetPriority():
            return _priority(doing, command)
        case commands.RunMacro():
            return _macro(doing, command)
    raise AssertionError(command)


def _numbers(conversations: Iterable[int]) -> str:
    return ", ".join(f"#{number}" for number in conversations)


def _reply_under_way(doing: Doing, row: Row) -> str | None:
    reply = outbox.unsettled(doing.connection, int(row["id"]), ("reply", "start"))
    return None if reply is None else str(reply["key"])


def _complete(doing: Doing, command: commands.Complete) -> str:
    seen = dict(command.seen)
    for number in command.conversations:
        row = doing.conversation(number)
        newest = messages.newest_inbound(doing.connection, number)
        if number in seen and newest is not None and newest["id"] != seen[number]:
            raise Moved(say("desk.moved", n=number))
        doing.move(row, "complete", {}, goes_with=_reply_under_way(doing, row))
    return say("desk.did_complete", what=_numbers(command.conversations))


def _reopen(doing: Doing, command: commands.Reopen) -> str:
    closed = _others(
        doing,
        command.conversations,
        lambda row: now_reads(row["status"], row["snoozed_until"], doing.now) == "open",
        "desk.open_already",
    )
    for row in closed:
        doing.move(row, "open", {"why": "agent", "was": row["status"]})
    return say("desk.did_reopen", what=_numbers([row["id"] for row in closed]))


def _others(
    doing: Doing, conversations: Iterable[int], is_so: Callable[[Row], bool], already: str, **told: str
) -> list[Row]:
    """Those that are not so yet.

    Raises:
        Refused: all of them are, so that nothing would be done.
    """
    found = [doing.conversation(number) for number in conversations]
    others = [row for row in found if not is_so(row)]
    if not others:
        words = already if len(found) == 1 else f"{already}_all"
        raise Refused(say(words, what=_numbers([row["id"] for row in found]), **told))
    return others


def _pending(doing: Doing, command: commands.Pending) -> str:
    for number in command.conversations:
        row = doing.conversation(number)
        doing.move(
            row, "pending", {}, goes_with=_reply_under_way(doing, row), pending_for=command.pending_for
        )
    whom = command.pending_for or say("desk.the_customer")
    return say("desk.did_pending", what=_numbers(command.conversations), whom=whom)


def _snooze(doing: Doing, command: commands.Snooze) -> str:
    until = command.until
    if until is not None and until <= doing.now:
        raise Refused(say("desk.snooze_past", at=rfc3339(until)))
    if until is None and command.firm:
        raise Refused(say("desk.snooze_firm_needs_time"))
    for number in command.conversations:
        row = doing.conversation(number)
        said = {"until": until, "firm": command.firm}
        doing.move(
            row,
            "snoozed",
            said,
            goes_with=_reply_under_way(doing, row),
            until=until,
            firm=command.firm,
        )
    what = _numbers(command.conversations)
    if until is None:
        return say("desk.did_snooze_reply", what=what)
    kind = "desk.did_snooze_firm" if command.firm else "desk.did_snooze"
    return say(kind, what=what, at=_moment(until, doing.now))


def _moment(at: Instant, now: Instant) -> str:
    """`24 Nov 09:00` by the wall clock of this machine; the year where it is another one."""
    then, today = time.localtime(at / 1000), time.localtime(now / 1000)
    month = say("desk.months").split()[then.tm_mon - 1]
    year = f" {then.tm_year}" if then.tm_year != today.tm_year else ""
    return f"{then.tm_mday} {month}{year} {then.tm_hour:02}:{then.tm_min:02}"


def _assign(doing: Doing, command: commands.Assign) -> str:
    made = person_json(command.to)
    whom = (
        say("desk.nobody") if command.to is None else command.to.name or command.to.handle or say("desk.you")
    )
    others = _others(
        doing,
        command.conversations,
        lambda row: _is_with(row, command.to),
        "desk.assigned_already",
        whom=whom,
    )
    for row in others:
        number = int(row["id"])
        update(doing.connection, "conversation", number, assignee=made)
        entry = messages.add_entry(
            doing.connection,
            number,
            doing.now,
            "assigned",
            doing.agent,
            to=person_dict(command.to) if command.to is not None else None,
        )
        doing.prior.append(
            {
                "what": "assign",
                "conversation": number,
                "prior": {"assignee": row["assignee"]},
                "left": {"assignee": made},
                "entry": entry,
            }
        )
        doing.touched[number] = None
        doing.queue(row, doing.state_work(row, "assign", assignee=command.to))
    return say("desk.did_assign", what=_numbers([row["id"] for row in others]), whom=whom)


def _is_with(row: Row, to: Person | None) -> bool:
    """Whether that is the one who has it; a channel may write the name another way."""
    kept = person_from(row["assignee"])
    if kept is None or to is None:
        return kept is to
    return kept == to or (kept.me and to.me) or bool(kept.handle.casefold() == to.handle.casefold() != "")


def _tag(doing: Doing, command: commands.Tag) -> str:
    for number in command.conversations:
        row = doing.conversation(number)
        before = tags_of(doing.connection, number)
        add = tuple(tag for tag in dict.fromkeys(command.add) if tag.strip() and tag not in before)
        remove = tuple(tag for tag in dict.fromkeys(command.remove) if tag in before)
        if not add and not remove:
            continue
        set_tags(doing.connection, number, add, remove)
        entry = messages.add_entry(
            doing.connection, number, doing.now, "tagged", doing.agent, add=list(add), remove=list(remove)
        )
        doing.prior.append(
            {"what": "tag", "conversation": number, "add": add, "remove": remove, "entry": entry}
        )
        doing.touched[number] = None
        doing.queue(row, doing.state_work(row, "tag", add=add, remove=remove))
    if not doing.prior:
        raise Refused(say("desk.tag_nothing"))
    changed = " ".join([*command.add, *(f"-{tag}" for tag in command.remove)])
    return say("desk.did_tag", what=_numbers(command.conversations), tags=changed)


def _priority(doing: Doing, command: commands.SetPriority) -> str:
    for number in command.conversations:
        row = doing.conversation(number)
        update(doing.connection, "conversation", number, priority=command.priority)
        entry = messages.add_entry(
            doing.connection, number, doing.now, "priority", doing.agent, priority=command.priority
        )
        doing.prior.append(
            {
                "what": "priority",
                "conversation": number,
                "prior": {"priority": row["priority"]},
                "left": {"priority": command.priority},
                "entry": entry,
            }
        )
        doing.touched[number] = None
        doing.queue(row, doing.state_work(row, "priority", priority=command.priority))
    return say("desk.did_priority", what=_numbers(command.conversations), priority=command.priority)


def _save_draft(connection: Connection, command: commands.SaveDraft, now: Instant) -> Done:
    typed: dict[str, object] = {
        "to": command.to,
        "cc": command.cc,
        "bcc": command.bcc,
        "subject": command.subject,
        "files": compose.whole(command.files),
    }
    if command.text.strip():
        typed["account"] = command.account
    if command.text.strip() or any(typed.values()):
        typed["sender"] = command.sender
    if command.canned and command.text.strip():
        typed["canned"] = canned_use.kept(command.canned)
    recipients = {name: value for name, value in typed.items() if value}
    number = command.conversation or 0
    began = command.began if command.began is not None else moved.newest(connection, number)
    drafts.save(connection, number, command.mode, command.text, recipients, now, began)
    return Done(conversations=(command.conversation,) if command.conversation else ())


def _seen(connection: Connection, command: commands.Seen, now: Instant) -> Done:
    newest = scalar(connection, "SELECT max(id) FROM message WHERE conversation = ?", command.conversation)
    seen, woke = connection.execute(
        "SELECT seen, woke FROM conversation WHERE id = ?", (command.conversation,)
    ).fetchone() or (None, 0)
    if newest is not None and seen is not None and (newest > seen or woke):
        update(connection, "conversation", command.conversation, seen=newest, woke=0)
        refresh(connection, (command.conversation,), now)
        changes.note(connection, "conversation", command.conversation)
    return Done(conversations=(command.conversation,))


def _acts(doing: Doing, acts: Iterable[commands.Act]) -> list[str]:
    """What a canned reply does besides; what is so already is left so. In words."""
    told = []
    for act in acts:
        before = len(doing.prior)
        try:
            words = _do(doing, act)
        except Moved:
            raise
        except Refused:
            continue
        if len(doing.prior) > before:
            told.append(words)
    return told


def _macro(doing: Doing, command: commands.RunMacro) -> str:
    told = _acts(doing, command.acts)
    if not told:
        what = _numbers(command.conversations)
        raise Refused(say("desk.macro_nothing", name=command.name, what=what))
    for number in command.conversations:
        canned_use.add(doing, command.name, number)
    return say("desk.did_macro", name=command.name, done="; ".join(told))
