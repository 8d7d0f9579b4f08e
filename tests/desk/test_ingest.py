"""What comes in: recognised if it is known, kept until what it names is there, and the same in any order."""

import itertools
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.bench import DANA, SAM, Bench, at, received, sent, status
from tuidesk.desk import parked
from tuidesk.desk.ingest import ingest
from tuidesk.desk.settle import FILE_AFTER
from tuidesk.domain.commands import Note, Settle, Start, Tag
from tuidesk.domain.events import (
    Assigned,
    ChannelEvent,
    ContactSeen,
    Deleted,
    Delivered,
    Edited,
    NoteSeen,
    PrioritySet,
    Rated,
    Tagged,
)
from tuidesk.domain.model import Attachment, Person, Settings
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import Rejected, StoreFull, Unavailable, Unconfirmed
from tuidesk.store import accounts, db
from tuidesk.store.sql import Connection
from tuidesk.wire.channel import Batch

AUTO = Person("Robot", "noreply@x.example", kind="auto")
HISTORY: tuple[ChannelEvent, ...] = (
    received("m1", at("10:00"), "first", subject="Parcel"),
    received("m2", at("10:02"), "second", refs=("m1",)),
    sent("o1", at("10:05"), "ours", refs=("m1",), reply_to="m2"),
    sent("o2", at("10:06"), "off hours", kind="auto", refs=("m1",)),
    received("m3", at("11:00"), "again", refs=("m1", "o1")),
    received("a1", at("11:01"), "vacation", kind="auto", sender=AUTO, refs=("m1", "o1")),
    received("m4", at("11:05"), "anybody?", refs=("m1", "m3")),
    received("r1", at("11:06"), "👍", kind="reaction", refs=("m1",)),
    Edited(at=at("11:07"), message="m4", text="anybody there?"),
    Deleted(at=at("11:08"), message="m3"),
    Delivered(at=at("11:09"), message="o1", state="read"),
    Delivered(at=at("11:10"), message="o2", state="failed", reason="full"),
)


# --- a repeat is harmless ---------------------------------------------------------------------------


def test_a_message_told_twice_is_one(bench: Bench) -> None:
    event = received("m1", at("10:00"), ids=("other",))
    bench.take(event)
    bench.take(event, received("other", at("10:00")))
    assert [len(bench.messages(row.n)) for row in bench.rows()] == [1]


def test_equal_message_ids_of_different_mails_are_two(bench: Bench) -> None:
    bench.take(received("<same@x>", at("10:00"), digest="a", ids=("imap:1",)))
    bench.take(received("<same@x>", at("10:01"), "another", digest="b", ids=("imap:2",)))
    assert sum(len(bench.messages(row.n)) for row in bench.rows()) == 2


def test_the_same_mail_under_a_new_uid_is_one_and_its_new_name_is_learnt(bench: Bench) -> None:
    bench.take(received("<m1@x>", at("10:00"), digest="a", ids=("imap:INBOX;1;1",)))
    bench.take(received("<m1@x>", at("10:00"), digest="a", ids=("imap:INBOX;2;7",)))
    number = bench.conversation_of("imap:INBOX;2;7")
    assert len(bench.messages(number)) == 1
    bench.take(status("complete", at("10:05"), refs=("imap:INBOX;2;7",)))
    assert bench.status(number) == "complete"


def test_a_mail_that_bears_the_id_of_our_own_reply_is_not_swallowed(bench: Bench) -> None:
    number = bench.customer("<m1@x>", at("10:00"), digest="a")
    bench.script.performs = [Receipt(id="<ours@acme>")]
    bench.reply(number)
    bench.deliver()
    bench.take(received("<ours@acme>", at("13:00"), "I know your id", digest="b", reply_to="<m1@x>"))
    assert [m.text for m in bench.messages(number) if m.direction == "in"][-1] == "I know your id"


def test_our_own_mail_seen_in_sent_is_the_one_we_know(bench: Bench) -> None:
    number = bench.customer("<m1@x>", at("10:00"), digest="a")
    bench.script.performs = [Receipt(id="<ours@acme>")]
    bench.reply(number)
    bench.deliver()
    bench.take(sent("<ours@acme>", at("12:51"), digest="c", ids=("imap:Sent;1;1",), refs=("<m1@x>",)))
    bench.take(sent("<ours@acme>", at("12:51"), digest="c", ids=("imap:Sent;9;4",), refs=("<m1@x>",)))
    assert len(bench.messages(number)) == 2


