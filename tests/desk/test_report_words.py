"""A report in words."""

from pathlib import Path

import pytest

from tests.desk import figures_of
from tests.desk.figures_of import EARLIER, FULL, times
from tuidesk.desk import report_words
from tuidesk.desk.report_words import by_name, change, define, group_name, name, notes, tables
from tuidesk.domain.instants import DAY, MINUTE
from tuidesk.domain.metrics import BYS, METRICS, NONE, Count, Durations, Group, Mean, Share
from tuidesk.domain.text import width
from tuidesk.words import ENGLISH, LANGUAGES, speak

README = Path(__file__).resolve().parents[2] / "README.md"


def span(ms: float) -> str:
    return f"{ms / MINUTE:g}m"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_has_a_short_name_and_a_definition(language: str) -> None:
    speak(language)
    try:
        names = [name(metric.key) for metric in METRICS]
        assert [called for called in names if not 0 < width(called) <= 24] == []
        assert len(set(names)) == len(METRICS)
        assert all(define(metric.key).endswith((".", "다")) for metric in METRICS)
        assert all(by_name(by) for by in BYS)
    finally:
        speak(ENGLISH)


def test_the_readme_defines_every_figure_in_the_same_words() -> None:
    _, _, rest = README.read_text("utf-8").partition("<!-- figures: begin -->\n")
    table, _, _ = rest.partition("<!-- figures: end -->")
    rows = [f"| {name(metric.key)} | {define(metric.key)} |" for metric in METRICS]
    assert table.splitlines() == ["| figure | what it is |", "|---|---|", *rows]


def test_the_whole_is_two_tables() -> None:
    long, others = tables(figures_of.report(FULL, EARLIER), span)
    assert long.heads == ("figure", "n", "mean", "median", "p90", "change")
    assert [line.cells for line in long.lines] == [
        ("First response", "12", "30m", "30m", "30m", "-50 % better"),
        ("  business", "12", "10m", "10m", "10m", "+25 % worse"),
        ("Reply time", "40", "60m", "60m", "60m", "as before"),
        ("  business", "40", "60m", "60m", "60m", "as before"),
    ]
    assert [line.verdict for line in long.lines] == ["better", "worse", "", ""]
    assert [line.clock for line in long.lines] == ["calendar", "business"] * 2
    assert others.heads == ("figure", "n", "value", "change")
    assert [line.cells for line in others.lines] == [
        ("Replies in target", "40", "95.0 %", "+5.0 points better"),
        ("Reopen rate", "20", "10.0 %", "+5.0 points worse"),
        ("Contacts per resolution", "20", "1.75", "+17 % worse"),
        ("Messages received", "", "1,204", ""),
        ("Backlog", "", "8", "-20 % better"),
        ("Recommendation (NPS)", "10", "40 points", "-10.0 points worse"),
        ("Ease (CES)", "10", "80.0 %", "as before"),
    ]


def test_without_a_comparison_there_is_no_column_for_it() -> None:
    long, others = tables(figures_of.report({"reply": times(1, MINUTE), "backlog": Count(2)}), span)
    assert (long.heads[-1], others.heads[-1]) == ("p90", "value")
    assert [line.cells for line in long.lines] == [
        ("Reply time", "1", "1m", "1m", "1m")
    ]  # nothing but the calendar


def test_groups_are_compared_figure_by_figure() -> None:
    groups = (
        Group("1", {"reply": times(3, MINUTE), "completed": Count(2)}, {"reply": times(1, 2 * MINUTE)}),
        Group("7", {"reply": times(1, 5 * MINUTE)}, {}),
    )
    told = figures_of.report(FULL, EARLIER, "weekday", groups)
    _, _, replies, in_business, completed = tables(told, span)
    assert replies.title == "Reply time, by weekday"
    assert [line.cells for line in replies.lines] == [
        ("Monday", "3", "1m", "1m", "1m", "-50 % better"),
        ("Sunday", "1", "5m", "5m", "5m", ""),
    ]
    assert in_business.title == "Reply time, by weekday, in business hours"
    assert [line.group for line in completed.lines] == ["1"]


def test_days_have_nothing_before_them() -> None:
    groups = (Group("2026-11-21", {"reply": times(3, MINUTE), "completed": Count(2)}, {}),)
    *_, replies, completed = tables(
        figures_of.report({"reply": times(3, MINUTE)}, EARLIER, "day", groups), span
    )
    assert (replies.heads[-1], completed.heads[-1]) == ("p90", "value")
    assert replies.lines[0].cells == ("2026-11-21", "3", "1m", "1m", "1m")


def test_a_group_has_a_name() -> None:
    assert group_name("tag", "") == "all"
    assert group_name("hour", "09") == "09:00"
    assert group_name("weekday", "3") == "Wednesday"
    assert group_name("person", "me") == "you"
    assert group_name("priority", "urgent") == "urgent"
    assert group_name("tag", "me") == "me"
    assert group_name("person", "Sam\x1b[2J\nIto") == "Sam␛[2J␊Ito"


def test_what_cannot_be_compared_is_not() -> None:
    nothing = Durations(NONE, NONE)
    for metric, now, before in (
        ("reply", times(1, MINUTE), nothing),
        ("reply", nothing, times(1, MINUTE)),
        ("reply", times(1, MINUTE), times(1, 0)),
        ("reply", times(1, MINUTE), None),
        ("csat", Share(1, 2), Share(0, 0)),
        ("backlog", Count(3), Count(0)),
        ("at_once", Mean(1, 2.0), Mean(0, None)),
    ):
        assert change(metric, now, before) == ("", "")
    assert change("completed", Count(3), Count(2)) == ("+50 %", "")  # more work is neither good nor bad
    assert change("csat", Share(0, 2), Share(1, 2)) == ("-50.0 points", "worse")


def test_handling_time_knows_no_hours() -> None:
    told = {"reply": FULL["reply"], "handling": Durations(NONE._replace(n=2), NONE._replace(n=2))}
    (whole,) = tables(figures_of.report({**told, "first_response": FULL["first_response"]}, {}), span)
    business = [line.metric for line in whole.lines if line.clock == "business"]
    assert business == ["first_response", "reply"]


def test_a_report_of_nothing_says_so() -> None:
    told = figures_of.report(
        {"reply": Durations(NONE, NONE), "reply_rate": Share(0, 0), "backlog": Count(0)}, {}
    )
    assert tables(told, span) == ()
    assert "Nothing was measured in this time." in notes(told, str, "")
    assert "Nothing was measured in this time." not in notes(figures_of.report(FULL), str, "")


def test_what_is_to_be_known_of_a_report() -> None:
    told = figures_of.report(FULL, EARLIER, first_at=figures_of.SINCE + DAY)
    said = "\n".join(notes(told._replace(behind=1200, provisional=True), str, "Europe/Berlin"))
    for words in (
        f"From {figures_of.SINCE} to {figures_of.UNTIL}, Europe/Berlin.",
        f"against {figures_of.SINCE - 7 * DAY} to {figures_of.SINCE}",
        f"of {figures_of.SINCE + DAY}.",
        "targets or rules: 1,200.",
        "may still be reopened",
        "Rules, version 2.",
    ):
        assert words in said
    plain = "\n".join(notes(figures_of.report(FULL), str, ""))
    assert "by the clock of this machine" in plain
    for words in ("against", "first message", "targets", "reopened"):
        assert words not in plain


def test_only_what_is_shown_is_defined() -> None:
    shown = tables(figures_of.report({"reply": times(1, MINUTE), "backlog": Count(1)}), span)
    assert [called for called, _ in report_words.definitions(shown)] == ["Reply time", "Backlog"]
