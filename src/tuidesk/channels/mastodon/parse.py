"""Mastodon's JSON → events. Pure. Entities: docs.joinmastodon.org/entities/{Status,Account,Notification}."""

import re
from typing import Any

from tuidesk.domain.events import ChannelEvent, ContactSeen, Deleted, Edited, Received, Sent
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Attachment, Caps, Person
from tuidesk.domain.visibility import WIDENING, known
from tuidesk.errors import Unreadable
from tuidesk.wire.html import to_text
from tuidesk.wire.loose import Object, flag, number, obj, objects, octets, text, when

_TYPES = {"image": "image/*", "gifv": "video/mp4", "video": "video/*", "audio": "audio/*"}
_MENTION = re.compile(r'<a\b(?=[^>]*\bclass="[^"]*\bmention\b)[^>]*>')
"""Where it leads says no more than the handle it shows."""
_HANDLES = re.compile(r"^(?:@[\w.-]+(?:@[\w.-]+)?\s+)+")
_FOR_MENTION = 40
"""Characters kept free for the handle that a reply must begin with."""


def message(status: Object, head: str, me: str, now: Instant) -> Received | Sent:
    """A status as a message of the conversation `head`.

    Args:
        me: our account's id.
        now: its time, where the server gives none.
    """
    account = obj(status, "account")
    ours = text(account, "id") == me
    said: dict[str, Any] = {
        "id": text(status, "id"),
        "at": when(text(status, "created_at"), now),
        "medium": "dm" if text(status, "visibility") == "direct" else "post",
        "sender": person(account),
        "text": unaddressed(words(status)) if ours else words(status),
        "conversation": head,
        "subject": text(status, "spoiler_text") or None,
        "reply_to": text(status, "in_reply_to_id") or None,
        "to": tuple(Person(handle=text(one, "acct")) for one in objects(status, "mentions")),
        "visibility": known(text(status, "visibility")),
        "ids": tuple(filter(None, (text(status, "uri"),))),
        "attachments": tuple(map(_attachment, objects(status, "media_attachments"))),
    }
    return Sent(**said) if ours else Received(**said)


def words(status: Object) -> str:
    """What it says, with what a poll asks and what it quotes."""
    said = plain(text(status, "content"))
    poll = [text(option, "title") for option in objects(status, "poll", "options")]
    quoted = obj(status, "quote", "quoted_status")
    parts = [said, f"[poll: {' / '.join(poll)}]" if poll else ""]
    if quoted:
        parts.append(f"[quotes @{text(quoted, 'account', 'acct')}: {plain(text(quoted, 'content'))}]")
    return "\n\n".join(filter(None, parts))


def unaddressed(said: str) -> str:
    """Without the handles it begins with, which a reply needs to arrive and an agent does not type."""
    return _HANDLES.sub("", said)


def plain(html: str) -> str:
    """Its text; the source where nothing can read it."""
    try:
        return to_text(_MENTION.sub("<a>", html)).text
    except Unreadable:
        return html


def _attachment(media: Object) -> Attachment:
    url = text(media, "url") or text(media, "remote_url")
    name = url.rpartition("/")[2].partition("?")[0] or text(media, "id") or "file"
    size = octets(media, "meta", "original", "size")
    kind = _TYPES.get(text(media, "type"), "application/octet-stream")
    return Attachment(name, size, kind, url, alt=text(media, "description"))


def person(account: Object) -> Person:
    """Who: the handle as this server writes it, `user` for its own people and `user@host` for others."""
    kind = "bot" if flag(account, "bot") else "person"
    return Person(
        text(account, "display_name") or text(account, "username"), text(account, "acct"), kind=kind
    )


def contact(account: Object, medium: str) -> ContactSeen:
    """What their profile says."""
    fields = {
        "bio": plain(text(account, "note")),
        "url": text(account, "url"),
        "followers": text(account, "followers_count"),
        "since": text(account, "created_at")[:10],
        "avatar": text(account, "avatar_description"),
    }
    own = {text(one, "name"): plain(text(one, "value")) for one in objects(account, "fields")}
    kept = tuple((name, value) for name, value in {**own, **fields}.items() if name and value)
    return ContactSeen(medium=medium, handle=text(account, "acct"), name=person(account).name, fields=kept)


def changed(name: str, data: Any, me: str, now: Instant) -> ChannelEvent | None:
    """What a stream says of a status that is there already; None where it says nothing of one."""
    if name == "delete" and isinstance(data, str | int):
        return Deleted(id=f"delete-{data}", at=now, message=str(data))
    if name == "status.update" and (id_ := text(data, "id")):
        at = when(text(data, "edited_at"), now)
        said = words(obj(data))
        ours = text(data, "account", "id") == me
        return Edited(id=f"edit-{id_}-{at}", at=at, message=id_, text=unaddressed(said) if ours else said)
    return None


def caps(instance: Object) -> Caps:
    """What the instance allows (docs.joinmastodon.org/entities/Instance)."""
    at = obj(instance, "configuration")
    limits = [number(at, "media_attachments", name) for name in ("image_size_limit", "video_size_limit")]
    longest = number(at, "statuses", "max_characters") or 500
    return Caps(
        performs=frozenset({"reply", "start"}),
        max_length=max(1, longest - _FOR_MENTION),
        idempotent_s=3600 if _honours_keys(text(instance, "version")) else 0,
        find=True,
        visibility=WIDENING,
        attachment_bytes=max((limit for limit in limits if limit), default=None),
        attachment_types=tuple(_types(at)),
        media=("dm",),
        alt=True,
    )


def _honours_keys(version: str) -> bool:
    """`4.3.0`, or of another server `2.7.2 (compatible; Pixelfed 0.12.3)`: most of those let a key pass unread."""
    other = version.partition("compatible;")[2].strip().casefold()
    return not other or other.startswith(("pleroma", "akkoma"))


def _types(configuration: Object) -> list[str]:
    found = obj(configuration, "media_attachments").get("supported_mime_types")
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
