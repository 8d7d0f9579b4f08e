"""What an answer's body may be: packed, a bomb, cut, HTML, no JSON, nothing."""

import asyncio
import gzip
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.http_bench import Asked, always, as_json, by_path, client, reply, serving, then_closed
from tuidesk.errors import ChannelError, Rejected, Unavailable, Unconfirmed
from tuidesk.wire.http.bodies import as_json as as_json_read
from tuidesk.wire.http.client import MOST_JSON, Answer, Ask

MB = 1024 * 1024


def got(answer: bytes, *, closed: bool = False, method: str = "GET", unsafe: bool = False) -> Answer:
    """What a client makes of these bytes."""

    async def whole() -> Answer:
        async with serving((then_closed if closed else always)(answer)) as server, client(server) as http:
            return await http.ask(Ask(method=method, path="/", unsafe=unsafe, deadline_s=20))

    return asyncio.run(whole())


def refused(answer: bytes, *, closed: bool = False) -> str:
    """Why these bytes are no answer, to a question and to what must not be repeated."""
    with pytest.raises(Unavailable) as reading:
        got(answer, closed=closed)
    with pytest.raises(Unconfirmed) as sending:
        got(answer, closed=closed, method="POST", unsafe=True)
    assert str(reading.value) == str(sending.value)
    return str(reading.value)


def bomb(packed: str) -> bytes:
    """300 MB of spaces in 300 kB."""
    packing = zlib.compressobj(9, wbits=zlib.MAX_WBITS | (16 if packed == "gzip" else 0))
    return b"".join([packing.compress(b" " * MB) for _ in range(300)]) + packing.flush()


@pytest.mark.parametrize("packed", ["gzip", "deflate"])
def test_a_bomb_is_not_unpacked(packed: str) -> None:
    body = bomb(packed)
    assert len(body) < MB
    tracemalloc.start()
    try:
        with pytest.raises(Unavailable, match="more than"):
            got(reply(body, content_encoding=packed))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * MOST_JSON


def test_while_a_bomb_is_unpacked_others_go_on() -> None:
    """The loop is never held for long: a key may be waiting."""
    body = bomb("gzip")

    turns: list[int] = []

    async def whole() -> None:
        async with serving(always(reply(body, content_encoding="gzip"))) as server, client(server) as http:

            async def turn() -> None:
                while True:
                    await asyncio.sleep(0)
                    turns.append(1)

            others = asyncio.ensure_future(turn())
            with pytest.raises(Unavailable, match="more than"):
                await http.get("/")
            others.cancel()
            assert len(turns) > MOST_JSON / (256 * 1024)

    asyncio.run(whole())


def test_a_body_as_long_as_the_cap_is_taken_and_one_byte_more_is_not() -> None:
    async def whole() -> None:
        body = b'"' + b"x" * 998 + b'"'
        async with serving(always(reply(body))) as server, client(server) as http:
            assert (await http.get("/", most=1000)).json == "x" * 998
            with pytest.raises(Unavailable, match="more than 999 bytes"):
                await http.get("/", most=999)

    asyncio.run(whole())


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "deflate"])
def test_what_is_packed_is_unpacked(encoding: str) -> None:
    pack = zlib.compress if encoding == "deflate" else gzip.compress
    assert got(reply(pack(b'{"a": 1}'), content_encoding=encoding)).json == {"a": 1}


@settings(max_examples=20)
@given(st.integers(-600, 600), st.integers(0, 3), st.booleans())
def test_no_byte_is_lost_near_the_size_of_a_piece(beside: int, pieces: int, random: bool) -> None:
    size = max(0, pieces * 256 * 1024 + beside)
    text = ("0123456789abcdef" if random else "a") * size
    text = text[:size]
    answer = got(reply(gzip.compress(f'"{text}"'.encode()), content_encoding="gzip"))
    assert answer.json == text


def test_one_gzip_may_follow_another_and_padding_may_follow_both() -> None:
    parts = gzip.compress(b'["a",') + gzip.compress(b'"b"]')
    for body in (parts, parts + bytes(100)):
        assert got(reply(body, content_encoding="gzip")).json == ["a", "b"]


