"""Chatwoot at the desk: what colleagues do there and the agent does here, also where the two cross."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.channels.contract import CANARY
from tests.clock import ManualClock
from tests.desk.bench import Bench
from tests.desk.home import make_home
from tests.desk.scripted import Script
from tests.fakes.chatwoot import DAY_S, MAIL, SAM, WHATSAPP, FakeChatwoot
from tuidesk.desk.desk import Desk
from tuidesk.domain import commands
from tuidesk.domain.model import Inserted
from tuidesk.errors import Refused
from tuidesk.store import accounts

_CONFIG = '[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n'


@pytest.fixture
def server() -> Iterator[FakeChatwoot]:
    with FakeChatwoot(CANARY) as server:
        yield server


@pytest.fixture
def bench(server: FakeChatwoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Each `sync` is a new adapter, as after a restart."""
    monkeypatch.setenv("CHATWOOT_TOKEN", CANARY)
    account = f'kind = "chatwoot"\nserver = "{server.base}"\nrequest_s = 0.2\nsecret = {{ env = "CHATWOOT_TOKEN" }}\n'
    desk = Desk.open(make_home(tmp_path / "home", _CONFIG, shop=account))
    assert desk.lock.take()
    try:
        # the desk's own clock: the server has none that could be moved by hand
        yield Bench(desk, cast(ManualClock, desk.clock), Script())
    finally:
        desk.close()


@pytest.fixture(name="thread")
def _thread(server: FakeChatwoot) -> int:
    """Dana's conversation in Chatwoot; she has written."""
    thread = server.begin(server.contact("Dana"))
    server.write(thread, "Where is my parcel?")
    return thread


def _synced(bench: Bench) -> int:
    """Number of the only conversation, after a sync."""
    assert bench.sync() == {}
    (row,) = bench.rows()
    return row.n


def test_a_reply_waits_for_the_customer_whatever_else_colleagues_do(
    bench: Bench, server: FakeChatwoot, thread: int
) -> None:
    number = _synced(bench)
    bench.reply(number)
    _synced(bench)
    assert [one["content"] for one in server.messages if one["message_type"] == 1] == ["It leaves today."]
    assert bench.ours(number).state == "sent"
    server.change(thread, labels=["refund"], priority="high", assignee=SAM)
    _synced(bench)
    row = bench.row(number)
    assert (row.status, row.tags, row.priority) == ("pending", ("refund",), "high")
    assert row.assignee is not None
    assert row.assignee.name == "Sam"
    server.write(thread, "thanks, but when?")
    assert bench.status(_synced(bench)) == "open"
    assert len(bench.messages(number)) == 3


def test_the_servers_word_holds_where_both_have_changed_something(
    bench: Bench, server: FakeChatwoot, thread: int
) -> None:
    number = _synced(bench)
    server.change(thread, status="resolved", labels=["vip"])
    bench.do(commands.Tag(conversations=(number,), add=("refund",)))
    bench.reply(number, "It leaves today.")
    _synced(bench)
    _synced(bench)
    assert bench.status(number) == "complete", "Sam has closed it"
    assert bench.ours(number).state == "sent", "and the customer has the reply all the same"
    assert [one["content"] for one in server.messages if one["message_type"] == 1] == ["It leaves today."]
    assert sorted(server.conversations[thread]["labels"]) == ["refund", "vip"]
    assert sorted(bench.row(number).tags) == ["refund", "vip"]


def test_what_is_completed_here_and_opened_there_is_open(
    bench: Bench, server: FakeChatwoot, thread: int
) -> None:
    number = _synced(bench)
    bench.do(commands.Complete(conversations=(number,)))
    _synced(bench)
    assert server.conversations[thread]["status"] == "resolved"
    server.change(thread, status="open")
    _synced(bench)
    assert bench.status(number) == "open"
    opened = [entry for entry in bench.entries(number) if entry.what == "reopened"]
    assert [entry.by and entry.by.name for entry in opened] == ["Sam"]
    assert [entry.what for entry in bench.entries(number) if entry.what == "completed"] == ["completed"]


