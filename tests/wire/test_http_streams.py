"""Server-sent events from a server that cuts them where it likes."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.http_bench import TOKEN, Answering, Asked, always, client, never, reply, serving, then_closed
from tuidesk.errors import AuthFailed, ChannelError, RateLimited, Rejected, Unavailable
from tuidesk.wire.http import streams
from tuidesk.wire.http.client import Client, NoAuth
from tuidesk.wire.http.streams import Said, events

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


def saying(*pieces: bytes, head: bytes = HEAD, then: Answering | None = None) -> Answering:
    """A stream in these pieces, each its own packet; then its end, or what `then` does."""

    async def write(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        if then is not None:
            await then(asked, writer)
        writer.close()

    return write


async def heard(stream: AsyncIterator[Said | None]) -> tuple[list[Said | None], ChannelError]:
    """All of it, signs of life included, and what it ended in."""
    found: list[Said | None] = []
    try:
        while True:
            found.append(await anext(stream))
    except ChannelError as error:
        return found, error
    raise AssertionError("it ended without a word")


def all_of(answer: Answering, **more: Any) -> tuple[list[Said], ChannelError]:
    """The events that a client hears from such a server."""

    async def whole() -> tuple[list[Said], ChannelError]:
        async with serving(answer) as server, client(server) as http:
            found, error = await heard(events(http, "/stream", **more))
            assert found[:1] == [None] or not found  # it is open
            return [said for said in found if said is not None], error

    return asyncio.run(whole())


TEXT = (
    "\ufeffdata: one\n\n"
    ": a comment\n\n"
    "event: update\ndata: 환불 언제\ndata: 되나요\u2028?\nid: 7\n\n"
    "retry: 1000\n\n"
    "event: nothing\n\n"
    "data:last\n\n"
).removeprefix("\ufeff")
EVENTS = [
    Said("message", "one"),
    Said("update", "환불 언제\n되나요\u2028?", "7"),
    Said("message", "last", "7"),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@settings(max_examples=25)
@given(cuts=st.lists(st.integers(0, len(TEXT.encode()) + 20), max_size=8))
def test_events_may_be_cut_anywhere(end: str, cuts: list[int]) -> None:
    """Between the bytes of a letter, and between CR and LF, too."""
    body = TEXT.replace("\n", end).encode()
    at = [0, *sorted(cuts), len(body)]
    pieces = [body[a:b] for a, b in pairwise(at)]
    found, error = all_of(saying(*pieces))
    assert found == EVENTS
    assert isinstance(error, Unavailable)
    assert "ended the stream" in str(error)


def test_every_byte_alone() -> None:
    found, _ = all_of(saying(*(bytes([number]) for number in TEXT.encode())))
    assert found == EVENTS


def test_an_event_that_was_cut_by_the_end_is_none() -> None:
    found, error = all_of(saying(b"data: whole\n\ndata: ha"))
    assert found == [Said("message", "whole")]
    assert isinstance(error, Unavailable)


def test_a_line_that_breaks_is_not_the_streams_end() -> None:
    chunked = HEAD.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n")
    found, error = all_of(saying(b"9\r\ndata: a\n\n\r\n", b"50\r\ndata", head=chunked))
    assert found == [Said("message", "a")]
    assert "broke" in str(error)


def test_what_is_packed_against_our_wish_is_read() -> None:
    head = HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
    found, _ = all_of(saying(gzip.compress(TEXT.encode()), head=head))
    assert found == EVENTS


def test_a_comment_is_a_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """Now and then, however many there are; what is silent gives none."""
    monkeypatch.setattr(streams, "_HEARTBEAT_S", 0.05)

    async def whole() -> None:
        async def beat(_: Asked, writer: asyncio.StreamWriter) -> None:
            while not writer.is_closing():
                writer.write(b":\n")
                await asyncio.sleep(0.001)

        async with serving(saying(then=beat)) as server, client(server) as http:
            stream = events(http, "/stream")
            for _ in range(4):
                assert await anext(stream) is None
            await stream.aclose()
        async with serving(saying(then=never)) as server, client(server) as http:
            stream = events(http, "/stream")
            assert await anext(stream) is None
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(stream), 0.5)

    asyncio.run(whole())


def test_silence_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "SILENCE_S", 0.2)
    found, error = all_of(saying(b"data: a\n\n", then=never))
    assert found == [Said("message", "a")]
    assert isinstance(error, Unavailable)
    assert "in time" in str(error)


def test_a_server_that_takes_the_request_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "OPEN_S", 0.2)
    found, error = all_of(never)
    assert found == []
    assert "in time" in str(error)


def test_an_event_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_JSON", 100_000)

    async def at_length(_: Asked, writer: asyncio.StreamWriter) -> None:
        for _line in range(2000):
            writer.write(b"data: " + b"x" * 1000 + b"\n")
            await writer.drain()

    found, error = all_of(saying(b"data: a\n\n", then=at_length))
    assert found == [Said("message", "a")]
    assert isinstance(error, Unavailable)
    assert "broke" in str(error)
    whole = b"".join(b"data: %d\n\n" % number for number in range(12_000))
    assert len(whole) > 140_000
    found, error = all_of(saying(*(whole[at : at + 2000] for at in range(0, len(whole), 2000))))
    assert len(found) == 12_000
    assert "ended" in str(error)


def test_it_goes_on_where_it_was() -> None:
    async def whole() -> None:
        async with serving(saying(b"data: a\nid: 9\n\n")) as server, client(server) as http:
            found, _ = await heard(events(http, "/stream", {"stream": "user"}))
            last = found[-1]
            assert last is not None
            await heard(events(http, "/stream", last_id=last.id))
            await heard(events(http, "/stream", last_id="환불\n"))  # a header cannot hold it
            assert [asked.headers.get("last-event-id") for asked in server.asked] == [None, "9", None]
            first = server.asked[0]
            assert first.target == "/stream?stream=user"
            assert first.headers["accept"] == "text/event-stream"
            assert first.headers["authorization"] == f"Bearer {TOKEN}"

    asyncio.run(whole())


@pytest.mark.parametrize(
    ("answer", "expected", "words"),
    [
        (reply(b'{"error": "This token has ended"}', 401), AuthFailed, "has ended"),
        (reply(b'{"error": "No such stream"}', 404), Rejected, "No such stream"),
        (reply(status=429, retry_after="9"), RateLimited, "429"),
        (reply(status=503), Unavailable, "503"),
        (reply(status=302, location="/other"), Rejected, "another address"),
        (reply(b"", status=204, content_length=""), Unavailable, "204"),
        (reply(b"<html>", content_type="text/html"), Unavailable, "text/html"),
        (reply(b"{}"), Unavailable, "application/json"),
    ],
)
def test_what_is_no_stream(answer: bytes, expected: type[ChannelError], words: str) -> None:
    found, error = all_of(always(answer))
    assert found == []
    assert type(error) is expected
    assert words in str(error)


def test_a_refusal_without_end_is_not_read_for_ever() -> None:
    async def forever(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 403 No\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 65536)
            await writer.drain()

    found, error = all_of(forever)
    assert found == []
    assert "more than" in str(error)


def test_a_stale_login_is_renewed_once() -> None:
    class Login(NoAuth):
        token, renewals = "stale", 0

        async def headers(self) -> Mapping[str, str]:
            return {"authorization": self.token}

        async def renewed(self) -> bool:
            self.token, self.renewals = "fresh", self.renewals + 1
            return True

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.headers["authorization"] == "fresh":
            await saying(b"data: a\n\n")(asked, writer)
        else:
            writer.write(reply(status=401))

    async def whole() -> None:
        login = Login()
        async with serving(answer) as server, client(server, auth=login) as http:
            found, _ = await heard(events(http, "/stream"))
            assert Said("message", "a") in found
        login = Login()
        async with serving(always(reply(status=401))) as server, client(server, auth=login) as http:
            _, error = await heard(events(http, "/stream"))
            assert isinstance(error, AuthFailed)
            assert len(server.asked) == 2

    asyncio.run(whole())


def test_who_leaves_a_stream_gives_its_connection_back() -> None:
    """Nine times, with eight connections; and a request beside."""

    async def whole() -> None:
        async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
            if asked.path == "/stream":
                await saying(b"data: a\n\n", then=never)(asked, writer)
            writer.write(reply())

        async def first(http: Client) -> Said | None:
            stream = events(http, "/stream")
            try:
                async for said in stream:
                    if said is not None:
                        return said
                return None
            finally:
                await stream.aclose()

        async with serving(answer) as server, client(server) as http:
            for _ in range(9):
                assert await first(http) == Said("message", "a")
            assert (await http.get("/", deadline_s=5)).status == 200

    asyncio.run(whole())


def test_an_end_at_once_is_no_stream_either() -> None:
    found, error = all_of(then_closed(b""))
    assert found == []
    assert isinstance(error, Unavailable)
