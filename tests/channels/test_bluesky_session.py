"""Bluesky's sessions: opened once, renewed once for all, never in a loop. And what a hostile network may say."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.channels import lexicons
from tests.channels.blueskying import BlueskyRig, refereed
from tests.channels.contract import CANARY, RECORDED, Pulled, asked, do, look, pull, run, site
from tests.clock import ManualClock
from tests.fakes.bluesky import DANA, US, FakeBluesky
from tests.fakes.service import Asked, Reply
from tuidesk.channels.bluesky import parse, richtext
from tuidesk.channels.bluesky.adapter import Bluesky, BlueskyOptions
from tuidesk.channels.bluesky.place import Memory, Place
from tuidesk.domain import vocabulary
from tuidesk.domain.model import Person
from tuidesk.errors import AuthFailed, ChannelError, RateLimited, Unavailable


@pytest.fixture
def server() -> Iterator[FakeBluesky]:
    with refereed() as server:
        yield server


@pytest.fixture
def rig(server: FakeBluesky, tmp_path: Path) -> BlueskyRig:
    return BlueskyRig(server, tmp_path / "account")


def _renewing(server: FakeBluesky) -> int:
    return sum(one.path.endswith("refreshSession") for one in server.asked)


def test_many_who_meet_a_stale_session_renew_it_once(rig: BlueskyRig, server: FakeBluesky) -> None:
    clock = ManualClock()

    async def many() -> None:
        channel = Bluesky(
            BlueskyOptions(handle="@acmehelp.test ", server=server.base), site(rig.folder, clock=clock)
        )
        await channel.check()
        clock.advance(7200)
        server.stale = True
        await asyncio.gather(*(channel.check() for _ in range(8)))
        await channel.aclose()

    run(many)
    assert (server.logins, _renewing(server)) == (1, 1)


def test_a_reply_that_meets_a_stale_session_is_sent_once(rig: BlueskyRig, server: FakeBluesky) -> None:
    question = asked(rig)
    clock = ManualClock(question.at)

    async def late() -> None:
        channel = Bluesky(
            BlueskyOptions(handle="acmehelp.test", server=server.base), site(rig.folder, clock=clock)
        )
        await channel.check()
        clock.advance(7200)
        server.fail("status", "createRecord", status=400, json={"error": "ExpiredToken"})
        await channel.perform(rig.reply(question, "It leaves today."))
        await channel.aclose()

    run(late)
    assert rig.customer_saw() == ["It leaves today."]


def test_a_renewal_whose_answer_was_lost_ends_in_a_new_login(rig: BlueskyRig, server: FakeBluesky) -> None:
    clock = ManualClock()

    async def lost() -> None:
        channel = Bluesky(
            BlueskyOptions(handle="acmehelp.test", server=server.base), site(rig.folder, clock=clock)
        )
        await channel.check()
        clock.advance(7200)
        server.stale = True
        server.fail("lose", "refreshSession")
        with pytest.raises(Unavailable):
            await channel.check()
        await channel.check()
        await channel.aclose()

    run(lost)
    assert server.logins == 2


def test_a_password_without_a_privilege_is_no_stale_session(rig: BlueskyRig, server: FakeBluesky) -> None:
    server.privileged = False
    clock = ManualClock()

    async def thrice() -> None:
        channel = Bluesky(
            BlueskyOptions(handle="acmehelp.test", server=server.base), site(rig.folder, clock=clock)
        )
        for _ in range(3):
            assert (await channel.check()).troubles
            clock.advance(60)
        await channel.aclose()

    run(thrice)
    assert (server.logins, _renewing(server)) == (1, 0)


def test_a_restart_of_the_reading_is_no_new_login(rig: BlueskyRig, server: FakeBluesky) -> None:
    async def thrice() -> None:
        channel = rig.open()
        for _ in range(3):
            await channel.check()
            await pull(channel)
        await channel.aclose()

    run(thrice)
    assert server.logins == 1


def test_a_session_that_ends_at_once_is_not_opened_in_a_loop(rig: BlueskyRig, server: FakeBluesky) -> None:
    clock = ManualClock()

    async def ended() -> None:
        channel = Bluesky(
            BlueskyOptions(handle="acmehelp.test", server=server.base), site(rig.folder, clock=clock)
        )
        await channel.check()
        for _ in range(20):
            clock.advance(10)
            server.stale = True
            server.sessions += 1  # and what would renew it holds no more
            with pytest.raises(RateLimited) as caught:
                await channel.check()
            assert 0 < (caught.value.after or 0) <= 600
        clock.advance(600)
        await channel.check()
        await channel.aclose()

    run(ended)
    assert server.logins == 2


def test_a_password_that_was_refused_is_not_tried_again_but_another_one_is(
    rig: BlueskyRig, server: FakeBluesky
) -> None:
    class Secrets:
        kept = "an old one"
        had = ""

        def put(self, value: str, use: str = "") -> None:
            raise NotImplementedError

        def get(self, use: str = "", *, anew: bool = False) -> str:  # noqa: ARG002 - the port's
            self.had = self.kept if anew else self.had or self.kept
            return self.had

    clock, secrets = ManualClock(), Secrets()

    async def tries() -> None:
        channel = Bluesky(
            BlueskyOptions(handle="acmehelp.test", server=server.base),
            site(rig.folder, clock=clock, secrets=secrets),
        )
        for _ in range(10):
            with pytest.raises(AuthFailed, match="Invalid identifier or password"):
                await channel.check()
            clock.advance(300)
        assert server.logins == 1
        secrets.kept = CANARY
        await channel.check()
        await channel.aclose()

    run(tries)
    assert server.logins == 2


def test_a_server_that_asks_for_a_code_wants_an_app_password(rig: BlueskyRig, server: FakeBluesky) -> None:
    told = {"error": "AuthFactorTokenRequired", "message": "A sign in code has been sent"}
    server.fail("status", "createSession", status=401, json=told)
    with pytest.raises(AuthFailed, match="app password"):
        do(rig, lambda channel: channel.check())


@pytest.mark.parametrize(
    "answer", [{}, {"accessJwt": 7}, [], "hello", {"accessJwt": "a\nb", "refreshJwt": "c", "did": US}]
)
def test_a_login_that_gives_no_session_is_said(rig: BlueskyRig, server: FakeBluesky, answer: Any) -> None:
    server.fail("status", "createSession", status=200, json=answer)
    with pytest.raises(Unavailable, match="127"):
        do(rig, lambda channel: channel.check())


def test_the_work_is_done_where_the_records_lie_and_the_login_where_the_agent_says(
    rig: BlueskyRig, server: FakeBluesky
) -> None:
    class Entry(FakeBluesky):
        def _session(self) -> dict[str, Any]:
            return server._session()

    server.post(DANA, "@acmehelp.test hello")
    with Entry(CANARY) as entry:
        rig.server = entry
        assert look(rig, text="hello").received
        assert {one.path.rpartition(".")[2] for one in entry.asked} == {"createSession"}
    assert not [one for one in server.asked if one.path.endswith("createSession")]


def test_a_place_that_is_no_address_for_a_secret_gets_none(rig: BlueskyRig, server: FakeBluesky) -> None:
    server.pds = "http://pds.example"
    with pytest.raises(Exception, match=r"pds\.example"):
        do(rig, lambda channel: channel.check())
    assert {one.path.rpartition(".")[2] for one in server.asked} == {"createSession"}


# --- whatever it says ---

_ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=5),
    st.builds(list),
    st.builds(dict),
    st.builds(lambda: [7]),
    st.floats(),
)
_BODIES = [json.loads(one.read_text("utf-8")) for one in sorted((RECORDED / "bluesky").glob("*.json"))]


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield from _places(one, (*path, name))


_PLACES = [(number, path) for number, body in enumerate(_BODIES) for path in _places(body)]


_SIZE = next(place for place in _PLACES if place[1][-1] == "size")


@example([(_SIZE, -1)])
@example([(_SIZE, 10**30)])
@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(_PLACES), _ANYTHING), min_size=1, max_size=3))
def test_no_body_breaks_the_reading(changes: list[tuple[tuple[int, tuple[Any, ...]], Any]]) -> None:
    body = deepcopy(_BODIES[changes[0][0][0]])
    for (_, path), value in changes:
        at = body
        try:
            for name in path[:-1]:
                at = at[name]
            at[path[-1]] = value
        except (TypeError, LookupError):
            continue  # its place is gone with another change
    convo = body.get("convo", {})
    messages = body["messages"] if isinstance(body.get("messages"), list) else []
    events = [parse.direct(one, convo, US, _named, 0) for one in messages if isinstance(one, dict)]
    events += [parse.post(body, "head", US, _named, 0)]
    parse.contact(body, "post")
    parse.addresses(body, US)
    parse.refuses(body)
    for event in events:
        vocabulary.parse(vocabulary.dump(event))
    for message in events:
        assert getattr(message, "id", "")


def _named(did: str) -> Person:
    return Person(handle=did)


@given(st.text(), st.lists(st.tuples(st.integers(-3, 40), st.integers(-3, 40), st.text(max_size=3))))
def test_no_facet_loses_a_letter(said: str, stretches: list[tuple[int, int, str]]) -> None:
    told = {
        "facets": [
            {
                "index": {"byteStart": start, "byteEnd": end},
                "features": [{"$type": "app.bsky.richtext.facet#link", "uri": uri}],
            }
            for start, end, uri in stretches
        ]
    }
    shown = iter(richtext.shown(said, told))
    assert all(letter in shown for letter in said)


@given(st.text(), st.booleans())
def test_what_is_marked_is_what_it_says(said: str, known: bool) -> None:
    said += " https://x.example/ü?a=(b) @dana.test."
    whole = said.encode(errors="surrogatepass")
    found = richtext.facets(said, {"dana.test": DANA} if known else {})
    pieces = [whole[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode() for one in found]
    assert "https://x.example/ü?a=(b)" in pieces
    assert ("@dana.test" in pieces) == known


def test_a_cursor_and_a_state_of_others_are_as_none() -> None:
    for odd in ("", "7", "[]", "null", '{"told": "x", "log": 3}', "\u0000"):
        assert Place.read(odd, 5).first == 5
        assert Memory.read(odd.encode()).heads == {}


class _Odd(FakeBluesky):
    """One answer in a few has something else where something was."""

    def __init__(self) -> None:
        super().__init__(CANARY)
        self.changes: list[tuple[int, Any]] = []

    def serve(self, asked: Asked) -> Reply:
        reply = super().serve(asked)
        if asked.path.endswith("createSession") or not self.changes:
            return reply
        at, value = self.changes.pop()
        body = deepcopy(reply.json)
        places = list(_places(body))
        if places:
            *above, last = places[at % len(places)]
            inside = body
            for name in above:
                inside = inside[name]
            inside[last] = value
        return replace(reply, json=body)


@settings(max_examples=60, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 10_000), _ANYTHING), min_size=1, max_size=12))
def test_whatever_is_answered_only_errors_of_ours_come_of_it_and_a_healthy_word_after_it_is_read(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, Any]]
) -> None:
    with _Odd() as server:
        rig = BlueskyRig(server, tmp_path_factory.mktemp("odd"))
        first = server.post(DANA, "@acmehelp.test one")
        server.post(US, "an answer", parent=first)
        server.says(DANA, server.convo_of(US, DANA), "directly")
        server.changes = changes

        async def odd() -> Pulled:
            channel = rig.open()
            try:
                for _ in range(20):
                    with suppress(ChannelError):
                        await channel.check()
                        return await pull(channel)
            finally:
                await channel.aclose()
            return Pulled([], "", b"")

        found = run(odd)
        server.changes = []
        server.post(DANA, "@acmehelp.test and a healthy word", parent=first)
        assert look(rig, found.cursor, found.state, text="healthy word").received


_POST = f"at://{DANA}/app.bsky.feed.post/3m65azl2pzk2a"


def _written(**more: Any) -> dict[str, Any]:
    record = {"$type": "app.bsky.feed.post", "text": "a", "createdAt": "2026-11-20T12:50:00Z", **more}
    return {"repo": US, "collection": "app.bsky.feed.post", "record": record}


@pytest.mark.skipif(not lexicons.PATH.exists(), reason="the lexicons are not at hand")
@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", "app.bsky.nothing", {}, None),
        ("POST", "app.bsky.feed.getPosts", {"uris": [_POST]}, None),
        ("GET", "app.bsky.feed.getPosts", {}, None),
        ("GET", "app.bsky.feed.getPosts", {"uris": [_POST] * 26}, None),
        ("GET", "app.bsky.notification.listNotifications", {"limit": ["101"]}, None),
        ("GET", "app.bsky.notification.listNotifications", {"since": ["1"]}, None),
        ("POST", "com.atproto.repo.createRecord", {}, {"repo": US, "collection": "app.bsky.feed.post"}),
        ("POST", "com.atproto.repo.createRecord", {}, _written(text="x" * 301)),
        (
            "POST",
            "com.atproto.repo.createRecord",
            {},
            _written(reply={"root": {"uri": _POST, "cid": "bafyreia"}}),
        ),
        ("POST", "com.atproto.repo.createRecord", {}, _written(createdAt="yesterday")),
        ("POST", "com.atproto.repo.createRecord", {}, _written(facets=[{"index": {"byteStart": -1}}])),
        ("POST", "chat.bsky.convo.sendMessage", {}, {"convoId": "3c", "message": {"text": "a", "html": "b"}}),
        ("POST", "com.atproto.server.refreshSession", {}, {}),
    ],
)
def test_the_referee_sees_what_is_wrong(
    method: str, path: str, query: dict[str, list[str]], body: Any
) -> None:
    said = b"" if body is None else json.dumps(body).encode()
    assert lexicons.violations(Asked(method, f"/xrpc/{path}", query, {}, said))
    good = Asked("POST", "/xrpc/com.atproto.repo.createRecord", {}, {}, json.dumps(_written()).encode())
    assert lexicons.violations(good) == []
