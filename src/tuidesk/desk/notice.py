"""How an agent who does not look hears of something: in one line, by the ways that the config names."""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta

from tuidesk.config.tables import News, Notify
from tuidesk.desk import outward
from tuidesk.desk.news import Item
from tuidesk.domain import instants
from tuidesk.domain.instants import Instant
from tuidesk.domain.text import clean, cut
from tuidesk.words import say

_ORDER: tuple[News, ...] = ("late", "window", "soon", "mine", "new", "back", "check")
_NAMED = 3


def tell(notify: Notify, words: str, write: Callable[[str], object] | None) -> None:
    """Ring, by every way.

    Args:
        write: to the terminal; None where there is none.
    """
    if write is not None and notify.bell:
        write(outward.BELL)
    if write is not None and notify.osc != "off":
        write(outward.notice(words, notify.osc, os.environ))
    if notify.command:
        from tuidesk.desk import programs

        programs.start(programs.filled(notify.command, words))


def can_be_heard(notify: Notify, *, has_terminal: bool) -> bool:
    """Whether `tell` would do anything."""
    return bool(notify.command or (has_terminal and (notify.bell or notify.osc != "off")))


def in_words(items: Sequence[Item], *, named: bool) -> str:
    """`tuidesk: 1 late, Dana Ortiz; 2 new, Jun Park, Omar`; without names where others may look on."""
    parts = []
    for kind in _ORDER:
        if of_kind := [item for item in items if item.kind == kind]:
            words = say(f"notify.{kind}", count=len(of_kind))
            who = _who(of_kind) if named else ""
            parts.append(say("notify.from", what=words, who=who) if who else words)
    return say("notify.all", what="; ".join(parts))


def _who(items: Iterable[Item]) -> str:
    names = list(dict.fromkeys(name for item in items if (name := cut(clean(item.name, lines=False), 30))))
    more = [say("notify.more", count=len(names) - _NAMED)] if len(names) > _NAMED else []
    return ", ".join([*names[:_NAMED], *more])


def quiet_until(span: str, now: Instant) -> Instant | None:
    """When the quiet of `22:00-07:00` ends, where this machine is; None: it is not quiet now, or never, with ""."""
    start, _, end = span.partition("-")
    if not span or start == end:
        return None
    here = instants.as_datetime(now).astimezone()
    clock = f"{here:%H:%M}"
    if not (start <= clock < end if start < end else clock >= start or clock < end):
        return None
    day = here.date() if clock < end else here.date() + timedelta(days=1)
    ends = instants.of(datetime.combine(day, time.fromisoformat(end)).astimezone())
    return max(ends, now + instants.MINUTE) if ends <= now else ends  # an hour that the night has twice
