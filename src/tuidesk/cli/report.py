"""`report`: the figures of a period, as a table for people, as JSON, or as a file."""

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from tuidesk.cli import output, report_forms
from tuidesk.cli.parser import Noun, takes_json
from tuidesk.cli.times import brief, exact
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.home import mistakes, reading, timing
from tuidesk.desk.report import report, zone
from tuidesk.desk.report_words import definitions, notes, tables, title
from tuidesk.desk.saving import save
from tuidesk.domain import when
from tuidesk.domain.instants import DAY, Instant, as_datetime
from tuidesk.domain.metrics import BYS, Asked, Pictures, Report
from tuidesk.errors import UsageError
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.desk.report_words import Table

_LENGTH = 7 * DAY
_FORMATS = ("table", "csv", "markdown", "html")
_ENDINGS = {
    ".csv": "csv",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".jsonl": "json",
    ".txt": "table",
    "": "table",
}
"""What a file is to be, where nothing else says it."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", metavar="WHEN", default="", help=say("report_cli.since_help"))
    parser.add_argument("--until", metavar="WHEN", default="", help=say("report_cli.until_help"))
    parser.add_argument(
        "--by", metavar="WHAT", choices=BYS, default="", help=say("report_cli.by_help", known=", ".join(BYS))
    )
    parser.add_argument("--me", action="store_true", help=say("report_cli.me_help"))
    parser.add_argument("--compare", action="store_true", help=say("report_cli.compare_help"))
    parser.add_argument("--team", action="store_true", help=say("report_cli.team_help"))
    parser.add_argument("--pictures", action="store_true", help=say("report_cli.pictures_help"))
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        choices=_FORMATS,
        help=say("report_cli.format_help", known=", ".join(_FORMATS)),
    )
    takes_json(parser)
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help=say("report_cli.output_help"))
    parser.add_argument("--force", action="store_true", help=say("report_cli.force_help"))


def _report(given: argparse.Namespace) -> int:
    form = _form(given)
    for mistake in mistakes(given.home):
        output.talk(str(mistake))
    rules, now = timing(given.home), SystemClock().now()
    clock = zone(rules)
    period = when.period(given.since, given.until, now, clock, _LENGTH)
    asked = Asked(period.begin, period.end, given.by, given.me, given.compare)
    with reading(given.home) as connection:
        told = report(connection, asked, rules, now)
        shown = None
        if given.team or given.pictures or form == "html":
            from tuidesk.desk.report_pictures import pictures

            shown = pictures(connection, asked, rules)
    made = _Made(told, shown, clock, now, team=given.team)
    if given.output != "-":
        _keep(Path(given.output).expanduser(), made.file(form), over=given.force)
    elif form == "json":
        output.json_lines(made.objects())
    elif form == "table":
        for line in made.lines(output.columns() if sys.stdout.isatty() else None):
            output.words(line)
    else:
        output.file(made.file(form))
    return 0


def _form(given: argparse.Namespace) -> str:
    """What is asked for, or what the file's name says.

    Raises:
        UsageError: it cannot be.
    """
    if given.json and given.format:
        raise UsageError(say("report_cli.one_format"))
    ending = Path(given.output).suffix.casefold()
    form: str = "json" if given.json else given.format or _ENDINGS.get(ending, "")
    if not form:
        raise UsageError(say("report_cli.no_ending", ending=ending, known=", ".join(filter(None, _ENDINGS))))
    if form == "csv" and given.pictures:
        raise UsageError(say("report_cli.no_pictures"))
    if form == "html" and given.team:
        raise UsageError(say("report_cli.no_team_alone"))
    if given.team and (given.by or given.compare):
        raise UsageError(say("report_cli.team_alone", option="--by" if given.by else "--compare"))
    return form


def _keep(path: Path, data: bytes, *, over: bool) -> None:
    """A file of the user's own: never over another one, unless that is asked for.

    Raises:
        UsageError: something is there already.
        ConfigError: the disk refuses.
    """
    if not over and os.path.lexists(path):
        raise UsageError(say("report_cli.exists", path=path))
    save(path, data, over=over)
    output.talk(say("report_cli.written", path=path))


class _Made:
    """A report, and what of it was asked for, in any form."""

    def __init__(
        self, told: Report, shown: Pictures | None, clock: tzinfo | None, now: Instant, *, team: bool
    ) -> None:
        self._told = told
        self._shown = shown
        self._clock = clock
        self._now = now
        self._team = team

    def file(self, form: str) -> bytes:
        """As it stands in a file: UTF-8, whatever the locale is."""
        match form:
            case "json":
                lines = (output.as_json(line, on_terminal=False) + b"\n" for line in self.objects())
                return b"".join(lines)
            case "csv":
                return self._csv().encode()
            case "markdown":
                return self._markdown().encode()
            case "html":
                return self._html().encode()
            case _:
                return "".join(f"{line}\n" for line in self.lines(None)).encode()

    def objects(self) -> Iterator[report_forms.Form]:
        """One for each line."""
        if self._team and self._shown is not None:
            yield from report_forms.team(self._shown.team)
            return
        yield from report_forms.report(self._told, self._clock)
        if self._shown is not None:
            yield from report_forms.pictures(self._shown)

    def lines(self, wide: int | None) -> Iterator[str]:
        """For people."""
        from tuidesk.desk.report_plain import plain

        return plain(title(self._told), self._tables(), self._notes(), wide)

    def _csv(self) -> str:
        from tuidesk.desk.report_csv import as_csv, team_as_csv

        if self._team and self._shown is not None:
            return team_as_csv(self._shown.team)
        return as_csv(self._told)

    def _markdown(self) -> str:
        from tuidesk.desk.report_markdown import markdown

        shown = self._tables()
        return markdown(title(self._told), shown, self._notes(), definitions(shown))

    def _html(self) -> str:
        from tuidesk.desk.report_html import html

        assert self._shown is not None
        return html(
            self._told, self._shown, span=exact, zone=self._clock, zone_name=self._zone, made=self._now
        )

    def _tables(self) -> "tuple[Table, ...]":
        if self._shown is None:
            return tables(self._told, exact)
        from tuidesk.desk.report_pictures_words import picture_tables, team_table

        if self._team:
            return (team_table(self._shown.team, exact),) if self._shown.team else ()
        return (*tables(self._told, exact), *picture_tables(self._shown, exact, brief, self._moment))

    def _notes(self) -> tuple[str, ...]:
        lead, *rest = notes(self._told, self._moment, self._zone)
        if self._team and self._shown is not None and not self._shown.team:
            rest.insert(0, say("report.team_nobody"))
        return lead, *rest

    @property
    def _zone(self) -> str:
        return "" if self._clock is None else str(self._clock)

    def _moment(self, at: Instant) -> str:
        return as_datetime(at).astimezone(self._clock).strftime("%Y-%m-%d %H:%M")


NOUN = Noun(_arguments, _report)
