"""A report as one HTML page that stands alone: no network, no script; to be read, kept and printed.

Every text goes through `domain.text.clean` and is escaped where the page is put together, whoever wrote it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tuidesk.desk import report_drawings as drawings
from tuidesk.desk import report_pictures_words, report_words
from tuidesk.desk.report_drawings import Course, Distribution
from tuidesk.desk.report_words import Change, Line, Span, Table
from tuidesk.domain import instants
from tuidesk.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant
from tuidesk.domain.metrics import (
    Bar,
    Comment,
    Durations,
    Group,
    Heat,
    Member,
    Pictures,
    Ranked,
    Report,
    Share,
    Volume,
)
from tuidesk.domain.text import clean, cut
from tuidesk.words import language, say

_NAME = 60
"""Cells of what somebody or something is called."""
_COMMENT = 2_000
"""Characters of a comment."""
_FIRST = ("first_response", "reply", "resolution_last", "on_target_reply", "completed", "backlog", "csat")
"""Figures that people look at first."""


_SERIES = {"received": "messages_received", "completed": "completed", "backlog": "backlog"}
"""What a picture of volumes shows → the figure that says what it is."""


class Part(NamedTuple):
    """Lines that belong together."""

    name: str
    """"": they speak for themselves."""
    lines: tuple[Line, ...]


class Block(NamedTuple):
    """Tables with the same heads, shown as one."""

    title: str
    heads: tuple[str, ...]
    parts: tuple[Part, ...]


class Tile(NamedTuple):
    """A figure that people look at first."""

    metric: str
    name: str
    value: str
    what: str
    """What the value is: the median; "" where it is the whole figure."""
    others: tuple[tuple[str, str], ...]
    """(`mean`, `1h 9m`) and the like."""
    change: Change


class HeatCell(NamedTuple):
    """A weekday and an hour."""

    text: str
    level: int
    """How strongly it is filled: 0 to 5."""


class HeatRow(NamedTuple):
    """A weekday."""

    weekday: str
    cells: tuple[HeatCell, ...]


class HeatMap(NamedTuple):
    """A table of weekdays and hours."""

    key: str
    name: str
    about: str
    rows: tuple[HeatRow, ...]


class VolumeLine(NamedTuple):
    """The numbers of one day or week."""

    day: str
    numbers: tuple[str, str, str]


class CourseFigure(NamedTuple):
    """Volume and backlog over time, also in words and in numbers."""

    drawing: Course
    about: str
    told: str
    heads: tuple[str, ...]
    lines: tuple[VolumeLine, ...]


class RepliesFigure(NamedTuple):
    """How reply times are spread, also in words."""

    drawing: Distribution
    about: str
    told: str
    target: str


class Said(NamedTuple):
    """A customer's comment."""

    head: tuple[str, ...]
    text: str


class Page(NamedTuple):
    """What the template shows, in its order."""

    language: str
    title: str
    lead: str
    notes: tuple[str, ...]
    tiles: tuple[Tile, ...]
    whole: tuple[Block, ...]
    groups: tuple[Block, ...]
    by: str
    course: CourseFigure | None
    heat_maps: tuple[HeatMap, ...]
    replies: RepliesFigure | None
    team: Block | None
    topics: tuple[Ranked, ...]
    canned: tuple[Ranked, ...]
    comments: tuple[Said, ...]
    definitions: tuple[tuple[str, str, str], ...]
    """(metric, name, what it is)."""


def html(
    report: Report, pictures: Pictures, *, span: Span, zone: tzinfo | None, zone_name: str, made: Instant
) -> str:
    """The page in the language that is spoken.

    `span` words a duration in milliseconds. Instants are told in the times of `zone`, which is called `zone_name`
    (None and "": those of this machine).
    """
    page = _page(report, pictures, span, zone, zone_name, made)
    return _environment().get_template("page.j2").render(page=page)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "report_page"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(say=say, percent=_percent)
    return made


def _shown(value: object) -> object:
    """A value as it may stand in the page, before it is escaped; what a macro made is escaped already."""
    return value if not isinstance(value, str) or hasattr(value, "__html__") else clean(value)


