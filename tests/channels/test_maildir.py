"""Maildir and mbox on a real file system, sending through real programs and servers."""

import asyncio
import fcntl
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.channels.mailing import OneSecret, RealClock
from tests.servers.mail import MailServers
from tests.servers.postfix import REJECT
from tests.shared import samples
from tuidesk.channels.maildir import ADAPTER as MaildirChannel
from tuidesk.channels.maildir.options import MaildirOptions, Send, Smtp
from tuidesk.domain.events import ChannelEvent, Received, Sent, StatusSet
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Found, Outgoing, Unsure
from tuidesk.errors import AuthFailed, Rejected, Unavailable, Unconfirmed, Unsupported
from tuidesk.wire.channel import Batch, Site

T = TypeVar("T")
KEEPS = "import json, sys; json.dump([sys.argv[2:], sys.stdin.read()], open(sys.argv[1], 'w'))"
TAKES = """
import sys
from pathlib import Path
from tuidesk.channels.maildir.mbox import Mbox
try:
    print(len(Mbox(Path(sys.argv[1])).entries()))
except OSError as error:
    print(type(error).__name__)
"""
DANA = Person("Dana", "dana@ortiz.example")


def site(address: str = "support@acme.example", secret: str | None = "") -> Site:
    agent = Person("Ana", "ana@acme.example", me=True)
    secrets = OneSecret("", secret)
    return Site(account="local", clock=RealClock(), secrets=secrets, agent=agent, address=address)


def mail(subject: str, *, sender: str = "Dana <dana@ortiz.example>", **more: str) -> bytes:
    fields = {
        "From": sender,
        "To": "support@acme.example",
        "Subject": subject,
        "Message-ID": f"<{subject}@o>",
        **more,
    }
    return (
        "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items()).encode()
        + b"\nIt smokes.\n"
    )


@dataclass(slots=True)
class Home:
    """A Maildir, and the account's adapter as often as one likes."""

    path: Path
    options: MaildirOptions = field(init=False)
    state: bytes = b""

    def __post_init__(self) -> None:
        self.folder("")
        self.options = MaildirOptions(path=str(self.path), poll_s=0.05)

    def folder(self, name: str) -> Path:
        for part in ("cur", "new", "tmp"):
            (self.path / name / part).mkdir(parents=True)
        return self.path / name

    def put(self, name: str, raw: bytes, part: str = "new", age_days: float = 0) -> Path:
        file = self.path / part / name
        file.write_bytes(raw)
        at = time.time() - age_days * 86400
        os.utime(file, (at, at))
        return file

    def channel(self, **options: Any) -> MaildirChannel:
        return MaildirChannel(replace(self.options, **options), site())

    def pull(self, **options: Any) -> list[ChannelEvent]:
        """What a run of the program learns, until it has caught up; its state is kept for the next."""
        return [event for batch in self.batches(**options) for event in batch.events]

    def batches(self, **options: Any) -> list[Batch]:
        async def run() -> list[Batch]:
            channel = self.channel(**options)
            try:
                return [batch async for batch in caught_up(channel, self)]
            finally:
                await channel.aclose()

        return asyncio.run(run())


async def caught_up(channel: MaildirChannel, home: Home) -> AsyncIterator[Batch]:
    events = channel.events("", home.state)
    async for batch in events:
        home.state = batch.state if batch.state is not None else home.state
        yield batch
        if batch.caught_up:
            break
    await events.aclose()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "Maildir")


def do(channel: MaildirChannel, work: Coroutine[Any, Any, T]) -> T:
    async def run() -> T:
        try:
            return await work
        finally:
            await channel.aclose()

    return asyncio.run(run())


def subjects(events: list[ChannelEvent]) -> list[str | None]:
    return [event.subject for event in events if isinstance(event, Received | Sent)]


async def content(channel: MaildirChannel, ref: str) -> bytes:
    return b"".join([piece async for piece in channel.fetch(ref)])


