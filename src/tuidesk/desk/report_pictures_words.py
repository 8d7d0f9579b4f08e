"""What of a report people would rather look at, as tables: for a shell, and for files that hold no drawings."""

from collections.abc import Callable, Iterator

from tuidesk.desk.report_words import Line, Span, Table, name, spread_cells
from tuidesk.domain.instants import Instant
from tuidesk.domain.metrics import Bar, Comment, Heat, Member, Pictures, Ranked, Volume
from tuidesk.domain.text import clean
from tuidesk.words import say

Moment = Callable[[Instant], str]


def picture_tables(pictures: Pictures, span: Span, brief: Span, moment: Moment) -> tuple[Table, ...]:
    """Those that have anything to say. `brief` words a duration in a few cells; `moment` an instant, its first ten
    signs the day."""
    made = (
        _volume(pictures.volume, moment),
        *_heat(pictures.heat, brief),
        _replies(pictures.replies, pictures.target, span),
        team_table(pictures.team, span),
        _ranked(say("report.topics"), say("report.topic"), say("report.conversations"), pictures.topics),
        _ranked(say("report.canned"), say("report.by_canned"), say("report.uses"), pictures.canned),
        _comments(pictures.comments, moment),
    )
    return tuple(table for table in made if table.lines)


def _table(title: str, heads: tuple[str, ...], rows: Iterator[tuple[str, ...]], words: int = 1) -> Table:
    return Table(title, heads, tuple(Line("", "", None, cells, "") for cells in rows), words)


def _volume(volume: tuple[Volume, ...], moment: Moment) -> Table:
    heads = ("report.since", "report.received", "report.completed", "report.backlog")
    rows = (
        (moment(one.at)[:10], f"{one.received:,}", f"{one.completed:,}", f"{one.backlog:,}") for one in volume
    )
    return _table(say("report.volume"), tuple(map(say, heads)), rows)


def _heat(heat: Heat, brief: Span) -> Iterator[Table]:
    heads = (say("report.by_hour"), *(day for day in say("report.days").split("|")))
    received = [[f"{n:,}" if n else "" for n in day] for day in heat.received]
    replies = [["" if ms is None else brief(ms) for ms in day] for day in heat.reply]
    for title, days in ((say("report.heat_received"), received), (say("report.heat_reply"), replies)):
        hours = ((f"{hour:02d}:00", *(day[hour] for day in days)) for hour in range(24))
        yield _table(title, heads, (cells for cells in hours if any(cells[1:])))


def _replies(bars: tuple[Bar, ...], target: int | None, span: Span) -> Table:
    title = say("report.replies")
    if target is not None:
        title = say("report.replies_target", title=title, target=span(target))
    total = sum(bar.n for bar in bars)
    longest = next((bar.below for bar in reversed(bars) if bar.below is not None), 0)
    rows = (
        (
            say("report.longer", span=span(longest))
            if bar.below is None
            else say("report.shorter", span=span(bar.below)),
            f"{bar.n:,}",
            say("report.percent", value=f"{100 * bar.n / total:.1f}"),
        )
        for bar in (bars if total else ())
    )
    return _table(title, (say("report.by_reply"), say("report.n"), say("report.share")), rows)


def team_table(team: tuple[Member, ...], span: Span) -> Table:
    """Who answered, how soon, and what they completed."""
    heads = ("by_person", "replies_sent", "n", "mean", "median", "p90", "completed")
    rows = (
        (
            clean(one.name, lines=False) or say("report.you"),
            f"{one.replies:,}",
            *spread_cells(one.reply, span),
            f"{one.completed:,}",
        )
        for one in team
    )
    return _table(say("report.team"), tuple(say(f"report.{head}") for head in heads), rows)


def _ranked(title: str, head: str, counted: str, found: tuple[Ranked, ...]) -> Table:
    rows = ((clean(one.name, lines=False), f"{one.n:,}") for one in found)
    return _table(title, (head, counted), rows)


def _comments(comments: tuple[Comment, ...], moment: Moment) -> Table:
    heads = ("conversation", "moment", "rating", "customer", "comment")
    rows = (
        (
            f"#{one.n}",
            moment(one.at),
            say("report.score", kind=name(one.kind), score=f"{one.score:g}", scale=f"{one.scale:g}"),
            clean(one.who, lines=False),
            clean(one.text, lines=False),
        )
        for one in comments
    )
    return _table(say("report.comments"), tuple(say(f"report.{head}") for head in heads), rows, len(heads))
