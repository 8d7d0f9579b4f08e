"""The JSON forms that `--json` prints, made from the desk's pictures. More fields may follow; none is taken away.

And the one word for a person that tables have in place of the form.
"""

from typing import TYPE_CHECKING, Any

from tuidesk.domain.instants import Instant, rfc3339
from tuidesk.domain.model import Attachment, Person
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.desk.desk import Rehearsed
    from tuidesk.desk.handling import Handled
    from tuidesk.desk.picture import (
        AccountState,
        Customer,
        Draft,
        ShownEntry,
        ShownMessage,
        Story,
        Suggestion,
    )
    from tuidesk.desk.rows import Row


def conversation(row: "Row") -> dict[str, Any]:
    """`conversation`, as `list`, `search`, `show` and `follow` print it."""
    return {
        "type": "conversation",
        "n": row.n,
        "status": row.status,
        "account": row.account,
        "medium": row.medium,
        "contact": {"n": row.contact, "name": row.name, "handle": row.handle},
        "subject": row.subject,
        "assignee": None if row.assignee is None else person(row.assignee),
        "tags": list(row.tags),
        "priority": row.priority,
        "sentiment": row.sentiment or None,
        "waiting_since": _when(row.waiting_since),
        "due": _when(row.due),
        "window_ends": _when(row.window_ends),
        "refuses": row.refuses or None,
        "unread": row.unread,
        "last_at": rfc3339(row.last_at),
        "snippet": row.snippet,
        "snoozed_until": _when(row.snoozed_until),
        "snooze_firm": row.snooze_firm,
        "pending_for": row.pending_for,
        "visibility": row.visibility,
        "trouble": row.trouble or None,
        "draft": row.draft,
        "last_message": row.last_message or None,
        "parent": row.parent,
        "starred": row.starred,
        "muted": row.muted,
        "spam": row.spam,
        "back": row.back or None,
    }


def contact(customer: "Customer", suggestions: "tuple[Suggestion, ...]" = ()) -> dict[str, Any]:
    """`contact`: a customer with what is known."""
    first = customer.identities[0] if customer.identities else None
    answer = customer.answer
    return {
        "type": "contact",
        "n": customer.n,
        "medium": first.medium if first is not None else "",
        "handle": first.handle if first is not None else "",
        "name": customer.name,
        "identities": [
            {"medium": one.medium, "handle": one.handle, "contact": one.contact}
            for one in customer.identities
        ],
        "fields": dict(customer.fields),
        "since": rfc3339(customer.since),
        "conversations": customer.total,
        "last_in": _when(customer.last_in),
        "median_reply_s": None if customer.median is None else customer.median / 1000,
        "replies": customer.replies,
        "language": customer.language or None,
        "language_guessed": customer.guessed,
        "zone": None if customer.there is None else str(customer.there),
        "zone_by": customer.there_by or None,
        "joined": [{"a": one.a, "b": one.b, "why": one.why} for one in customer.joined],
        "notes": [
            {
                "n": note.n,
                "at": rfc3339(note.at),
                "by": None if note.by is None else person(note.by),
                "text": note.text,
            }
            for note in customer.notes
        ],
        "suggestions": [one._asdict() for one in suggestions],
        "lookup": None if answer is None else {"at": rfc3339(answer.at), "fields": dict(answer.fields)},
    }


def story(told: "Story") -> dict[str, Any]:
    """What a conversation has besides, in a customer's history."""
    return {
        "answered_by": [person(one) for one in told.by],
        "reply_s": None if told.reply is None else told.reply / 1000,
        "rating": None
        if told.score is None
        else {"score": told.score, "scale": told.scale, "text": told.said},
    }