def test_a_complete_is_not_done_over_words_that_nobody_here_has_seen(
    bench: Bench, server: FakeChatwoot, thread: int
) -> None:
    number = _synced(bench)
    bench.do(commands.Complete(conversations=(number,)))
    server.write(thread, "wait, one more thing")
    bench.deliver()
    assert server.conversations[thread]["status"] == "open"
    assert bench.status(_synced(bench)) == "open"


@pytest.mark.usefixtures("thread")
def test_a_reply_that_the_service_behind_refuses_later_opens_the_conversation(
    bench: Bench, server: FakeChatwoot
) -> None:
    number = _synced(bench)
    bench.reply(number)
    _synced(bench)
    (sent,) = [one["id"] for one in server.messages if one["message_type"] == 1]
    server.update(sent, status="failed", content_attributes={"external_error": "131026 undeliverable"})
    _synced(bench)
    assert (bench.status(number), bench.ours(number).state) == ("open", "failed")
    assert bench.ours(number).reason == "131026 undeliverable"


def test_notes_of_both_stand_once_in_both(bench: Bench, server: FakeChatwoot, thread: int) -> None:
    number = _synced(bench)
    server.answer(thread, "carrier says lost", private=True)
    bench.do(commands.Note(conversation=number, text="asked billing"))
    _synced(bench)
    _synced(bench)
    notes = [one for one in bench.messages(number) if one.direction == "note"]
    assert sorted(one.text for one in notes) == ["asked billing", "carrier says lost"]
    assert [one["content"] for one in server.messages if one["private"]] == [
        "carrier says lost",
        "asked billing",
    ]


def test_a_reply_that_the_window_does_not_let_through_comes_back_to_the_agent(
    bench: Bench, server: FakeChatwoot
) -> None:
    dana = server.contact("Dana", WHATSAPP, "821055500117")
    thread = server.begin(dana, WHATSAPP)
    server.write(thread, "hello?", ago_s=DAY_S - 1)
    number = _synced(bench)
    for one in server.messages:
        one["created_at"] -= 60
    bench.reply(number, "a long answer")
    bench.deliver()
    assert server.seen_by(dana) == []
    assert (bench.ours(number).state, bench.ours(number).text) == ("failed", "a long answer")
    assert bench.status(number) == "open"


def test_when_the_window_is_closed_a_template_leaves_and_nothing_else(
    bench: Bench, server: FakeChatwoot
) -> None:
    dana = server.contact("Dana", WHATSAPP, "821055500117")
    server.write(server.begin(dana, WHATSAPP), "hello?", ago_s=DAY_S + 60)
    number = _synced(bench)
    with pytest.raises(Refused, match="parcel_ready-en"):
        bench.reply(number, "a long answer")
    offered = bench.desk.read(accounts.offered, "shop").result()
    template = next(one for one in offered if one.template).template
    text = "Hello Dana, your parcel 8841 is ready."
    filled = Inserted("shop/parcel_ready-en", text, template, (("1", "Dana"), ("2", "8841")))
    bench.reply(number, text, canned=(filled,))
    _synced(bench)
    (seen,) = server.seen_by(dana)
    assert (seen["content"], seen["status"]) == (text, "sent")
    assert seen["template_params"]["processed_params"] == {"body": {"1": "Dana", "2": "8841"}}
    assert bench.ours(number).state == "sent"


def test_one_customer_of_several_inboxes_is_one_contact(bench: Bench, server: FakeChatwoot) -> None:
    dana = server.contact("Dana", WHATSAPP, "821055500117", email="dana@ortiz.example")
    server.contacts[dana]["sources"][MAIL] = "dana@ortiz.example"
    server.write(server.begin(dana, WHATSAPP), "by phone")
    server.write(server.begin(dana, MAIL), "by mail")
    assert bench.sync() == {}
    rows = bench.rows()
    assert sorted(row.medium for row in rows) == ["mail", "whatsapp"]
    assert len({row.contact for row in rows}) == 1
