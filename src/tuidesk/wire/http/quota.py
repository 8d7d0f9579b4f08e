"""The limits a service announces, read from its answers and obeyed before they are hit.

Known: `Retry-After` (RFC 9110 §10.2.3: seconds or a date), `X-RateLimit-Limit/Remaining/Reset` and
`RateLimit-Limit/Remaining/Reset` (Reset: seconds, a unix time or an ISO time, by service), the draft's
`RateLimit: "name";r=3;t=30` (draft-ietf-httpapi-ratelimit-headers) and its older `limit=…, remaining=…, reset=…`.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tuidesk.errors import RateLimited
from tuidesk.wire.channel import Clock
from tuidesk.words import say

_UNIX = 1_000_000_000
"""A number above this is a time, not a number of seconds."""
_KEPT_BACK = 10
"""Reading leaves one in so many requests to what the agent sends."""
_LONGEST_S = 86_400.0
_PART = re.compile(r"\b(r|t|q|limit|remaining|reset)\s*=\s*(\d+)")


class Quota:
    """What one account may still ask for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left: int | None = None
        self._of = 0
        self._until = 0.0
        """When what is left is filled up again, by the monotonic clock."""
        self._closed_until = 0.0

    def heard(self, status: int, headers: Mapping[str, str]) -> float | None:
        """Take note of an answer's headers (names in lower case).

        Returns:
            Seconds that the service asks us to wait, None where it says nothing of that.
        """
        now = self._clock.monotonic()
        after = retry_after(headers.get("retry-after", ""), self._wall())
        left, of, reset = _announced(headers, self._wall())
        if left is not None:
            self._left, self._of = left, of or self._of
            self._until = now + (reset if reset is not None else 1.0)
        if status == 429:
            if after is None and reset is not None:
                after = reset
            if after is not None:
                self._closed_until = max(self._closed_until, now + after)
        return after

    def spend(self, *, sending: bool) -> None:
        """One request is about to leave.

        Raises:
            RateLimited: it would go over the limit that was announced; nothing was sent.
        """
        now = self._clock.monotonic()
        if now < self._closed_until:
            raise RateLimited(say("http.limited"), self._closed_until - now)
        if self._left is None or now >= self._until:
            self._left = None
            return
        if self._left <= (0 if sending else self._of // _KEPT_BACK):
            raise RateLimited(say("http.limited"), self._until - now)
        self._left -= 1

    def _wall(self) -> float:
        return self._clock.now() / 1000


def retry_after(value: str, now: float) -> float | None:
    """Seconds from `Retry-After`; `now` is a unix time. None where it says nothing that can be read."""
    return _seconds(value, now) if value else None


def _announced(headers: Mapping[str, str], now: float) -> tuple[int | None, int, float | None]:
    """(left, of how many, seconds until it is filled up); left is None where nothing is announced."""
    for prefix in ("x-ratelimit-", "ratelimit-", "x-rate-limit-"):
        left = headers.get(prefix + "remaining", "")
        if left.isdigit():
            of = headers.get(prefix + "limit", "").partition(",")[0].strip()
            reset = _seconds(headers.get(prefix + "reset", ""), now)
            return int(left), int(of) if of.isdigit() else 0, reset
    parts = {name: int(value) for name, value in _PART.findall(headers.get("ratelimit", ""))}
    left_now = parts.get("r", parts.get("remaining"))
    wait = parts.get("t", parts.get("reset"))
    return left_now, parts.get("q", parts.get("limit", 0)), None if wait is None else float(wait)


def _seconds(value: str, now: float) -> float | None:
    """A number of seconds, a unix time, an ISO time or an HTTP date → seconds from now, never below 0."""
    value = value.strip()
    try:
        number = float(value)
    except ValueError:
        moment = _moment(value)
        if moment is None:
            return None
        number = moment - now
    else:
        if number != number:  # NaN
            return None
        if number > _UNIX:
            number = (number / 1000 if number > _UNIX * 1000 else number) - now
    return min(max(0.0, number), _LONGEST_S)


def _moment(value: str) -> float | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(value)
        except ValueError:
            continue
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return None
