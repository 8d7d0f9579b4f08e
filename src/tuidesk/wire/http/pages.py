"""The next page: by `Link` header, by cursor, by offset. What a server names as next must lie at its origin."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from types import MappingProxyType
from typing import Any

from tuidesk.wire.http import trouble
from tuidesk.wire.http.client import Answer, Client
from tuidesk.words import say

_LINK = re.compile(r'<([^<>]*)>\s*((?:;\s*[^\s=;,]+\s*=\s*(?:"[^"]*"|[^\s;,]*)\s*)*)')
_PARAMETER = re.compile(r';\s*([^\s=;,]+)\s*=\s*(?:"([^"]*)"|([^\s;,]*))')
MOST_PAGES = 1_000
"""A server that always has one more page is not followed for ever."""


def links(header: str) -> dict[str, str]:
    """A `Link` header (RFC 8288) → address by relation, in lower case."""
    found: dict[str, str] = {}
    for address, parameters in _LINK.findall(header):
        for name, quoted, plain in _PARAMETER.findall(parameters):
            for relation in (quoted or plain).lower().split() if name.lower() == "rel" else ():
                found.setdefault(relation, address)
    return found


async def by_link(
    client: Client, path: str, params: Mapping[str, Any] | None = None, *, relation: str = "next"
) -> AsyncIterator[Answer]:
    """Every page from `path` on, as each one's `Link` header names the following.

    Raises:
        ChannelError: also where a page is its own next, or there are more than `MOST_PAGES`: what was handed out
            is not all of it, and must not be taken for that.
    """
    here = client.address(path)
    answer = await client.get(path, params)
    for _ in range(MOST_PAGES):
        yield answer
        following = links(answer.headers.get("link", "")).get(relation)
        if following is None:
            return
        before, here = here, client.address(str(here.join(following)))
        if here == before:
            break
        answer = await client.get(str(here))
    raise _endless(client)


async def by_cursor(
    client: Client,
    path: str,
    params: Mapping[str, Any],
    following: Callable[[Any], Mapping[str, Any] | None],
    headers: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Answer]:
    """Every page, where an answer's JSON says what to ask for next; None ends. Also by offset and by page number.

    Raises:
        ChannelError: see `by_link`.
    """
    more: Mapping[str, Any] = {}
    for _ in range(MOST_PAGES):
        answer = await client.get(path, {**params, **more}, headers=headers)
        yield answer
        told = following(answer.json)
        if told is None:
            return
        if told == more:
            break
        more = told
    raise _endless(client)


def _endless(client: Client) -> Exception:
    return trouble.not_understood(client.host, say("http.endless"), unsafe=False)