def test_newest_first_and_once(home: Home) -> None:
    home.put("1.a", mail("old"), age_days=3)
    home.put("2.b:2,S", mail("seen"), "cur", age_days=2)
    home.put("3.c", mail("new"), age_days=1)
    home.put("0.z", mail("ancient"), age_days=100)
    assert subjects(home.pull()) == ["new", "seen", "old"]
    assert home.pull() == []
    home.put("4.d", mail("late"), age_days=200)  # moved in by somebody: new to us, however old
    assert subjects(home.pull()) == ["late"]


def test_reading_changes_nothing(home: Home) -> None:
    file = home.put("1.a", mail("one"))
    before = file.stat()
    home.pull()
    assert file.stat() == before
    assert [path.name for path in home.path.rglob("*") if path.is_file()] == ["1.a"]


def test_a_mail_arrives_while_we_look(home: Home) -> None:
    async def run() -> float:
        channel = home.channel()
        events = channel.events("", b"")
        try:
            async for batch in events:
                if batch.caught_up and not batch.events:
                    break
            begun = time.monotonic()
            home.put("1.a", mail("now"))
            async for batch in events:
                if batch.events:
                    return time.monotonic() - begun
        finally:
            await events.aclose()
            await channel.aclose()
        raise AssertionError("the stream ended")

    assert asyncio.run(run()) < 2


def test_taken_out_of_the_inbox_is_complete_and_a_flag_is_not(home: Home) -> None:
    one, two = home.put("1.a", mail("one")), home.put("2.b", mail("two"))
    home.put("0.z", mail("ancient"), age_days=100)
    received = [event for event in home.pull() if isinstance(event, Received)]
    one.rename(home.path / "cur" / "1.a:2,RS")
    assert home.pull() == []
    archive = home.folder(".Archive")
    two.rename(archive / "cur" / "2.b:2,S")
    (home.path / "new" / "0.z").unlink()
    (event,) = home.pull()
    assert isinstance(event, StatusSet)
    assert (event.status, event.refs) == ("complete", received[0].ids)
    assert home.pull() == []


@pytest.mark.parametrize("name", ["1.a:2,S", "9.other:2,S"])
def test_brought_back_into_the_inbox_is_open(home: Home, name: str) -> None:
    file = home.put("1.a", mail("one"))
    archive = home.folder(".Archive") / "cur" / "1.a:2,S"
    (first,) = home.pull()
    file.rename(archive)
    assert [event.status for event in home.pull() if isinstance(event, StatusSet)] == ["complete"]
    archive.rename(home.path / "cur" / name)
    again, moved = home.pull()
    assert isinstance(first, Received)
    assert isinstance(again, Received)
    assert isinstance(moved, StatusSet)
    assert (again.id, again.digest) == (first.id, first.digest)
    assert (moved.status, moved.refs) == ("open", again.ids)
    assert home.pull() == []


def test_one_of_two_copies_that_leaves_completes_nothing(home: Home) -> None:
    one, two = home.put("1.a", mail("one")), home.put("2.b", mail("one"))
    home.pull()
    one.unlink()
    assert home.pull() == []
    two.unlink()
    (event,) = home.pull()
    assert isinstance(event, StatusSet)


def test_an_empty_mount_completes_nothing(home: Home) -> None:
    home.put("1.a", mail("one"))
    home.pull()
    away = home.path.rename(home.path.parent / "away")
    with pytest.raises(Unavailable, match="neither a Maildir nor an mbox"):
        home.pull()
    away.rename(home.path)
    assert home.pull() == []


def test_batches_are_small_and_the_state_is_stored_seldom(home: Home) -> None:
    for number in range(1200):
        home.put(f"{number}.a", mail(str(number)))
    batches = home.batches()
    assert sum(len(batch.events) for batch in batches) == 1200
    assert max(len(batch.events) for batch in batches) <= 500
    assert batches[0].progress is not None
    assert batches[0].progress.total == 1200
    assert sum(batch.state is not None for batch in batches) <= 4
    assert home.pull() == []


