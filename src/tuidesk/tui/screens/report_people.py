"""Of a report: who answered, what it was about, and what customers thought of it. Their words are cleaned here."""

from collections.abc import Callable, Iterator, Sequence

from tuidesk.desk import report_words
from tuidesk.desk.report_pictures_words import team_table
from tuidesk.desk.report_words import Table
from tuidesk.domain.instants import Instant
from tuidesk.domain.metrics import Comment, Pictures, Ranked, Report
from tuidesk.domain.text import clean, cut, wrap
from tuidesk.tui.screens.report_figures import Sheeted, drawn, span
from tuidesk.tui.widgets.page import Line
from tuidesk.tui.widgets.report_grid import ranked
from tuidesk.words import say

_RATED = ("csat", "nps", "effort", "survey_response")
_MOST_SAID = 4
"""Lines of one comment: the whole of it stands in its conversation."""


def team(shown: Pictures, cells: int) -> Sheeted:
    """A line for each person."""
    if shown.team:
        lines = [
            *drawn(team_table(shown.team, span), cells),
            (),
            *_wrapped("report_screen.team_private", cells),
        ]
    else:
        lines = [_title("report.team"), *_wrapped("report.team_nobody", cells)]
    return Sheeted(tuple(lines), {}, (), ("replies_sent", "reply", "completed"))


def topics(shown: Pictures, cells: int, *, plain: bool) -> Sheeted:
    """What customers wrote about most, and what was answered with most."""
    lines: list[Line] = []
    for name, rows in (("topics", shown.topics), ("canned", shown.canned)):
        lines += [*([()] if lines else []), _title(f"report.{name}")]
        lines += ranked(_clean(rows), cells, plain) or _wrapped(f"report_screen.no_{name}", cells)
    return Sheeted(tuple(lines), {}, (), ("conversations",))


def _clean(rows: Sequence[Ranked]) -> list[tuple[str, int]]:
    return [(clean(one.name, lines=False), one.n) for one in rows]


def ratings(found: Report, shown: Pictures, cells: int, moment: Callable[[Instant], str]) -> Sheeted:
    """The scores, and what was said beside them."""
    title = say("report_screen.ratings")
    scores = [
        Table(title, table.heads, rows)
        for table in report_words.tables(found, span)
        if (rows := tuple(row for row in table.lines if row.metric in _RATED and not row.group))
    ]
    lines: list[Line] = [line for table in scores for line in drawn(table, cells)]
    if not scores:
        lines = [_title("report_screen.ratings"), *_wrapped("report_screen.no_ratings", cells)]
    lines += [(), _title("report.comments")]
    if not shown.comments:
        lines += _wrapped("report_screen.no_comments", cells)
    for one in shown.comments:
        lines += _comment(one, cells, moment)
    return Sheeted(tuple(lines), {}, (), _RATED)


def _comment(one: Comment, cells: int, moment: Callable[[Instant], str]) -> Iterator[Line]:
    who = clean(one.who, lines=False)
    kind = report_words.name(one.kind)
    score = say("report.score", score=f"{one.score:g}", scale=f"{one.scale:g}", kind=kind)
    yield (
        (f" #{one.n} ", "key"),
        (cut(who, max(cells // 3, 8)), "name"),
        (f"  {score}  {moment(one.at)}", "quiet"),
    )
    said = wrap(clean(one.text, lines=False), max(cells - 5, 8))
    if len(said) > _MOST_SAID:
        said = [*said[: _MOST_SAID - 1], cut(said[_MOST_SAID - 1] + " …", max(cells - 5, 8))]
    for part in said:
        yield (("   " + part, "words"),)


def _title(name: str) -> Line:
    return ((" " + say(name), "title"),)


def _wrapped(name: str, cells: int) -> list[Line]:
    return [((" " + part, "quiet"),) for part in wrap(say(name), max(cells - 2, 8))]