def _page(
    report: Report, pictures: Pictures, span: Span, zone: tzinfo | None, zone_name: str, made: Instant
) -> Page:
    asked = report.asked
    tables = report_words.tables(report, span)
    lead, *notes = report_words.notes(report, lambda at: _moment(at, zone), zone_name)
    metrics = dict.fromkeys(line.metric for table in tables for line in table.lines)
    return Page(
        language=language(),
        title=report_words.title(report),
        lead=lead,
        notes=(*notes, say("report_html.made", at=_moment(made, zone))),
        tiles=tuple(_tiles(report.groups[:1] if tables else (), span)),
        whole=tuple(
            Block(table.title, table.heads, (Part("", table.lines),))
            for table in tables
            if not table.lines[0].group
        ),
        groups=tuple(_blocks(table for table in tables if table.lines[0].group)),
        by=say("report_html.groups", what=report_words.by_name(asked.by)) if asked.by else "",
        course=_course(pictures, zone),
        heat_maps=_heat_maps(pictures.heat),
        replies=_replies(pictures, span),
        team=_team(pictures.team, span),
        topics=_ranked(pictures.topics),
        canned=_ranked(pictures.canned),
        comments=tuple(_said(comment, zone) for comment in pictures.comments),
        definitions=tuple(
            (metric, report_words.name(metric), report_words.define(metric)) for metric in metrics
        ),
    )


def _blocks(tables: Iterable[Table]) -> Iterator[Block]:
    """Of figures by group: all durations, then everything else."""
    for heads, alike in groupby(tables, key=lambda table: table.heads):
        parts = tuple(Part(table.title, table.lines) for table in alike)
        is_time = parts[0].lines[0].clock is not None
        yield Block(say("report.times" if is_time else "report.rates"), heads, parts)


def _tiles(whole: Sequence[Group], span: Span) -> Iterator[Tile]:
    for group in whole:
        for metric in _FIRST:
            figure = group.figures.get(metric)
            if figure is None:
                continue
            changed = report_words.change(metric, figure, group.before.get(metric))
            name = report_words.name(metric)
            if isinstance(figure, Durations):
                n, mean, median, p90 = report_words.spread_cells(figure.calendar, span)
                others = tuple(
                    (say(f"report.{key}"), text) for key, text in (("n", n), ("mean", mean), ("p90", p90))
                )
                yield Tile(metric, name, median, say("report.median"), others, changed)
            else:
                of = ((say("report.n"), f"{figure.of:,}"),) if isinstance(figure, Share) else ()
                yield Tile(metric, name, report_words.value(metric, figure), "", of, changed)


# --- pictures -------------------------------------------------------------------------------------


def _course(pictures: Pictures, zone: tzinfo | None) -> CourseFigure | None:
    """None: nothing ever happened."""
    volumes = pictures.volume
    if not any(volume.received or volume.completed or volume.backlog for volume in volumes):
        return None
    names = {key: report_words.name(metric) for key, metric in _SERIES.items()}
    return CourseFigure(
        drawing=drawings.course(volumes, names, lambda at: _day(at, zone, with_year=pictures.by_week)),
        about=say("report_html.course_weeks" if pictures.by_week else "report_html.course_days"),
        told=say(
            "report_html.course_told",
            received=sum(volume.received for volume in volumes),
            completed=sum(volume.completed for volume in volumes),
            first=volumes[0].backlog,
            last=volumes[-1].backlog,
            most=max(volume.backlog for volume in volumes),
        ),
        heads=(say("report.since"), *names.values()),
        lines=tuple(_volume_line(volume, zone) for volume in volumes),
    )


def _volume_line(volume: Volume, zone: tzinfo | None) -> VolumeLine:
    numbers = (f"{volume.received:,}", f"{volume.completed:,}", f"{volume.backlog:,}")
    return VolumeLine(_moment(volume.at, zone)[:10], numbers)


