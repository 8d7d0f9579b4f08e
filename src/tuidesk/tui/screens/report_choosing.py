"""What a report is to be of, chosen by a few letters: a time, and what its figures are by."""

from collections.abc import Sequence
from datetime import tzinfo

from tuidesk.desk import report_words
from tuidesk.domain.instants import Instant
from tuidesk.domain.metrics import BYS, By
from tuidesk.errors import UsageError
from tuidesk.tui.ranking import nearest, rank
from tuidesk.tui.screens import report_ranges
from tuidesk.tui.screens.chooser import Chooser, Option
from tuidesk.tui.screens.report_ranges import Range
from tuidesk.words import say

_COLUMN = 4


def groupings() -> Chooser[By]:
    """Its result is what the figures are to be by; "": the whole alone."""
    offered: Sequence[By] = ("", *BYS)

    def called(by: By) -> str:
        return report_words.by_name(by) if by else say("report_screen.by_nothing")

    def find(typed: str) -> list[Option[By]]:
        return [Option(called(by), by) for by in nearest(offered, lambda by: rank(typed, called(by), by))]

    return Chooser(say("report_screen.by_title"), say("report_screen.by_hint"), find)


def dates(now: Instant, zone: tzinfo | None) -> Chooser[Range]:
    """Its result is a time: one of those with a key, or what was typed."""
    known = report_ranges.ranges(now, zone)

    def told(one: Range) -> str:
        return report_ranges.told(one, now, zone)

    def find(typed: str) -> list[Option[Range]]:
        named = nearest(known, lambda one: rank(typed, told(one)))
        keys = {one: str(at) for at, one in enumerate(known, 1)}
        return [Option(told(one), one, key=keys.get(one, "")) for one in (*_read(typed, now, zone), *named)]

    return Chooser(
        say("report_screen.dates_title"),
        say("report_screen.dates_hint"),
        find,
        nothing=say("report_screen.dates_nothing"),
        column=_COLUMN,
    )


def _read(typed: str, now: Instant, zone: tzinfo | None) -> list[Range]:
    """What was typed, as far as it is a time yet."""
    try:
        return [report_ranges.typed(typed, now, zone)]
    except UsageError:
        return []