def test_cut_short_and_resumed_nothing_is_missed(home: Home) -> None:
    for number in range(1200):
        home.put(f"{number}.a", mail(str(number)))

    async def first() -> set[str | None]:
        channel = home.channel()
        events = channel.events("", b"")
        batch = await anext(events)
        await events.aclose()
        await channel.aclose()
        home.state = batch.state or b""
        return set(subjects(list(batch.events)))

    seen = asyncio.run(first())
    assert 0 < len(seen) < 1200
    assert seen | set(subjects(home.pull())) == {str(number) for number in range(1200)}


def test_sent_mail_of_colleagues_and_ours(home: Home) -> None:
    sent = home.folder(".Sent")
    (sent / "cur" / "1.a:2,S").write_bytes(mail("theirs", sender="Support <support@acme.example>"))
    (sent / "cur" / "2.b:2,S").write_bytes(
        mail(
            "ours",
            sender="Support <support@acme.example>",
            X_Tuidesk_Key="k-1",
            X_Tuidesk_Agent="ana@acme.example",
        )
    )
    found = {event.subject: event for event in home.pull() if isinstance(event, Sent)}
    assert {subject: (event.sender.me, event.key) for subject, event in found.items()} == {
        "theirs": (False, None),
        "ours": (True, "k-1"),
    }


def test_parts_and_sources_are_fetched(home: Home) -> None:
    raw = (
        b"From: a@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\nText\n--y\n"
        b'Content-Type: image/png; name="p.png"\nContent-Transfer-Encoding: base64\n\niVBORw==\n--y--\n'
    )
    home.put("1.a", raw)
    (event,) = home.pull()
    assert isinstance(event, Received)
    channel = home.channel()
    home.path.joinpath("new", "1.a").rename(home.path / "cur" / "1.a:2,S")
    assert do(channel, content(channel, event.attachments[0].ref)) == b"\x89PNG"
    assert do(channel, content(channel, event.ids[0])) == raw
    for ref in ("maildir:inbox/nothing", f"{event.ids[0]}#9", "maildir:inbox/../new/1.a", "imap:x;1;2"):
        with pytest.raises(Rejected):
            do(channel, content(channel, ref))


def test_what_cannot_be_read_is_a_row_and_the_next_one_comes(home: Home) -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(60))
    home.put("2.b", b"Subject: bomb\n" + deep, age_days=1)
    home.put("1.a", mail("after"), age_days=2)
    bomb, after = home.pull()
    assert isinstance(bomb, Received)
    assert (bomb.kind, bomb.source) == ("unreadable", b"Subject: bomb\n" + deep)
    assert subjects([after]) == ["after"]


@pytest.mark.parametrize("name", [b"1.caf\xe9.host", b"1.a#1.2", "1.메일".encode()])
def test_any_name_of_a_file_will_do(home: Home, name: bytes) -> None:
    raw = mail("odd")
    (home.path / "new" / os.fsdecode(name)).write_bytes(raw)
    (event,) = home.pull()
    assert isinstance(event, Received)
    assert event.ids[-1].encode()
    channel = home.channel()
    assert do(channel, content(channel, event.ids[-1])) == raw
    assert home.pull() == []


def test_check_says_what_it_found(home: Home) -> None:
    home.put("1.a", mail("one"), age_days=1)
    home.put("2.b", mail("two"), age_days=100)
    channel = home.channel()
    checked = do(channel, channel.check())
    assert checked.caps.performs == frozenset()
    assert "2 messages, 1 of the last 90 days" in checked.findings[0]
    channel = home.channel(send=Send(command=("/nonexistent/sendmail",)))
    checked = do(channel, channel.check())
    assert checked.caps.performs == {"reply", "start"}
    assert "/nonexistent/sendmail is not a program" in checked.troubles[0]


def test_a_file_of_another_kind_is_no_mbox(home: Home) -> None:
    file = home.path / "passwd"
    file.write_text("root:x:0:0:root:/root:/bin/bash\n")
    channel = home.channel(path=str(file))
    with pytest.raises(Unavailable, match="neither a Maildir nor an mbox"):
        do(channel, channel.check())


