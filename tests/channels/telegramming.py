"""A bot on the fake service, as its tests have it."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from tests.channels.contract import (
    Pulled,
    Rig,
    Trouble,
    do,
    pull,
    site,
)
from tests.channels.trip import Far, secret_of
from tests.fakes.telegram import DANA, FakeTelegram
from tuidesk.channels.telegram import parse
from tuidesk.channels.telegram.adapter import Telegram, TelegramOptions
from tuidesk.domain.events import ChannelEvent, Received
from tuidesk.domain.outgoing import Receipt
from tuidesk.errors import ChannelError, RateLimited

SEND = "POST /bot[^/]+/send"
READ = "POST /bot[^/]+/getUpdates"


class TelegramRig(Rig):
    kind = "telegram"

    def __init__(self, server: FakeTelegram, folder: Path) -> None:
        self.server = server
        self.folder = folder

    def open(self, **options: Any) -> Telegram:
        made = TelegramOptions(**{"server": self.server.base, "poll_s": 1, **options})
        return Telegram(made, site(self.folder))

    def customer_writes(self, text: str) -> None:
        self.server.write(DANA, text)

    def customer_saw(self) -> list[str]:
        return [one.get("text") or one.get("caption", "") for one in self.server.seen_in(DANA["id"])]

    def trouble(self, what: Trouble, on: Literal["read", "send"]) -> None:
        self.server.fail(what, SEND if on == "send" else READ)

    def answers(self, status: int, on: Literal["read", "send"], headers: dict[str, str]) -> None:
        self.server.fail("status", SEND if on == "send" else READ, status=status, headers=headers)

    def means(
        self, status: int, on: Literal["read", "send"]
    ) -> type[ChannelError] | tuple[type[ChannelError], ...]:
        """Somebody else reads: they are left alone for a while."""
        return RateLimited if (on, status) == ("read", 409) else super().means(status, on)

    def heal(self) -> None:
        self.server.heal()

    def sends_file(self, name: str, content: bytes) -> None:
        self.server.write(DANA, caption="look at this", document=self.server.keep(name, content))

    def writes_unknown(self) -> str:
        said = self.server.write(DANA, hologram={"title": "of my parcel"})
        return f"{DANA['id']}:{said['message_id']}"

    def parse(self, name: str, body: Any) -> Sequence[ChannelEvent]:  # noqa: ARG002 - all are updates
        known = parse.Known(me="600", team=frozenset({"@olga_acme"}))
        return [event for update in body for event in parse.events(update, known, 0)]


class FarTelegram(Far):
    sending = r"POST /bot[^/]+/sendMessage"

    def __init__(self, server: FakeTelegram, name: str = "telegram", customers: int = 1) -> None:
        """
        Args:
            customers: how many take turns: a chat gets a message a second and no more, and none behind one of which
                nobody can say whether it was sent.
        """
        self.server, self._name = server, name
        self._turns = itertools.cycle({**DANA, "id": DANA["id"] + 10 * n} for n in range(customers))
        self.url, self.secret = server.base, server.token

    def account(self, url: str) -> str:
        head = f'kind = "telegram"\nserver = "{url}"\npoll_s = 5\n'
        return head + f'secret = {{ env = "{secret_of(self._name)}" }}\n'

    def writes(self, text: str) -> None:
        self.server.write(next(self._turns), text)

    def sees(self) -> list[str]:
        return [one["text"] for one in self.server.sent]


async def batch(rig: TelegramRig, cursor: str = "", state: bytes = b"") -> Pulled:
    """The first batch with something in it: taken, and not stored."""
    channel = rig.open()
    try:
        return await pull(channel, cursor, state, lambda found: bool(found.events) or found.caught_up)
    finally:
        await channel.aclose()


def answer(rig: TelegramRig, question: Received, said: str, **more: Any) -> Receipt:
    return do(rig, lambda channel: channel.perform(replace(rig.reply(question, said), **more)))
