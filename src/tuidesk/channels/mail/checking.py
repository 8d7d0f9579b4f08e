"""What an account turns out to be able to do, for `setup` and `doctor`."""

from dataclasses import dataclass
from datetime import date, timedelta

from tuidesk.channels.mail.connection import Connection
from tuidesk.channels.mail.folders import Folders
from tuidesk.channels.mail.options import KEYWORD, Options
from tuidesk.domain import instants
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Caps, Person
from tuidesk.wire.channel import Checked, Site
from tuidesk.words import say

_TEXT_ROOM = 50_000
"""Bytes of the limit that header and text may take; of the rest base64 leaves 57 in 78 for files."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a login showed."""

    idles: bool
    condstore: bool
    keeps_keyword: bool
    moves: bool
    messages: int
    """In the inbox, since the first day of a first sync."""


@dataclass(frozen=True, slots=True)
class Out:
    """What the submission server showed."""

    largest: int | None = None
    """Bytes of a mail; None where it does not say."""
    trouble: str = ""
    """Why it cannot be reached now."""


def first_day(now: Instant, days: int) -> date:
    """Where a first sync begins."""
    return (instants.as_datetime(now) - timedelta(days=days)).date()


def look(connection: Connection, folders: Folders, since: date) -> Looked:
    """Only SELECT tells which flags would be kept; nothing is changed."""
    inbox = connection.select(folders.inbox)
    found = connection.since(since, inbox.exists)
    return Looked(
        idles=connection.has("IDLE"),
        condstore=connection.has("CONDSTORE"),
        keeps_keyword=inbox.keeps(KEYWORD),
        moves=connection.moves,
        messages=len(found),
    )


def checked(looked: Looked, out: Out, folders: Folders, options: Options, site: Site) -> Checked:
    """In the words of the contract."""
    marks = options.keyword and looked.keeps_keyword
    archives = options.archive_on_complete and looked.moves and folders.archive is not None
    states = {"complete", "reopen"} if marks or archives else set()
    return Checked(
        identity=Person(site.agent.name, site.address, me=True),
        caps=Caps(
            performs=frozenset({"reply", "start", *states}),
            find=True,
            attachment_bytes=None if out.largest is None else max(0, out.largest - _TEXT_ROOM) * 57 // 78,
            forwards=True,
            media=("mail",),
        ),
        findings=tuple(_findings(looked, folders, options, marks=marks, archives=archives)),
        troubles=(say("mail.found_no_smtp", reason=out.trouble),) if out.trouble else (),
    )


def _findings(
    looked: Looked, folders: Folders, options: Options, *, marks: bool, archives: bool
) -> list[str]:
    if folders.sent is None:
        sent = say("mail.found_no_sent")
    else:
        sent = say("mail.found_sent_by_name" if folders.guessed else "mail.found_sent", folder=folders.sent)
    if archives:
        complete = say("mail.found_archive", folder=folders.archive)
    else:
        complete = say("mail.found_keywords" if marks else "mail.found_no_keywords", keyword=KEYWORD)
    return [
        say("mail.found_messages", count=looked.messages, days=options.days, folder=folders.inbox),
        say("mail.found_idle" if looked.idles else "mail.found_polling", seconds=f"{options.poll_s:g}"),
        say("mail.found_condstore" if looked.condstore else "mail.found_no_condstore"),
        complete,
        sent,
    ]