def test_send_is_one_of_two() -> None:
    for wrong in ({}, {"command": ("x",), "smtp": Smtp("h")}):
        with pytest.raises(ValueError, match="either"):
            Send(**wrong)  # type: ignore[arg-type]  # wrong on purpose


# --- sending ---


def out(**words: Any) -> Outgoing:
    made: dict[str, Any] = {
        "key": "k-1",
        "type": "reply",
        "at": RealClock().now() // 1000 * 1000,
        "agent": site().agent,
    }
    return Outgoing(
        **{**made, "text": "Hello", "subject": "Re: one", "to": (DANA,), "reply_to": "<one@o>", **words}
    )


def keeping(home: Home) -> Send:
    return Send(command=(sys.executable, "-c", KEEPS, str(home.path.parent / "kept"), "-t", "-i"))


def test_a_reply_leaves_is_filed_once_and_found(home: Home) -> None:
    sent = home.folder(".Sent")
    reply = out()
    channel = home.channel(send=keeping(home))
    assert isinstance(do(channel, channel.find(reply)), Unsure)
    channel = home.channel(send=keeping(home))
    receipt = do(channel, channel.perform(reply))
    assert (receipt.id, receipt.follow) == ("<k-1@acme.example>", ("file",))
    _, left = json.loads((home.path.parent / "kept").read_text())
    filing = replace(reply, key="k-1-file", type="file", sent_id=receipt.id)
    for _ in range(2):
        channel = home.channel(send=keeping(home))
        assert do(channel, channel.perform(filing)).id is None
    (file,) = [path for path in sent.rglob("*") if path.is_file()]
    assert file.read_text() == left
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    channel = home.channel(send=keeping(home))
    found = do(channel, channel.find(reply))
    assert isinstance(found, Found)
    (event,) = home.pull()
    assert isinstance(event, Sent)
    assert (event.key, event.id, event.ids, event.at) == ("k-1", found.id, found.ids, reply.at)


def test_without_a_folder_of_sent_mail_nothing_follows(home: Home) -> None:
    channel = home.channel(send=keeping(home))
    assert do(channel, channel.perform(out())).follow == ()


@pytest.mark.parametrize("by_ref", [False, True])
def test_a_forward_carries_the_mail(home: Home, by_ref: bool) -> None:
    home.put("1.a", mail("one"))
    (event,) = home.pull()
    assert isinstance(event, Received)
    channel = home.channel(send=keeping(home))
    do(
        channel,
        channel.perform(out(type="start", reply_to=None, forwards=event.ids[0] if by_ref else event.id)),
    )
    assert mail("one").decode() in json.loads((home.path.parent / "kept").read_text())[1]


def test_a_mail_without_an_id_can_be_forwarded(home: Home) -> None:
    raws = [mail(word).replace(f"Message-ID: <{word}@o>\n".encode(), b"") for word in ("one", "two", "three")]
    for number, raw in enumerate(raws):
        home.put(f"{number}.a", raw)
    events = [event for event in home.pull() if isinstance(event, Received)]
    targets = tuple(id_ for event in events for id_ in event.ids)
    two = next(event for event in events if event.subject == "two")
    assert two.id is not None
    assert two.id.startswith("digest:")
    channel = home.channel(send=keeping(home))
    forward = out(type="start", reply_to=None, forwards=two.id, targets=targets)
    do(channel, channel.perform(forward))
    assert raws[1].decode() in json.loads((home.path.parent / "kept").read_text())[1]
    channel = home.channel(send=keeping(home))
    with pytest.raises(Rejected):
        do(channel, channel.perform(replace(forward, forwards="digest:0")))


def test_a_mail_that_names_another_is_not_the_other(home: Home) -> None:
    sent = home.folder(".Sent")
    later = mail("later", References="<k-1@acme.example>", In_Reply_To="<k-1@acme.example>")
    (sent / "cur" / "2.b:2,S").write_bytes(later + b"Message-ID: <k-1@acme.example>\n")
    channel = home.channel()
    assert isinstance(do(channel, channel.find(out())), Unsure)
    rewritten = mail("x", Message_ID="<other@server>", X_Tuidesk_Key="k-1")
    (sent / "cur" / "3.c:2,S").write_bytes(rewritten)
    channel = home.channel()
    found = do(channel, channel.find(out()))
    assert isinstance(found, Found)
    assert found.ids == ("maildir:sent/3.c",)


