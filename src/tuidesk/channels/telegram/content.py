"""What a message of Telegram's says, as text and files, whatever its sort. Pure.

API: core.telegram.org/bots/api#message.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tuidesk.domain.model import Attachment
from tuidesk.wire.loose import Object, number, obj, objects, octets, text

FRAME = frozenset(
    "message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count "  # noqa: SIM905
    "sender_business_bot sender_tag date guest_query_id business_connection_id chat forward_origin "
    "is_topic_message is_automatic_forward reply_to_message external_reply quote reply_to_story "
    "reply_to_checklist_task_id reply_to_poll_option_id via_bot guest_bot_caller_user guest_bot_caller_chat "
    "edit_date has_protected_content is_from_offline is_paid_post media_group_id author_signature "
    "paid_star_count text entities link_preview_options suggested_post_info effect_id caption "
    "caption_entities show_caption_above_media has_media_spoiler reply_markup forward_from forward_from_chat "
    "forward_from_message_id forward_signature forward_sender_name forward_date "
    "new_chat_participant new_chat_member left_chat_participant".split()
)
"""What every message has around what it says."""
SERVICE = frozenset(
    "new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title new_chat_photo "  # noqa: SIM905
    "delete_chat_photo group_chat_created supergroup_chat_created channel_chat_created "
    "message_auto_delete_timer_changed migrate_to_chat_id migrate_from_chat_id pinned_message "
    "connected_website write_access_allowed proximity_alert_triggered boost_added chat_background_set "
    "checklist_tasks_done checklist_tasks_added direct_message_price_changed forum_topic_created "
    "forum_topic_edited forum_topic_closed forum_topic_reopened general_forum_topic_hidden "
    "general_forum_topic_unhidden giveaway_created giveaway giveaway_winners giveaway_completed "
    "managed_bot_created paid_message_price_changed poll_option_added poll_option_deleted "
    "video_chat_scheduled video_chat_started video_chat_ended video_chat_participants_invited "
    "suggested_post_approved suggested_post_approval_failed suggested_post_declined suggested_post_paid "
    "suggested_post_refunded".split()
)
"""What the service says by itself in a chat: nobody waits for an answer to it."""
_FILES = {
    "photo": ("jpg", "image/jpeg"),
    "live_photo": ("mp4", "video/mp4"),
    "animation": ("mp4", "video/mp4"),
    "audio": ("mp3", "audio/mpeg"),
    "document": ("bin", "application/octet-stream"),
    "sticker": ("webp", "image/webp"),
    "video": ("mp4", "video/mp4"),
    "video_note": ("mp4", "video/mp4"),
    "voice": ("ogg", "audio/ogg"),
}
_ALSO = {"animation": "document", "venue": "location", "live_photo": "photo"}
"""What is told twice for older programs: the first says it all."""
_ABOUT = ("title", "question", "name", "first_name", "text", "data", "emoji", "file_name")


_INNER = ("blocks", "text", "items", "cells", "caption", "summary")
"""Where the words of a rich message are."""


def said(message: Object) -> str:
    """Its words, whom it quotes and passes on; without any, what it is instead, in brackets."""
    words = _linked(message, "text", "entities") or _linked(message, "caption", "caption_entities")
    what = words or " ".join(f"[{_described(name, message[name])}]" for name in sorts(message))
    origin = _origin(obj(message, "forward_origin"))
    quote = text(message, "quote", "text")
    above = [f"[forwarded from {origin}]"] if origin else []
    above += ["\n".join(f"> {line}" for line in quote.splitlines())] if quote else []
    return "\n".join((*above, what)) or "[empty message]"


def sorts(message: Object) -> list[str]:
    """The sorts of content in a message besides its words, as the API calls them."""
    found = [name for name, value in message.items() if name not in FRAME and value not in (None, False)]
    twice = {_ALSO[name] for name in found if name in _ALSO}
    return [name for name in found if name not in twice]


def is_service(message: Object) -> bool:
    """Whether it says nothing but what happened in the chat."""
    found = sorts(message)
    has_words = text(message, "text") or text(message, "caption")
    return bool(found) and not has_words and SERVICE.issuperset(found)


def _described(name: str, value: Any) -> str:
    about = _TOLD[name](value) if name in _TOLD else _about(value)
    word = "voice message" if name == "voice" else name.replace("_", " ")
    return f"{word}: {about}" if about and not about[0].isdigit() else f"{word} {about}".rstrip()


def _about(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_about, value[:20])))
    if not isinstance(value, Mapping):
        return "" if value is True else text(value)
    return next((found for name in _ABOUT if (found := text(value, name))), "")


def _place(value: Any) -> str:
    at = (obj(value).get(name) for name in ("latitude", "longitude"))
    return ", ".join(f"{one:.5f}".rstrip("0").rstrip(".") for one in at if isinstance(one, int | float))


def _venue(value: Any) -> str:
    parts = (text(value, "title"), text(value, "address"), _place(obj(value, "location")))
    return ", ".join(filter(None, parts))


def _contact(value: Any) -> str:
    parts = (text(value, "first_name"), text(value, "last_name"), text(value, "phone_number"))
    return " ".join(filter(None, parts))


def _poll(value: Any) -> str:
    options = " / ".join(text(option, "text") for option in objects(value, "options"))
    return f"{text(value, 'question')} {options}".strip()


def _checklist(value: Any) -> str:
    tasks = " / ".join(text(task, "text") for task in objects(value, "tasks"))
    return f"{text(value, 'title')} {tasks}".strip()


def _lasts(value: Any) -> str:
    seconds = number(value, "duration")
    return "" if seconds is None else f"{seconds // 60}:{seconds % 60:02}"


def _rich(value: Any, depth: int = 0) -> str:
    """The words of a rich message, without its formatting."""
    if isinstance(value, str):
        return value
    if depth > 20:
        return ""
    if isinstance(value, list):
        between = "\n" if depth == 1 else ""
        return between.join(filter(None, (_rich(one, depth + 1) for one in value)))
    inner = [obj(value)[name] for name in _INNER if name in obj(value)]
    return " ".join(filter(None, (_rich(one, depth + 1) for one in inner)))


_TOLD: Mapping[str, Callable[[Any], str]] = {
    "location": _place,
    "venue": _venue,
    "contact": _contact,
    "poll": _poll,
    "checklist": _checklist,
    "voice": _lasts,
    "video_note": _lasts,
    "dice": lambda value: f"{text(value, 'emoji')} {text(value, 'value')}".strip(),
    "rich_message": _rich,
    "pinned_message": lambda value: said(obj(value))[:80],
    "photo": lambda _: "",
}


def _origin(origin: Object) -> str:
    return (
        text(origin, "sender_user_name")
        or text(origin, "sender_chat", "title")
        or text(origin, "chat", "title")
        or full_name(obj(origin, "sender_user"))
    )


def full_name(user: Object) -> str:
    """A user's, or a chat's."""
    names = " ".join(filter(None, (text(user, "first_name"), text(user, "last_name"))))
    return names or text(user, "title") or text(user, "username") or text(user, "id")


def _linked(message: Object, field: str, entities: str) -> str:
    """The words with the addresses that links hide behind them. Places are counted in UTF-16 units."""
    words = text(message, field)
    units = words.encode("utf-16-le", "surrogatepass")
    for entity in sorted(objects(message, entities), key=lambda one: -(number(one, "offset") or 0)):
        start, length, url = number(entity, "offset"), number(entity, "length"), text(entity, "url")
        if not url or start is None or length is None or not 0 <= start < start + length <= len(units) // 2:
            continue
        end = 2 * (start + length)
        if units[2 * start : end].decode("utf-16-le", "replace").rstrip("/") != url.rstrip("/"):
            units = units[:end] + f" ({url})".encode("utf-16-le", "surrogatepass") + units[end:]
    return units.decode("utf-16-le", "surrogatepass")


def attachments(message: Object) -> tuple[Attachment, ...]:
    """Its files; `ref` is what the bot asks for them by."""
    return tuple(_files(message))


def _files(message: Object) -> Iterator[Attachment]:
    for name in sorts(message):
        if name not in _FILES:
            continue
        sizes = objects(message, name)
        file = obj(message, name) or max(sizes, key=lambda one: number(one, "width") or 0, default={})
        if ref := text(file, "file_id"):
            end, kind = _FILES[name]
            called = text(file, "file_name") or f"{name}-{text(file, 'file_unique_id') or 'file'}.{end}"
            yield Attachment(called, octets(file, "file_size"), text(file, "mime_type") or kind, ref)
