"""One request and its answer, as they are handed about."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple, TypedDict

import httpx

from tuidesk.wire.http import bodies

READ_S = 30.0
SEND_S = 60.0
MOST_JSON = 10 * 1024 * 1024
"""Bytes, decoded."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    json: Any = None
    """The body, where it was asked for as JSON; None where there is none."""


class Upload(NamedTuple):
    """One file of a form."""

    field: str
    name: str
    file: IO[bytes]
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request, whole."""

    method: str
    path: str
    """Below the base, or a whole address of the same origin, as a server names its next page."""
    params: Mapping[str, Any] | None = None
    json: Any = None
    form: Mapping[str, Any] | None = None
    uploads: tuple[Upload, ...] = ()
    content: bytes | AsyncIterator[bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    unsafe: bool = False
    """Without an answer, nobody may assume that it was not done."""
    deadline_s: float = READ_S
    most: int = MOST_JSON
    as_json: bool = True


class More(TypedDict, total=False):
    """What a request may say besides its path; see `Ask`."""

    form: Mapping[str, Any] | None
    uploads: tuple[Upload, ...]
    content: bytes | AsyncIterator[bytes] | None
    headers: Mapping[str, str]
    deadline_s: float
    most: int
    as_json: bool


class Doing(More, total=False):
    """Likewise, of what does something."""

    params: Mapping[str, Any] | None


class Changing(Doing, total=False):
    """Likewise, where it is for the caller to say whether it may be done twice."""

    unsafe: bool


def answer(response: httpx.Response, body: bytes, *, as_json: bool = True) -> Answer:
    """The answer whose head is `response`."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    read = (as_json or response.status_code >= 400) and not is_html(headers)
    return Answer(response.status_code, headers, body, bodies.as_json(body) if read else None)


def is_html(headers: Mapping[str, str]) -> bool:
    """A page for people, where a service was asked."""
    return "html" in headers.get("content-type", "").lower()


def query(params: Mapping[str, Any] | None, url: httpx.URL) -> httpx.QueryParams | None:
    """Ours beside those the address has already; None is left out, a list repeats its name."""
    if params is None:
        return None
    pairs: list[tuple[str, str | int | float | bool | None]] = [*url.params.multi_items()]
    for name, value in params.items():
        many: Iterable[Any] = value if isinstance(value, list | tuple) else (value,)
        pairs += [(name, _word(one)) for one in many if one is not None]
    return httpx.QueryParams(pairs)


def _word(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