def test_read_only_and_what_a_maildir_has_not(home: Home) -> None:
    for kind in ("reply", "complete", "snooze"):
        channel = home.channel()
        with pytest.raises(Unsupported):
            do(channel, channel.perform(out(type=kind)))


def test_closing_cuts_what_is_under_way(home: Home) -> None:
    hangs = Send(command=(sys.executable, "-c", "import time; time.sleep(60)"))

    async def run() -> float:
        channel = home.channel(send=hangs)
        task = asyncio.create_task(channel.perform(out()))
        await asyncio.sleep(0.5)
        begun = time.monotonic()
        await channel.aclose()
        with pytest.raises(Unconfirmed):
            await task
        return time.monotonic() - begun

    assert asyncio.run(run()) < 1


@pytest.mark.servers
def test_through_a_real_server(home: Home, mail_servers: MailServers) -> None:
    support, customer = mail_servers.new_user(), mail_servers.new_customer()
    smtp = Smtp("127.0.0.1", mail_servers.smtps_port, "tls", support.address, str(mail_servers.ca))
    options = replace(home.options, send=Send(smtp=smtp))
    channel = MaildirChannel(options, site(support.address, support.password))
    assert "replies leave through 127.0.0.1" in do(channel, channel.check()).findings
    to = (Person("", customer.address), Person("Gone", REJECT))
    channel = MaildirChannel(options, site(support.address, support.password))
    receipt = do(channel, channel.perform(out(to=to)))
    assert receipt.refused == (to[1],)
    assert b"In-Reply-To: <one@o>" in mail_servers.wait_for(customer, "Re: one")


class Changing(OneSecret):
    """What is had first is not what is kept now."""

    def get(self, use: str = "", *, anew: bool = False) -> str:
        return super().get(use) if anew else "what it was before"


@pytest.mark.servers
def test_a_password_that_was_changed_meanwhile_is_taken_without_a_new_start(
    home: Home, mail_servers: MailServers
) -> None:
    support, customer = mail_servers.new_user(), mail_servers.new_customer()
    smtp = Smtp("127.0.0.1", mail_servers.smtps_port, "tls", support.address, str(mail_servers.ca))
    mine = replace(site(support.address), secrets=Changing(support.password))

    async def run() -> None:
        channel = MaildirChannel(replace(home.options, send=Send(smtp=smtp)), mine)
        try:
            with pytest.raises(AuthFailed):
                await channel.perform(out(to=(Person("", customer.address),)))
            assert (await channel.perform(out(to=(Person("", customer.address),)))).id
        finally:
            await channel.aclose()

    asyncio.run(run())


@pytest.mark.parametrize(("secret", "why"), [(None, "canary variable is not set"), ("wrong password", "535")])
def test_mail_is_read_while_the_login_for_sending_is_missing_or_wrong(
    home: Home, mail_servers: MailServers, secret: str | None, why: str
) -> None:
    home.put("1.a", mail("one"))
    support = mail_servers.new_user()
    smtp = Smtp("127.0.0.1", mail_servers.smtps_port, "tls", support.address, str(mail_servers.ca))
    options = replace(home.options, send=Send(smtp=smtp))

    async def run() -> None:
        channel = MaildirChannel(options, site(support.address, secret))
        try:
            checked = await channel.check()
            assert checked.troubles[0].startswith("mail cannot be sent now")
            assert why in checked.troubles[0]
            with pytest.raises(AuthFailed, match=why):
                await channel.perform(out())
            assert subjects([e async for batch in caught_up(channel, home) for e in batch.events]) == ["one"]
        finally:
            await channel.aclose()

    asyncio.run(run())


# --- mbox ---