def test_an_event_without_id_is_known_by_its_content(bench: Bench) -> None:
    event = received(None, at("10:00"))
    bench.take(event)
    bench.take(event, received(None, at("10:00"), "another"))
    assert sum(len(bench.messages(row.n)) for row in bench.rows()) == 2


@pytest.mark.parametrize("id_", ["s1", None])
def test_a_state_told_twice_counts_once(bench: Bench, id_: str | None) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    told = status("complete", at("10:05"), conversation="c1", id=id_)
    bench.take(told)
    bench.take(status("open", at("10:06"), conversation="c1"))
    bench.take(told)
    assert bench.status(number) == "open"


def test_a_state_told_by_messages_counts_once_too(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    told = status("complete", at("10:05"), refs=("m1",), id="s1")
    bench.take(told, status("open", at("10:06"), refs=("m1",)), told)
    assert bench.status(number) == "open"


def test_what_says_again_what_is_known_is_no_entry(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    for minute in range(3):
        bench.take(
            Assigned(at=at(f"10:1{minute}"), conversation="c1", to=SAM),
            PrioritySet(at=at(f"10:1{minute}"), conversation="c1", priority="high"),
            Tagged(at=at(f"10:1{minute}"), conversation="c1", tags=("refund", "vip")),
        )
    bench.take(Tagged(at=at("10:20"), conversation="c1", tags=("vip",)))
    assert [(e.what, e.data.get("remove")) for e in bench.entries(number)] == [
        ("assigned", None),
        ("priority", None),
        ("tagged", []),
        ("tagged", ["refund"]),
    ]
    row = bench.row(number)
    assert (row.assignee, row.priority, row.tags) == (SAM, "high", ("vip",))


def test_the_channels_word_on_other_tags_holds_while_ours_is_under_way(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.take(Tagged(at=at("10:01"), conversation="c1", add=("old", "kept")))
    bench.do(Tag(conversations=(number,), add=("vip",), remove=("old",)))
    bench.take(Tagged(at=at("10:02"), conversation="c1", tags=("old", "kept", "billing")))
    assert set(bench.row(number).tags) == {"vip", "kept", "billing"}
    bench.take(Tagged(at=at("10:03"), conversation="c1", tags=("old", "billing")))
    assert set(bench.row(number).tags) == {"vip", "billing"}


# --- echoes -----------------------------------------------------------------------------------------

SILENT = Unconfirmed("the line broke")


def tried(bench: Bench, *answers: Receipt | Exception | str, **reply: Any) -> tuple[int, str]:
    """A reply to a customer, tried once; conversation and key."""
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.script.performs = list(answers)
    key = bench.reply(number, **reply)
    bench.deliver()
    return number, key


def echo(key: str | None = None) -> ChannelEvent:
    return sent("e1", at("12:51"), "It leaves today.", conversation="c1", key=key)


def test_an_echo_with_our_key_settles_what_is_unknown(bench: Bench) -> None:
    number, key = tried(bench, SILENT)
    assert bench.work(key)["state"] == "unknown"
    bench.take(echo(key))
    ours = bench.ours(number)
    assert (bench.work(key)["state"], ours.state, ours.id, ours.at) == ("sent", "sent", "e1", at("12:51"))


def test_an_echo_with_our_key_settles_what_was_said_to_have_failed(bench: Bench) -> None:
    number, key = tried(bench, Rejected("too long"))
    bench.take(echo(key))
    assert (bench.work(key)["state"], bench.ours(number).state, bench.wait(number)) == ("sent", "sent", None)


def test_an_echo_with_our_key_stops_a_second_try(bench: Bench) -> None:
    """The channel said that it was not done; its own list says that it was."""
    number, key = tried(bench, Unavailable("503"))
    assert bench.work(key)["state"] == "queued"
    bench.take(echo(key))
    bench.clock.advance(3600)
    bench.deliver()
    assert bench.script.tried_types().count("reply") == 1
    assert bench.ours(number).state == "sent"


def test_a_receipt_after_the_echo_still_says_its_part(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")

    def perform(out: Outgoing) -> Receipt:
        bench.take(echo(out.key))
        return Receipt(id="r1", follow=("file",), refused=(Person("Legal", "legal@x.example"),))

    bench.script.performs = [perform]
    bench.reply(number)
    bench.deliver()
    bench.clock.advance(FILE_AFTER / 1000)
    bench.deliver()
    assert bench.conversation_of("r1") == bench.conversation_of("e1") == number
    assert bench.script.tried_types() == ["reply", "pending", "file"] or set(bench.script.tried_types()) == {
        "reply",
        "pending",
        "file",
    }
    assert ("refused", None) in bench.history(number)
    assert bench.ours(number).at == at("12:51")


def test_a_keyless_echo_is_parked_and_adopted(bench: Bench) -> None:
    number, key = tried(bench, SILENT)
    bench.take(echo(), echo())
    assert bench.parked() == [f"settled:{key}"]
    assert len(bench.messages(number)) == 2
    bench.script.finds = [Found("r1", at("12:51"))]
    bench.do(Settle(key=key, how="check"))
    bench.deliver()
    assert bench.parked() == []
    assert len(bench.messages(number)) == 2
    assert bench.conversation_of("e1") == bench.conversation_of("r1") == number


@pytest.mark.parametrize("end", ["missing", "refused", "again"])
def test_an_echo_of_what_never_left_is_a_message_of_its_own(bench: Bench, end: str) -> None:
    number, key = tried(bench, SILENT, Unavailable("later"))
    bench.take(echo())
    match end:
        case "missing" | "refused":
            bench.script.performs = [Rejected("no")] if end == "refused" else []
            bench.script.finds = [Missing()]
            bench.do(Settle(key=key, how="check"))
        case "again":
            bench.do(Settle(key=key, how="again"))
    bench.deliver()
    assert bench.parked() == []
    theirs = [m for m in bench.messages(number) if m.id == "e1"]
    assert len(theirs) == 1
    assert theirs[0].sender.name == "Sam"


def test_what_is_free_comes_in_with_the_next_batch(bench: Bench) -> None:
    number, key = tried(bench, SILENT)
    bench.take(echo())
    bench.do(Settle(key=key, how="again"))
    assert bench.parked() == ["free"]
    bench.take()
    assert (bench.parked(), len(bench.messages(number))) == ([], 3)


def test_of_two_equal_echoes_one_is_ours(bench: Bench) -> None:
    number, key = tried(bench, SILENT)
    bench.take(echo(), sent("e2", at("12:52"), "It leaves today.", conversation="c1"))
    bench.do(Settle(key=key, how="sent"))
    bench.deliver()
    assert bench.parked() == []
    assert [m.id for m in bench.messages(number)] == ["m1", None, "e2"]
    assert bench.conversation_of("e1") == number


def test_an_echo_says_what_the_channel_calls_our_new_conversation(bench: Bench) -> None:
    bench.script.performs = [SILENT]
    done = bench.do(Start(account="shop", to=(DANA,), text="Hello Dana", subject="Hi"))
    bench.deliver()
    bench.take(sent("e1", at("12:51"), "Hello Dana", conversation="new-1", key=done.keys[0]))
    assert bench.customer("m2", at("12:55"), conversation="new-1") == done.conversations[0]


def test_an_answer_that_overtakes_our_receipt_finds_its_conversation(bench: Bench) -> None:
    """A customer can answer a chat before the request that opened it has returned."""

    def perform(out: Outgoing) -> Receipt:  # noqa: ARG001 - a Script's answer takes the work
        bench.take(received("m2", at("12:50:01"), "quick", conversation="new-1"))
        bench.take(status("open", at("12:50:02"), conversation="new-1"))
        return Receipt(id="r1", conversation="new-1")

    bench.script.performs = [perform]
    done = bench.do(Start(account="shop", to=(DANA,), text="Hello Dana", subject="Hi"))
    bench.deliver()
    assert len(bench.rows()) == 1
    assert bench.conversation_of("m2") == done.conversations[0]
    assert bench.status(done.conversations[0]) == "open"
    assert bench.parked() == []


def test_a_bounce_of_the_same_second_stands_behind_its_letter(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Receipt(id="r1", at=at("10:05") + 700)]
    bench.clock.at = at("10:05") + 300
    bench.reply(number)
    bench.deliver()
    bench.take(received("b1", at("10:05"), "no such user", kind="bounce", refs=("r1",)))
    assert [message.id for message in bench.messages(number)] == ["m1", "r1", "b1"]


def test_what_was_taken_back_is_not_what_the_queue_says(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), text="Where is my parcel?")
    bench.take(
        received("m2", at("10:01"), "my card is 4111", refs=("m1",)), Deleted(message="m2", at=at("10:02"))
    )
    assert bench.row(number).snippet == "Where is my parcel?"


def test_a_delivery_report_that_overtakes_our_receipt_is_not_lost(bench: Bench) -> None:
    def perform(out: Outgoing) -> Receipt:  # noqa: ARG001 - a Script's answer takes the work
        bench.take(Delivered(at=at("12:51"), message="r1", state="failed", reason="mailbox full"))
        return Receipt(id="r1")

    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [perform]
    bench.reply(number)
    bench.deliver()
    assert (bench.ours(number).state, bench.ours(number).reason) == ("failed", "mailbox full")
    assert (bench.status(number), bench.wait(number)) == ("open", at("10:00"))


def test_our_note_seen_on_the_channel_before_its_receipt_is_one(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")

    def perform(out: Outgoing) -> Receipt:  # noqa: ARG001 - a Script's answer takes the work
        bench.take(NoteSeen(id="n1", at=at("12:50"), conversation="c1", text="asked billing"))
        return Receipt(id="n1")

    bench.script.performs = [perform]
    bench.do(Note(conversation=number, text="asked billing"))
    bench.deliver()
    bench.take(NoteSeen(id="n1", at=at("12:50"), conversation="c1", text="asked billing"))
    assert [m.text for m in bench.messages(number) if m.direction == "note"] == ["asked billing"]


# --- what names the unknown waits -------------------------------------------------------------------


def test_events_wait_for_what_they_name(bench: Bench) -> None:
    bench.take(
        Edited(at=at("10:02"), message="m1", text="Where is my lamp?"),
        Tagged(at=at("10:03"), conversation="c1", add=("lamp",)),
        Rated(at=at("10:04"), conversation="c1", score=2, scale=5),
        status("snoozed", at("10:05"), refs=("m1",), until=at("18:00")),
    )
    assert bench.rows() == []
    number = bench.customer("m1", at("10:00"), conversation="c1")
    assert bench.parked() == []
    row = bench.row(number)
    assert (row.tags, row.status, row.snoozed_until) == (("lamp",), "snoozed", at("18:00"))
    assert (bench.messages(number)[0].text, bench.messages(number)[0].prior) == (
        "Where is my lamp?",
        "Where is my parcel?",
    )


def test_a_message_with_only_refs_to_the_unknown_is_shown_at_once(bench: Bench) -> None:
    number = bench.customer("m2", at("10:00"), refs=("m1", "m0"))
    assert bench.status(number) == "open"


def test_unreadable_mail_keeps_its_bytes_even_while_a_letter_leaves(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    raw = b"\xff\xfe not a mail"

    def perform(out: Outgoing) -> Receipt:  # noqa: ARG001 - a Script's answer takes the work
        bench.take(
            received(
                "u1", at("12:51"), "It leaves today.", kind="unreadable", source=raw, refs=("<gone@x>",)
            ),
            sent("u2", at("12:51"), "It leaves today.", kind="unreadable", source=raw),
        )
        return Receipt(id="r1")

    bench.script.performs = [perform]
    bench.reply(number)
    bench.deliver()
    for name in ("u1", "u2"):
        message = bench.messages(bench.conversation_of(name))[0]
        assert message.source is not None
        assert (bench.desk.paths.raw / message.source).read_bytes() == raw


@pytest.mark.parametrize("event", HISTORY[:12], ids=lambda event: f"{type(event).__name__} {event.id}")
def test_what_is_parked_comes_back_as_it_was(bench: Bench, event: ChannelEvent) -> None:
    def there_and_back(connection: Connection) -> list[ChannelEvent]:
        parked.park(connection, "shop", "name", event)
        return parked.take(connection, "shop", "name")

    assert bench.desk.write(there_and_back).result() == [event]


# --- nothing stops behind one event -----------------------------------------------------------------


def test_a_poisonous_event_is_put_aside_and_what_follows_is_stored(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    poison = received("m2", at("10:01"), attachments=(Attachment("huge", 2**70, "x", "r"),))
    with caplog.at_level(logging.ERROR):
        bench.take(received("m1", at("10:00")), poison, received("m3", at("10:02")), cursor="3")
    assert [len(bench.messages(row.n)) for row in bench.rows()] == [1, 1]
    assert bench.parked() == ["broken"]
    assert bench.query("SELECT cursor FROM account")[0][0] == "3"
    assert bench.query("SELECT count(*) FROM indexed")[0][0] == 2


def test_the_stores_own_trouble_undoes_the_whole_batch(bench: Bench) -> None:
    pages = bench.query("PRAGMA page_count")[0][0]
    bench.desk.write(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 2}").fetchall()).result()
    big = tuple(received(f"m{n}", at("10:00"), "x" * 20_000) for n in range(50))
    with pytest.raises(StoreFull):
        bench.take(*big, cursor="1")
    assert (bench.rows(), bench.parked()) == ([], [])
    assert bench.query("SELECT cursor FROM account")[0][0] == ""


# --- contacts ---------------------------------------------------------------------------------------


def test_what_a_channel_knows_of_a_customer(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), sender=Person("", "dana@ortiz.example"))
    bench.take(
        ContactSeen(
            medium="mail", handle="Dana@Ortiz.example", name="Dana Ortiz", fields=(("city", "Seoul"),)
        )
    )
    row = bench.row(number)
    assert row.name == "Dana Ortiz"


# --- any order --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Connection, Path]]:
    """A store of one account, each use of which is rolled back."""
    folder = tmp_path_factory.mktemp("plain")
    folder.chmod(0o700)
    connection = db.open_store(folder / "store.db")
    with db.transaction(connection):
        accounts.ensure(connection, "shop", "scripted", "")
    yield connection, folder
    connection.close()


def stored(
    place: tuple[Connection, Path], batches: list[list[ChannelEvent]], *, caught_up: bool
) -> list[tuple[Any, ...]]:
    """What the conversations look like after these batches; nothing of it stays."""
    connection, folder = place
    connection.execute("BEGIN IMMEDIATE")
    try:
        if caught_up:
            connection.execute("UPDATE account SET caught_up = 1")
        for events in batches:
            ingest(
                connection,
                "shop",
                Batch(events=tuple(events)),
                settings=Settings(),
                now=at("12:50"),
                sources=folder,
            )
        assert connection.execute("SELECT count(*) FROM parked").fetchone()[0] == 0
        return [
            tuple(row)
            for row in connection.execute(
                "SELECT waiting_since, rank, snippet, last_at, first_at, subject, handle, remote_id.id, unread, "
                "conversation.trouble, (SELECT count(*) FROM message WHERE conversation = conversation.id) "
                "FROM conversation JOIN remote_id ON remote_id.message = last_message"
            )
        ]
    finally:
        connection.execute("ROLLBACK")


@given(
    order=st.permutations(HISTORY),
    cuts=st.sets(st.integers(1, len(HISTORY) - 1)),
    caught_up=st.booleans(),
)
def test_any_order_gives_the_same_conversation(
    plain_store: tuple[Connection, Path], order: list[ChannelEvent], cuts: set[int], caught_up: bool
) -> None:
    """Refs name the first message, as mail's References do, so that the thread is one whichever comes first."""
    edges = [0, *sorted(cuts), len(order)]
    batches = [list(order[a:b]) for a, b in itertools.pairwise(edges)]
    found = stored(plain_store, batches, caught_up=caught_up)
    expected = stored(plain_store, [list(HISTORY)], caught_up=caught_up)
    if caught_up:  # whose a conversation is, and about what, follows from the first message known
        found = [(*row[:5], *row[7:]) for row in found]
        expected = [(*row[:5], *row[7:]) for row in expected]
    assert found == expected
    assert expected[0][0] == at("11:05")


def test_newest_first_is_one_conversation_of_the_first_writer(first_sync: Bench) -> None:
    legal = Person("Legal", "legal@ortiz.example")
    first_sync.take(sent("o1", at("10:30"), refs=("m1", "m2"), to=(legal,), subject="Re: Parcel"))
    first_sync.take(received("m2", at("10:10"), sender=legal, reply_to="m1", subject="Re: Parcel"))
    first_sync.take(received("m1", at("10:00"), subject="Parcel"))
    (row,) = first_sync.rows()
    assert (row.handle, row.subject, row.status) == ("dana@ortiz.example", "Parcel", "pending")
    assert first_sync.query("SELECT count(*) FROM awaited")[0][0] == 0


def test_find_that_cannot_tell_leaves_the_echo_parked(bench: Bench) -> None:
    _, key = tried(bench, SILENT)
    bench.take(echo())
    bench.script.finds = [Unsure("no list")]
    bench.deliver()
    assert bench.parked() == [f"settled:{key}"]
