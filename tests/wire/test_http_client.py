"""Requests: deadlines, redirects, logins, parameters, uploads, more of them than there are connections."""

import asyncio
import gzip
import io
import time
import tracemalloc
from collections.abc import AsyncIterator, Mapping

import pytest

from tests.servers.fixtures import LoopbackTls
from tests.wire.http_bench import (
    TOKEN,
    Asked,
    Kept,
    always,
    as_json,
    by_path,
    client,
    never,
    reply,
    serving,
    site,
    then_closed,
    until,
)
from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    ConfigError,
    RateLimited,
    Rejected,
    SecretError,
    Unavailable,
    Unconfirmed,
)
from tuidesk.wire.http.client import Answer, Ask, Client, NoAuth, SecretAuth, Upload


class Renewing:
    """A login whose first token is stale."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.renewals = 0

    async def headers(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer {self.tokens[0]}"}

    async def renewed(self) -> bool:
        self.renewals += 1
        if len(self.tokens) == 1:
            return False
        del self.tokens[0]
        return True


async def only_fresh(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Lets nobody in but with the token `fresh`."""
    known = asked.headers.get("authorization") == "Bearer fresh"
    writer.write(as_json({"text": asked.body.decode()}) if known else reply(status=401))


# --- deadlines ---


def test_a_server_that_drips_does_not_outlast_the_deadline() -> None:
    """Each read succeeds in time; the whole does not."""

    async def drip(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.02)

    async def whole() -> None:
        async with serving(drip) as server, client(server) as http:
            for method, expected in (("GET", Unavailable), ("POST", Unconfirmed)):
                begun = time.monotonic()
                with pytest.raises(expected, match="in time"):
                    await http.ask(Ask(method=method, path="/", unsafe=method == "POST", deadline_s=0.4))
                assert 0.3 < time.monotonic() - begun < 10

    asyncio.run(whole())


def test_a_head_that_never_ends_does_not_either() -> None:
    async def drip(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while not writer.is_closing():
            writer.write(b"X: y\r\n")
            await asyncio.sleep(0.02)

    async def whole() -> None:
        async with serving(drip) as server, client(server) as http:
            with pytest.raises(Unavailable, match="in time"):
                await http.get("/", deadline_s=0.3)

    asyncio.run(whole())


def test_nothing_that_waited_for_a_connection_is_said_to_be_perhaps_sent() -> None:
    """Eight are under way; the ninth's deadline ends before any of its bytes has left."""

    async def whole() -> None:
        async with serving(never) as server, client(server) as http:
            under_way = [asyncio.ensure_future(http.get("/", deadline_s=60)) for _ in range(8)]
            await until(lambda: len(server.asked) == 8)
            with pytest.raises(Unavailable):
                await http.post("/ninth", {}, deadline_s=0.2)
            with pytest.raises(Unavailable):
                await http.post("/tenth", {}, deadline_s=0.2)
            await http.aclose()
            results = await asyncio.gather(*under_way, return_exceptions=True)
            assert {type(result) for result in results} == {Unavailable}
            assert [asked.path for asked in server.asked] == ["/"] * 8

    asyncio.run(whole())


def test_more_requests_than_connections_all_get_their_own_answer() -> None:
    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.01)
        writer.write(as_json(asked.target))

    async def whole() -> None:
        async with serving(slow) as server, client(server) as http:
            answers = await asyncio.gather(*(http.get(f"/{number}") for number in range(50)))
            assert [answer.json for answer in answers] == [f"/{number}" for number in range(50)]
            assert server.connections <= 8

    asyncio.run(whole())


def test_a_login_that_cannot_be_had_in_time_sends_nothing() -> None:
    class Slow(NoAuth):
        async def headers(self) -> Mapping[str, str]:
            await asyncio.sleep(60)
            return {}

    async def whole() -> None:
        async with serving(always(reply())) as server, client(server, auth=Slow()) as http:
            with pytest.raises(Unavailable):
                await http.post("/", {}, deadline_s=0.1)
            assert server.asked == []

    asyncio.run(whole())


def test_a_connection_that_was_kept_and_then_closed_is_not_asked_again_with_what_must_not_be_repeated() -> (
    None
):
    async def whole() -> None:
        async with serving(then_closed(b"")) as server, client(server) as http:
            with pytest.raises(Unconfirmed):
                await http.post("/", {})
            with pytest.raises(Unavailable):
                await http.get("/")
            assert [asked.method for asked in server.asked] == ["POST", "GET"]

    asyncio.run(whole())


