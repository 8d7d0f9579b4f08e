"""The next page: by link, by cursor, by offset."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.http_bench import TOKEN, Asked, as_json, by_path, client, reply, serving
from tuidesk.errors import Rejected, Unavailable
from tuidesk.wire.http import pages
from tuidesk.wire.http.client import Answer
from tuidesk.wire.http.pages import by_cursor, by_link, links


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('<https://a/b?x=1>; rel="next"', {"next": "https://a/b?x=1"}),
        ("<b>; rel=next", {"next": "b"}),
        ('<b>; rel="prev next"', {"prev": "b", "next": "b"}),
        ('<b>; REL="Next"; title="a, b; c"', {"next": "b"}),
        ('<a,b;c>; rel="next", <d>; rel="prev"', {"next": "a,b;c", "prev": "d"}),
        ('<a>; title="; rel=evil"; rel="next"', {"next": "a"}),
        ('<a>; rel="next", <b>; rel="next"', {"next": "a"}),
        ("<a>", {}),
        ("a; rel=next", {}),
        ("", {}),
    ],
)
def test_links(header: str, expected: dict[str, str]) -> None:
    assert links(header) == expected


@given(st.text(alphabet='<>;=", relnxt\\', max_size=60))
def test_no_header_breaks_the_reading_of_links(header: str) -> None:
    assert isinstance(links(header), dict)


@pytest.mark.parametrize("piece", ["<", "<a>;", '<a>;x="', "; ", "<a>; rel=" + " " * 50, '<a>;x="";'])
def test_a_header_made_to_take_long_does_not(piece: str) -> None:
    links(piece * (60_000 // len(piece)))


async def answers(client_pages: Any) -> list[Any]:
    return [answer.json async for answer in client_pages]


def test_pages_by_link() -> None:
    """An address whole, absolute in its path, or only the query: relative to the page it stands on."""

    async def whole() -> None:
        async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
            page = int(parse_qs(asked.target.partition("?")[2]).get("page", ["1"])[0])
            following = {1: f"<{server.base}/api/v1/list?page=2>", 2: "</api/v1/list?page=3>", 3: "<?page=4>"}
            link = f'<x>; rel="first", {following[page]}; rel="next"' if page in following else ""
            writer.write(as_json(page, link=link))

        async with serving(answer) as server, client(server, "/api/v1") as http:
            assert await answers(by_link(http, "/list", {"limit": 40})) == [1, 2, 3, 4]
            assert [asked.target for asked in server.asked] == [
                "/api/v1/list?limit=40",
                "/api/v1/list?page=2",
                "/api/v1/list?page=3",
                "/api/v1/list?page=4",
            ]
            assert {asked.headers["authorization"] for asked in server.asked} == {f"Bearer {TOKEN}"}

    asyncio.run(whole())


def test_a_next_page_at_another_host_is_not_asked_for() -> None:
    async def whole() -> None:
        async with serving(by_path({})) as other:
            link = f'<{other.base}/list>; rel="next"'
            async with serving(by_path({"/list": as_json(1, link=link)})) as server, client(server) as http:
                with pytest.raises(Rejected, match="does not go"):
                    await answers(by_link(http, "/list"))
                assert other.connections == 0

    asyncio.run(whole())


def test_pages_by_cursor_and_by_offset() -> None:
    async def whole() -> None:
        async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
            query = parse_qs(asked.target.partition("?")[2])
            at = int(query["offset"][0])
            assert query["limit"] == ["2"]
            items = list(range(at, min(at + 2, 5)))
            writer.write(as_json({"items": items, "cursor": at + 2 if at + 2 < 5 else None}))

        def following(found: Any) -> Mapping[str, Any] | None:
            return None if found["cursor"] is None else {"offset": found["cursor"]}

        async with serving(answer) as server, client(server) as http:
            found = await answers(by_cursor(http, "/list", {"limit": 2, "offset": 0}, following))
            assert [item for page in found for item in page["items"]] == [0, 1, 2, 3, 4]

    asyncio.run(whole())


def test_pages_that_do_not_end_are_said_not_to_be_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_PAGES", 4)

    async def whole() -> None:
        async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
            count = len(server.asked)
            link = "/same" if asked.path == "/same" else f"/list?page={count}"
            writer.write(as_json(count, link=f'<{link}>; rel="next"'))

        def always_one_more(found: Any) -> Mapping[str, Any]:
            return {"page": found}

        def always_the_same(_: Any) -> Mapping[str, Any]:
            return {"page": 7}

        async with serving(answer) as server, client(server) as http:
            for walk, requests in (
                (by_link(http, "/list"), 5),
                (by_link(http, "/same"), 1),
                (by_cursor(http, "/list", {}, always_one_more), 4),
                (by_cursor(http, "/list", {}, always_the_same), 2),
            ):
                before = len(server.asked)
                with pytest.raises(Unavailable, match="without end"):
                    await answers(walk)
                assert len(server.asked) == before + requests

    asyncio.run(whole())


def test_an_error_in_the_middle_is_raised_after_what_came_before() -> None:
    async def whole() -> None:
        answer = {"/list": as_json(1, link='</gone>; rel="next"'), "/gone": reply(status=500)}
        seen: list[Answer] = []

        async def take(http: Any) -> None:
            async for page in by_link(http, "/list"):
                seen.insert(0, page)

        async with serving(by_path(answer)) as server, client(server) as http:
            with pytest.raises(Unavailable):
                await take(http)
            assert [page.json for page in seen] == [1]

    asyncio.run(whole())
