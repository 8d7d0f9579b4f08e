"""A reply → the requests that say it, and how far apart they must be. API: core.telegram.org/bots/api#sendmessage."""

import os
from collections import deque
from dataclasses import dataclass
from typing import Any

from tuidesk.channels.telegram.places import Place, number_in
from tuidesk.domain.model import File
from tuidesk.domain.outgoing import Outgoing

LONGEST = 4096
CAPTION = 1024
PHOTO_BYTES = 10_000_000
_PHOTOS = ("image/jpeg", "image/png")
_ALBUM = 10
_APART_S = 1.0
_MINUTE_S = 60.0
_A_MINUTE = 20
"""So many messages to a group."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    params: dict[str, Any]
    files: tuple[File, ...] = ()
    """Each in a field of its own: `file0`, `file1` …"""


def calls(out: Outgoing, place: Place, chat: str) -> list[Call]:
    """Files before words, since it is they that may be refused; short words go with the first of them.

    Args:
        chat: what the chat is called now.
    """
    base, words = place.address(chat), out.text.strip()
    answered = number_in(out.reply_to, chat)
    if answered is not None:
        base["reply_parameters"] = {"message_id": answered, "allow_sending_without_reply": True}
    if not out.files:
        return [Call("sendMessage", base | {"text": words})]
    with_words = len(words) <= CAPTION
    caption = {"caption": words} if words and with_words else {}
    starts = range(0, len(out.files), _ALBUM)
    made = [_album(out.files[at : at + _ALBUM], base, {} if at else caption) for at in starts]
    return made if with_words else [*made, Call("sendMessage", base | {"text": words})]


def _album(files: tuple[File, ...], base: dict[str, Any], caption: dict[str, str]) -> Call:
    sort = "photo" if all(map(_is_photo, files)) else "document"
    if len(files) == 1:
        return Call(f"send{sort.title()}", base | caption | {sort: "attach://file0"}, files)
    media = [{"type": sort, "media": f"attach://file{n}"} for n in range(len(files))]
    return Call("sendMediaGroup", base | {"media": [media[0] | caption, *media[1:]]}, files)


def as_document(call: Call) -> Call | None:
    """A picture that Telegram does not take for one (too long, too thin), as a file."""
    if call.method != "sendPhoto":
        return None
    params = {"document" if name == "photo" else name: value for name, value in call.params.items()}
    return Call("sendDocument", params, call.files)


def _is_photo(file: File) -> bool:
    return file.type in _PHOTOS and size(file) <= PHOTO_BYTES


def size(file: File) -> int:
    """Bytes; 0 where it is not there any more, which opening it will say."""
    return os.path.getsize(file.path) if os.path.exists(file.path) else 0


class Pace:
    """What Telegram asks for without a header: a message a second to a chat, twenty a minute to a group."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[float]] = {}

    def wait_s(self, chat: str, now: float) -> float:
        """Seconds until the next may leave; `now` is monotonic."""
        sent = self._sent.get(chat, deque())
        wait = sent[-1] + _APART_S - now if sent else 0.0
        if chat.startswith("-") and len(sent) == _A_MINUTE:
            wait = max(wait, sent[0] + _MINUTE_S - now)
        return max(wait, 0.0)

    def note(self, chat: str, now: float) -> None:
        """One has left."""
        for old in [one for one, sent in self._sent.items() if sent[-1] < now - _MINUTE_S]:
            del self._sent[old]
        self._sent.setdefault(chat, deque(maxlen=_A_MINUTE)).append(now)