def test_pieces_of_one_byte_are_put_together() -> None:
    body = gzip.compress(b'["a",') + gzip.compress(b'"b"]')

    async def drip(_: Asked, writer: asyncio.StreamWriter) -> None:
        head, _mark, rest = reply(body, content_encoding="gzip").partition(b"\r\n\r\n")
        writer.write(head + b"\r\n\r\n")
        for number in rest:
            writer.write(bytes([number]))
            await writer.drain()
            await asyncio.sleep(0)

    async def whole() -> None:
        async with serving(drip) as server, client(server) as http:
            assert (await http.get("/")).json == ["a", "b"]

    asyncio.run(whole())


def test_a_body_that_says_it_is_packed_and_is_not() -> None:
    assert "gzip" in refused(reply(b"{}", content_encoding="gzip"))
    assert "br" in refused(reply(b"{}", content_encoding="br"))


def test_a_packed_body_that_is_cut() -> None:
    assert "gzip" in refused(reply(gzip.compress(b'{"a": "long enough"}')[:-9], content_encoding="gzip"))


def test_a_body_shorter_than_its_length() -> None:
    cut = b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a": 1}'
    assert "broke" in refused(cut, closed=True)


def test_chunks_that_do_not_end() -> None:
    assert "broke" in refused(
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"a": 1}\r\n', closed=True
    )


def test_a_page_for_people_is_no_answer() -> None:
    assert "HTML" in refused(reply(b"<html>Sign in</html>", content_type="text/html; charset=utf-8"))


@pytest.mark.parametrize(
    "body", [b'{"a": [1, 2', b"<html>", b" ", b"{} {}", b"\xff\xfe\x00", b"[" * 100_000, b"9" * 10_000]
)
def test_what_is_no_json_is_no_answer(body: bytes) -> None:
    assert "no JSON" in refused(reply(body))


def test_half_a_character_becomes_what_the_store_can_hold() -> None:
    body = b'{"a\\ud800": ["\\uD83D\\uDE00 \\uDC00", 1, {"b": "\\udfff"}], "c": "\\u00e9"}'
    expected = {"a\ufffd": ["😀 \ufffd", 1, {"b": "\ufffd"}], "c": "é"}
    assert got(reply(body)).json == expected
    assert as_json_read(body.decode()) == expected


def test_no_body_is_no_answer_to_a_question_but_to_what_is_done() -> None:
    with pytest.raises(Unavailable, match="no JSON"):
        got(reply(b""))
    assert got(reply(b""), method="POST", unsafe=True).json is None
    assert got(reply(b"null")).json is None


def test_no_content_is_an_answer() -> None:
    for packed in ("", "gzip"):  # some servers name a packing where there is nothing to pack
        assert got(reply(b"", 204, content_length="", content_encoding=packed)).status == 204
        assert got(reply(b"", 304, content_length="", content_encoding=packed)).status == 304


def test_a_head_beyond_all_measure_is_no_answer() -> None:
    head = (
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 1000) for n in range(1000)) + b"\r\n"
    )
    assert "broke" in refused(head, closed=True)


def test_what_is_not_asked_for_as_json_is_not_read_as_such() -> None:
    async def whole() -> None:
        answers = {"/a": reply(b"<p>", content_type="text/html"), "/no": as_json({"error": "gone"}, 410)}
        async with serving(by_path(answers)) as server, client(server) as http:
            answer = await http.get("/a", as_json=False)
            assert (answer.body, answer.json) == (b"<p>", None)
            with pytest.raises(Rejected, match="gone"):
                await http.get("/no", as_json=False)

    asyncio.run(whole())


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_whatever_comes_ends_in_an_answer_or_in_one_of_our_errors(noise: bytes) -> None:
    for answer in (
        noise,
        b"HTTP/1.1 200 OK\r\n" + noise,
        reply(noise),
        reply(noise, content_encoding="gzip"),
    ):
        with suppress(ChannelError):
            got(answer, closed=True)
