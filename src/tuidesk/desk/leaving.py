"""An agent who leaves: the hand-over of all that is theirs as one step, and breaks."""

from tuidesk.desk import compose, fields
from tuidesk.desk.doing import Doing
from tuidesk.desk.handing import handover as in_hand
from tuidesk.domain import commands
from tuidesk.domain.commands import Done
from tuidesk.domain.instants import MINUTE, Instant
from tuidesk.errors import Refused
from tuidesk.store import away as breaks
from tuidesk.store import drafts
from tuidesk.store.sql import Connection, Row
from tuidesk.words import say


def handover(doing: Doing, command: commands.Handover) -> str:
    """Give away what is mine.

    Raises:
        Refused: there is nothing, or it would come back to this agent.
    """
    if command.to is not None and command.to.me:
        raise Refused(say("desk.handover_self"))
    found = in_hand(doing.connection, doing.now)
    if not found.mine and not found.drafts:
        raise Refused(say("desk.handover_nothing"))
    for row in found.drafts:
        _drafts_as_notes(doing, row.n)
    for row in found.mine:
        fields.give_thread(doing, doing.row(row.n), command.to)
    if found.unbegun:
        doing.warnings.append(say("desk.handover_start"))
    for row in (*found.failed, *found.unknown):
        doing.warnings.append(say("desk.handover_trouble", n=row.n))
    count = len({row.n for row in (*found.mine, *found.drafts)})
    if command.to is None:
        return say("desk.did_let_go", count=count)
    return say("desk.did_handover", count=count, whom=fields.called(command.to))


def _drafts_as_notes(doing: Doing, number: int) -> None:
    for row in drafts.every(doing.connection, number):
        if row["text"].strip():
            _as_note(doing, row)
        else:  # nothing that a note could say, but an undo brings back to whom it was to go
            kept = {"what": "draft", "conversation": number, "draft": row["id"], "into": number}
            doing.prior.append(kept)
        drafts.archive(doing.connection, number, row["mode"], doing.now)


def _as_note(doing: Doing, draft: Row) -> None:
    number, mode, text = int(draft["conversation"]), str(draft["mode"]), str(draft["text"])
    words = text if mode == "note" else say("desk.handed_draft", mode=mode, text=text)
    compose.note(doing, commands.Note(conversation=number, text=words))
    doing.prior[-1] |= {
        "what": "handed",
        "mode": mode,
        "typed": text,
        "began": draft["began"],
        "recipients": drafts.typed(draft),
    }


def away(connection: Connection, command: commands.Away, now: Instant) -> Done:
    """The break begins; one that runs ends where the new one begins."""
    breaks.end(connection, now)
    breaks.begin(connection, now, command.reason.strip())
    words = say("desk.did_away_for", reason=command.reason.strip()) if command.reason.strip() else ""
    return Done(words=words or say("desk.did_away"))


def back(connection: Connection, now: Instant) -> Done:
    """The break is over.

    Raises:
        Refused: there is none.
    """
    began = breaks.end(connection, now)
    if began is None:
        raise Refused(say("desk.not_away"))
    return Done(words=say("desk.did_back", minutes=(now - began) // MINUTE))
