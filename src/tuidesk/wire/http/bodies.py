"""The body of an answer: unpacked under a cap, read as JSON."""

import asyncio
import json
import re
import zlib
from collections.abc import AsyncIterator
from typing import Any

import httpx

from tuidesk.domain import forms
from tuidesk.wire.http import trouble
from tuidesk.words import say

_PIECE = 256 * 1024
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_EITHER = zlib.MAX_WBITS | 32
"""gzip or zlib, as the first bytes say: what is called deflate has always been either."""


async def decoded(response: httpx.Response, host: str, *, unsafe: bool) -> AsyncIterator[bytes]:
    """The body piece by piece, at most 256 KiB each whatever it unpacks to: 300 kB can hold 300 MB."""
    packed = response.headers.get("content-encoding", "").strip().lower()
    if packed in ("", "identity"):
        async for piece in response.aiter_raw():
            yield piece
        return
    if packed not in ("gzip", "x-gzip", "deflate"):
        raise trouble.not_understood(host, f"Content-Encoding: {packed}", unsafe=unsafe)
    unpacking, begun = zlib.decompressobj(_EITHER), False
    try:
        async for piece in response.aiter_raw():
            while piece:
                if unpacking.eof:
                    if packed == "deflate" or not piece.startswith(b"\x1f"):
                        break  # padding, which everybody passes over
                    unpacking = zlib.decompressobj(_EITHER)  # RFC 1952 §2.2: one may follow another
                begun = True
                yield unpacking.decompress(piece, _PIECE)
                await asyncio.sleep(0)  # a deadline, or a key, may be waiting meanwhile
                piece = unpacking.unconsumed_tail or unpacking.unused_data
        if rest := unpacking.flush():
            yield rest
    except zlib.error:
        raise trouble.not_understood(host, packed, unsafe=unsafe) from None
    if begun and not unpacking.eof:
        raise trouble.not_understood(host, packed, unsafe=unsafe)


async def whole(response: httpx.Response, most: int, host: str, *, unsafe: bool) -> bytes:
    """All of it, up to `most` bytes."""
    found = bytearray()
    async for piece in decoded(response, host, unsafe=unsafe):
        found += piece
        if len(found) > most:
            raise trouble.not_understood(host, say("http.too_much", limit=most), unsafe=unsafe)
    return bytes(found)


def as_json(body: bytes | str) -> Any:
    """What the body, an event or a message says; None where it is no JSON.

    A lone surrogate, which JSON can escape and the store cannot hold, is U+FFFD.
    """
    try:
        found = json.loads(body)
        halves = _HALF.search(body if isinstance(body, str) else body.decode("ascii", "ignore"))
        return _storable(found) if halves else found
    except (ValueError, RecursionError):
        return None


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return forms.whole(value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {forms.whole(name): _storable(one) for name, one in value.items()}
    return value


def said(error: Any) -> str:
    """The words of an error as most services write it: `error_description`, `message`, `error`, `detail`, `errors`."""
    if isinstance(error, dict):
        for name in (
            "error_description",
            "message",
            "error_human",
            "description",
            "error",
            "detail",
            "title",
        ):
            found = said(error.get(name))
            if found:
                return found
        return said(error.get("errors"))
    if isinstance(error, list):
        return "; ".join(filter(None, map(said, error[:5])))
    return error.strip() if isinstance(error, str) else ""