# --- redirects ---


def test_a_redirect_at_the_same_origin_is_followed_where_it_may_be_asked_twice() -> None:
    answers = {
        "/old": reply(status=301, location="/new?page=2"),
        "/new": as_json("here"),
        "/loop": reply(status=302, location="/loop"),
        "/relative/a": reply(status=307, location="b"),
        "/relative/b": as_json("there"),
    }

    async def whole() -> None:
        async with serving(by_path(answers)) as server, client(server) as http:
            assert (await http.get("/old", {"q": "x"})).json == "here"
            assert [asked.target for asked in server.asked] == ["/old?q=x", "/new?page=2"]
            assert {asked.headers["authorization"] for asked in server.asked} == {f"Bearer {TOKEN}"}
            assert (await http.get("/relative/a")).json == "there"
            with pytest.raises(Rejected, match="another address"):
                await http.get("/loop")
            assert len(server.asked) < 12
            before = len(server.asked)
            for call in (http.post("/old", {}), http.put("/old", {}), http.delete("/old")):
                with pytest.raises(Rejected, match="another address"):
                    await call
            assert len(server.asked) == before + 3

    asyncio.run(whole())


def test_see_other_after_what_must_not_be_repeated_may_mean_that_it_was_done() -> None:
    async def whole() -> None:
        async with serving(always(reply(status=303, location="/done"))) as server, client(server) as http:
            with pytest.raises(Unconfirmed):
                await http.post("/send", {})

    asyncio.run(whole())


@pytest.mark.parametrize(
    "where", ["{other}/x", "//127.0.0.1:{port}/x", "ftp://127.0.0.1/x", "http://a:b@{here}/x"]
)
def test_no_redirect_leads_to_another_origin(where: str) -> None:
    """The other host's own ledger says that nobody came."""

    async def whole() -> None:
        async with serving(always(reply())) as other:
            location = ""

            async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
                writer.write(reply(status=302, location=location))

            async with serving(answer) as server, client(server) as http:
                here = server.base.removeprefix("http://")
                location = where.format(other=other.base, port=other.port, here=here)
                with pytest.raises(Rejected, match="does not go"):
                    await http.get("/")
                assert other.asked == []
                assert other.connections == 0
                assert len(server.asked) == 1

    asyncio.run(whole())


def test_no_redirect_leads_from_tls_to_plain_http(loopback_tls: LoopbackTls) -> None:
    async def whole() -> None:
        async with serving(always(reply())) as plain:
            sent_on = always(reply(status=302, location=f"{plain.base}/x"))
            async with (
                serving(sent_on, tls=loopback_tls.server) as server,
                client(server, ca=loopback_tls.ca) as http,
            ):
                with pytest.raises(Rejected, match="does not go"):
                    await http.get("/")
                assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
                assert plain.connections == 0

    asyncio.run(whole())


def test_a_certificate_nobody_vouches_for_is_named_and_nothing_is_sent(loopback_tls: LoopbackTls) -> None:
    async def whole() -> None:
        async with serving(always(reply()), tls=loopback_tls.server) as server, client(server) as http:
            with pytest.raises(Unavailable, match="certificate"):
                await http.post("/", {})
            assert server.asked == []

    asyncio.run(whole())


def test_a_path_is_never_taken_for_another_host() -> None:
    async def whole() -> None:
        async with (
            serving(always(reply())) as other,
            serving(always(reply())) as server,
            client(server, "/api/v1") as http,
        ):
            for path in (f"{other.base}/x", f"//127.0.0.1:{other.port}/x", f"http://127.0.0.1:{other.port}"):
                with pytest.raises(Rejected, match="does not go"):
                    await http.get(path)
            await http.get(f"/search?q={other.base}/x")
            await http.get(f"@127.0.0.1:{other.port}/x")
            await http.get(f"{server.base}/elsewhere/here?a=1")
            await http.get("orders/환불")
            assert other.connections == 0
            assert [asked.target for asked in server.asked] == [
                f"/api/v1/search?q={other.base}/x",
                f"/api/v1/@127.0.0.1:{other.port}/x",
                "/elsewhere/here?a=1",
                "/api/v1/orders/%ED%99%98%EB%B6%88",
            ]

    asyncio.run(whole())


