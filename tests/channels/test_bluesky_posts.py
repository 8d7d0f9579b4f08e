"""Bluesky in public: what a conversation is, how an answer hangs in its thread, and where none is taken."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.channels.blueskying import BlueskyRig, refereed
from tests.channels.contract import Pulled, asked, do, look, pull, run, said_in
from tests.fakes.bluesky import DANA, SAM, US, FakeBluesky
from tests.fakes.service import Fault
from tuidesk.channels.bluesky import adapter
from tuidesk.domain import instants
from tuidesk.domain.events import ContactSeen, Deleted, Sent, Terms
from tuidesk.domain.instants import DAY, MINUTE, SECOND
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt
from tuidesk.errors import Rejected, Unconfirmed
from tuidesk.wire.channel import Channel

_CREATE = "POST /xrpc/com.atproto.repo.createRecord"


@pytest.fixture
def server() -> Iterator[FakeBluesky]:
    with refereed() as server:
        yield server


@pytest.fixture
def rig(server: FakeBluesky, tmp_path: Path) -> BlueskyRig:
    return BlueskyRig(server, tmp_path / "account")


def _replied(rig: BlueskyRig, out: Outgoing) -> dict[str, Any]:
    receipt = do(rig, lambda channel: channel.perform(out))
    assert receipt.id is not None
    record: dict[str, Any] = rig.server.posts[receipt.id]["record"]
    return record


def _watch(rig: BlueskyRig, enough: Callable[[Pulled], bool]) -> Pulled:
    """Follow until it is enough."""

    async def whole() -> Pulled:
        channel = rig.open()
        try:
            return await pull(channel, until=enough)
        finally:
            await channel.aclose()

    return run(whole)


# --- threads ---


def test_a_thread_is_one_conversation_and_begins_below_our_own_post_to_everybody(
    rig: BlueskyRig, server: FakeBluesky
) -> None:
    news = server.post(US, "Our new shop is open")
    more = server.post(US, "Until nine", parent=news)
    danas = server.post(DANA, "where?", parent=more)
    sams = server.post(SAM, "when?", parent=news)
    ours = server.post(US, "in Seoul", parent=danas)
    server.post(DANA, "thanks", parent=ours)
    found = look(rig, text="thanks")
    assert {one.conversation for one in found.received if one.sender.handle == "dana.test"} == {danas["uri"]}
    assert {one.conversation for one in found.received if one.sender.handle == "sam.test"} == {sams["uri"]}
    [sent] = found.sent
    assert (sent.id, sent.conversation, sent.to) == (
        ours["uri"],
        danas["uri"],
        (Person("Dana", "dana.test"),),
    )


def test_two_who_call_us_into_one_strangers_thread_are_two_conversations(
    rig: BlueskyRig, server: FakeBluesky
) -> None:
    strangers = server.post(SAM, "parcels these days")
    one = server.post(DANA, "@acmehelp.test lost mine", parent=strangers)
    two = server.post(SAM, "@acmehelp.test mine too", parent=strangers)
    quote = server.post(DANA, "is that so?", quoted=server.post(US, "We lose nothing"))
    found = look(rig, text="is that so")
    assert {said_in(said).split("\n")[0]: said.conversation for said in found.received} == {
        "@acmehelp.test lost mine": one["uri"],
        "@acmehelp.test mine too": two["uri"],
        "is that so?": quote["uri"],
    }


def test_a_text_in_several_posts_comes_whole_though_only_the_first_names_us(
    rig: BlueskyRig, server: FakeBluesky
) -> None:
    first = server.post(DANA, "@acmehelp.test my parcel (1/3)")
    second = server.post(DANA, "it was due on Friday (2/3)", parent=first)
    server.post(SAM, "same here", parent=first)
    server.post(DANA, "order 8841 (3/3)", parent=second)
    found = look(rig, text="(3/3)")
    assert [said_in(one)[-5:] for one in found.received] == ["(1/3)", "(2/3)", "(3/3)"]
    assert {one.conversation for one in found.received} == {first["uri"]}


def test_what_nobody_told_us_of_comes_with_what_answers_it(rig: BlueskyRig, server: FakeBluesky) -> None:
    first = server.post(DANA, "@acmehelp.test hello")
    before = look(rig, text="hello")
    between = server.post(SAM, "they never answer", parent=first)
    server.post(DANA, "@acmehelp.test is that so?", parent=between)
    after = look(rig, before.cursor, before.state, text="is that so")
    assert [said_in(one) for one in after.received] == ["they never answer", "@acmehelp.test is that so?"]
    assert {one.conversation for one in after.received} == {first["uri"]}


def test_a_post_that_shows_up_late_is_not_missed(rig: BlueskyRig, server: FakeBluesky) -> None:
    """The list is sorted by what authors claim: a newcomer can stand below what was read."""
    server.post(DANA, "@acmehelp.test now")
    before = look(rig, text="now")
    server.post(DANA, "@acmehelp.test of ten minutes ago", at=before.received[-1].at - 10 * MINUTE)
    after = look(rig, before.cursor, before.state, text="ten minutes")
    assert [said_in(one) for one in after.received] == ["@acmehelp.test of ten minutes ago"]


def test_a_post_that_shows_up_late_below_a_page_of_others_is_not_missed(
    rig: BlueskyRig, server: FakeBluesky
) -> None:
    first = server.post(DANA, "@acmehelp.test one")
    at = instants.parse(first["indexedAt"])
    for n in range(120):
        server.post(DANA, "@acmehelp.test again", at=at - n)
    before = look(rig, text="one")
    server.post(DANA, "@acmehelp.test of ten minutes ago", at=at - 10 * MINUTE)
    after = look(rig, before.cursor, before.state, text="ten minutes")
    assert [said_in(one) for one in after.received] == ["@acmehelp.test of ten minutes ago"]


def test_a_storm_of_posts_is_read_once(rig: BlueskyRig, server: FakeBluesky) -> None:
    now = round(time.time() * 1000)
    for n in range(750):
        server.post(DANA, f"@acmehelp.test number {n}", at=now - (750 - n) * SECOND)
    first = look(rig, text="number 749")
    assert len(first.received) == 750
    server.asked.clear()
    server.post(DANA, "@acmehelp.test after all of them")
    again = look(rig, first.cursor, first.state, text="after all of them")
    assert [said_in(one) for one in again.received] == ["@acmehelp.test after all of them"]
    assert len(server.asked) < 20


def test_who_is_named_is_known_also_beside_a_name_that_is_none(rig: BlueskyRig, server: FakeBluesky) -> None:
    said = "@acmehelp.test @sam.test @x"
    odd = {"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:0"}
    facets = [*server.facets(said), {"index": {"byteStart": 25, "byteEnd": 27}, "features": [odd]}]
    server.post(DANA, said, facets=facets)
    [question] = look(rig, text="@x").received
    assert question.to == (Person("Sam", "sam.test"), Person("did:plc:0", "did:plc:0"))


def test_the_first_look_reads_so_many_days_and_goes_on_in_the_middle_without_gaps(
    rig: BlueskyRig, server: FakeBluesky
) -> None:
    now = instants.of(datetime.now(UTC))
    server.post(DANA, "@acmehelp.test too old", at=now - 31 * DAY)
    for n in range(130):
        server.post(DANA, f"@acmehelp.test number {n:03}", at=now - 29 * DAY + n)
    seen: list[str] = []
    cursor, state = "", b""

    async def one_batch() -> Pulled:
        channel = rig.open()
        try:
            return await pull(channel, cursor, state, lambda found: bool(found.received) or found.caught_up)
        finally:
            await channel.aclose()

    for _ in range(7):
        part = run(one_batch)
        seen += [said_in(one).rpartition(" ")[2] for one in part.received]
        cursor, state = part.cursor, part.state
    assert seen == [f"{n:03}" for n in range(130)]
    assert part.caught_up


def test_the_customers_profile_is_told_with_who_it_is_by_did(rig: BlueskyRig) -> None:
    asked(rig)
    contact = next(one for one in look(rig).events if isinstance(one, ContactSeen))
    assert (contact.handle, contact.same_as) == ("dana.test", (("did", DANA),))
    wanted = {"bio": "I am Dana", "language": "en", "followers": "3", "posts": "9", "since": "2024-03-01"}
    assert dict(contact.fields) == wanted


# --- answers ---


def test_an_answer_refers_to_what_it_answers_and_to_what_the_thread_begins_with(
    rig: BlueskyRig, server: FakeBluesky
) -> None:
    strangers = server.post(SAM, "parcels these days")
    server.post(DANA, "@acmehelp.test lost mine", parent=strangers)
    question = look(rig, text="lost mine").received[-1]
    assert question.visibility == "public"
    first = do(rig, lambda channel: channel.perform(rig.reply(question, "It leaves today.")))
    again = replace(rig.reply(question, "Or tomorrow.", "k-2"), reply_to=first.id)
    for out, parent in ((rig.reply(question, "It leaves today."), question.id), (again, first.id)):
        reply = _replied(rig, out)["reply"]
        assert (reply["root"]["uri"], reply["parent"]["uri"]) == (strangers["uri"], parent)


def test_links_and_handles_that_lead_somewhere_are_marked_by_bytes(rig: BlueskyRig) -> None:
    question = asked(rig)
    said = (
        "👩‍👩‍👧 죄송합니다, see https://shop.example/orders/8841. @sam.test knows (@Dana.test too), "
        "not @nobody.test, help@acme.example or https://x.example/?of=@sam.test"
    )
    record = _replied(rig, rig.reply(question, said))
    whole = record["text"].encode()
    marked = [
        (whole[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(), one["features"][0])
        for one in record["facets"]
    ]
    assert record["text"] == said
    assert [(piece, feature.get("uri") or feature["did"]) for piece, feature in marked] == [
        ("https://shop.example/orders/8841", "https://shop.example/orders/8841"),
        ("@sam.test", SAM),
        ("@Dana.test", DANA),
        ("https://x.example/?of=@sam.test", "https://x.example/?of=@sam.test"),
    ]


def test_whom_the_answer_would_not_reach_by_itself_is_named(rig: BlueskyRig) -> None:
    question = asked(rig)
    out = rig.reply(question, "It leaves today.")
    record = _replied(rig, replace(out, cc=(Person("Sam", "sam.test"), Person(handle="gone.test"))))
    assert record["text"] == "@sam.test It leaves today."
    # its echo says whose it is, though it reads otherwise than what was typed
    again = _echo(rig, "k-2")
    assert (again.key, again.text) == ("k-2", "@sam.test And tomorrow.")
    assert record["facets"][0]["features"][0]["did"] == SAM


def _echo(rig: BlueskyRig, key: str) -> Sent:
    """Of a reply to two, seen by the process that has sent it."""
    question = look(rig).received[-1]
    out = replace(rig.reply(question, "And tomorrow.", key), cc=(Person(handle="sam.test"),))

    async def whole() -> Sent:
        channel = rig.open()
        try:
            await channel.perform(out)
            return (await pull(channel)).sent[-1]
        finally:
            await channel.aclose()

    return run(whole)


def test_the_same_letter_twice_is_one_post(rig: BlueskyRig) -> None:
    question = asked(rig)
    out = rig.reply(question, "It leaves today.")

    async def twice(channel: Any) -> None:
        first = await channel.perform(out)
        assert await channel.perform(out) == first
        assert await channel.find(out) == Found(first.id, first.at)

    do(rig, twice)
    assert len(rig.customer_saw()) == 1


def test_a_lost_answer_is_found_by_its_key_and_what_never_came_is_known_to_be_missing(
    rig: BlueskyRig, server: FakeBluesky
) -> None:
    question = asked(rig)

    async def lost(channel: Any) -> None:
        faults: tuple[tuple[Fault, type], ...] = (("lose", Found), ("drop", Missing))
        for fault, known in faults:
            out = rig.reply(question, "It leaves today.", f"k-{fault}")
            server.fail(fault, _CREATE)
            with pytest.raises(Unconfirmed):
                await channel.perform(out)
            assert isinstance(await channel.find(out), known)
            assert isinstance(await channel.perform(out), Receipt)

    do(rig, lost)
    assert rig.customer_saw() == ["It leaves today."] * 2


def test_a_second_create_that_the_first_has_overtaken_is_found_too(
    rig: BlueskyRig, server: FakeBluesky
) -> None:
    """Between the look and the post the first try may come through: the server says 500 and no more."""
    question = asked(rig)
    out = rig.reply(question, "It leaves today.")

    async def overtaken(channel: Any) -> None:
        await channel.perform(out)
        server.fail("status", "GET .*getRecord.*rkey", status=400, json={"error": "RecordNotFound"})
        with pytest.raises(Unconfirmed):
            await channel.perform(out)
        assert isinstance(await channel.find(out), Found)

    do(rig, overtaken)
    assert len(rig.customer_saw()) == 1


def test_the_parts_of_one_letter_answer_each_other(rig: BlueskyRig, server: FakeBluesky) -> None:
    question = asked(rig)
    parts = [rig.reply(question, f"part {n}", f"k-{n}") for n in (1, 2, 3)]
    other = replace(rig.reply(question, "and by the way", "k-9"), at=question.at + 5000)

    async def all_of_them(channel: Channel) -> None:
        await channel.perform(parts[0])
        for out in [*parts, other]:  # the first once more, as after a lost answer
            await channel.perform(out)

    do(rig, all_of_them)
    ours = {one["uri"]: one["record"] for one in server.posts.values() if one["author"]["did"] == US}
    above = {one["text"]: ours.get(one["reply"]["parent"]["uri"], {}).get("text") for one in ours.values()}
    assert above == {"part 1": None, "part 2": "part 1", "part 3": "part 2", "and by the way": None}
    assert len({one["reply"]["root"]["uri"] for one in ours.values()}) == 1


def test_another_post_under_our_key_is_not_taken_for_ours(rig: BlueskyRig) -> None:
    question = asked(rig)
    out = rig.reply(question, "It leaves today.")
    do(rig, lambda channel: channel.perform(replace(out, text="Something else.")))
    with pytest.raises(Rejected):
        do(rig, lambda channel: channel.perform(out))
    assert rig.customer_saw() == ["Something else."]


_POST = "at://did:plc:danaaaaaaaaaaaaaaaaaaaaa/app.bsky.feed.post/3m65azl2pzk2a"


@pytest.mark.parametrize(
    "mixed",
    [
        {"visibility": "direct"},
        {"medium": "dm"},
        {"conversation": "3convo0000000"},
        {"reply_to": "3message00000"},
        {"conversation": None},
        {"conversation": "3convo0000000", "medium": "dm", "reply_to": "3message00000"},
        {"conversation": "3convo0000000", "medium": "dm", "visibility": "direct"},
        {"type": "start", "conversation": None, "medium": "post", "reply_to": None, "visibility": "direct"},
        {"type": "start", "conversation": None, "medium": "dm", "reply_to": None},
    ],
)
def test_what_is_not_wholly_public_or_wholly_direct_stays_here(
    rig: BlueskyRig, server: FakeBluesky, mixed: dict[str, Any]
) -> None:
    question = asked(rig)
    server.says(DANA, server.convo_of(US, DANA), "hello")
    out = replace(rig.reply(question, "It leaves today."), **mixed)
    with pytest.raises(Rejected):
        do(rig, lambda channel: channel.perform(out))
    assert rig.customer_saw() == []
    assert server.directly_seen_by(DANA, US) == []


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("가" * 300, True),
        ("é" * 299 + "👩‍👩‍👧", True),
        ("x" * 301, False),
        ("👩‍👩‍👧" * 200, False),  # 200 graphemes, and 3,600 bytes
    ],
)
def test_lengths_are_graphemes_and_bytes(rig: BlueskyRig, text: str, fits: bool) -> None:
    question = asked(rig)
    if fits:
        assert _replied(rig, rig.reply(question, text))["text"] == text
    else:
        with pytest.raises(Rejected, match="300"):
            do(rig, lambda channel: channel.perform(rig.reply(question, text)))


def test_pictures_go_with_what_they_show(rig: BlueskyRig, server: FakeBluesky, tmp_path: Path) -> None:
    question = asked(rig)
    picture, text = tmp_path / "map.png", tmp_path / "map.txt"
    picture.write_bytes(b"\x89PNG and so on")
    text.write_bytes(b"a map")
    file = File("map.png", "image/png", str(picture), alt="a map")
    record = _replied(rig, replace(rig.reply(question, "Here."), files=(file,)))
    [shown] = record["embed"]["images"]
    assert (shown["alt"], server.blobs[shown["image"]["ref"]["$link"]]) == ("a map", b"\x89PNG and so on")
    for wrong in ((file,) * 5, (replace(file, type="text/plain"),), (replace(file, path=str(text)),)):
        with pytest.raises(Rejected):
            do(rig, lambda channel: channel.perform(replace(rig.reply(question, "And.", "k-3"), files=wrong)))  # noqa: B023 - run at once
    assert rig.customer_saw() == ["Here."]


# --- what nobody tells of ---


@pytest.mark.parametrize(
    "closed",
    [
        {"viewer": {"replyDisabled": True}},
        {"author": {"did": DANA, "handle": "dana.test", "viewer": {"blockedBy": True}}},
        {"author": {"did": DANA, "handle": "dana.test", "viewer": {"blocking": "at://x"}}},
    ],
)
def test_where_a_reply_would_be_seen_by_nobody_it_is_said_before_and_taken_back_when_it_opens(
    rig: BlueskyRig, server: FakeBluesky, monkeypatch: pytest.MonkeyPatch, closed: dict[str, Any]
) -> None:
    monkeypatch.setattr(adapter, "_REVIEW_S", 0.0)
    post = server.post(DANA, "@acmehelp.test hello")
    before = dict(post)
    post.update(closed)
    question = look(rig, text="hello").received[-1]
    with pytest.raises(Rejected):
        do(rig, lambda channel: channel.perform(rig.reply(question, "It leaves today.")))
    assert rig.customer_saw() == []

    def terms(found: Pulled) -> list[Terms]:
        told = [one for one in found.events if isinstance(one, Terms)]
        if told:
            post.clear()
            post.update(before)
        return told

    first, second = terms(_watch(rig, lambda found: len(terms(found)) == 2))
    assert (first.conversation, bool(first.refuses)) == (question.conversation, True)
    assert (second.conversation, second.refuses) == (question.conversation, "")


def test_what_is_deleted_there_is_deleted_here_and_what_is_only_hidden_is_not(
    rig: BlueskyRig, server: FakeBluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "_REVIEW_S", 0.0)
    first = server.post(DANA, "@acmehelp.test one")
    ours = server.post(US, "an answer", parent=first)
    hidden = server.post(SAM, "@acmehelp.test two")
    lagging = server.post(US, "not shown yet", parent=hidden)
    gone = False

    def deleted(found: Pulled) -> bool:
        nonlocal gone
        if found.caught_up and not gone:
            gone = True
            server.hidden.add(hidden["uri"])
            server.unseen.add(lagging["uri"])
            server.deletes(first)
            server.deletes(ours)
            server.post(DANA, "@acmehelp.test a later word")
        return any("later word" in said_in(one) for one in found.received) and _deleted(found) != []

    found = _watch(rig, deleted)
    assert sorted(_deleted(found)) == sorted([first["uri"], ours["uri"]])


def _deleted(found: Pulled) -> list[str]:
    return [one.message for one in found.events if isinstance(one, Deleted)]


def test_an_answer_to_nothing_in_particular_answers_what_the_conversation_begins_with(
    rig: BlueskyRig, server: FakeBluesky
) -> None:
    post = server.post(DANA, "@acmehelp.test one")
    question = look(rig, text="one").received[-1]
    record = _replied(rig, replace(rig.reply(question, "It leaves today."), reply_to=None))
    assert record["reply"]["parent"]["uri"] == post["uri"]


def test_an_answer_to_what_is_gone_is_refused(rig: BlueskyRig, server: FakeBluesky) -> None:
    post = server.post(DANA, "@acmehelp.test one")
    question = look(rig, text="one").received[-1]
    server.deletes(post)
    with pytest.raises(Rejected):
        do(rig, lambda channel: channel.perform(rig.reply(question, "It leaves today.")))
    odd = replace(rig.reply(question, "It leaves today."), reply_to=f"at://{US}/nothing")
    with pytest.raises(Rejected):
        do(rig, lambda channel: channel.perform(odd))


def test_a_look_at_nothing_new_asks_little_and_less_when_nobody_has_written_for_a_while(
    rig: BlueskyRig, server: FakeBluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(rig)
    monkeypatch.setattr(adapter, "_AWAKE", 3)

    async def looks() -> tuple[list[str], list[float]]:
        channel = rig.open()
        began: list[float] = []
        try:
            async for batch in channel.events("", b""):
                if batch.caught_up and not began:
                    server.asked.clear()
                began += [time.monotonic()] if batch.caught_up else []
                if len(began) == 8:
                    break
        finally:
            await channel.aclose()
        return [one.path.rpartition(".")[2] for one in server.asked], began

    paths, began = asyncio.run(looks())
    assert Counter(paths) == {"listNotifications": 7, "getLog": 7, "listRecords": 2}
    assert min(later - one for one, later in pairwise(began[4:])) > 0.099, (
        "twice the 0.05 that were asked for"
    )


def test_a_colleagues_answer_comes_also_while_customers_are_quiet(
    rig: BlueskyRig, server: FakeBluesky
) -> None:
    question = server.post(DANA, "@acmehelp.test Where is my parcel?")

    async def whole() -> Pulled:
        channel = rig.open()
        try:
            before = await pull(channel)
            assert not before.sent

            def enough(found: Pulled) -> bool:
                if found.caught_up and len(server.posts) == 1:
                    server.post(US, "Behind you.", parent=question)
                return bool(found.sent)

            return await pull(channel, before.cursor, before.state, enough)
        finally:
            await channel.aclose()

    assert [said_in(one) for one in run(whole).sent] == ["Behind you."]
