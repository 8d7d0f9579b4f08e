"""By which ways a conversation can be begun, what each of them takes, and who can be written to there."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from tuidesk.desk import leaving_text, templates
from tuidesk.desk.doing import Doing
from tuidesk.domain import channel_canned
from tuidesk.domain.addresses import BY_NUMBER
from tuidesk.domain.commands import Start
from tuidesk.domain.lengths import length
from tuidesk.domain.model import Caps, Person, Unit
from tuidesk.errors import Refused
from tuidesk.store import accounts
from tuidesk.store.sql import Connection, Row, one
from tuidesk.words import say


class Way(NamedTuple):
    """One of an account's media."""

    account: str
    label: str
    medium: str
    max_length: int | None = None
    unit: Unit = "characters"
    closed: Literal["", "likely", "templates"] = ""
    """Nobody has written there yet: the channel will most likely take nothing, or nothing but its templates."""
    to: Person | None = None
    """The customer who was looked at, as they are called there."""
    hold_s: float = 0
    """Seconds that it is held back after sending."""


def of(connection: Connection, labels: Mapping[str, str], about: int | None = None) -> tuple[Way, ...]:
    """Every way by the accounts in `labels` (id → what it is called) that can begin a conversation.

    Args:
        about: the conversation whose customer is looked at.
    """
    row = None
    if about is not None:
        row = one(
            connection,
            "SELECT contact.id, contact.name FROM conversation JOIN contact ON contact.id = contact "
            "WHERE conversation.id = ?",
            about,
        )
    known = () if row is None else identities(connection, row["id"])
    name = "" if row is None else str(row["name"])
    return tuple(
        _way(connection, account, label, medium, caps, name, known)
        for account, label in labels.items()
        for caps in (accounts.caps(connection, account),)
        for medium in caps.starts
    )


def _way(
    connection: Connection,
    account: str,
    label: str,
    medium: str,
    caps: Caps,
    name: str,
    known: tuple[Row, ...],
) -> Way:
    handles = (row["shown"] for row in known if reaches(row["namespace"], account, medium))
    handle = next(handles, None)
    return Way(
        account=account,
        label=label,
        medium=medium,
        max_length=caps.length(medium),
        unit=caps.unit,
        closed=_closed(connection, account, medium, caps),
        to=None if handle is None else Person(name, handle),
    )


def _closed(
    connection: Connection, account: str, medium: str, caps: Caps
) -> Literal["", "likely", "templates"]:
    if caps.window(medium) is None:
        return ""
    return "templates" if templates.names(connection, account, medium) else "likely"


def identities(connection: Connection, contact: int) -> tuple[Row, ...]:
    """`namespace` and `shown` of everything that a customer is called."""
    found: list[Row] = connection.execute(
        "SELECT identity.namespace, identity.shown FROM contact JOIN contact AS member ON member.root = contact.root "
        "JOIN identity ON identity.contact = member.id WHERE contact.id = ? "
        "ORDER BY identity.contact, identity.namespace, identity.handle",
        (contact,),
    ).fetchall()
    return tuple(found)


def reaches(namespace: str, account: str, medium: str) -> bool:
    """Whether an identity's handle is one that the account can write to in this medium."""
    if namespace == "mail":
        return medium == "mail"
    if namespace == "tel":
        return medium in BY_NUMBER
    return namespace == f"{account}/{medium}"


def medium_of(connection: Connection, account: str, wanted: str = "") -> str:
    """The medium that a conversation would begin in, `wanted` or the account's first; "" where nobody knows yet."""
    return wanted or next(iter(accounts.caps(connection, account).starts), "")


def refuse(doing: Doing, command: Start, medium: str) -> None:
    """The last door before a conversation is begun.

    Raises:
        Refused: the account does not begin one so.
    """
    for why in _against(doing, command, medium, doing.caps(command.account)):
        raise Refused(why)


def _against(doing: Doing, command: Start, medium: str, caps: Caps) -> Iterator[str]:
    """What speaks against it."""
    account = command.account
    if caps.media and medium not in caps.media:
        yield say("desk.cannot_start_in", account=account, medium=medium, media=", ".join(caps.media))
    if medium in BY_NUMBER:
        if len({*command.to, *command.cc, *command.bcc}) > 1:
            yield say("desk.start_one", medium=medium)
        if command.subject:
            yield say("desk.start_no_subject", medium=medium)
    if channel_canned.left_as(command.text, command.canned) is not None:
        return  # a template is as long as its channel lets it be
    if caps.window(medium) is not None and (named := templates.few_names(doing.connection, account, medium)):
        yield say("desk.start_only_templates", medium=medium, names=named)
    most = caps.length(medium)
    text = leaving_text.signed(command.text, doing.accounts[account].signature)
    if most is not None and (over := length(text, caps.unit) - most) > 0:
        yield say("desk.start_too_long", medium=medium, over=over, most=most)
