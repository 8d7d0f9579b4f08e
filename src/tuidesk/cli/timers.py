"""`timers`: this agent's own time, of a conversation and of today; `timers edit` corrects it by hand."""

import argparse
import re
import time
from typing import Any

from tuidesk.cli import acting, forms, output
from tuidesk.cli.parser import Noun, number, takes_dry_run, takes_json, whole
from tuidesk.cli.times import moment
from tuidesk.desk import handling
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.handling import Break, Day, Handled, Handling, Last, length, signed
from tuidesk.desk.home import idle_after_s, reading
from tuidesk.desk.rows import Row, rows
from tuidesk.domain.commands import CorrectHandling
from tuidesk.domain.handling import change
from tuidesk.domain.instants import SECOND, Instant, rfc3339
from tuidesk.errors import UsageError
from tuidesk.words import say

_SHOWN = 20


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", metavar="N|edit", nargs="*", help=say("cli.timers_words_help"))
    parser.add_argument("--reason", metavar="TEXT", default="", help=say("cli.timers_reason_help"))
    parser.add_argument(
        "--limit", metavar="N", type=whole, default=_SHOWN, help=say("cli.limit_help", limit=_SHOWN)
    )
    takes_dry_run(parser)
    takes_json(parser)


def _minus(words: list[str]) -> list[str]:
    """`-3m` takes away, which argparse would take for an option."""
    return [re.sub(r"\A-(?=\d)", "\N{MINUS SIGN}", word) for word in words]


def _timers(given: argparse.Namespace) -> int:
    words = given.words
    if words[:1] == ["edit"]:
        return _edit(given, words[1:])
    if len(words) > 1 or given.reason or given.dry_run:
        raise UsageError(say("cli.timers_how"))
    if words:
        return _one(given, number(words[0]))
    return _today(given)


# --- a conversation ---------------------------------------------------------------------------------


def _one(given: argparse.Namespace, n: int) -> int:
    idle_s, now = idle_after_s(given.home), SystemClock().now()
    with reading(given.home) as connection:
        found = handling.of(connection, n, idle_s, now)
    running = found.measured[-1] if found.runs else None
    if given.json:
        output.json_lines(forms.handled(one, runs=one is running) for one in found.parts)
        return acting.DONE
    if not found.parts:
        output.talk(say("cli.timers_none", n=n))
        return acting.DONE
    output.data(_head(found))
    output.table(
        say("cli.timers_heads").split("|"),
        [(moment(one.start), *_stop_and_length(one, running), one.reason) for one in found.parts],
    )
    return acting.DONE


def _head(found: Handling) -> str:
    measured = sum(one.ms for one in found.measured)
    head = say("cli.timers_sum", n=found.n, sum=length(found.ms))
    return say("cli.timers_measured", head=head, measured=length(measured)) if found.corrections else head


def _stop_and_length(one: Handled, running: Handled | None) -> tuple[str, str]:
    if one.reason:
        return "", signed(one.ms)
    return say("cli.timers_now") if one is running else moment(one.stop), length(one.ms)


# --- today ------------------------------------------------------------------------------------------


def _midnight(now: Instant) -> Instant:
    here = time.localtime(now // SECOND)
    return round(time.mktime((*here[:3], 0, 0, 0, 0, 0, -1))) * SECOND


def _today(given: argparse.Namespace) -> int:
    now = SystemClock().now()
    since = _midnight(now)
    with reading(given.home) as connection:
        found = handling.day(connection, since, max(given.limit, 0))
        known = rows(connection, [one.n for one in found.last], now)
    if given.json:
        output.json_lines(_day_forms(found, since))
        return acting.DONE
    output.data(say("cli.timers_today", sum=length(found.ms), count=found.conversations))
    for one in found.breaks:
        output.data(_break(one, now))
    cells = [_cells(one, known[one.n]) for one in found.last if one.n in known]
    if cells:
        output.table(say("cli.timers_last_heads").split("|"), cells)
    return acting.DONE


def _cells(one: Last, row: Row) -> tuple[str, ...]:
    return str(one.n), length(one.ms), moment(one.at), row.name or row.handle, row.subject or row.snippet


def _break(one: Break, now: Instant) -> str:
    stop = say("cli.timers_now") if one.ended is None else moment(one.ended)
    took = length((now if one.ended is None else one.ended) - one.began)
    words = say("cli.timers_away", span=took, start=moment(one.began), stop=stop)
    return f"{words}: {one.reason}" if one.reason else words


def _day_forms(found: Day, since: Instant) -> list[dict[str, Any]]:
    """The day, its breaks, and the conversations that were handled last, whenever that was."""
    day = {
        "type": "handling_day",
        "since": rfc3339(since),
        "s": found.ms / SECOND,
        "conversations": found.conversations,
    }
    breaks = [
        {
            "type": "away",
            "began": rfc3339(one.began),
            "ended": None if one.ended is None else rfc3339(one.ended),
            "reason": one.reason or None,
        }
        for one in found.breaks
    ]
    last = [
        {"type": "handled", "conversation": one.n, "s": one.ms / SECOND, "last_at": rfc3339(one.at)}
        for one in found.last
    ]
    return [day, *breaks, *last]


# --- by hand ----------------------------------------------------------------------------------------


def _edit(given: argparse.Namespace, words: list[str]) -> int:
    """`N AMOUNT REASON`."""
    if len(words) < 2 or (given.reason and len(words) > 2):
        raise UsageError(say("cli.timers_edit_how"))
    n, by = number(words[0]), change(words[1])
    reason = given.reason or " ".join(words[2:])
    if not reason.strip():
        raise UsageError(say("cli.timers_edit_why"))
    command = CorrectHandling(conversation=n, ms=by.ms, is_sum=by.is_sum, reason=reason)
    with reading(given.home):
        pass  # where there is no desk yet, none is made to find that nothing was done at it
    return acting.carry_out(given, [command])


NOUN = Noun(_arguments, _timers, _minus)