def test_cookies_are_not_kept() -> None:
    """They would go to every port of the host, and every host of the domain that the service names."""

    async def whole() -> None:
        cookie = always(reply(set_cookie="session=secret; Path=/"))
        async with serving(cookie) as server, client(server) as http:
            await http.get("/")
            await http.get("/")
            assert "cookie" not in server.asked[1].headers

    asyncio.run(whole())


def test_a_proxy_does_not_see_what_is_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async def whole() -> None:
        async with serving(always(reply())) as proxy, serving(always(as_json("direct"))) as server:
            for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
                monkeypatch.setenv(name, proxy.base)
            async with client(server) as http:
                assert (await http.get("/")).json == "direct"
            assert proxy.connections == 0

    asyncio.run(whole())


def test_a_proxy_of_a_kind_we_cannot_use_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def whole() -> None:
        for proxy in ("socks5://127.0.0.1:1", "gopher://127.0.0.1:1"):
            monkeypatch.setenv("ALL_PROXY", proxy)
            with pytest.raises(ConfigError, match="ALL_PROXY"):
                Client("https://acme.example", NoAuth(), site())

    asyncio.run(whole())


# --- logins ---


def test_a_stale_login_is_renewed_once_and_the_request_made_once_more() -> None:
    async def whole() -> None:
        login = Renewing("stale", "fresh")
        async with serving(only_fresh) as server, client(server, auth=login) as http:
            answer = await http.post("/", {"text": "hello"})
            assert answer.json == {"text": '{"text":"hello"}'}
            await http.get("/")
            assert login.renewals == 1
            assert [asked.headers["authorization"] for asked in server.asked] == [
                "Bearer stale",
                "Bearer fresh",
                "Bearer fresh",
            ]

    asyncio.run(whole())


def test_a_login_that_stays_refused_is_tried_twice_and_not_for_ever() -> None:
    async def whole() -> None:
        login = Renewing("one", "two", "three")
        async with serving(only_fresh) as server, client(server, auth=login) as http:
            with pytest.raises(AuthFailed):
                await http.get("/")
            assert len(server.asked) == 2

    asyncio.run(whole())


class Changing(Kept):
    """A secret that somebody changes; None: its place gives nothing now."""

    now: str | None = "stale"

    def __init__(self) -> None:
        self.had = "stale"

    def get(self, use: str = "", *, anew: bool = False) -> str:
        if anew and self.now is None:
            raise SecretError(use)
        if anew and self.now is not None:
            self.had = self.now
        return self.had


def test_a_secret_that_the_agent_has_changed_meanwhile_is_taken_without_a_new_start() -> None:
    async def whole() -> None:
        here, kept = site(), Changing()
        mine = type(here)(here.account, here.clock, kept, here.agent)
        async with serving(only_fresh) as server, client(server, auth=SecretAuth.bearer(mine)) as http:
            for now in ("stale", None):
                kept.now = now
                with pytest.raises(AuthFailed):
                    await http.get("/")
            assert len(server.asked) == 2
            kept.now = "fresh"
            await http.get("/")
            await http.get("/")
            assert len(server.asked) == 5

    asyncio.run(whole())


def test_a_body_that_can_be_told_only_once_is_not_told_half_the_second_time() -> None:
    async def whole() -> None:
        login = Renewing("stale", "fresh")
        async with serving(only_fresh) as server, client(server, auth=login) as http:
            with pytest.raises(Unavailable):
                await http.ask(Ask(method="POST", path="/", content=_told(b"a", b"b"), unsafe=True))
            assert [asked.body for asked in server.asked] == [b"ab"]
            await http.ask(Ask(method="POST", path="/", content=_told(b"a", b"b"), unsafe=True))
            assert [asked.body for asked in server.asked] == [b"ab", b"ab"]

    asyncio.run(whole())


