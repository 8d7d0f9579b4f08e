"""Of a report: who answered, what it was about, and what customers thought of it. Their words are cleaned here."""

from collections.abc import Callable, Iterator, Sequence

from tuidesk.desk import report_words
from tuidesk.domain.instants import Instant
from tuidesk.domain.metrics import Comment, Member, Pictures, Ranked, Report
from tuidesk.domain.text import clean, cut, pad, width, wrap
from tuidesk.tui.screens.report_figures import Sheeted, span
from tuidesk.tui.widgets.page import Line
from tuidesk.tui.widgets.report_grid import ranked
from tuidesk.words import say

_RATED = ("csat", "nps", "effort", "survey_response")
_MOST_SAID = 4
"""Lines of one comment: the whole of it stands in its conversation."""


def team(shown: Pictures, cells: int) -> Sheeted:
    """A line for each person."""
    metrics = ("replies_sent", "reply", "completed")
    lines: list[Line] = [((" " + say("report_screen.team"), "title"),)]
    if not shown.team:
        lines += _wrapped(say("report_screen.no_team"), cells)
        return Sheeted(tuple(lines), {}, (), metrics)
    heads = [say(f"report_screen.team_{head}") for head in ("replies", "median", "p90", "completed")]
    rows = [_member(one) for one in shown.team]
    columns = zip(heads, *(numbers for _, numbers in rows), strict=True)
    widths = [max(map(width, column)) for column in columns]
    room = max(cells - 2 - sum(wide + 2 for wide in widths), 8)
    names = min(max(width(name) for name, _ in rows), room)
    lines.append(((" " * (names + 1), "head"), *_numbers(heads, widths, "head")))
    for name, numbers in rows:
        called = " " + pad(cut(name, names), names)
        lines.append(((called, "words"), *_numbers(numbers, widths, "words")))
    lines += [(), *_wrapped(say("report_screen.team_private"), cells)]
    return Sheeted(tuple(lines), {}, (), metrics)


def _member(one: Member) -> tuple[str, list[str]]:
    name = say("report_screen.you") if one.mine else clean(one.name, lines=False)
    _, _, median, p90 = report_words.spread_cells(one.reply, span)
    return name, [f"{one.replies:,}", median, p90, f"{one.completed:,}"]


def _numbers(cells: Sequence[str], widths: Sequence[int], style: str) -> Iterator[tuple[str, str]]:
    for cell, wide in zip(cells, widths, strict=True):
        yield "  " + " " * (wide - width(cell)) + cell, style


def topics(shown: Pictures, cells: int, *, plain: bool) -> Sheeted:
    """What customers wrote about most, and what was answered with most."""
    lines: list[Line] = []
    for name, rows in (("topics", shown.topics), ("canned", shown.canned)):
        lines += [*([()] if lines else []), ((" " + say(f"report_screen.{name}"), "title"),)]
        lines += ranked(_clean(rows), cells, plain) or _wrapped(say(f"report_screen.no_{name}"), cells)
    return Sheeted(tuple(lines), {}, (), ("conversations",))


def _clean(rows: Sequence[Ranked]) -> list[tuple[str, int]]:
    return [(clean(one.name, lines=False), one.n) for one in rows]


def ratings(found: Report, shown: Pictures, cells: int, moment: Callable[[Instant], str]) -> Sheeted:
    """The scores, and what was said beside them."""
    lines: list[Line] = [((" " + say("report_screen.ratings"), "title"),)]
    rows: dict[int, report_words.Line] = {}
    whole = next((group for group in found.groups if not group.key), None)
    told = [
        row
        for table in report_words.tables(found, span)
        for row in table.lines
        if row.metric in _RATED and not row.group
    ]
    for row in told:
        name, of, value, *change = row.cells
        lines.append(
            (
                (" " + pad(name, 26), "words"),
                (f"{value:>12}", "name"),
                (f"  {say('report_screen.of', n=of):<14}", "quiet"),
                ("".join(change), row.verdict or "words"),
            )
        )
    if whole is None or not told:
        lines += _wrapped(say("report_screen.no_ratings"), cells)
    lines += [(), ((" " + say("report_screen.comments"), "title"),)]
    if not shown.comments:
        lines += _wrapped(say("report_screen.no_comments"), cells)
    for one in shown.comments:
        lines += _comment(one, cells, moment)
    return Sheeted(tuple(lines), rows, (), _RATED)


def _comment(one: Comment, cells: int, moment: Callable[[Instant], str]) -> Iterator[Line]:
    who = clean(one.who, lines=False)
    kind = report_words.name(one.kind)
    score = say("report_screen.score", score=f"{one.score:g}", scale=f"{one.scale:g}", kind=kind)
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


def _wrapped(words: str, cells: int) -> list[Line]:
    return [((" " + part, "quiet"),) for part in wrap(words, max(cells - 2, 8))]
