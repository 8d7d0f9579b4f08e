"""What a chat, a topic and a message are called here, and read back from that. Pure.

`CHAT`, `CHAT/tTOPIC` (a forum's), `CHAT/dTOPIC` (a channel's direct messages); behind it `@CONNECTION` where the chat
is a business account's, which is another one than the bot's own with the same number.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from tuidesk.wire.loose import Object, flag, text

_NAME = re.compile(r"(?P<chat>-?\d+)(?:/(?P<sort>[td])(?P<topic>\d+))?(?:@(?P<connection>.+))?", re.DOTALL)


class Place(NamedTuple):
    """Where a message stands."""

    chat: str
    topic: str = ""
    sort: str = ""
    """`t`: a forum's topic. `d`: one of a channel's direct messages."""
    connection: str = ""
    """Of the business account whose chat it is; "": the bot's own."""

    @classmethod
    def of(cls, message: Object, moved: Mapping[str, str]) -> Self:
        """Where a message of Telegram's stands. A group that became a supergroup keeps its first number.

        Args:
            moved: supergroup → the group it was.
        """
        chat = text(message, "chat", "id")
        topic, sort = text(message, "direct_messages_topic", "topic_id"), "d"
        if not topic and flag(message, "is_topic_message"):
            topic, sort = text(message, "message_thread_id"), "t"
        connection = text(message, "business_connection_id")
        return cls(moved.get(chat, chat), topic, sort if topic else "", connection)

    @classmethod
    def read(cls, name: str | None) -> Self | None:
        """The inverse of `name`."""
        found = _NAME.fullmatch(name or "")
        return cls(**{part: value or "" for part, value in found.groupdict().items()}) if found else None

    @property
    def name(self) -> str:
        """The conversation's."""
        topic = f"/{self.sort}{self.topic}" if self.topic else ""
        return f"{self.chat}{topic}" + (f"@{self.connection}" if self.connection else "")

    @property
    def is_group(self) -> bool:
        """Whether others read along."""
        return self.chat.startswith("-") and self.sort != "d"

    def address(self, chat: str) -> dict[str, Any]:
        """The parameters that send something here. `chat`: what it is called now."""
        found: dict[str, Any] = {"chat_id": int(chat)}
        if self.topic:
            name = "direct_messages_topic_id" if self.sort == "d" else "message_thread_id"
            found[name] = int(self.topic)
        return found | ({"business_connection_id": self.connection} if self.connection else {})


def message_id(message: Object) -> str:
    """A message's name: its number is one within its chat alone. "" where it has none."""
    chat, number = text(message, "chat", "id"), text(message, "message_id")
    connection = text(message, "business_connection_id")
    return f"{chat}:{number}" + (f"@{connection}" if connection else "") if chat and number else ""


def beside(message: Object, number: str) -> str:
    """The name of another message of the same chat."""
    return message_id({**message, "message_id": number}) if number else ""


def number_in(name: str | None, chat: str) -> int | None:
    """A message's number, where it is one of this chat."""
    found = re.fullmatch(rf"{re.escape(chat)}:(\d+)(?:@.+)?", name or "", re.DOTALL)
    return int(found[1]) if found else None
