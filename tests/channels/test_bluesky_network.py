"""What only the network itself can show: marks in a text, pictures, a post let go of, a session that ends."""

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.channels.contract import ANA, Pulled, pull, run, said_in, site
from tests.servers.atproto import AtProto, Person
from tuidesk.channels.bluesky import adapter
from tuidesk.channels.bluesky.adapter import Bluesky, BlueskyOptions
from tuidesk.domain.events import Deleted, Received, Terms
from tuidesk.domain.instants import DAY
from tuidesk.domain.model import File
from tuidesk.domain.outgoing import Found, Missing, Outgoing
from tuidesk.errors import Rejected

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("atproto")]

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class _Desk:
    """The account, without a desk around it."""

    def __init__(self, network: AtProto, us: Person, folder: Path) -> None:
        self._options = BlueskyOptions(handle=us.handle, server=network.public_url, chat=False, poll_s=0.1)
        self._site = site(folder, us.password)
        self.network = network

    def open(self) -> Bluesky:
        return Bluesky(self._options, self._site)

    def look(self, until: Callable[[Pulled], bool] = lambda found: found.caught_up) -> Pulled:
        self.network.settled()

        async def whole() -> Pulled:
            channel = self.open()
            try:
                return await pull(channel, until=until)
            finally:
                await channel.aclose()

        return run(whole)


@pytest.fixture
def us(atproto: AtProto) -> Person:
    return atproto.new_person("acmehelp")


@pytest.fixture
def dana(atproto: AtProto) -> Person:
    return atproto.new_person("dana")


@pytest.fixture
def desk(atproto: AtProto, us: Person, tmp_path: Path) -> _Desk:
    return _Desk(atproto, us, tmp_path / "account")


def _answer(to: Received, text: str, key: str = "k-1") -> Outgoing:
    return Outgoing(
        key=key,
        type="reply",
        at=to.at + 1000,
        agent=ANA,
        conversation=to.conversation,
        medium="post",
        text=text,
        reply_to=to.id,
        to=(to.sender,),
        visibility="public",
    )


def test_a_picture_comes_with_its_words_and_goes_with_its_words(
    atproto: AtProto, us: Person, dana: Person, desk: _Desk, tmp_path: Path
) -> None:
    dana.post(f"@{us.handle} look", mentioned=[us], images=[(_PIXEL, "a red light")])
    [question] = desk.look().received
    [picture] = question.attachments
    assert (picture.alt, picture.size) == ("a red light", len(_PIXEL))
    (tmp_path / "map.png").write_bytes(_PIXEL)
    file = File("map.png", "image/png", str(tmp_path / "map.png"), alt="a map")
    sam = atproto.new_person("sam")
    said = f"죄송합니다 👩‍👩‍👧 @{sam.handle}, see https://shop.example/8841."

    async def answer() -> None:
        channel = desk.open()
        await channel.check()
        await channel.perform(replace(_answer(question, said), files=(file,)))
        await channel.aclose()

    run(answer)
    atproto.settled()
    assert [told["record"]["text"] for told in sam.notifications("mention")] == [said]
    [told] = dana.notifications("reply")
    assert told["record"]["embed"]["images"][0]["alt"] == "a map"
    assert [one["features"][0].get("uri") for one in told["record"]["facets"]] == [
        None,
        "https://shop.example/8841",
    ]


def test_the_same_letter_twice_is_one_post_also_where_the_first_comes_late(
    us: Person, dana: Person, desk: _Desk
) -> None:
    dana.post(f"@{us.handle} hello", mentioned=[us])
    [question] = desk.look().received
    out = _answer(question, "It leaves today.")

    async def twice() -> None:
        channel = desk.open()
        await channel.check()
        assert isinstance(await channel.find(out), Missing)
        first = await channel.perform(out)
        assert await channel.perform(out) == first
        assert isinstance(await channel.find(out), Found)
        await channel.aclose()

    run(twice)
    assert [one.text for one in us.posts()] == ["It leaves today."]


def test_a_customers_thread_of_their_own_comes_whole_and_a_deleted_part_goes(
    us: Person, dana: Person, desk: _Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "_REVIEW_S", 0.0)
    first = dana.post(f"@{us.handle} my parcel (1/2)", mentioned=[us])
    second = dana.post("it was due on Friday (2/2)", parent=first)
    deleted = False

    def gone(found: Pulled) -> bool:
        nonlocal deleted
        if found.caught_up and not deleted:
            deleted = True
            dana.delete(second)
            desk.network.settled()
        return any(isinstance(one, Deleted) for one in found.events)

    found = desk.look(gone)
    assert [said_in(one)[-5:] for one in found.received] == ["(1/2)", "(2/2)"]
    assert {one.conversation for one in found.received} == {first.uri}
    assert [one.message for one in found.events if isinstance(one, Deleted)] == [second.uri]


def test_a_post_that_lets_nobody_answer_is_said_to(us: Person, dana: Person, desk: _Desk) -> None:
    post = dana.post(f"@{us.handle} no answers please", mentioned=[us])
    gate = {
        "$type": "app.bsky.feed.threadgate",
        "post": post.uri,
        "allow": [],
        "createdAt": "2026-01-01T00:00:00Z",
    }
    where = {"repo": dana.did, "collection": gate["$type"], "rkey": post.uri.rpartition("/")[2]}
    dana.ask("com.atproto.repo.createRecord", {**where, "record": gate}).good()
    found = desk.look()
    assert [bool(one.refuses) for one in found.events if isinstance(one, Terms)] == [True]

    async def answer() -> None:
        channel = desk.open()
        await channel.check()
        with pytest.raises(Rejected):
            await channel.perform(_answer(found.received[0], "It leaves today."))
        await channel.aclose()

    run(answer)
    assert us.posts() == []


def test_many_come_in_order_over_pages_and_a_restart_and_a_stale_session_in_the_middle(
    atproto: AtProto, us: Person, dana: Person, desk: _Desk
) -> None:
    for n in range(105):
        dana.post(f"@{us.handle} number {n:03}", mentioned=[us])
    atproto.settled()

    async def first_half() -> Pulled:
        channel = desk.open()
        try:
            found = await pull(channel, until=lambda found: len(found.received) >= 50)
            channel._session._access = us.stale_token()
            channel._session._fresh_at -= DAY
            rest = await pull(channel, found.cursor, found.state)
            found.events += rest.events
            return found
        finally:
            await channel.aclose()

    found = run(first_half)
    assert [said_in(one)[-3:] for one in found.received] == [f"{n:03}" for n in range(105)]
