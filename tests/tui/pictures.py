"""Pictures of conversations as `desk.read` gives them, for tests of what the panes make of them."""

from typing import Any

from tuidesk.desk.picture import Row, ShownEntry, ShownMessage, Thread
from tuidesk.domain import instants
from tuidesk.domain.instants import MINUTE, Instant
from tuidesk.domain.model import Person

NOON: Instant = instants.parse("2026-11-20T12:50:00Z")
DANA = Person("Dana Ortiz", "dana@ortiz.example")
ME = Person("Ana", "ana@acme.example", me=True)
SAM = Person("Sam Ito", "sam@acme.example")

_MESSAGE = ShownMessage(
    n=1,
    id=None,
    direction="in",
    kind="person",
    at=NOON,
    sender=DANA,
    text="",
    subject="",
    to=(),
    cc=(),
    bcc=(),
    reply_address=None,
    visibility="direct",
    attachments=(),
    body_size=None,
    source=None,
    remote_images=0,
    edited=False,
    prior=None,
    deleted=False,
    state="",
    reason=None,
    key=None,
    not_before=None,
    behind=False,
    asked=False,
    about=None,
    html=False,
)

_ROW = Row(
    n=1042,
    account="support",
    medium="mail",
    status="open",
    contact=7,
    name=DANA.name,
    handle=DANA.handle,
    subject="Refund for order 8841",
    snippet="",
    waiting_since=NOON,
    last_at=NOON,
    unread=0,
    assignee=ME,
    priority="normal",
    tags=(),
    pending_for=None,
    snoozed_until=None,
    snooze_firm=False,
    visibility="direct",
    woke=False,
    draft=False,
    trouble="",
    last_in=1,
    last_message=1,
    also_open=0,
    parent=None,
)


def row(**fields: Any) -> Row:
    return _ROW._replace(**fields)


def inbound(n: int, text: str, **fields: Any) -> ShownMessage:
    """A customer's message, `n` minutes after noon."""
    return _MESSAGE._replace(n=n, text=text, at=NOON + n * MINUTE)._replace(**fields)


def ours(n: int, text: str, **fields: Any) -> ShownMessage:
    return inbound(n, text, direction="out", sender=ME, to=(DANA,), state="sent")._replace(**fields)


def note(n: int, text: str, **fields: Any) -> ShownMessage:
    return inbound(n, text, direction="note", sender=ME)._replace(**fields)


def entry(n: int, what: str, by: Person | None = None, **data: object) -> ShownEntry:
    return ShownEntry(n=n, what=what, at=NOON + n * MINUTE, by=by, data=data, undone=False)


def thread(*items: ShownMessage | ShownEntry, **fields: Any) -> Thread:
    made = Thread(
        row=_ROW,
        items=items,
        earlier=0,
        drafts=(),
        max_length=None,
        unit="characters",
        can_reply=True,
        links=(),
    )
    return made._replace(**fields)
