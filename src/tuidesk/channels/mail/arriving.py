"""A fetched message → events."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from tuidesk.channels.mail.fetch import Fetched, Unfetched
from tuidesk.channels.mail.refs import Ref
from tuidesk.domain.events import Body, ChannelEvent, Received, Sent
from tuidesk.errors import Unreadable
from tuidesk.wire import arrivals
from tuidesk.wire.mime import Mail
from tuidesk.wire.threads import in_thread


class Arriving:
    """Parses elsewhere, names things as this channel finds them again."""

    def __init__(self, parse: Callable[[bytes], Mail], us: arrivals.Us) -> None:
        self._parse = parse
        self._us = us

    async def events(
        self, message: Fetched | Unfetched, ref: Ref, *, in_sent: bool
    ) -> tuple[list[ChannelEvent], str]:
        """The events, and a mark by which the message is known again under another UID."""
        place = arrivals.Place(ref=str(ref), at=message.at, size=message.size, in_sent=in_sent)
        if isinstance(message, Unfetched):
            return list(arrivals.events(Unreadable(message.reason), place, self._us)), ""
        try:
            mail = message.completed(await in_thread(lambda: self._parse(message.raw)))
        except Unreadable as error:
            return list(arrivals.events(error, place, self._us, message.raw)), _mark(message.raw)
        made = arrivals.events(mail, place, self._us)
        return [_placed(event, message, ref) for event in made], _mark(arrivals.message_id(mail).encode())


def _mark(of: bytes) -> str:
    return hashlib.sha256(of).hexdigest()[:16]


def _placed(event: ChannelEvent, message: Fetched, ref: Ref) -> ChannelEvent:
    """Attachments that can be found even after somebody moved the mail; the whole of a text that was cut."""
    if not isinstance(event, Received | Sent):
        return event
    own = event.id if event.id and event.id.startswith("<") else ""
    attachments = tuple(
        replace(file, ref=str(replace(ref, section=file.ref.rpartition("#")[2], message_id=own)))
        for file in event.attachments
    )
    body = event.body
    if message.cut is not None:
        body = Body(message.size, str(replace(ref, section=message.cut, message_id=own)))
    elif body is not None:
        body = replace(body, ref=str(replace(ref, message_id=own)))
    return replace(event, attachments=attachments, body=body)
