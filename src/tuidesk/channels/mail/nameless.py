"""A mail without a Message-ID, found again: among the messages of its thread, by what it says.

The desk knows such a mail by its digest, which no server can be asked for; of the thread it also knows the ids that
name a place.
"""

from collections.abc import Iterable
from functools import partial

from tuidesk.channels.mail import fetch
from tuidesk.channels.mail.arriving import Arriving
from tuidesk.channels.mail.connection import Connection
from tuidesk.channels.mail.fetch import Fetched, Unfetched
from tuidesk.channels.mail.folders import Folders
from tuidesk.channels.mail.line import Line
from tuidesk.channels.mail.refs import Ref, parse
from tuidesk.domain.events import Received, Sent


async def found(
    line: Line, folders: Folders, arriving: Arriving, wanted: str, ids: Iterable[str]
) -> Ref | None:
    """Where the message is that came in as `wanted`; None if it is at none of the places that `ids` name."""
    here = (folders.inbox, folders.sent, folders.archive)
    refs = [ref for ref in map(parse, ids) if ref is not None and ref.folder in here]
    for ref in reversed(refs):  # the newest is asked for most
        message = await line.run(partial(_brought, ref=ref), first=True)
        if message is None:
            continue
        events, _ = await arriving.events(message, ref, in_sent=False)
        if any(event.id == wanted for event in events if isinstance(event, Received | Sent)):
            return ref
    return None


def _brought(connection: Connection, ref: Ref) -> Fetched | Unfetched | None:
    if connection.examine(ref.folder).validity != ref.validity:
        return None
    told = fetch.describe(connection, [ref.uid])
    messages = fetch.messages(connection, [ref.uid], told) if ref.uid in told else []
    return messages[0] if messages else None