async def _told(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def test_a_secret_that_no_header_can_hold_is_not_sent() -> None:
    class Odd(Kept):
        def get(self, use: str = "", *, anew: bool = False) -> str:  # noqa: ARG002 - the port's
            return f"two\nlines{use}"

    async def whole() -> None:
        here = site()
        odd = type(here)(here.account, here.clock, Odd(), here.agent)
        async with serving(always(reply())) as server, client(server, site=odd) as http:
            with pytest.raises(AuthFailed, match="copied whole"):
                await http.get("/")
            assert server.asked == []

    asyncio.run(whole())


# --- what is asked ---


def test_parameters_stand_beside_those_the_address_has() -> None:
    async def whole() -> None:
        async with serving(always(reply())) as server, client(server) as http:
            await http.get("/a?x=1&x=2&empty=", {"y": [3, 4], "no": None, "yes": True, "z": "a b&c"})
            await http.get("/a?x=1")
            await http.get("/a?x=%C3%A9", {})
            assert [asked.target for asked in server.asked] == [
                "/a?x=1&x=2&empty=&y=3&y=4&yes=true&z=a+b%26c",
                "/a?x=1",
                "/a?x=%C3%A9",
            ]

    asyncio.run(whole())


def test_files_follow_the_fields_in_their_order_and_are_not_held_whole() -> None:
    big = 24 * 1024 * 1024

    class Zeros(io.RawIOBase):
        """So many bytes, none of them anywhere."""

        def __init__(self) -> None:
            self.at = 0

        def readable(self) -> bool:
            return True

        def seekable(self) -> bool:
            return True

        def seek(self, offset: int, whence: int = 0) -> int:
            self.at = (0, self.at, big)[whence] + offset
            return self.at

        def tell(self) -> int:
            return self.at

        def read(self, size: int = -1) -> bytes:
            size = min(big - self.at, big if size < 0 else size)
            self.at += size
            return bytes(size)

    seen: list[int] = []

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        seen.append(0)
        head = b""
        while piece := await reader.read(65536):
            head += piece if len(head) < 600 else b""
            seen[0] += len(piece)
            if piece.endswith(b"--\r\n"):
                break
        order = [head.find(word) for word in (b'name="text"', b'name="kind"', b'name="one"', b'name="two"')]
        assert order == sorted(order)
        assert order[0] > 0
        writer.write(reply())
        await writer.drain()
        writer.close()

    async def whole() -> None:
        listener = await asyncio.start_server(count, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        async with client(f"http://127.0.0.1:{port}") as http:
            files = (
                Upload("one", "a.txt", io.BytesIO(b"first"), "text/plain"),
                Upload("two", "b.bin", Zeros(), "application/octet-stream"),  # type: ignore[arg-type]
            )
            tracemalloc.start()
            await http.post("/", form={"text": "hello", "kind": "x"}, uploads=files)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        listener.close()
        assert seen[0] > big
        assert peak < 4 * 1024 * 1024

    asyncio.run(whole())


# --- what is judged ---


def test_a_service_may_mean_something_else_by_an_answer() -> None:
    def judge(answer: Answer) -> ChannelError | None:
        return RateLimited("slow down", answer.json["wait"]) if answer.json["ok"] is False else None

    async def whole() -> None:
        answers = {
            "/limited": as_json({"ok": False, "wait": 30}),
            "/fine": as_json({"ok": True}),
            "/odd": as_json([1]),
        }
        async with serving(by_path(answers)) as server, client(server, judge=judge) as http:
            assert (await http.get("/odd")).json == [1]
            assert (await http.get("/fine")).json == {"ok": True}
            with pytest.raises(RateLimited, match="slow down"):
                await http.get("/limited")
            with pytest.raises(RateLimited) as caught:
                await http.get("/fine")
            assert caught.value.after == 30
            assert len(server.asked) == 3

    asyncio.run(whole())


def test_an_explanation_that_fails_leaves_the_status() -> None:
    async def whole() -> None:
        def explain(found: object) -> str:
            return found["error"]["text"]  # type: ignore[index,no-any-return]

        async with (
            serving(always(as_json({"error": None}, 404))) as server,
            client(server, explain=explain) as http,
        ):
            with pytest.raises(Rejected, match="404 Not Found"):
                await http.get("/")

    asyncio.run(whole())


def test_the_words_of_an_error_that_is_packed_are_read() -> None:
    async def whole() -> None:
        body = gzip.compress(b'{"message": "No such order"}')
        async with (
            serving(always(reply(body, 422, content_encoding="gzip"))) as server,
            client(server) as http,
        ):
            with pytest.raises(Rejected, match="No such order"):
                await http.post("/", {})

    asyncio.run(whole())
