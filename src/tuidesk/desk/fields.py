"""What a thread carries besides its status: whose it is, tags, priority, star, silence. What is set is set in each of
its parts, and told to each part's channel."""

from tuidesk.desk.choosing import numbers, others
from tuidesk.desk.doing import Doing
from tuidesk.desk.states import set_tags, tags_of
from tuidesk.domain import commands
from tuidesk.domain.model import Person
from tuidesk.domain.status import now_reads
from tuidesk.errors import Refused
from tuidesk.store import messages
from tuidesk.store.accounts import person_dict, person_from, person_json
from tuidesk.store.sql import Row, update
from tuidesk.words import say


def assign(doing: Doing, command: commands.Assign) -> str:
    """Give conversations to somebody.

    Raises:
        Refused: all of them are with whom they should be; or one is not free any more, and only free ones are wanted.
    """
    whom = called(command.to)
    for row in doing.conversations(command.conversations) if command.only_free else ():
        if (has := person_from(row["assignee"])) is not None:
            raise Refused(say("desk.not_free", n=row["id"], whom=called(has)))
    rows = others(
        doing,
        command.conversations,
        lambda row: all(_is_with(part, command.to) for part in doing.thread(row)),
        "desk.assigned_already",
        whom=whom,
    )
    for row in rows:
        give_thread(doing, row, command.to)
    return say("desk.did_assign", what=numbers(rows), whom=whom)


def called(to: Person | None) -> str:
    """Somebody as the words of a step name them."""
    return say("desk.nobody") if to is None else to.name or to.handle or say("desk.you")


def give_thread(doing: Doing, row: Row, to: Person | None) -> None:
    """Assign a thread: each part that is not with them already."""
    for part in doing.thread(row):
        if not _is_with(part, to):
            give(doing, part, to)


def give(doing: Doing, row: Row, to: Person | None) -> None:
    """Assign one conversation, here and on its channel."""
    number, made = int(row["id"]), person_json(to)
    update(doing.connection, "conversation", number, assignee=made)
    said = person_dict(to) if to is not None else None
    entry = messages.add_entry(
        doing.connection,
        number,
        doing.now,
        "assigned",
        doing.agent,
        to=said,
        along=_along(doing, row, "assign"),
    )
    doing.keep("assign", row, entry, {"assignee": made})
    doing.queue(row, doing.state_work(row, "assign", assignee=to))


def _along(doing: Doing, row: Row, what: str) -> int | None:
    """The thread that this step has done the same to, where its history says it for all of its parts."""
    thread = row["merged_into"]
    done = ((kept["what"], kept["conversation"]) for kept in doing.prior if thread is not None)
    return thread if (what, thread) in done else None


def _is_with(row: Row, to: Person | None) -> bool:
    """Whether that is the one who has it; a channel may write the name another way."""
    kept = person_from(row["assignee"])
    if kept is None or to is None:
        return kept is to
    return kept == to or (kept.me and to.me) or bool(kept.handle.casefold() == to.handle.casefold() != "")


def tag(doing: Doing, command: commands.Tag) -> str:
    rows = doing.conversations(command.conversations)
    for part in (part for row in rows for part in doing.thread(row)):
        label(doing, part, command.add, command.remove)
    if not doing.prior:
        raise Refused(say("desk.tag_nothing"))
    changed = " ".join([*command.add, *(f"-{tag}" for tag in command.remove)])
    return say("desk.did_tag", what=numbers(rows), tags=changed)


def label(doing: Doing, row: Row, wanted: tuple[str, ...], unwanted: tuple[str, ...] = ()) -> None:
    """Add and take tags of one conversation, here and on its channel; nothing where it has them so already."""
    number = int(row["id"])
    before = tags_of(doing.connection, number)
    add = tuple(tag for tag in dict.fromkeys(wanted) if tag.strip() and tag not in before)
    remove = tuple(tag for tag in dict.fromkeys(unwanted) if tag in before)
    if not add and not remove:
        return
    set_tags(doing.connection, number, add, remove)
    said = {"add": list(add), "remove": list(remove), "along": _along(doing, row, "tag")}
    entry = messages.add_entry(doing.connection, number, doing.now, "tagged", doing.agent, **said)
    doing.prior.append({"what": "tag", "conversation": number, "add": add, "remove": remove, "entry": entry})
    doing.touched[number] = None
    doing.queue(row, doing.state_work(row, "tag", add=add, remove=remove))


def priority(doing: Doing, command: commands.SetPriority) -> str:
    rows = doing.conversations(command.conversations)
    for row in rows:
        for part in doing.thread(row):
            if part is row or part["priority"] != command.priority:
                _rank(doing, part, command.priority)
    return say("desk.did_priority", what=numbers(rows), priority=command.priority)


def _rank(doing: Doing, row: Row, priority: str) -> None:
    update(doing.connection, "conversation", row["id"], priority=priority)
    said = {"priority": priority, "along": _along(doing, row, "priority")}
    entry = messages.add_entry(doing.connection, row["id"], doing.now, "priority", doing.agent, **said)
    doing.keep("priority", row, entry, {"priority": priority})
    doing.queue(row, doing.state_work(row, "priority", priority=priority))


def star(doing: Doing, command: commands.Star) -> str:
    return _flag(doing, command, "starred", ("desk.starred_already", "desk.starred_not"))


def mute(doing: Doing, command: commands.Mute) -> str:
    return _flag(doing, command, "muted", ("desk.muted_already", "desk.muted_not"))


def _flag(doing: Doing, command: commands.Star | commands.Mute, name: str, already: tuple[str, str]) -> str:
    on = command.on
    rows = others(doing, command.conversations, lambda row: bool(row[name]) == on, already[not on])
    for row in rows:
        set_flag(doing, row, name, on=on)
    return say(f"desk.did_{name}" if on else f"desk.did_not_{name}", what=numbers(rows))


def set_flag(doing: Doing, row: Row, name: str, *, on: bool) -> None:
    """Set or take a flag of a thread that is this desk's own; the history says what it was set on."""
    for part in doing.thread(row):
        if bool(part[name]) == on:
            continue
        update(doing.connection, "conversation", part["id"], **{name: int(on)})
        was = now_reads(part["status"], part["snoozed_until"], doing.now) if name == "spam" and on else None
        said = {"on": on, "was": was, "along": _along(doing, part, "flag")}
        entry = messages.add_entry(doing.connection, part["id"], doing.now, name, doing.agent, **said)
        doing.keep("flag", part, entry, {name: int(on)})
