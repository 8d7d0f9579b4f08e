"""`[hours]`, `[timers]` and `[[targets]]` as the timers use them.

Read when it is first asked for: whoever lists conversations does not pay for zones and holidays. Nothing here raises
for what a file says: every mistake is a `Problem`, what is wrong stays out, the rest goes on.
"""

import hashlib
import os
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuidesk.config.schema import Problem, Written, convert, take_out
from tuidesk.domain.hours import BadHours, Calendar, Hours, Period, week
from tuidesk.domain.measured import Rules
from tuidesk.domain.model import Priority
from tuidesk.domain.targets import AIMS, SHIPPED, Target
from tuidesk.errors import ConfigError
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.config.load import Config

Week = tuple[tuple[Period, ...], ...]


@dataclass(frozen=True, slots=True)
class HoursTable:
    """`[hours]`, or an account's `hours`."""

    zone: str
    week: dict[str, tuple[str, ...]]
    """Days → periods."""
    holidays: Any = ()
    """Dates, or where they are."""


@dataclass(frozen=True, slots=True)
class HolidaysTable:
    """`holidays` that are not listed."""

    ics: str = ""
    """An iCalendar file; relative to the folder of the file that names it."""
    country: str = ""
    region: str = ""

    def __post_init__(self) -> None:
        if bool(self.ics) == bool(self.country) or (self.region and not self.country):
            raise ValueError(say("hours.holidays"))


@dataclass(frozen=True, slots=True)
class TargetTable:
    """`[[targets]]`: what it asks of a conversation, and how soon."""

    account: str = ""
    medium: str = ""
    priority: Priority | None = None
    tag: str = ""
    first_response: str | None = None
    reply: str | None = None
    resolution: str | None = None


class Timing:
    """What the config says of time. Reads files when it is made."""

    def __init__(self, config: "Config") -> None:
        problems: list[Problem] = []
        timers = config.file.timers
        own = _hours(config.file.hours, problems) or Hours()
        by_account = {
            account.id: hours
            for account in config.accounts
            if (hours := _hours(account.keys.hours, problems)) is not None
        }
        self._rules = {
            account: Rules(
                Calendar(hours),
                frozenset(timers.pause_when),
                timers.hours_rule,
                "" if hours.is_always else account or "agent",
            )
            for account, hours in {"": own, **by_account}.items()
        }
        self.idle_after_s: float = timers.idle_after_s
        """Seconds without a key after which handling time stands still."""
        found = _targets(config, problems)
        self.is_shipped: bool = found is None
        """Nobody has set targets, so they are those that tuidesk comes with."""
        self.targets: tuple[Target, ...] = SHIPPED if found is None else found
        targets = hashlib.sha256(repr(self.targets).encode()).hexdigest()[:8]
        self._marks = {account: f"{rules.mark}/{targets}" for account, rules in self._rules.items()}
        self.problems: tuple[Problem, ...] = tuple(problems)
        """What is wrong in the hours and the targets."""

    def rules(self, account: str) -> Rules:
        """What of a duration counts on an account: its own hours, else the agent's, else always."""
        return self._rules.get(account) or self._rules[""]

    def mark(self, account: str) -> str:
        """Another one for other rules or targets: what was made with these carries it."""
        return self._marks.get(account) or self._marks[""]


# --- hours ----------------------------------------------------------------------------------------


def _hours(written: Written | None, problems: list[Problem]) -> Hours | None:
    """None where nothing is written, or where it cannot be said when it is."""
    if written is None:
        return None
    file = str(written.file)
    if not isinstance(written.value, dict):
        problems.append(Problem(file, "hours", say("hours.table")))
        return None
    table = deepcopy(written.value)
    _, noted = convert(HoursTable, table, file=file)
    for one in noted:
        take_out(table, one.key)
    problems.extend(one._replace(key=f"hours.{one.key}") for one in noted)
    made, _ = convert(HoursTable, {"zone": "", "week": {}, **table}, file=file)
    if made is None:
        return None
    zone = _zone(made.zone, file, problems) if "zone" in table else None
    periods = _week(dict(made.week), file, problems)
    holidays = _holidays(made.holidays, written, problems)
    # a week by another clock would be hours off: then rather none
    return Hours(zone, made.zone, periods, holidays) if zone is not None and "week" in table else None


def _zone(name: str, file: str, problems: list[Problem]) -> tzinfo | None:
    from zoneinfo import ZoneInfo, available_timezones

    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # no such, a path, a folder of zones
        problems.append(
            Problem(
                file, "hours.zone", _near(name, available_timezones(), "hours.near_zone", "hours.no_zone")
            )
        )
    return None