def mbox(*mails: bytes, day: int = 0) -> bytes:
    at = time.gmtime(time.time() - day * 86400)
    line = f"From dana@ortiz.example {time.strftime('%a %b %e %H:%M:%S %Y', at)}\n".encode()
    return b"".join(line + raw + b"\n" for raw in mails)


@pytest.fixture
def mbox_home(home: Home) -> Home:
    home.path = home.path.parent / "mbox"
    home.options = replace(home.options, path=str(home.path))
    return home


def test_an_mbox_is_read(mbox_home: Home) -> None:
    mbox_home.path.write_bytes(
        mbox(mail("old"), day=100) + mbox(mail("one"), day=2) + mbox(mail("two"), day=1)
    )
    assert subjects(mbox_home.pull()) == ["two", "one"]
    with mbox_home.path.open("ab") as file:
        file.write(mbox(mail("three")))
    assert subjects(mbox_home.pull()) == ["three"]


def test_an_mbox_is_not_read_while_somebody_writes(mbox_home: Home) -> None:
    mbox_home.path.write_bytes(mbox(mail("one")))
    mbox_home.pull()
    whole = mbox(mail("two"))
    with mbox_home.path.open("ab") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        file.write(whole[:60])
        file.flush()
        os.utime(mbox_home.path, (1, 1))
        holder = subprocess.run(
            [sys.executable, "-c", TAKES, str(mbox_home.path)], capture_output=True, text=True, check=True
        )
        assert holder.stdout.strip() == "BlockingIOError"
        file.write(whole[60:])
    assert subjects(mbox_home.pull()) == ["two"]


def test_an_mbox_that_is_written_anew(mbox_home: Home) -> None:
    mbox_home.path.write_bytes(mbox(mail("one"), mail("two"), mail("three")))
    second = [event for event in mbox_home.pull() if isinstance(event, Received) and event.subject == "two"]
    noted = [b"Status: RO\nX-Status: A\n" + mail(name) for name in ("one", "three")]
    mbox_home.path.write_bytes(mbox(*noted))
    (gone,) = mbox_home.pull()
    assert isinstance(gone, StatusSet)
    assert gone.refs == second[0].ids


def test_from_in_the_text(mbox_home: Home) -> None:
    text = b"From: a@b.example\nSubject: x\n\nFrom here on\n>From quoted\n>>From twice\nfrom dana 12:00\n"
    mbox_home.path.write_bytes(mbox(text, mail("next")))
    events = {event.subject: event for event in mbox_home.pull() if isinstance(event, Received)}
    assert set(events) == {"x", "next"}
    assert events["x"].text == "From here on\nFrom quoted\n>From twice\nfrom dana 12:00"


def test_an_mbox_cannot_be_filed_into(mbox_home: Home) -> None:
    mbox_home.path.write_bytes(mbox(mail("one")))
    (mbox_home.path.parent / ".Sent").write_bytes(mbox(mail("sent", sender="support@acme.example")))
    channel = mbox_home.channel(send=keeping(mbox_home))
    assert do(channel, channel.perform(out())).follow == ()
    assert {type(event) for event in mbox_home.pull()} == {Received, Sent}


# --- the samples ---


def test_all_samples_give_a_row_each(home: Home) -> None:
    files = [path for path in sorted(samples("mail", "mikel-mail", "emails").rglob("*")) if path.is_file()]
    assert len(files) > 90
    for number, path in enumerate(files):
        home.put(f"{number}.a", path.read_bytes())
    begun = time.monotonic()
    rows = [event for event in home.pull() if isinstance(event, Received | Sent)]
    assert time.monotonic() - begun < 30
    assert len(rows) == len(files)
    mails: dict[tuple[str | None, str | None], set[tuple[str | None, ...]]] = {}
    for row in rows:
        files_of = tuple(file.name for file in row.attachments)
        mails.setdefault((row.id, row.digest), set()).add((row.text, row.sender.handle, *files_of))
    assert all(len(same) == 1 for same in mails.values())  # what the desk will take for one is one
    assert len({row.digest for row in rows if row.id == "<xxxx@xxxx.com>"}) > 1  # and ids alone would lie
