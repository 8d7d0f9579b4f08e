"""What the network tells → events. Pure. Lexicons: app.bsky.{feed.defs,feed.post,embed.*}, chat.bsky.convo.defs."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tuidesk.channels.bluesky import richtext
from tuidesk.domain.events import ChannelEvent, ContactSeen, Deleted, Received, Sent
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Attachment, Person
from tuidesk.wire.loose import Object, flag, obj, objects, octets, text, texts, when
from tuidesk.words import say

Named = Callable[[str], Person]
"""Who a DID is."""


# --- people ---


def person(profile: Object) -> Person:
    """Who: a handle that the network could not confirm is shared by many, so the DID stands for it."""
    handle = text(profile, "handle")
    if handle in ("", "handle.invalid"):
        handle = text(profile, "did")
    bot = any(text(label, "val") == "bot" for label in objects(profile, "labels"))
    return Person(text(profile, "displayName") or handle, handle, kind="bot" if bot else "person")


def contact(profile: Object, medium: str, langs: Sequence[str] = ()) -> ContactSeen:
    """What a profile says. Handles change; the DID is who it is, whichever way they write."""
    fields = {
        "bio": text(profile, "description"),
        "pronouns": text(profile, "pronouns"),
        "website": text(profile, "website"),
        "language": ", ".join(langs),
        "followers": text(profile, "followersCount"),
        "posts": text(profile, "postsCount"),
        "since": text(profile, "createdAt")[:10],
        "verified": "yes" if text(profile, "verification", "verifiedStatus") == "valid" else "",
    }
    who, did = person(profile), text(profile, "did")
    return ContactSeen(
        medium=medium,
        handle=who.handle,
        name=who.name,
        fields=tuple((name, value) for name, value in fields.items() if value),
        same_as=(("did", did),) if did else (),
    )


# --- posts ---


def post(view: Object, head: str, me: str, named: Named, now: Instant) -> Received | Sent:
    """A post as a message of the conversation `head`.

    Args:
        view: a `postView`, or as much of one as is known.
        me: our DID.
        now: its time, where the network gives none.
    """
    record, uri = obj(view, "record"), text(view, "uri")
    author = obj(view, "author") or {"did": author_of(uri)}
    parent = text(record, "reply", "parent", "uri")
    told = [named(did) for did in richtext.mentioned(record) if did != me]
    mine = text(author, "did") == me
    if mine and parent and author_of(parent) not in ("", me):
        told.insert(0, named(author_of(parent)))
    said: dict[str, Any] = {
        "id": uri or unnamed(view),
        "at": when(text(view, "indexedAt"), when(text(record, "createdAt"), now)),
        "medium": "post",
        "sender": person(author),
        "text": post_words(view),
        "conversation": head or None,
        "reply_to": parent or None,
        "to": tuple(dict.fromkeys(told)),
        "visibility": "public",
        "attachments": tuple(_attachments(obj(view, "embed"), obj(record, "embed"))),
        "kind": "person" if uri and record else "unreadable",
    }
    return Sent(**said) if mine else Received(**said)


def post_words(view: Object) -> str:
    """What a post says, what it carries and what it quotes."""
    record = obj(view, "record")
    shown = obj(view, "embed")
    labels = [text(one, "val") for one in objects(record, "labels", "values")]
    parts = [
        richtext.shown(text(record, "text"), record),
        *(_carried(shown) if shown else _carried(obj(record, "embed"))),
        f"[labelled: {', '.join(labels)}]" if labels else "",
    ]
    return "\n\n".join(filter(None, parts)) or f"[{text(record, '$type') or 'unreadable'}]"


def _carried(embed: Object) -> list[str]:
    """In brackets what is no text of the post's own."""
    kind = text(embed, "$type").removesuffix("#view")
    match kind.removeprefix("app.bsky.embed."):
        case "":
            return []
        case "images" | "gallery":
            # with an address they are files, and their words go with them
            lacking = [text(one, "alt") for one in _pictures(embed) if not text(one, "fullsize")]
            return [f"[picture: {alt}]" if alt else "[picture]" for alt in lacking]
        case "video":
            return [f"[video: {text(embed, 'alt')}]" if text(embed, "alt") else "[video]"]
        case "external":
            title, uri = text(embed, "external", "title"), text(embed, "external", "uri")
            return [f"[{title}: {uri}]" if title else f"[{uri}]"]
        case "record":
            return [_quoted(obj(embed, "record"))]
        case "recordWithMedia":
            return [*_carried(obj(embed, "media")), _quoted(obj(embed, "record", "record"))]
    return [f"[{kind}]"]


def _quoted(record: Object) -> str:
    handle = person(obj(record, "author")).handle
    said = text(record, "value", "text")
    if said:
        return f"[quotes @{handle}: {said}]"
    return f"[quotes {text(record, 'uri')}]"


def _pictures(embed: Object) -> list[Object]:
    inside = (embed, obj(embed, "media"))
    return [one for where in inside for name in ("images", "items") for one in objects(where, name)]


def _attachments(embed: Object, written: Object) -> list[Attachment]:
    """The pictures, with the size that the record gives to each, and what shows a film."""
    sizes = [octets(one, "image", "size") for one in _pictures(written)]
    shown = [one for one in _pictures(embed) if text(one, "fullsize")]
    film = embed if text(embed, "thumbnail") else obj(embed, "media")
    found = [(text(one, "fullsize"), text(one, "alt")) for one in shown]
    found += [(text(film, "thumbnail"), text(film, "alt"))] if text(film, "thumbnail") else []
    sizes += [0] * (len(found) - len(sizes))
    return [
        Attachment(_name(n, url), size, "image/*", url, alt=alt)
        for n, ((url, alt), size) in enumerate(zip(found, sizes, strict=False), 1)
    ]


