"""Files: from the account's own origin with its login, from others without, and from nowhere inside."""

import asyncio
import gzip
import socket
import time
import tracemalloc
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.wire.http_bench import (
    TOKEN,
    Asked,
    always,
    by_path,
    client,
    never,
    reply,
    serving,
    then_closed,
    words_of,
)
from tuidesk.errors import AuthFailed, Rejected, Unavailable
from tuidesk.wire.http.client import Client, NoAuth
from tuidesk.wire.http.origin import refuse_inside

MB = 1024 * 1024


async def whole_of(http: Client, address: str, **more: Any) -> bytes:
    return b"".join([piece async for piece in http.download(address, **more)])


def test_a_file_of_ours_comes_with_our_login() -> None:
    async def whole() -> None:
        files = {
            "/files/a": reply(b"hello"),
            "/packed": reply(gzip.compress(b"hello"), content_encoding="gzip"),
        }
        async with serving(by_path(files)) as server, client(server) as http:
            assert (
                await whole_of(http, "/files/a", params={"v": 2}, headers={"accept": "image/*"}) == b"hello"
            )
            assert await whole_of(http, f"{server.base}/packed") == b"hello"
            assert server.asked[0].target == "/files/a?v=2"
            assert server.asked[0].headers["accept"] == "image/*"
            assert {asked.headers["authorization"] for asked in server.asked} == {f"Bearer {TOKEN}"}

    asyncio.run(whole())


def test_a_file_elsewhere_comes_without() -> None:
    """Neither the login nor what the adapter adds, nor a cookie; asked directly, or by a redirect and back."""

    async def whole() -> None:
        async with serving(always(reply(b"from there"))) as other:
            redirects = {
                "/file": reply(status=302, location=f"{other.base}/signed?x=1", set_cookie="a=b; Path=/"),
            }
            async with serving(by_path(redirects)) as server, client(server) as http:
                secrets = {"x-api-key": TOKEN}
                assert await whole_of(http, "/file", headers=secrets, params={"t": TOKEN}) == b"from there"
                assert (
                    await whole_of(http, f"{other.base}/b", headers=secrets, params={"t": TOKEN})
                    == b"from there"
                )
                assert [asked.target for asked in other.asked] == ["/signed?x=1", "/b"]
                for asked in other.asked:
                    assert TOKEN not in str(asked)
                    assert not {"authorization", "cookie", "x-api-key"} & set(asked.headers)

    asyncio.run(whole())


def test_who_sends_us_back_home_does_not_get_our_login_there() -> None:
    async def whole() -> None:
        back = ""

        async def send_back(_: Asked, writer: asyncio.StreamWriter) -> None:
            writer.write(reply(status=302, location=back))

        async with (
            serving(send_back) as other,
            serving(always(reply(b"x"))) as server,
            client(server) as http,
        ):
            back = f"{server.base}/delete-everything"
            assert await whole_of(http, f"{other.base}/a") == b"x"
            assert "authorization" not in server.asked[0].headers

    asyncio.run(whole())


def test_the_login_of_a_file_may_be_stale_once() -> None:
    class Login(NoAuth):
        token = "stale"

        async def headers(self) -> Mapping[str, str]:
            return {"authorization": self.token}

        async def renewed(self) -> bool:
            self.token = "fresh" if self.token == "stale" else "wrong"
            return True

    async def whole() -> None:
        async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
            writer.write(reply(b"x") if asked.headers["authorization"] == "fresh" else reply(status=401))

        async with serving(answer) as server, client(server, auth=Login()) as http:
            assert await whole_of(http, "/a") == b"x"
            assert len(server.asked) == 2
        async with serving(always(reply(status=401))) as server, client(server, auth=Login()) as http:
            with pytest.raises(AuthFailed):
                await whole_of(http, "/a")
            assert len(server.asked) == 2

    asyncio.run(whole())


def test_another_hosts_refusal_is_none_of_our_login() -> None:
    """It must not stop the account, close its quota or be judged as the service's."""

    async def whole() -> None:
        for status in (401, 403, 404):
            async with (
                serving(always(reply(b'{"error": "no"}', status))) as other,
                serving(always(reply())) as server,
                client(server) as http,
            ):
                with pytest.raises(Rejected):
                    await whole_of(http, f"{other.base}/a")
        limits = always(
            reply(status=429, retry_after="600", x_ratelimit_remaining="0", x_ratelimit_reset="600")
        )
        async with serving(limits) as other, serving(always(reply())) as server, client(server) as http:
            with pytest.raises(Exception, match="429"):
                await whole_of(http, f"{other.base}/a")
            assert (await http.get("/")).status == 200

    asyncio.run(whole())


