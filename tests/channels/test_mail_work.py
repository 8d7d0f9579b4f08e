"""What the agent does to a mailbox: replies and what follows them, complete and reopen, attachments."""

import asyncio
import email
import email.policy
import hashlib
import logging
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.channels.mailing import Account, listening, mail
from tests.channels.relay import Relay
from tests.servers.mail import MailServers
from tests.servers.postfix import REJECT
from tuidesk.channels.mail.channel import MailChannel
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Found, Outgoing, Receipt, Unsure
from tuidesk.errors import Rejected, Unsupported
from tuidesk.wire.smtp import Server

pytestmark = pytest.mark.servers


def _follow(out: Outgoing, receipt: Receipt, kind: str) -> Outgoing:
    """As the desk makes it."""
    return replace(out, key=f"{out.key}-{kind}", type=kind, sent_id=receipt.id)


async def _all_of(channel: MailChannel, out: Outgoing) -> Receipt:
    receipt = await channel.perform(out)
    for kind in receipt.follow:
        await channel.perform(_follow(out, receipt, kind))
    return receipt


def _flags(servers: MailServers, account: Account, folder: str = "INBOX") -> list[set[bytes]]:
    with servers.mailbox(account.user) as box:
        box.select_folder(folder, readonly=True)
        return [set(flags) for _, flags in sorted(box.get_flags(box.search()).items())]


def test_a_reply_arrives_threaded_is_filed_once_and_marks_what_it_answers(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["printer"])
    boss = mail_servers.new_customer("boss")
    out = account.reply(
        "k-1",
        reply_to="<printer@example.test>",
        refs=("<printer@example.test>",),
        cc=(Person("The Boss", boss.address),),
    )

    async def run() -> Receipt:
        async with account.open() as channel:
            receipt = await _all_of(channel, out)
            await channel.perform(_follow(out, receipt, "file"))
            return receipt

    receipt = asyncio.run(run())
    assert receipt.id == "<k-1@helpdesk.test>"
    assert receipt.follow == ("file", "answered")
    arrived = email.message_from_bytes(
        mail_servers.wait_for(account.customer, "<k-1@helpdesk.test>"), policy=email.policy.default
    )
    assert arrived["In-Reply-To"] == arrived["References"] == "<printer@example.test>"
    assert boss.address in arrived["Cc"]
    assert mail_servers.wait_for(boss, "<k-1@helpdesk.test>")
    filed = mail_servers.messages(account.user, "Sent")
    assert len(filed) == 1
    assert b"X-Tuidesk-Key: k-1\r\n" in filed[0]
    assert email.message_from_bytes(filed[0]).get_payload() == arrived.get_payload()
    assert b"\\Seen" in _flags(mail_servers, account, "Sent")[0]
    assert _flags(mail_servers, account) == [{b"\\Answered"}]


def test_where_the_server_files_we_do_not(mail_servers: MailServers) -> None:
    """Gmail by its capability, where it also takes the mail; elsewhere handed in, we file it ourselves."""
    account = Account.new(mail_servers)
    gmail, port = mail_servers.gmail_host, mail_servers.smtps_port

    async def run() -> None:
        smtp = Server(gmail, port, ca=str(mail_servers.ca))
        async with account.open(host=gmail, smtp=smtp) as channel:
            before = await channel.perform(account.reply("k-before"))  # IMAP was never open yet
            assert before.follow == ("file",)
            await channel.perform(_follow(account.reply("k-before"), before, "file"))
            assert (await channel.perform(account.reply("k-gmail"))).follow == ()
        async with account.open(host=gmail) as channel:
            await channel.check()
            assert (await channel.perform(account.reply("k-elsewhere"))).follow == ("file",)

    with Relay((mail_servers.host, port), gmail, port):
        asyncio.run(run())
    assert mail_servers.messages(account.user, "Sent") == []