def _heat_maps(heat: Heat) -> tuple[HeatMap, ...]:
    """Those in which there is anything."""
    received = [[float(number) for number in row] for row in heat.received]
    counts = [[f"{number:,}" if number else "" for number in row] for row in heat.received]
    medians = [["" if ms is None else _in_one_unit(ms) for ms in row] for row in heat.reply]
    maps = (
        (
            "heat-received",
            say("report_html.heat_received"),
            say("report_html.heat_received_about"),
            received,
            counts,
        ),
        (
            "heat-reply",
            say("report_html.heat_reply"),
            say("report_html.heat_reply_about"),
            heat.reply,
            medians,
        ),
    )
    return tuple(
        HeatMap(key, name, about, _heat_rows(values, texts))
        for key, name, about, values, texts in maps
        if any(text for row in texts for text in row)
    )


def _heat_rows(
    values: Sequence[Sequence[float | None]], texts: Sequence[Sequence[str]]
) -> tuple[HeatRow, ...]:
    most = drawings.usual_most(value for row in values for value in row if value)
    weekdays = say("report.days").split("|")
    return tuple(
        HeatRow(
            weekday,
            tuple(
                HeatCell(text, drawings.level(value, most))
                for value, text in zip(numbers, words, strict=True)
            ),
        )
        for weekday, numbers, words in zip(weekdays, values, texts, strict=True)
    )


def _replies(pictures: Pictures, span: Span) -> RepliesFigure | None:
    """None: there were none."""
    target = pictures.target
    if not any(bar.n for bar in pictures.replies):
        return None
    aim = (
        say("report_html.replies_no_target")
        if target is None
        else say("report_html.replies_target", span=span(target))
    )
    return RepliesFigure(
        drawing=drawings.distribution(pictures.replies, target, span),
        about=f"{say('report_html.replies_about')} {aim}",
        told=_replies_told(pictures.replies, span),
        target="" if target is None else say("report_html.target", span=span(target)),
    )


def _replies_told(bars: Sequence[Bar], span: Span) -> str:
    parts, floor = [], 0
    for bar in bars:
        name, bound = ("longer", floor) if bar.below is None else ("shorter", bar.below)
        if bar.n:
            parts.append(f"{say(f'report.{name}', span=span(bound))}: {bar.n:,}")
        floor = bound
    counted = say("report_html.replies_told", count=sum(bar.n for bar in bars))
    return f"{counted} {'; '.join(parts)}"


# --- people ---------------------------------------------------------------------------------------


def _team(team: Sequence[Member], span: Span) -> Block | None:
    if not team:
        return None
    named = tuple(member._replace(name=_name(member.name)) for member in team)
    table = report_pictures_words.team_table(named, span)
    return Block(table.title, table.heads, (Part("", table.lines),))


def _ranked(found: Sequence[Ranked]) -> tuple[Ranked, ...]:
    return tuple(one._replace(name=_name(one.name)) for one in found)


def _said(comment: Comment, zone: tzinfo | None) -> Said:
    kind = report_words.name(comment.kind)
    head = (
        say("report.score", kind=kind, score=f"{comment.score:g}", scale=f"{comment.scale:g}"),
        _name(comment.who) or say("report_html.unnamed"),
        f"#{comment.n}",
        _moment(comment.at, zone),
    )
    text = comment.text
    return Said(head, text if len(text) <= _COMMENT else text[:_COMMENT] + "…")


# --- words ----------------------------------------------------------------------------------------


def _in_one_unit(ms: float) -> str:
    """A duration in its largest unit, rounded: `48s`, `12m`, `3h`, `7d`."""
    for unit, size in (("days", DAY), ("hours", HOUR), ("minutes", MINUTE)):
        if ms >= size:
            return say(f"report_html.{unit}", count=round(ms / size))
    return say("report_html.seconds", count=round(ms / SECOND))


def _name(text: str) -> str:
    return cut(clean(text, lines=False), _NAME)


def _moment(at: Instant, zone: tzinfo | None) -> str:
    return f"{instants.as_datetime(at).astimezone(zone):%Y-%m-%d %H:%M}"


def _day(at: Instant, zone: tzinfo | None, *, with_year: bool) -> str:
    on = instants.as_datetime(at).astimezone(zone)
    month = say("thread.months").split()[on.month - 1]
    return say("thread.day_year" if with_year else "thread.day", day=on.day, month=month, year=on.year)


def _percent(share: float) -> str:
    return say("report.percent", value=f"{share * 100:.0f}")
