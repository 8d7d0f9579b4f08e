"""The contract, of the channels that speak no HTTP: mail, Maildir, a program of one's own, the demo."""

import email
import email.policy
import itertools
import json
import sys
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.channels.contract import Common, Rig, look, site
from tests.channels.mailing import Account
from tests.servers.mail import MailServers
from tuidesk.channels.demo.adapter import Demo, DemoOptions
from tuidesk.channels.mail.channel import MailChannel
from tuidesk.channels.maildir.adapter import MaildirChannel
from tuidesk.channels.maildir.options import MaildirOptions, Send
from tuidesk.channels.pipe.adapter import Pipe, PipeOptions
from tuidesk.domain import instants
from tuidesk.domain.events import Received
from tuidesk.domain.outgoing import Outgoing

FAKES = Path(__file__).parents[1] / "fakes"


class _Local(Rig):
    """Its own tests cut its line, in ways of its own."""

    speaks_http = False
    loses = False

    def heal(self) -> None:
        """There was no trouble."""


def _letter(number: int, text: str, to: str, sender: str, *files: tuple[str, bytes]) -> EmailMessage:
    """The customer's mails are one thread."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = (
        f"Dana <{sender}>",
        to,
        "Order 8841" if number == 1 else "Re: Order 8841",
    )
    made["Message-ID"] = f"<letter-{number}@example.test>"
    if number > 1:
        made["In-Reply-To"] = made["References"] = "<letter-1@example.test>"
    made["Date"] = email.utils.formatdate(time.time())
    made.set_content(text)
    for name, content in files:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made


def _text_of(raw: bytes) -> str:
    body = email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain",))
    return body.get_content().strip() if body is not None else ""


# --- mail ---


class MailRig(_Local):
    kind = "mail"

    def __init__(self, servers: MailServers) -> None:
        self._servers = servers
        self._account = Account.new(servers)
        self._numbers = itertools.count(1)

    def open(self) -> MailChannel:
        return self._account.channel()

    def customer_writes(self, text: str) -> None:
        self._send(text)

    def _send(self, text: str, *files: tuple[str, bytes]) -> None:
        account = self._account
        letter = _letter(next(self._numbers), text, account.user.address, account.customer.address, *files)
        self._servers.deliver(letter, sender=account.customer.address, to=account.user.address)
        self._servers.settled()

    def customer_saw(self) -> list[str]:
        self._servers.settled()
        return [_text_of(raw) for raw in self._servers.messages(self._account.customer)]

    def sends_file(self, name: str, content: bytes) -> None:
        self._send("see the file", (name, content))

    def reply(self, to: Received, text: str, key: str = "k-1") -> Outgoing:
        return self._account.reply(
            key,
            text=text,
            reply_to=to.id,
            refs=(*to.refs, to.id or ""),
            targets=(to.id or "",),
            medium="mail",
        )


@pytest.mark.servers
class TestMail(Common):
    """IMAP and SMTP, with Dovecot and Postfix."""

    @pytest.fixture
    def rig(self, mail_servers: MailServers) -> MailRig:
        return MailRig(mail_servers)


# --- Maildir ---

_KEEPS = "import pathlib, sys, uuid; pathlib.Path(sys.argv[1], uuid.uuid4().hex).write_bytes(sys.stdin.buffer.read())"


class MaildirRig(_Local):
    kind = "maildir"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._out = folder / "out"
        for name in ("cur", "new", "tmp"):
            (folder / "Maildir" / name).mkdir(parents=True)
        self._out.mkdir()
        self._numbers = itertools.count(1)

    def open(self) -> MaildirChannel:
        send = Send(command=(sys.executable, "-c", _KEEPS, str(self._out)))
        options = MaildirOptions(path=str(self._folder / "Maildir"), poll_s=0.05, send=send)
        return MaildirChannel(options, site(self._folder / "account", address="support@acme.example"))

    def customer_writes(self, text: str) -> None:
        self._put(text)

    def _put(self, text: str, *files: tuple[str, bytes]) -> None:
        number = next(self._numbers)
        letter = _letter(number, text, "support@acme.example", "dana@ortiz.example", *files)
        (self._folder / "Maildir" / "new" / f"{number}.host").write_bytes(letter.as_bytes())

    def customer_saw(self) -> list[str]:
        sent = sorted(self._out.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        return [_text_of(file.read_bytes()) for file in sent]

    def sends_file(self, name: str, content: bytes) -> None:
        self._put("see the file", (name, content))


class TestMaildir(Common):
    """A folder of this machine, and a program that takes what leaves."""

    @pytest.fixture
    def rig(self, tmp_path: Path) -> MaildirRig:
        return MaildirRig(tmp_path)


# --- a program of one's own ---


class PipeRig(_Local):
    kind = "pipe"

    def __init__(self, folder: Path, mode: str) -> None:
        self._folder, self._mode = folder, mode
        self._numbers = itertools.count(1)
        self._events = folder / "events.jsonl"
        self._events.touch()

    def open(self) -> Pipe:
        words = ["--ledger", self._folder / "ledger.jsonl", "--mode", self._mode, "--events", self._events]
        command = (sys.executable, str(FAKES / "shop.py"), *map(str, words))
        return Pipe(PipeOptions(command=command), site(self._folder / "account"))

    def customer_writes(self, text: str) -> None:
        number = next(self._numbers)
        line = {
            "type": "received",
            "id": f"m{number}",
            "at": instants.rfc3339(int(time.time() * 1000)),
            "medium": "chat",
            "conversation": "c1",
            "from": {"name": "Dana", "handle": "dana"},
            "text": text,
        }
        with self._events.open("a") as file:
            file.write(json.dumps(line) + "\n" + json.dumps({"type": "cursor", "cursor": str(number)}) + "\n")

    def customer_saw(self) -> list[str]:
        ledger = self._folder / "ledger.jsonl"
        lines = map(json.loads, ledger.read_text().splitlines() if ledger.exists() else ())
        return [line["text"] for line in lines if line["what"] == "message"]


class TestPipe(Common):
    """The shop, which honours keys, or looks them up, or can do neither."""

    @pytest.fixture(params=["keys", "find", "neither"])
    def rig(self, tmp_path: Path, request: pytest.FixtureRequest) -> PipeRig:
        return PipeRig(tmp_path, request.param)


# --- the demo ---


class DemoRig(_Local):
    """Its customers say what they say: the nth is told by its id, whatever it was to be."""

    kind = "demo"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told: dict[str, str] = {}
        self._texts: dict[str, str] = {}

    def open(self) -> Demo:
        return Demo(DemoOptions(pace=0.002), site(self._folder))

    def customer_writes(self, text: str) -> None:
        self._told[text] = f"demo-l{len(self._told) + 1}-m1"

    def says(self, message: Received, text: str) -> bool:
        return message.id == self._told[text]

    def reply(self, to: Received, text: str, key: str = "k-1") -> Outgoing:
        self._texts[key] = text
        return super().reply(to, text, key)

    def customer_saw(self) -> list[str]:
        ledger = self._folder / "ledger.jsonl"
        lines = [json.loads(line) for line in ledger.read_text().splitlines()] if ledger.exists() else []
        return [self._texts[line["key"]] for line in lines if line["type"] == "reply"]


class TestDemo(Common):
    """The sample desk."""

    def test_what_a_customer_writes_comes_in_and_is_the_same_when_read_again(self, rig: Rig) -> None:
        """Its history is as old as its state says, so with the state it is the same history."""
        first = look(rig)
        again = look(rig, state=first.state)
        assert len(first.received) > 50
        assert again.received == first.received

    @pytest.fixture
    def rig(self, tmp_path: Path) -> DemoRig:
        return DemoRig(tmp_path)