def _near(name: str, known: Any, near: str, none: str) -> str:
    """The sentence about a name that nothing has: with the nearest one that something has, or with all of them."""
    from difflib import get_close_matches  # only mistakes pay for it

    by_folded = {one.casefold(): one for one in sorted(known)}
    found = get_close_matches(name.casefold(), list(by_folded), 1, 0.6)
    if found:
        return say(near, near=by_folded[found[0]])
    return say(none, known=", ".join(by_folded.values()))


def _week(table: dict[str, tuple[str, ...]], file: str, problems: list[Problem]) -> Week:
    """Periods from Monday, without the entries that are wrong."""
    while True:
        try:
            return week(table)
        except BadHours as error:
            del table[error.key]
            problems.append(Problem(file, f"hours.week.{error.key}", say(error.why, **error.told)))


def _holidays(value: object, written: Written, problems: list[Problem]) -> frozenset[date]:
    file = str(written.file)
    if isinstance(value, dict):
        return _elsewhere(value, written, problems)
    if not isinstance(value, list | tuple):
        problems.append(Problem(file, "hours.holidays", say("hours.holidays")))
        return frozenset()
    days = set[date]()
    for number, day in enumerate(value, 1):
        found = _date(day)
        if found is None:
            problems.append(Problem(file, f"hours.holidays.{number}", say("hours.no_date")))
        else:
            days.add(found)
    return frozenset(days)


def _elsewhere(table: dict[str, Any], written: Written, problems: list[Problem]) -> frozenset[date]:
    """Holidays of a file, or of a country."""
    from tuidesk.config import days_off  # who lists their dates does not pay for it

    file = str(written.file)
    made, noted = convert(HolidaysTable, table, file=file)
    problems.extend(one._replace(key=f"hours.holidays.{one.key}".rstrip(".")) for one in noted)
    if made is None:
        return frozenset()
    days = days_off.around(datetime.now(UTC).date())
    try:
        if made.country:
            return days_off.of_country(made.country, made.region, days)
        path = written.file.parent / os.path.expanduser(made.ics)
        found = days_off.of_file(path, written.owners, days)
    except BadHours as error:
        problems.append(Problem(file, f"hours.{error.key}", say(error.why, **error.told)))
    except ConfigError as error:
        problems.append(Problem(file, "hours.holidays.ics", str(error), written=False))
    except OSError as error:
        text = say("hours.ics_closed", path=path, reason=error.strerror)
        problems.append(Problem(file, "hours.holidays.ics", text))
    else:
        if found.unread:
            text = say("hours.ics_unread", path=path, count=found.unread)
            problems.append(Problem(file, "hours.holidays.ics", text))
        return found.days
    return frozenset()


def _date(written: object) -> date | None:
    """`"2026-12-25"`, also as TOML has dates: without the quotes."""
    if isinstance(written, date) and not isinstance(written, datetime):
        return written
    try:
        return date.fromisoformat(written) if isinstance(written, str) and len(written) == 10 else None
    except ValueError:
        return None


# --- targets --------------------------------------------------------------------------------------


def _targets(config: "Config", problems: list[Problem]) -> tuple[Target, ...] | None:
    """None where there are none; an empty list is the user's wish."""
    written: Written | None = config.file.targets
    if written is None:
        return None
    file = str(written.file)
    if not isinstance(written.value, list):
        problems.append(Problem(file, "targets", say("targets.table")))
        return None
    accounts = _accounts(config)
    found = []
    for number, table in enumerate(written.value, 1):
        target, wrong = _target(table, number, file, accounts)
        problems.extend(one._replace(key=f"targets.{number}.{one.key}".rstrip(".")) for one in wrong)
        if target is not None and not wrong:
            found.append(target)
    return tuple(found) if found or not written.value else None


def _accounts(config: "Config") -> frozenset[str] | None:
    """Every account's id; None where a file cannot be read, whose id is in it."""
    folders = {Path(problem.file).parent.name for problem in config.problems}
    return None if "accounts" in folders else frozenset(account.id for account in config.accounts)


def _target(
    table: object, number: int, file: str, accounts: frozenset[str] | None
) -> tuple[Target | None, list[Problem]]:
    from tuidesk.domain.when import length  # who sets none does not pay for its words

    if not isinstance(table, dict):
        return None, [Problem(file, "", say("targets.table"))]
    made, noted = convert(TargetTable, table, file=file)
    if made is None:
        return None, list(noted)
    wrong = []
    lengths: dict[str, int | None] = {}
    for aim in AIMS:
        text = getattr(made, aim)
        if text is not None:
            lengths[aim] = length(text)
            if not lengths[aim]:
                wrong.append(Problem(file, aim, say("targets.length")))
    if not lengths:
        wrong.append(Problem(file, "", say("targets.no_aim")))
    if made.account and accounts and made.account not in accounts:
        text = _near(made.account, accounts, "targets.near_account", "targets.no_account")
        wrong.append(Problem(file, "account", text))
    place = f"[[targets]] {number}"
    return Target(place, made.account, made.medium, made.priority or "", made.tag, **lengths), wrong