def message(shown: "ShownMessage") -> dict[str, Any]:
    """`message`: what came in, what went out, and notes. `state`, `reason` and `key` are of ours alone; `conversation`
    is the one it came in, whatever that is merged into."""
    made: dict[str, Any] = {
        "type": "message",
        "n": shown.n,
        "conversation": shown.conversation,
        "id": shown.id,
        "direction": shown.direction,
        "kind": shown.kind,
        "at": rfc3339(shown.at),
        "from": person(shown.sender),
        "to": [person(one) for one in shown.to],
        "cc": [person(one) for one in shown.cc],
        "subject": shown.subject,
        "text": shown.text,
        "attachments": [attachment(file) for file in shown.attachments],
        "visibility": shown.visibility,
    }
    if shown.bcc:
        made["bcc"] = [person(one) for one in shown.bcc]
    if shown.edited:
        made["edited"] = True
    if shown.deleted:
        made["deleted"] = True
    if shown.body_size is not None:
        made["body_size"] = shown.body_size
    if shown.direction != "in":
        made |= {"holding": True} if shown.holding else {}
        made |= {"state": shown.state, "reason": shown.reason, "key": shown.key}
    return made


def draft(kept: "Draft") -> dict[str, Any]:
    """`draft`: what stands in a composer."""
    return {"type": "draft", "mode": kept.mode, "text": kept.text, "at": rfc3339(kept.at)}


def entry(shown: "ShownEntry") -> dict[str, Any]:
    """`entry`: what happened besides messages, with what it set."""
    by = None if shown.by is None else person(shown.by)
    made: dict[str, Any] = {
        "type": "entry",
        "n": shown.n,
        "what": shown.what,
        "at": rfc3339(shown.at),
        "by": by,
    }
    for name, value in shown.data.items():
        if name == "basis":  # the desk's own reckoning
            continue
        made.setdefault(name, rfc3339(value) if name == "until" and isinstance(value, int) else value)
    if shown.undone:
        made["undone"] = True
    return made


def handled(one: "Handled", *, runs: bool = False) -> dict[str, Any]:
    """`handling`: a stretch that was measured, or with a reason a correction, whose seconds may be negative."""
    return {
        "type": "handling",
        "n": one.n,
        "conversation": one.conversation,
        "start": rfc3339(one.start),
        "stop": None if runs else rfc3339(one.stop),
        "s": one.ms / 1000,
        "reason": one.reason or None,
    }


def would(rehearsed: "Rehearsed") -> dict[str, Any]:
    """`would`: what `--dry-run` says of one command, with the letter that it would send."""
    made: dict[str, Any] = {"type": "would", "what": rehearsed.words}
    letter = rehearsed.letter
    if letter is not None:
        made |= {field: [person(one) for one in getattr(letter, field)] for field in ("to", "cc", "bcc")}
        made |= {"subject": letter.subject, "text": letter.text, "visibility": letter.visibility}
        made["attachments"] = [
            {"name": file.name, "type": file.type} | ({"alt": file.alt} if file.alt else {})
            for file in letter.files
        ]
    return made


def account(state: "AccountState") -> dict[str, Any]:
    """`account`, as `accounts` prints it."""
    return {
        "type": "account",
        "id": state.id,
        "kind": state.kind,
        "name": state.label,
        "health": state.health,
        "detail": state.detail,
        "heard_at": _when(state.heard_at),
        "caught_up": state.caught_up,
        "going_out": state.going_out,
    }


def person(one: Person) -> dict[str, Any]:
    """A person of the vocabulary."""
    made: dict[str, Any] = {"name": one.name, "handle": one.handle}
    if one.me:
        made["me"] = True
    if one.kind != "person":
        made["kind"] = one.kind
    return made


def called(one: Person) -> str:
    """Somebody in a word; an agent whom no config names is `you`."""
    return one.name or one.handle or (say("entry.you") if one.me else "-")


def attachment(file: Attachment) -> dict[str, Any]:
    """A file that a message carries."""
    made = {"name": file.name, "size": file.size, "type": file.type, "ref": file.ref}
    return made | ({"alt": file.alt} if file.alt else {})


def _when(at: Instant | None) -> str | None:
    return None if at is None else rfc3339(at)
