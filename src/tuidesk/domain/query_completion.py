"""What may be meant by the word of a query that is being typed: first its key, then its value."""

import re
from collections.abc import Mapping, Sequence

from tuidesk.domain.completion import Completion
from tuidesk.domain.query import KEYS, VALUES, quoted

_TIMES = {
    "waiting": (">30m", ">1h", ">4h", ">1d", "<30m"),
    "window": ("<1h", "<4h", ">1h"),
    "before": ("today", "yesterday", "7d", "30d"),
    "after": ("today", "yesterday", "7d", "30d"),
}
_PEOPLE = {"from": ("me",), "assignee": ("me", "nobody")}


def complete(text: str, at: int, values: Mapping[str, Sequence[str]]) -> Completion:
    """What the word before the cursor may become; no choices where nothing is known.

    Args:
        values: of the keys whose values are the desk's: `in`, `tag`, `medium`, `assignee`, `from`, `to`.
    """
    head = text[:at]
    value = re.search(r'(?:^|[\s(])-*([A-Za-z]+):(?:"([^"]*)|([^\s"()]*))\Z', head)
    if value is not None:
        key, typed = value[1].lower(), value[2] if value[2] is not None else value[3]
        known = (*VALUES.get(key, ()), *_TIMES.get(key, ()), *_PEOPLE.get(key, ()), *values.get(key, ()))
        start = value.start(2) - 1 if value[2] is not None else value.start(3)
        choices = [word for word in _beginning(typed, known) if word.casefold() != typed.casefold()]
        return Completion(start, tuple(f"{quoted(word)} " for word in choices))
    key_typed = re.search(r"(?:^|[\s(])-*([A-Za-z]+)\Z", head)
    if key_typed is not None:
        keys = _beginning(key_typed[1], KEYS)
        return Completion(key_typed.start(1), tuple(f"{key}:" for key in keys))
    return Completion(at, ())


def _beginning(typed: str, known: Sequence[str]) -> list[str]:
    """Those that begin with what was typed, then those in which a later word does; each once."""
    folded = typed.casefold()
    fits = [word for word in known if '"' not in word]
    first = [word for word in fits if word.casefold().startswith(folded)]
    later = [word for word in fits if any(part.startswith(folded) for part in word.casefold().split()[1:])]
    return list(dict.fromkeys((*first, *(later if folded else ()))))
