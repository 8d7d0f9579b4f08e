"""Command → rows + outbox: one match, one transaction. It is on the screen, and on disk, when this is done."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tuidesk.config.tables import AccountKeys
from tuidesk.desk import (
    canned_use,
    compose,
    contacts,
    correcting,
    fields,
    leaving,
    linking,
    moved,
    moves,
    settle,
    undo,
)
from tuidesk.desk.doing import Doing
from tuidesk.desk.enclosing import NOTHING, Enclosed
from tuidesk.desk.summary import refresh
from tuidesk.desk.typed import whole, whole_alts
from tuidesk.domain import commands
from tuidesk.domain.commands import Command, Done
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Settings
from tuidesk.errors import Moved, Refused
from tuidesk.store import drafts, journal, merged
from tuidesk.store.sql import Connection, one, scalar, update
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
        case commands.Away():
            return leaving.away(connection, command, now)
        case commands.Back():
            return leaving.back(connection, now)
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
    return _settle(doing, command) if isinstance(command, commands.Settle) else _step(doing, command)


def _settle(doing: Doing, command: commands.Settle) -> Done:
    done = settle.by_agent(doing, command)
    if command.how == "back":
        undo.rest_back(doing)
    return done


def _step(doing: Doing, command: Command) -> Done:
    """A command that the journal keeps, so that it can be taken back."""
    doing.step = journal.open_step(doing.connection, doing.now, doing.door)
    words = _do(doing, command)
    journal.close_step(doing.connection, doing.step, words, doing.prior)
    refresh(doing.connection, doing.touched, doing.now)
    return Done(
        step=doing.step,
        keys=tuple(doing.keys),
        conversations=tuple(doing.touched),
        messages=tuple(doing.made),
        words=words,
        warnings=tuple(doing.warnings),
    )


def _do(doing: Doing, command: Command) -> str:
    """What one command does to the store; what it did, in words."""
    return _DOES[type(command)](doing, command)


def _save_draft(connection: Connection, command: commands.SaveDraft, now: Instant) -> Done:
    typed: dict[str, object] = {
        "to": command.to,
        "cc": command.cc,
        "bcc": command.bcc,
        "subject": command.subject,
        "visibility": command.visibility,
        "files": whole(command.files),
        "alts": whole_alts(command.alts),
    }
    if command.text.strip():
        typed["account"], typed["medium"] = command.account, command.medium
    if command.text.strip() or any(typed.values()):
        typed["sender"] = command.sender
    if command.canned and command.text.strip():
        typed["canned"] = canned_use.kept(command.canned)
    recipients = {name: value for name, value in typed.items() if value}
    number = merged.root(connection, command.conversation) if command.conversation else 0
    began = command.began if command.began is not None else moved.newest(connection, number)
    drafts.save(connection, number, command.mode, command.text, recipients, now, began, command.over)
    return Done(conversations=(number,) if number else ())


def _seen(connection: Connection, command: commands.Seen, now: Instant) -> Done:
    thread = merged.whole(connection, command.conversation)
    looked_at = [number for number in thread if _seen_part(connection, number)]
    if looked_at:
        refresh(connection, thread[:1], now)
    return Done(conversations=(thread[0],))


def _seen_part(connection: Connection, number: int) -> bool:
    """The agent has looked at one conversation of a thread; False where that is known."""
    newest = scalar(connection, "SELECT max(id) FROM message WHERE conversation = ?", number)
    row = one(connection, "SELECT seen, woke FROM conversation WHERE id = ?", number)
    if newest is None or row is None or (newest <= row["seen"] and not row["woke"]):
        return False
    update(connection, "conversation", number, seen=newest, woke=0)
    return True


def _reply(doing: Doing, command: commands.Reply) -> str:
    return "; ".join([compose.reply(doing, command), *_acts(doing, command.then)])


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
        what = ", ".join(f"#{number}" for number in command.conversations)
        raise Refused(say("desk.macro_nothing", name=command.name, what=what))
    for number in command.conversations:
        canned_use.add(doing, command.name, number)
    return say("desk.did_macro", name=command.name, done="; ".join(told))


_DOES: dict[type[Any], Callable[[Doing, Any], str]] = {
    commands.Reply: _reply,
    commands.Start: compose.start,
    commands.Forward: compose.forward,
    commands.Note: compose.note,
    commands.Complete: moves.complete,
    commands.Reopen: moves.reopen,
    commands.Pending: moves.pending,
    commands.Snooze: moves.snooze,
    commands.Spam: moves.spam,
    commands.Assign: fields.assign,
    commands.Tag: fields.tag,
    commands.SetPriority: fields.priority,
    commands.Star: fields.star,
    commands.Mute: fields.mute,
    commands.Merge: linking.merge,
    commands.Split: linking.split,
    commands.Handover: leaving.handover,
    commands.MergeContacts: contacts.merge,
    commands.UnmergeContacts: contacts.unmerge,
    commands.WriteContactNote: contacts.write_note,
    commands.RunMacro: _macro,
    commands.CorrectHandling: correcting.correct,
}
"""What carries out each command that the journal keeps."""
