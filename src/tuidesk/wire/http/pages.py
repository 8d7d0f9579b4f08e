"""The next page: by `Link` header, by cursor, by offset. What a server names as next must lie at its origin."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from tuidesk.wire.http.client import Answer, Client

_LINK = re.compile(r'<([^<>]*)>\s*((?:;\s*[^\s=;,]+\s*=\s*(?:"[^"]*"|[^\s;,]*)\s*)*)')
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]*))', re.IGNORECASE)
MOST_PAGES = 1_000
"""A server that always has one more page is not followed for ever."""


def links(header: str) -> dict[str, str]:
    """A `Link` header (RFC 8288) → address by relation, in lower case."""
    found: dict[str, str] = {}
    for address, parameters in _LINK.findall(header):
        relation = _REL.search(parameters)
        for name in ((relation[1] or relation[2]) if relation else "").lower().split():
            found.setdefault(name, address)
    return found


async def by_link(
    client: Client, path: str, params: Mapping[str, Any] | None = None, *, relation: str = "next"
) -> AsyncIterator[Answer]:
    """Every page from `path` on, as each one's `Link` header names the following."""
    answer = await client.get(path, params)
    for _ in range(MOST_PAGES):
        yield answer
        following = links(answer.headers.get("link", "")).get(relation)
        if following is None:
            return
        answer = await client.get(str(client.base.join(following)))


async def by_cursor(
    client: Client,
    path: str,
    params: Mapping[str, Any],
    following: Callable[[Any], Mapping[str, Any] | None],
) -> AsyncIterator[Answer]:
    """Every page, where an answer's JSON says what to ask for next; None ends. Also by offset and by page number."""
    more: Mapping[str, Any] = {}
    for _ in range(MOST_PAGES):
        answer = await client.get(path, {**params, **more})
        yield answer
        told = following(answer.json)
        if told is None:
            return
        more = told
