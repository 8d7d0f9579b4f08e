"""Instants: milliseconds since 1970 in UTC, as the store keeps them, and RFC 3339, as people and files write them."""

from datetime import UTC, datetime

Instant = int
"""Milliseconds since 1970-01-01T00:00Z."""

SECOND: Instant = 1000
MINUTE: Instant = 60 * SECOND
HOUR: Instant = 60 * MINUTE
DAY: Instant = 24 * HOUR

_LAST = 253402300799999  # 9999-12-31T23:59:59.999Z, the last that RFC 3339 can write


def parse(text: str) -> Instant:
    """RFC 3339 with a zone → instant.

    Raises:
        ValueError: not such a time, or one without a zone.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no zone in {text!r}")
    return of(moment)


def of(moment: datetime) -> Instant:
    """An aware datetime → instant, cut to what RFC 3339 can write.

    Raises:
        ValueError: the datetime is naive.
    """
    if moment.tzinfo is None:
        raise ValueError("a naive datetime is no instant")
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return clamp((since.days * 86400 + since.seconds) * 1000 + since.microseconds // 1000)


def clamp(at: Instant) -> Instant:
    """The nearest instant that can be written."""
    return max(-62135596800000, min(at, _LAST))


def as_datetime(at: Instant) -> datetime:
    """Instant → aware datetime in UTC."""
    seconds, ms = divmod(clamp(at), 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=ms * 1000)


def rfc3339(at: Instant) -> str:
    """Instant → `2026-11-20T12:50:00Z`, with milliseconds only where there are any."""
    moment = as_datetime(at)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if len(text) < 20 and moment.year < 1000:
        text = f"{moment.year:04d}" + text[text.index("-") :]
    return f"{text}.{at % 1000:03d}Z" if at % 1000 else f"{text}Z"
