"""telegram-test-api, which speaks a little of Telegram's bot API, on loopback; bots, customers, their chats.

It is somebody else's emulator and shallow. Other than there: `getUpdates` answers at once, knows no `offset`, `limit`
or `timeout` and forgets what it has told; there are no files, no edits by customers, no limits, no refusals: any token
is a bot's, what it does not know is a 500 without `ok`; a sent message's `date` is in milliseconds; messages are
numbered over all chats.
"""

import itertools
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from tests.servers import installing, ports
from tests.servers.plain import Answer, answers, call
from tests.servers.processes import Process

HOST = "127.0.0.1"

_PROGRAM = """\
const TelegramServer = require('telegram-test-api')
const [host, port] = process.argv.slice(1)
new TelegramServer({ host, port: Number(port), storeTimeout: 86400 }).start()
"""


class Said(NamedTuple):
    """A message of a chat."""

    id: int
    ours: bool
    """By the bot."""
    text: str
    message: dict[str, Any]
    """As it was sent."""


@dataclass(frozen=True, slots=True)
class Bot:
    """The agent's side."""

    url: str
    token: str

    def ask(self, method: str, **parameters: object) -> Answer:
        """Any method (`getUpdates`)."""
        return call("POST", f"{self.url}/bot{self.token}/{method}", parameters)


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who writes to one bot in a private chat, which has their own number."""

    bot: Bot
    id: int
    name: str

    def write(self, text: str, **more: object) -> None:
        """Send a message, with `more` of its fields (`reply_to_message`, `entities`)."""
        who = {"id": self.id, "first_name": self.name.title(), "username": self.name}
        message = {
            "botToken": self.bot.token,
            "from": {**who, "is_bot": False, "language_code": "en"},
            "chat": {**who, "type": "private"},
            "date": int(time.time()),
            "text": text,
            **more,
        }
        call("POST", f"{self.bot.url}/sendMessage", message).good()

    def press(self, data: str, message: dict[str, Any]) -> None:
        """Press a button below a message: `callback_query`."""
        who = {"id": self.id, "first_name": self.name.title(), "username": self.name, "is_bot": False}
        pressed = {"botToken": self.bot.token, "from": who, "message": message, "data": data}
        call("POST", f"{self.bot.url}/sendCallback", pressed).good()

    def ledger(self) -> list[Said]:
        """Every message of the chat, by both, oldest first."""
        found = call("POST", f"{self.bot.url}/getUpdatesHistory", {"token": self.bot.token}).good()
        told = [one for one in found["result"] if "message" in one]
        return [
            Said(one["messageId"], "chat_id" in one["message"], one["message"]["text"], one["message"])
            for one in sorted(told, key=lambda one: int(one["messageId"]))
            if str(_chat(one["message"])) == str(self.id)
        ]


def _chat(message: dict[str, Any]) -> object:
    return message["chat_id"] if "chat_id" in message else message["chat"]["id"]


@dataclass(slots=True)
class Telegram:
    """A running server. It keeps nothing when it stops."""

    base: Path
    port: int
    _process: Process | None = field(default=None, init=False)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        """Its base URL, without a slash at the end; methods are below `/bot<token>/`."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Return when it answers."""
        assert self._process is None, "telegram-test-api runs already"
        modules = {"NODE_PATH": str(installing.folder("telegram-test-api") / "node_modules")}
        command = ["node", "-e", _PROGRAM, HOST, str(self.port)]
        self._process = Process(command, self.base / "log", modules)
        self._process.wait_for(lambda: answers(f"{self.url}/bot0:nobody/getMe"))

    def stop(self) -> None:
        """End it. Harmless when it does not run."""
        process, self._process = self._process, None
        if process is not None:
            process.stop()

    def new_bot(self) -> Bot:
        """A bot that nobody has used, so that no test sees another's updates."""
        return Bot(self.url, f"{next(self._numbers)}:secret")

    def new_customer(self, bot: Bot, name: str = "dana") -> Customer:
        """Somebody who has written to no bot; their number does not fit in 32 bits."""
        number = next(self._numbers)
        return Customer(bot, 7_000_000_000 + number, f"{name}_{number}")


@contextmanager
def running() -> Iterator[Telegram]:
    """Start it in a folder of its own; stop it and remove that at the end."""
    folder = Path(tempfile.mkdtemp(prefix="td-"))
    server = Telegram(folder, ports.free(HOST))
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