def test_our_own_reply_comes_back_with_its_key(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["printer"])

    async def run() -> None:
        async with account.open(poll_s=0.3) as channel, listening(channel) as heard:
            await heard.until(lambda h: h.caught_up)
            await _all_of(channel, account.reply("k-2", reply_to="<printer@example.test>"))
            await heard.until(lambda h: bool(h.sent))
            assert heard.sent[0].key == "k-2"
            assert heard.sent[0].id == "<k-2@helpdesk.test>"

    asyncio.run(run())


def test_find_knows_the_copy_the_rewritten_id_and_the_answer(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    rewritten = mail(account.user, account.customer, "new-id", X_Tuidesk_Key="k-rewritten")
    near = mail(account.user, account.customer, "near", X_Tuidesk_Key="k-never-sent-2")
    for letter in (rewritten, near):
        mail_servers.drop(letter.as_bytes(), account.user, "Sent")
    answer = mail(account.user, account.customer, "answer", References="<x@y> <k-answered@helpdesk.test>")
    mail_servers.drop(answer.as_bytes(), account.user)

    async def run() -> None:
        async with account.open() as channel:
            filed = account.reply("k-filed", reply_to="<answer@example.test>")
            assert isinstance(await channel.find(filed), Unsure)
            await _all_of(channel, filed)
            assert await channel.find(filed) == Found(
                id="<k-filed@helpdesk.test>", ids=("<k-filed@helpdesk.test>",), follow=("file", "answered")
            )
            found = await channel.find(account.reply("k-rewritten"))
            assert isinstance(found, Found)
            assert found.ids == ("<k-rewritten@helpdesk.test>", "<new-id@example.test>")
            assert isinstance(await channel.find(account.reply("k-answered")), Found)
            assert isinstance(await channel.find(account.reply("k-never-sent")), Unsure)

    asyncio.run(run())


def test_a_forward_carries_the_mail_itself(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["printer"])
    carrier = mail_servers.new_customer("carrier")
    to = (Person("", carrier.address),)
    out = account.reply("k-3", type="start", subject="Fwd: printer", to=to, forwards="<printer@example.test>")

    async def run() -> None:
        async with account.open() as channel:
            receipt = await _all_of(channel, out)
            assert receipt.follow == ("file", "answered")
            with pytest.raises(Rejected):
                await channel.perform(replace(out, key="k-4", forwards="<nowhere@example.test>"))

    asyncio.run(run())
    arrived = email.message_from_bytes(
        mail_servers.wait_for(carrier, "<k-3@helpdesk.test>"), policy=email.policy.default
    )
    inner = next(part for part in arrived.walk() if part.get_content_type() == "message/rfc822")
    assert isinstance(inner.get_payload(), list)
    assert b"Message-ID: <printer@example.test>" in arrived.as_bytes()
    assert b"k-3" in mail_servers.messages(account.user, "Sent")[0]
    assert _flags(mail_servers, account) == [{b"$Forwarded"}]


def test_a_mail_without_an_id_is_forwarded_and_marked(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    carrier = mail_servers.new_customer("carrier")
    for subject in ("one", "two", "three"):
        made = mail(
            account.user, account.customer, subject, "x\n" * 1_000_000 if subject == "three" else "Hello."
        )
        del made["Message-ID"]
        mail_servers.drop(made.as_bytes(), account.user)

    async def run() -> None:
        async with account.open() as channel, listening(channel) as heard:
            await heard.until(lambda h: len(h.received) == 3)
            ids = {event.subject: event.id for event in heard.received}
            targets = tuple(id_ for event in heard.received for id_ in event.ids)
            to = (Person("", carrier.address),)
            two = account.reply("k-2", type="start", to=to, forwards=ids["two"], targets=targets)
            await _all_of(channel, two)
            await _all_of(channel, account.reply("k-3", reply_to=ids["three"], targets=targets))
            with pytest.raises(Rejected):
                await channel.perform(replace(two, key="k-4", targets=()))

    asyncio.run(run())
    arrived = mail_servers.wait_for(carrier, "<k-2@helpdesk.test>")
    assert b"Subject: two" in arrived
    assert b"Subject: one" not in arrived
    assert _flags(mail_servers, account) == [set(), {b"$Forwarded"}, {b"\\Answered"}]


def test_who_was_refused_is_named(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    refused = Person("No", REJECT)

    async def run() -> None:
        async with account.open() as channel:
            receipt = await channel.perform(account.reply("k-5", cc=(refused,)))
            assert receipt.refused == (refused,)
            with pytest.raises(Rejected, match="refused by test"):
                await channel.perform(account.reply("k-6", to=(refused,)))

    asyncio.run(run())


def test_complete_and_reopen_are_seen_by_another_client(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["one", "two", "other"])

    async def run() -> None:
        async with account.open() as ours, account.open() as theirs, listening(theirs) as heard:
            await heard.until(lambda h: h.caught_up)
            await asyncio.sleep(0.3)
            refs = heard.ref("one"), heard.ref("two")
            targets = ("<one@example.test>", refs[0], refs[1])
            await ours.perform(account.reply("c-1", type="complete", targets=targets, to=()))
            await heard.until(lambda h: len(h.statuses) == 2, 2)
            assert {("complete", (ref,)) for ref in refs} == set(heard.statuses)
            await ours.perform(account.reply("c-2", type="complete", targets=targets, to=()))
            await ours.perform(account.reply("c-3", type="reopen", targets=targets, to=()))
            await heard.until(lambda h: len(h.statuses) == 4, 2)
            assert {("open", (ref,)) for ref in refs} == set(heard.statuses[2:])

    asyncio.run(run())
    assert _flags(mail_servers, account) == [set(), set(), set()]


def test_complete_finds_its_mail_by_message_id_when_the_uid_is_void(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["one", "two"])

    async def run() -> None:
        async with account.open() as channel:
            targets = ("<one@example.test>", "imap:INBOX;1;2")
            await channel.perform(account.reply("c-1", type="complete", targets=targets, to=()))

    asyncio.run(run())
    assert _flags(mail_servers, account) == [{b"tuidesk-complete"}, set()]


@pytest.mark.parametrize("keywords", [True, False])
def test_completed_mail_goes_to_the_archive_and_back(mail_servers: MailServers, keywords: bool) -> None:
    account = Account.new(mail_servers)
    account.fill(["one", "two"])
    targets = ("<one@example.test>",)

    async def run() -> None:
        async with account.open(archive_on_complete=True, keyword=keywords) as channel:
            checked = await channel.check()
            assert {"complete", "reopen"} <= checked.caps.performs
            await channel.perform(account.reply("c-1", type="complete", targets=targets, to=()))
            assert len(mail_servers.messages(account.user, "Archive")) == 1
            assert len(mail_servers.messages(account.user)) == 1
            await channel.perform(account.reply("c-2", type="reopen", targets=targets, to=()))
            assert mail_servers.messages(account.user, "Archive") == []
            assert len(mail_servers.messages(account.user)) == 2

    asyncio.run(run())
    assert _flags(mail_servers, account) == [set(), set()]


def test_where_no_keyword_is_kept_complete_stays_local(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers, keywords=False)
    account.deliver("one")
    mail_servers.wait_for(account.user, "<one@example.test>")

    async def run() -> None:
        async with account.open() as channel:
            checked = await channel.check()
            assert checked.caps.performs == {"reply", "start"}
            assert any("no keywords" in finding for finding in checked.findings)
            with pytest.raises(Unsupported):
                await channel.perform(
                    account.reply("c-1", type="complete", targets=("<one@example.test>",), to=())
                )
            with pytest.raises(Unsupported):
                await channel.perform(account.reply("c-2", type="snooze", to=()))

    asyncio.run(run())


def test_filing_is_announced_before_and_after(
    mail_servers: MailServers, caplog: pytest.LogCaptureFixture
) -> None:
    account = Account.new(mail_servers)

    async def run() -> None:
        async with account.open() as channel:
            await _all_of(channel, account.reply("k-7"))

    with caplog.at_level(logging.DEBUG, "tuidesk.steps"):
        asyncio.run(run())
    assert [step for step in caplog.messages if step.startswith("mail.")] == ["mail.filing", "mail.filed"]


@pytest.mark.parametrize(
    "poison", ["<a\r\nA1 DELETE INBOX@x>", '<a" b\\c(d)*%@x>', "<é@x>", "<" + "x" * 800 + ">"]
)
def test_no_id_of_a_customer_becomes_a_command(mail_servers: MailServers, poison: str) -> None:
    account = Account.new(mail_servers)
    account.fill(["one"])

    async def run() -> None:
        async with account.open() as channel:
            out = account.reply("c-1", type="complete", targets=(poison,), to=())
            if "\n" in poison:
                with pytest.raises(Rejected):
                    await channel.perform(out)
            else:
                assert await channel.perform(out) == Receipt()

    asyncio.run(run())
    assert len(mail_servers.messages(account.user)) == 1
    assert _flags(mail_servers, account) == [set()]


def _big(account: Account, size: int, text: str = "See the video.") -> tuple[EmailMessage, bytes]:
    made = mail(account.user, account.customer, "big", text)
    video = hashlib.shake_128(b"video").digest(size)
    made.add_alternative("<p>See the <b>video</b>.</p>", subtype="html")
    made.add_attachment(video, maintype="video", subtype="mp4", filename="printer.mp4")
    made.add_attachment("Grüße = ok\n" * 200_000, filename="log.txt", cte="quoted-printable")
    return made, video


def test_a_big_mail_is_a_row_at_once_and_its_files_come_when_asked_for(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    made, video = _big(account, 20_000_000)
    mail_servers.drop(made.as_bytes(), account.user)

    async def run() -> None:
        async with account.open() as channel, listening(channel) as heard:
            assert await heard.until(lambda h: bool(h.received)) < 2.0
            event = heard.received[0]
            assert event.text == "See the video."
            first, second = event.attachments
            assert (first.name, first.type) == ("printer.mp4", "video/mp4")
            assert abs(first.size - len(video)) < 1000
            pieces = [piece async for piece in channel.fetch(first.ref)]
            assert b"".join(pieces) == video
            assert max(map(len, pieces)) < 1_000_000
            log = b"".join([piece async for piece in channel.fetch(second.ref)])
            assert log.decode().replace("\r\n", "\n") == "Grüße = ok\n" * 200_000
            with mail_servers.mailbox(account.user) as box:
                box.select_folder("INBOX")
                box.move([1], "Archive")
            again = b"".join([piece async for piece in channel.fetch(first.ref)])
            assert again == video
            with pytest.raises(Rejected):
                _ = [piece async for piece in channel.fetch("imap:INBOX;1;1#2")]

    asyncio.run(run())


def test_files_of_a_small_mail_and_its_source(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    made = mail(account.user, account.customer, "small")
    made.add_attachment(b"\x89PNG\r\n\x00", maintype="image", subtype="png", filename="photo.png")
    mail_servers.drop(made.as_bytes(policy=email.policy.SMTP), account.user)

    async def run() -> None:
        async with account.open() as channel, listening(channel) as heard:
            await heard.until(lambda h: bool(h.received))
            event = heard.received[0]
            assert [file.name for file in event.attachments] == ["photo.png"]
            photo = b"".join([piece async for piece in channel.fetch(event.attachments[0].ref)])
            assert photo == b"\x89PNG\r\n\x00"
            source = b"".join([piece async for piece in channel.fetch(event.ids[0])])
            assert source == made.as_bytes(policy=email.policy.SMTP)

    asyncio.run(run())


def test_a_long_text_is_cut_and_the_whole_is_named(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    long = "All work and no play.\n" * 100_000
    mail_servers.drop(mail(account.user, account.customer, "long", long).as_bytes(), account.user)

    async def run() -> None:
        async with account.open() as channel, listening(channel) as heard:
            await heard.until(lambda h: bool(h.received))
            event = heard.received[0]
            assert event.text is not None
            assert 400_000 < len(event.text) < 600_000
            assert event.body is not None
            whole = b"".join([piece async for piece in channel.fetch(event.body.ref)])
            assert whole.replace(b"\r\n", b"\n").decode().strip() == long.strip()

    asyncio.run(run())


_READER = """
    import asyncio, sys
    from tests.channels.mailing import OneSecret, RealClock
    from tuidesk.channels.mail import ADAPTER
    from tuidesk.channels.mail.options import Imap, Options
    from tuidesk.domain.model import Person
    from tuidesk.wire.channel import Site
    from tuidesk.wire.smtp import Server

    async def main(host, port, ca, user, password):
        options = Options(imap=Imap(host, int(port)), smtp=Server(host), ca=ca)
        site = Site("a", RealClock(), OneSecret(password), Person("Ana", user), address=user)
        channel = ADAPTER(options, site)
        count = total = 0
        async for batch in channel.events("", b""):
            for event in batch.events:
                count += 1
                for file in event.attachments:
                    total += sum([len(piece) async for piece in channel.fetch(file.ref)])
            if batch.caught_up:
                break
        await channel.aclose()
        # Not ru_maxrss, which begins with what the parent had.
        peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
        print(count, total, int(peak.split()[1]) // 1024)

    asyncio.run(main(*sys.argv[1:]))
"""


def test_fifty_megabytes_stay_below_three_hundred(mail_servers: MailServers, tmp_path: Path) -> None:
    account = Account.new(mail_servers)
    made, video = _big(account, 36_000_000)
    mail_servers.drop(made.as_bytes(), account.user)
    words = [mail_servers.host, str(mail_servers.imap_port), str(mail_servers.ca)]
    words += [account.user.address, account.user.password]
    script = tmp_path / "reader.py"
    script.write_text(textwrap.dedent(_READER))
    said = subprocess.run(
        [sys.executable, str(script), *words],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    count, total, megabytes = map(int, said.stdout.split())
    assert count == 1
    assert total > len(video)
    assert megabytes < 300


def test_a_file_of_the_agent_goes_out_and_is_filed(mail_servers: MailServers, tmp_path: Path) -> None:
    account = Account.new(mail_servers)
    path = tmp_path / "receipt.pdf"
    path.write_bytes(b"%PDF-1.7 " + bytes(range(256)))
    out = account.reply("k-8", files=(File("receipt.pdf", "application/pdf", str(path)),))

    async def run() -> None:
        async with account.open() as channel:
            await _all_of(channel, out)

    asyncio.run(run())
    filed = email.message_from_bytes(
        mail_servers.messages(account.user, "Sent")[0], policy=email.policy.default
    )
    assert isinstance(filed, EmailMessage)
    assert [part.get_content() for part in filed.iter_attachments()] == [path.read_bytes()]


def test_what_the_agent_does_goes_before_the_first_sync(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill([f"m{number}" for number in range(600)])

    async def run() -> None:
        async with account.open() as channel, listening(channel) as heard:
            await heard.until(lambda h: len(h.received) >= 50)
            begun = time.monotonic()
            targets = ("<m0@example.test>",)
            await channel.perform(account.reply("c-1", type="complete", targets=targets, to=()))
            assert time.monotonic() - begun < 1.0
            assert not heard.caught_up
            await heard.until(lambda h: h.caught_up)
            await heard.until(lambda h: ("complete", (h.ref("m0"),)) in h.statuses)

    asyncio.run(run())