def test_a_file_beyond_the_cap_is_not_taken_whole() -> None:
    async def whole() -> None:
        packed = reply(gzip.compress(bytes(100 * MB)), content_encoding="gzip")
        async with (
            serving(by_path({"/a": packed, "/b": reply(b"x" * 1001)})) as server,
            client(server) as http,
        ):
            tracemalloc.start()
            sizes = [0]

            async def take() -> None:
                async for piece in http.download("/a", most=MB):
                    sizes[0] += len(piece)

            with pytest.raises(Rejected, match="bigger"):
                await take()
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert sizes[0] <= MB
            assert peak < 4 * MB
            with pytest.raises(Rejected, match="bigger"):
                await whole_of(http, "/b", most=1000)
            assert len(await whole_of(http, "/b", most=1001)) == 1001

    asyncio.run(whole())


def test_a_file_that_falls_silent_is_given_up() -> None:
    """Before its head, and in its middle; one that comes slowly, but comes, is not."""

    async def half(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
        await never(_, writer)

    async def slow(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n")
        for _number in range(8):
            writer.write(b"x")
            await asyncio.sleep(0.1)

    async def whole() -> None:
        for silent in (never, half):
            async with serving(silent) as server, client(server) as http:
                with pytest.raises(Unavailable, match="in time"):
                    await whole_of(http, "/a", deadline_s=0.2)
        async with serving(slow) as server, client(server) as http:
            assert await whole_of(http, "/a", deadline_s=0.6) == b"x" * 8

    asyncio.run(whole())


def test_a_file_that_is_cut_is_not_taken_for_whole() -> None:
    async def whole() -> None:
        cut = then_closed(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
        async with serving(cut) as server, client(server) as http:
            with pytest.raises(Unavailable, match="broke"):
                await whole_of(http, "/a")
        async with serving(always(reply(b"", 206, content_length="0"))) as server, client(server) as http:
            with pytest.raises(Unavailable, match="206"):
                await whole_of(http, "/a")

    asyncio.run(whole())


def test_redirects_without_end_are_not_followed() -> None:
    async def whole() -> None:
        async with serving(always(reply(status=302, location="/again"))) as server, client(server) as http:
            with pytest.raises(Rejected, match="another address"):
                await whole_of(http, "/a")
            assert len(server.asked) == 5

    asyncio.run(whole())


@pytest.mark.parametrize(
    "address",
    [
        "http://192.0.2.1/x",
        "https://10.0.0.1/x",
        "https://192.168.1.1/admin",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://[fd00::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://0.0.0.0/x",
        "https://224.0.0.1/x",
        "https://a:b@192.0.2.1/x",
        "https://1.1.1.1:99999/x",
        "ftp://1.1.1.1/x",
        "file:///etc/passwd",
    ],
)
def test_where_we_do_not_go(address: str) -> None:
    """Of a service out there, and of one on this machine: nothing is even tried."""

    async def whole() -> None:
        for base in ("https://acme.example", "http://127.0.0.1:1"):
            async with client(base) as http:
                if not base.startswith("http:") or "[::1]" not in address:
                    with pytest.raises(Rejected, match="does not go"):
                        await whole_of(http, address)

    asyncio.run(whole())


def test_a_name_that_stands_for_a_place_inside_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async def whole() -> None:
        loop = asyncio.get_running_loop()

        async def inside(*_: Any, **__: Any) -> list[Any]:
            kind = socket.SOCK_STREAM
            return [
                (socket.AF_INET, kind, 6, "", ("93.184.215.14", 443)),
                (socket.AF_INET, kind, 6, "", ("10.1.2.3", 443)),
            ]

        monkeypatch.setattr(loop, "getaddrinfo", inside)
        async with client("https://acme.example") as http:
            with pytest.raises(Rejected, match="does not go"):
                await whole_of(http, "https://files.example/x")

    asyncio.run(whole())


def test_an_address_that_is_none_says_so_without_repeating_it() -> None:
    async def whole() -> None:
        async with client("https://acme.example") as http:
            for address in (
                f"https://{'a' * 64}.example/{TOKEN}",
                f"https://h:{TOKEN}/",
                f"https://h/{TOKEN}\n",
            ):
                with pytest.raises((Rejected, Unavailable)) as caught:
                    await whole_of(http, address)
                assert TOKEN not in words_of(caught.value)

    asyncio.run(whole())


def test_a_place_outside_may_be_asked() -> None:
    async def whole() -> None:
        await refuse_inside(httpx.URL("https://1.1.1.1/x"), httpx.URL("https://acme.example"))
        await refuse_inside(httpx.URL("http://127.0.0.1:9/x"), httpx.URL("http://localhost:8"))

    asyncio.run(whole())


def test_who_stops_reading_leaves_no_connection_behind() -> None:
    """Nine times, with eight connections."""

    async def whole() -> None:
        async with serving(always(reply(b"x" * MB))) as server, client(server) as http:
            begun = time.monotonic()
            for _ in range(9):
                pieces = http.download("/a")
                await anext(pieces)
                await pieces.aclose()
            assert time.monotonic() - begun < 20

    asyncio.run(whole())
