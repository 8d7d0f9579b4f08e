"""What an exported line says of a message or of work for a channel, and whether this desk has the message already."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from tuidesk.desk import arrive
from tuidesk.desk.exported import Line
from tuidesk.desk.intake import Intake
from tuidesk.desk.rows import BACK
from tuidesk.domain import events, forms, vocabulary
from tuidesk.domain.events import Received, Sent
from tuidesk.domain.forms import one_of, part
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Outgoing
from tuidesk.domain.searchable import indexed
from tuidesk.errors import BadEvent
from tuidesk.store import messages
from tuidesk.words import say

_KEY = re.compile("[a-z0-9-]{1,48}")


def woke(desk: Line) -> int:
    """Why it was back from a snooze; an older export knew of one reason alone."""
    back = part(one_of(*BACK).read, desk, "back", "desk")
    return BACK.index(back) if back else int(bool(part(forms.read_flag, desk, "woke", "desk")))


def letter_in(obj: Line) -> Received | Sent | events.NoteSeen:
    """The event in a message's line. A note may lack its conversation, which the desk knows."""
    if obj.get("type") == "note":
        obj = {"conversation": "-", **obj}
    event = vocabulary.parse(obj)
    assert isinstance(event, Received | Sent | events.NoteSeen)
    return event


def message_known(intake: Intake, obj: Line) -> int | None:
    """The message of this line, where this desk has it already; a line that cannot be read names none."""
    if obj.get("type") not in ("received", "sent", "note"):
        return None
    try:
        key = part(forms.read_id, obj["desk"], "key", "desk")
        return known_message(intake, letter_in({name: obj[name] for name in obj if name != "desk"}), key)
    except BadEvent:
        return None


def known_message(intake: Intake, event: Received | Sent | events.NoteSeen, key: str | None) -> int | None:
    mine = messages.by_key(intake.connection, key) if key else None
    if mine is not None:
        return int(mine["id"])
    if isinstance(event, Received | Sent):
        return arrive.known(intake.connection, intake.account, event)
    return messages.by_remote(intake.connection, intake.account, event.id) if event.id else None


def of_letter(letter: Received | Sent, bcc: tuple[Person, ...]) -> dict[str, Any]:
    """The columns that a note has not."""
    return {
        "kind": letter.kind,
        "html": letter.html,
        "subject": letter.subject or "",
        "people": messages.people_json(
            to=letter.to, cc=letter.cc, bcc=bcc, reply_address=letter.reply_address
        ),
        "reply_to": letter.reply_to,
        "visibility": letter.visibility,
        "body_size": letter.body.size if letter.body else None,
        "body_ref": letter.body.ref if letter.body else None,
        "remote_images": letter.remote_images,
    }


def searched(letter: Received | Sent | None, sender: Person, text: str) -> str:
    if letter is None:
        return indexed(text)
    if isinstance(letter, Received):
        return indexed(f"{letter.subject or ''}\n{sender.name} {sender.handle}\n{text}")
    return indexed(f"{letter.subject or ''}\n{text}")


def outgoing(kept: dict[str, object], spool: Path) -> Outgoing:
    """The work in an `outbox` line. A file of it counts only where it lies in this home's own spool."""
    try:
        out = Outgoing.from_json(kept)
        files = tuple(file for file in out.files if Path(file.path).resolve().is_relative_to(spool.resolve()))
        made = replace(out, files=files)
        json.dumps(made.to_json())
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise BadEvent(say("exchange.bad_work")) from error
    if not _KEY.fullmatch(str(made.key)) or made.type != str(made.type):
        raise BadEvent(say("exchange.bad_work"))
    return made
