"""Reading JSON that a server wrote: any field may be missing, null, or of another type, and none of that is a crash."""

from collections.abc import Mapping
from typing import Any

from tuidesk.domain import instants
from tuidesk.domain.instants import SECOND, Instant

Object = Mapping[str, Any]
_NONE: Object = {}
_NO_FILE = 2**53


def obj(value: Any, *path: str) -> Object:
    """The object at `path` below `value`; an empty one where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else _NONE


def objects(value: Any, *path: str) -> list[Object]:
    """The objects of the list at `path`; what is none of them is left out."""
    found = obj(value, *path[:-1]).get(path[-1]) if path else value
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def text(value: Any, *path: str) -> str:
    """The text at `path`, a number as its digits; "" where there is none."""
    found = obj(value, *path[:-1]).get(path[-1]) if path else value
    if isinstance(found, bool):
        return ""
    return found if isinstance(found, str) else str(found) if isinstance(found, int) else ""


def number(value: Any, *path: str) -> int | None:
    """The whole number at `path`, also where it is written as text; None where there is none."""
    found = obj(value, *path[:-1]).get(path[-1]) if path else value
    if isinstance(found, bool):
        return None
    try:
        return int(found) if isinstance(found, int | float | str) else None
    except (ValueError, OverflowError):
        return None


def octets(value: Any, *path: str) -> int:
    """The size of a file; 0 where there is none, or one that no file can have."""
    found = number(value, *path) or 0
    return found if 0 < found < _NO_FILE else 0


def flag(value: Any, *path: str) -> bool:
    """Whether there is a `true` at `path`."""
    return obj(value, *path[:-1]).get(path[-1]) is True


def texts(value: Any, *path: str) -> tuple[str, ...]:
    """The texts of the list at `path`."""
    found = obj(value, *path[:-1]).get(path[-1]) if path else value
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def when(value: str, default: Instant) -> Instant:
    """An ISO time; a zone it lacks is UTC. `default` where it is no time."""
    try:
        return instants.parse(value)
    except ValueError:
        pass
    try:
        return instants.parse(value + "+00:00")
    except ValueError:
        return default


def unix(value: Any, default: Instant) -> Instant:
    """Seconds since 1970, with a fraction or as text; `default` where it is no time."""
    try:
        return instants.clamp(round(float(value) * SECOND))
    except (TypeError, ValueError, OverflowError):
        return default