def _name(n: int, url: str) -> str:
    """`…/bafkrei…@jpeg` → `picture-1.jpeg`."""
    ending = re.search(r"[@.]([a-z0-9]{1,5})(?:\?|\Z)", url)
    return f"picture-{n}.{ending[1] if ending else 'jpeg'}"


def author_of(uri: str) -> str:
    """The DID in an at-uri; "" where there is none."""
    return uri.removeprefix("at://").partition("/")[0] if uri.startswith("at://did:") else ""


def addresses(view: Object, me: str) -> bool:
    """Whether a post belongs to a conversation of ours by itself: it speaks to us, or for us to somebody."""
    record, mine = obj(view, "record"), text(view, "author", "did") == me
    parent = author_of(text(record, "reply", "parent", "uri"))
    mentions = richtext.mentioned(record)
    if mine:
        return parent not in ("", me) or any(did != me for did in mentions)
    quoted = (text(record, "embed", "record", "uri"), text(record, "embed", "record", "record", "uri"))
    return parent == me or me in mentions or me in map(author_of, quoted)


def refuses(view: Object) -> str:
    """Why nobody would see a reply of ours to this post; "": everybody will."""
    if flag(view, "author", "viewer", "blockedBy"):
        return say("bluesky.blocked_by")
    if text(view, "author", "viewer", "blocking"):
        return say("bluesky.blocking")
    return say("bluesky.gated") if flag(view, "viewer", "replyDisabled") else ""


# --- direct messages ---


def direct(message: Object, convo: Object, me: str, named: Named, now: Instant) -> ChannelEvent:
    """A message of a conversation; also one that says what happened there, and one of a sort that is new."""
    kind = text(message, "$type").rpartition("#")[2]
    at = when(text(message, "sentAt"), now)
    id_, sender = text(message, "id"), text(message, "sender", "did")
    if kind == "deletedMessageView" and id_:
        return Deleted(id=f"delete-{id_}", at=at, message=id_)
    others = [named(did) for one in objects(convo, "members") if (did := text(one, "did")) and did != me]
    said: dict[str, Any] = {
        "id": id_ or unnamed(message),
        "at": at,
        "medium": "dm",
        "sender": named(sender) if sender else (others or [Person()])[0],
        "text": _direct_words(message, kind),
        "conversation": text(convo, "id") or None,
        "subject": text(convo, "kind", "name") or None,
        "reply_to": text(message, "replyTo", "id") or None,
        "kind": "auto" if kind == "systemMessageView" else "person" if sender and id_ else "unreadable",
    }
    return Sent(**said, to=tuple(others)) if sender == me else Received(**said)


def _direct_words(message: Object, kind: str) -> str:
    happened = text(message, "data", "$type").rpartition("#systemMessageData")[2]
    parts = [
        richtext.shown(text(message, "text"), message),
        *_carried(obj(message, "embed")),
        f"[{_in_words(happened)}]" if happened else "",
    ]
    sort = _in_words(kind.removesuffix("View")) or "unreadable"
    return "\n\n".join(filter(None, parts)) or f"[{sort}]"


def _in_words(name: str) -> str:
    """`LockConvo` → `lock convo`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def reaction(told: Object, convo: Object, me: str, named: Named, now: Instant) -> ChannelEvent:
    """An emoji put to a message, or taken away again."""
    about, given = text(told, "message", "id"), obj(told, "reaction")
    sender, at = text(given, "sender", "did"), when(text(given, "createdAt"), now)
    id_ = f"{about}-{sender}-{text(given, 'value')}"
    if text(told, "$type").endswith("#logRemoveReaction"):
        return Deleted(id=f"delete-{id_}-{text(told, 'rev')}", at=at, message=id_)
    said: dict[str, Any] = {
        "id": id_,
        "at": at,
        "medium": "dm",
        "sender": named(sender),
        "text": text(given, "value") or "[reaction]",
        "conversation": text(convo, "id") or None,
        "reply_to": about or None,
        "kind": "reaction",
    }
    return Sent(**said) if sender == me else Received(**said)


def closed(convo: Object, me: str) -> str:
    """Why a conversation takes no message of ours; "": it does."""
    if text(convo, "kind", "lockStatus").startswith("locked"):
        return say("bluesky.locked")
    others = [one for one in objects(convo, "members") if text(one, "did") != me]
    if len(others) != 1 or text(convo, "kind", "$type").endswith("#groupConvo"):
        return ""
    if flag(others[0], "chatDisabled"):
        return say("bluesky.chat_disabled")
    return refuses({"author": others[0]})


def unnamed(told: Mapping[str, Any]) -> str:
    """A name for what came without one: the same for the same, read or unread."""
    same = {name: value for name, value in told.items() if name != "isRead"}
    return "unnamed-" + hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:32]


def languages(record: Object) -> tuple[str, ...]:
    """What its author says it is written in."""
    return texts(record, "langs")[:3]


def following(page: object) -> dict[str, str] | None:
    """What asks for the page behind this one; None where there is none."""
    cursor = text(page, "cursor")
    return {"cursor": cursor} if cursor else None
