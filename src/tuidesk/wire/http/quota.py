"""The limits a service announces, read from its answers and obeyed before they are hit.

Known: `Retry-After` (RFC 9110 §10.2.3: seconds or a date), `X-RateLimit-Limit/Remaining/Reset` and
`RateLimit-Limit/Remaining/Reset` (Reset: seconds, a unix time or an ISO time, by service), the draft's
`RateLimit: "name";r=3;t=30` (draft-ietf-httpapi-ratelimit-headers) and its older `limit=…, remaining=…, reset=…`.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from tuidesk.errors import RateLimited
from tuidesk.wire.channel import Clock
from tuidesk.words import say

_UNIX = 1_000_000_000
"""A number above this is a time, not a number of seconds."""
_KEPT_BACK = 10
"""Reading leaves one in so many requests to what the agent sends."""
_LONGEST_S = 86_400.0
_SAME_S = 1.5
"""Two resets no further apart are one, announced in whole seconds."""
_NUMBER = re.compile(r"[0-9]{1,15}")
_QUOTED = re.compile(r'"[^"]*"')
_PART = re.compile(r"\b(r|t|q|limit|remaining|reset)\s*=\s*([0-9]{1,15})(?![0-9])")


class _Announced(NamedTuple):
    left: int
    of: int
    """0 where it is not said."""
    reset: float | None
    """Seconds until it is filled up."""


class Quota:
    """What one account may still ask for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left: int | None = None
        self._of = 0
        self._until = 0.0
        """When what is left is filled up again, by the monotonic clock."""
        self._closed_until = 0.0
        self._under_way = 0
        """Requests that have left and whose answer may not count them yet."""

    def spend(self, *, sending: bool) -> None:
        """One request is about to leave. `done` follows whatever becomes of it.

        Raises:
            RateLimited: it would go over the limit that was announced; nothing was sent.
        """
        now = self._clock.monotonic()
        if now < self._closed_until:
            raise RateLimited(say("http.limited"), self._closed_until - now)
        if self._left is not None and now >= self._until:
            self._left = None
        if self._left is not None:
            if self._left <= (0 if sending else self._of // _KEPT_BACK):
                raise RateLimited(say("http.limited"), self._until - now)
            self._left -= 1
        self._under_way += 1

    def done(self) -> None:
        """It has its answer, or will have none."""
        self._under_way -= 1

    def heard(self, status: int, headers: Mapping[str, str]) -> None:
        """Take note of an answer's headers (names in lower case)."""
        now = self._clock.monotonic()
        told = _announced(headers, self._wall())
        if told is not None:
            until = now + (told.reset if told.reset is not None else 1.0)
            left = told.left - self._under_way
            if self._left is not None and now < self._until and abs(until - self._until) <= _SAME_S:
                left = min(left, self._left)  # answers come in any order
            self._left, self._of, self._until = max(0, left), told.of or self._of, until
        after = self.wait(status, headers)
        if status == 429 and after is not None:
            self.closed_for(after)

    def closed_for(self, seconds: float) -> None:
        """The service said, in words of its own, not to come again earlier."""
        self._closed_until = max(self._closed_until, self._clock.monotonic() + min(seconds, _LONGEST_S))

    def wait(self, status: int, headers: Mapping[str, str]) -> float | None:
        """Seconds that an answer asks us to wait, None where it says nothing of that."""
        after = retry_after(headers.get("retry-after", ""), self._wall())
        if after is None and status == 429:
            told = _announced(headers, self._wall())
            return told.reset if told is not None else None
        return after

    def _wall(self) -> float:
        return self._clock.now() / 1000


def retry_after(value: str, now: float) -> float | None:
    """Seconds from `Retry-After`; `now` is a unix time. None where it says nothing that can be read."""
    return _seconds(value, now) if value else None


def _announced(headers: Mapping[str, str], now: float) -> _Announced | None:
    for prefix in ("x-ratelimit-", "ratelimit-", "x-rate-limit-"):
        left = _number(headers.get(prefix + "remaining", ""))
        if left is not None:
            of = _number(headers.get(prefix + "limit", "").partition(",")[0])
            return _Announced(left, of or 0, _seconds(headers.get(prefix + "reset", ""), now))
    value = _QUOTED.sub("", headers.get("ratelimit", ""))
    one = "remaining" in value  # the older form, where commas part the members of a single limit
    found = [_limit(part) for part in ([value] if one else value.split(","))]
    return min(filter(None, found), key=lambda told: (told.left, -(told.reset or 0)), default=None)


def _limit(text: str) -> _Announced | None:
    parts = {name: int(value) for name, value in _PART.findall(text)}
    left = parts.get("r", parts.get("remaining"))
    if left is None:
        return None
    wait = parts.get("t", parts.get("reset"))
    return _Announced(left, parts.get("q", parts.get("limit", 0)), None if wait is None else _capped(wait))


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text := text.strip()) else None


def _seconds(value: str, now: float) -> float | None:
    """A number of seconds, a unix time, an ISO time or an HTTP date → seconds from now, never below 0."""
    value = value.strip()
    try:
        number = float(value)
    except ValueError:
        moment = _moment(value)
        return None if moment is None else _capped(moment - now)
    if math.isnan(number):
        return None
    if number > _UNIX:
        number = (number / 1000 if number > _UNIX * 1000 else number) - now
    return _capped(number)


def _capped(seconds: float) -> float:
    return min(max(0.0, seconds), _LONGEST_S)


def _moment(value: str) -> float | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            continue
    return None
