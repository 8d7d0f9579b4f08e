"""Mail coming in: first sync, what happens later, and every way in which a folder changes under us."""

import asyncio
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.channels.mailing import Account, Heard, listening, mail
from tests.servers.mail import MailServers
from tests.shared import samples
from tuidesk.domain.events import Received, StatusSet
from tuidesk.errors import Unavailable

pytestmark = pytest.mark.servers


async def _caught_up(account: Account, cursor: str = "", state: bytes = b"", **more: Any) -> Heard:
    async with account.open(**more) as channel, listening(channel, cursor, state) as heard:
        await heard.until(lambda h: h.caught_up)
        return heard


def test_the_first_sync_is_newest_first_and_usable_at_once(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill([f"m{number}" for number in range(230)])
    account.fill(["s0"], "Sent")

    heard = asyncio.run(_caught_up(account))

    with_events = [batch for batch in heard.batches if batch.events]
    assert len(with_events[0].events) == 50
    assert not with_events[0].caught_up
    assert with_events[0].progress is not None
    assert (with_events[0].progress.done, with_events[0].progress.total) == (50, 231)
    assert heard.subjects == [f"m{number}" for number in reversed(range(230))]
    assert [event.subject for event in heard.sent] == ["s0"]
    last = with_events[-1]
    assert last.progress is not None
    assert (last.progress.done, last.progress.total) == (231, 231)
    first = heard.received[0]
    assert first.id == "<m229@example.test>"
    assert first.sender.handle == account.customer.address
    assert first.ids[0].startswith("imap:INBOX;")
    assert first.digest


def test_days_are_counted_by_internaldate(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["of last week"], days_ago=7)
    account.fill(["too old"], days_ago=12)
    account.fill(["of yesterday"], days_ago=1)
    account.fill(["old but here"], days_ago=9)
    heard = asyncio.run(_caught_up(account, days=10))
    assert heard.subjects == ["of yesterday", "of last week", "old but here"]


def test_a_first_sync_that_was_cut_goes_on_where_it_was(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill([f"m{number}" for number in range(130)])

    async def run() -> None:
        async with account.open() as channel:
            heard = Heard()
            async for batch in channel.events("", b""):
                heard.take(batch)
                if batch.events:
                    break
        account.deliver("meanwhile")
        mail_servers.wait_for(account.user, "<meanwhile@example.test>")
        rest = await _caught_up(account, heard.cursor, heard.state)
        assert heard.subjects == [f"m{number}" for number in range(129, 79, -1)]
        assert rest.subjects == ["meanwhile", *(f"m{number}" for number in range(79, -1, -1))]
        assert rest.batches[-1].caught_up
        again = await _caught_up(account, rest.cursor, rest.state)
        assert again.events == []

    asyncio.run(run())


def test_new_mail_arrives_within_two_seconds(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)

    async def run() -> None:
        async with account.open() as channel, listening(channel) as heard:
            await heard.until(lambda h: h.caught_up)
            await asyncio.sleep(0.3)
            for number in range(1, 4):
                begun = time.monotonic()
                await asyncio.to_thread(account.deliver, f"live{number}")
                await heard.until(partial(_has, number))
                assert time.monotonic() - begun < 2.0
            assert Counter(heard.subjects) == {"live1": 1, "live2": 1, "live3": 1}

    asyncio.run(run())


def test_news_in_the_inbox_has_sent_looked_at_too(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)

    async def run() -> None:
        async with account.open(poll_s=30) as channel, listening(channel) as heard:
            await heard.until(lambda h: h.caught_up)
            await asyncio.sleep(0.3)
            answer = mail(account.user, account.customer, "answer")
            mail_servers.drop(answer.as_bytes(), account.user, "Sent")
            mail_servers.drop(mail(account.user, account.customer, "news").as_bytes(), account.user)
            assert await heard.until(lambda h: bool(h.received and h.sent)) < 2.0

    asyncio.run(run())


def _has(number: int, heard: Heard) -> bool:
    return len(heard.received) == number


def test_mail_of_a_colleague_shows_as_sent(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["question"])

    async def run() -> None:
        async with account.open(poll_s=0.3) as channel, listening(channel) as heard:
            await heard.until(lambda h: h.caught_up)
            answer = mail(account.user, account.customer, "answer", In_Reply_To="<question@example.test>")
            answer.replace_header("From", f"Sam <{account.user.address}>")
            answer.replace_header("To", account.customer.address)
            mail_servers.drop(answer.as_bytes(), account.user, "Sent")
            await heard.until(lambda h: bool(h.sent))
            assert heard.sent[0].reply_to == "<question@example.test>"
            assert heard.sent[0].key is None

    asyncio.run(run())


def test_flags_and_moves_of_others_are_told(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["one", "two"])

    async def run() -> None:
        async with account.open() as channel, listening(channel) as heard:
            await heard.until(lambda h: h.caught_up)
            await asyncio.sleep(0.3)
            one, two = heard.ref("one"), heard.ref("two")
            with mail_servers.mailbox(account.user) as box:
                box.select_folder("INBOX")
                box.add_flags([1], ["tuidesk-complete"])
                await heard.until(lambda h: ("complete", (one,)) in h.statuses, 2)
                box.remove_flags([1], ["tuidesk-complete"])
                await heard.until(lambda h: ("open", (one,)) in h.statuses, 2)
                box.add_flags([1], ["\\Seen", "\\Flagged"])
                box.add_flags([1], ["\\Deleted"])
                await heard.until(lambda h: h.statuses.count(("complete", (one,))) == 2, 2)
                box.remove_flags([1], ["\\Deleted"])
                await heard.until(lambda h: h.statuses.count(("open", (one,))) == 2, 2)
                box.move([2], "Archive")
                await heard.until(lambda h: ("complete", (two,)) in h.statuses, 2)
                box.select_folder("Archive")
                box.move([1], "INBOX")
                await heard.until(lambda h: h.subjects.count("two") == 2, 2)
                back = heard.ref("two")
                assert back != two
                assert heard.statuses[-1] == ("open", (back,))
                assert len(heard.statuses) == 6
            copies = [event for event in heard.received if event.subject == "two"]
            assert copies[0].digest == copies[1].digest
            assert copies[0].id == copies[1].id

    asyncio.run(run())


@pytest.mark.parametrize("by_flag", [False, True], ids=["moved", "flagged"])
def test_one_of_two_copies_that_leaves_completes_nothing(mail_servers: MailServers, by_flag: bool) -> None:
    account = Account.new(mail_servers)
    account.fill(["twice", "twice"])

    def take_away(uid: int) -> None:
        with mail_servers.mailbox(account.user) as box:
            box.select_folder("INBOX")
            if by_flag:
                box.add_flags([uid], ["\\Deleted"])
            else:
                box.move([uid], "Trash")

    async def run() -> None:
        before = await _caught_up(account)
        take_away(2)
        between = await _caught_up(account, before.cursor, before.state)
        assert between.statuses == []
        take_away(1)
        after = await _caught_up(account, between.cursor, between.state)
        assert after.statuses == [("complete", (before.received[1].ids[0],))]

    asyncio.run(run())


def test_what_happened_while_we_were_away_is_told(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["stays", "moves", "marked"])

    async def run() -> None:
        before = await _caught_up(account)
        with mail_servers.mailbox(account.user) as box:
            box.select_folder("INBOX")
            box.add_flags([3], ["tuidesk-complete"])
            box.move([2], "Trash")
        account.deliver("new")
        mail_servers.wait_for(account.user, "<new@example.test>")
        after = await _caught_up(account, before.cursor, before.state)
        assert after.subjects == ["new"]
        assert sorted(after.statuses) == sorted(
            [("complete", (before.ref("moves"),)), ("complete", (before.ref("marked"),))]
        )

    asyncio.run(run())


@pytest.mark.parametrize(
    ("flag", "options"),
    [("tuidesk-complete", {}), ("\\Deleted", {}), ("\\Deleted", {"keyword": False})],
)
def test_completed_mail_comes_in_as_completed(
    mail_servers: MailServers, flag: str, options: dict[str, Any]
) -> None:
    account = Account.new(mail_servers)
    account.fill(["done"])
    with mail_servers.mailbox(account.user) as box:
        box.select_folder("INBOX")
        box.add_flags([1], [flag])
    heard = asyncio.run(_caught_up(account, **options))
    assert isinstance(heard.events[0], Received)
    assert isinstance(heard.events[1], StatusSet)
    assert heard.statuses == [("complete", (heard.ref("done"),))]


def _forget_uids(folder: Path) -> None:
    for file in folder.glob("dovecot*"):
        if file.is_file():
            file.unlink()


def test_another_uidvalidity_brings_the_same_mail_again(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["one", "two"])

    async def run() -> None:
        before = await _caught_up(account)
        await asyncio.sleep(1.1)  # Dovecot's UIDVALIDITY is the time in seconds
        _forget_uids(mail_servers.shared.mail / account.user.address)
        after = await _caught_up(account, before.cursor, before.state)
        assert {(e.id, e.digest) for e in after.received} == {(e.id, e.digest) for e in before.received}
        assert {e.ids for e in after.received}.isdisjoint({e.ids for e in before.received})
        assert after.statuses == []

    asyncio.run(run())


def test_a_folder_that_is_replaced_while_we_look(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    with mail_servers.mailbox(account.user) as box:
        box.create_folder("Desk")
    account.fill(["one", "two"], "Desk")

    async def run() -> None:
        async with account.open(inbox="Desk", poll_s=0.3) as channel, listening(channel) as heard:
            await heard.until(lambda h: h.caught_up and len(h.received) == 2)
            with mail_servers.mailbox(account.user) as box:
                box.rename_folder("Desk", "Old")
                box.create_folder("Desk")
            account.fill(["one", "two", "three"], "Desk")
            cursor, state, error = heard.cursor, heard.state, None
            try:
                await heard.until(lambda h: "three" in h.subjects)
            except Unavailable as broken:
                error = broken
            statuses = heard.statuses
        if error is not None:  # a server may also end the connection; then the desk asks again
            again = await _caught_up(account, cursor, state, inbox="Desk")
            statuses += again.statuses
            assert "three" in again.subjects
        assert statuses == []

    asyncio.run(run())


def test_nothing_becomes_seen(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["one", "two"])

    async def run() -> None:
        async with account.open() as channel, listening(channel) as heard:
            await heard.until(lambda h: h.caught_up)
            await asyncio.to_thread(account.deliver, "three")
            await heard.until(lambda h: "three" in h.subjects)

    asyncio.run(run())
    with mail_servers.mailbox(account.user) as box:
        box.select_folder("INBOX", readonly=True)
        flags = box.get_flags(box.search())
    assert len(flags) == 3
    assert not any(b"\\Seen" in of_one for of_one in flags.values())


def test_a_poor_server_will_do(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["one", "two"])
    account.fill(["answered"], "Sent")

    async def run() -> None:
        port = mail_servers.poor_port
        async with account.open(port=port, poll_s=0.3) as channel:
            checked = await channel.check()
            assert any("no IDLE" in finding for finding in checked.findings)
            assert any("Sent" in finding for finding in checked.findings)
            async with listening(channel) as heard:
                await heard.until(lambda h: h.caught_up)
                assert heard.subjects == ["two", "one"]
                assert [event.subject for event in heard.sent] == ["answered"]
                one, two = heard.ref("one"), heard.ref("two")
                await asyncio.to_thread(account.deliver, "three")
                await heard.until(lambda h: "three" in h.subjects)
                with mail_servers.mailbox(account.user) as box:
                    box.select_folder("INBOX")
                    box.add_flags([1], ["tuidesk-complete"])
                    box.move([2], "Archive")
                await heard.until(lambda h: {("complete", (one,)), ("complete", (two,))} <= set(h.statuses))

    asyncio.run(run())


def test_mail_that_comes_during_the_first_sync_comes_in(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill([f"m{number}" for number in range(210)])

    async def run() -> None:
        async with account.open() as channel:
            heard = Heard()
            async for batch in channel.events("", b""):
                heard.take(batch)
                if len(heard.received) == 50:
                    await asyncio.to_thread(account.deliver, "meanwhile")
                    await asyncio.to_thread(mail_servers.wait_for, account.user, "<meanwhile@example.test>")
                    await asyncio.sleep(0.2)
                if heard.caught_up and "meanwhile" in heard.subjects:
                    break
            assert len(heard.subjects) == len(set(heard.subjects)) == 211
            assert heard.subjects.index("meanwhile") < 210

    asyncio.run(run())


def test_every_sample_comes_out(mail_servers: MailServers) -> None:
    folder = samples("mail", "mikel-mail", "emails")
    raws = [raw for file in sorted(folder.rglob("*.eml")) if (raw := file.read_bytes())]
    account = Account.new(mail_servers)
    with mail_servers.mailbox(account.user) as box:
        for raw in raws:
            box.append("INBOX", raw)

    heard = asyncio.run(_caught_up(account, days=36500))

    messages = [event for event in heard.events if event.__class__.__name__ in ("Received", "Sent")]
    assert len(messages) == len(raws) > 100


def test_a_restarted_server_is_found_again(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["before"])

    async def run() -> None:
        async with account.open() as channel:
            async with listening(channel) as heard:
                await heard.until(lambda h: h.caught_up)
                await asyncio.sleep(0.2)
                mail_servers.dovecot.stop()
                try:
                    with pytest.raises(Unavailable):
                        await heard.until(lambda h: "after" in h.subjects, 5)
                    with pytest.raises(Unavailable):
                        await channel.check()
                finally:
                    mail_servers.dovecot.start()
            mail_servers.drop(mail(account.user, account.customer, "after").as_bytes(), account.user)
            async with listening(channel, heard.cursor, heard.state) as again:
                await again.until(lambda h: h.caught_up and "after" in h.subjects)
                assert again.subjects == ["after"]
                assert again.statuses == []

    asyncio.run(run())
