"""Who can read a reply: told by its own word, never by more people than could read what it answers."""

import pytest

from tests.desk.bench import Bench, at, received
from tuidesk.desk import read, routes
from tuidesk.domain.commands import Reply
from tuidesk.domain.visibility import WIDENING
from tuidesk.errors import Refused


@pytest.fixture
def social(bench: Bench) -> Bench:
    bench.can(visibility=WIDENING)
    return bench


def post(bench: Bench, seen_by: str, id_: str = "m1", of: str = "c1", minute: int = 0) -> int:
    when = at(f"10:{minute:02}")
    return bench.customer(id_, when, medium="post", conversation=of, visibility=seen_by)


def usual(bench: Bench, number: int) -> str:
    """Who can read a reply, as the composer is told."""
    found: str = bench.desk.read(read.recipients, number).result().visibility
    return found


@pytest.mark.parametrize("seen_by", WIDENING)
def test_a_reply_is_seen_by_whom_the_message_was_and_says_so(social: Bench, seen_by: str) -> None:
    number = post(social, seen_by)
    assert (social.row(number).visibility, usual(social, number)) == (seen_by, seen_by)
    done = social.do(Reply(conversation=number, text="Hello"))
    said = {
        "direct": "reply to #1",
        "private": "for followers too",
        "unlisted": "UNLISTED",
        "public": "PUBLIC",
    }
    assert done.words.endswith(said[seen_by])
    assert ("PUBLIC" in done.words) == (seen_by == "public")
    social.deliver()
    assert social.script.tried[0].visibility == seen_by
    assert social.ours(number).visibility == seen_by


def test_a_reply_never_widens(social: Bench) -> None:
    number = post(social, "private")
    for wider in ("unlisted", "public"):
        with pytest.raises(Refused, match="more people would read this"):
            social.do(Reply(conversation=number, text="Hello", visibility=wider))
    social.do(Reply(conversation=number, text="Hello", visibility="direct"))
    assert social.ours(number).visibility == "direct"


def test_what_was_said_to_fewer_in_a_public_thread_is_answered_to_no_more(social: Bench) -> None:
    number = post(social, "public")
    post(social, "private", "m2", minute=1)
    assert (social.row(number).visibility, usual(social, number)) == ("public", "private")
    social.do(Reply(conversation=number, text="Hello"))
    assert social.ours(number).visibility == "private"
    with pytest.raises(Refused, match="more people"):
        social.do(Reply(conversation=number, text="Hello", visibility="public"))
    post(social, "public", "m3", minute=2)
    assert usual(social, number) == "public"


def test_where_the_channel_cannot_say_it_to_fewer_the_thread_is_as_it_was(social: Bench) -> None:
    social.can(visibility=("public",))
    number = post(social, "public")
    post(social, "direct", "m2", minute=1)
    assert usual(social, number) == "public", "the composer asks about it"


@pytest.mark.parametrize("seen_by", ["private", "unlisted", "public"])
def test_whatever_others_can_read_can_be_answered_to_the_customer_alone_and_is_held(
    social: Bench, seen_by: str
) -> None:
    number = post(social, seen_by)
    (way,) = social.desk.read(routes.of, number, {"shop": "us"}).result()
    assert (way.conversation, way.visibility) == (number, "direct")
    social.do(Reply(conversation=number, text="Hello", hold=True))
    (row,) = social.query("SELECT not_before, at FROM outbox WHERE type = 'reply'")
    assert row["not_before"] - row["at"] == 15_000


def test_a_word_of_a_channel_that_we_do_not_know_counts_as_public(social: Bench) -> None:
    social.take(received("m1", at("10:00"), conversation="c1", visibility="circles"))
    number = social.conversation_of("m1")
    assert (social.row(number).visibility, social.messages(number)[0].visibility) == ("public", "public")
