"""Where the strokes of a report's pictures stand."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.desk.reported import bars
from tuidesk.desk.report_drawings import WIDTH, Stick, course, distribution, level, steps, usual_most
from tuidesk.domain.instants import DAY, HOUR, MINUTE
from tuidesk.domain.metrics import Volume

_COUNTS = st.integers(0, 10**7)
_VOLUMES = st.lists(st.builds(Volume, st.just(0), _COUNTS, _COUNTS, _COUNTS), min_size=1, max_size=400)
_NAMES = {"received": "came", "completed": "done", "backlog": "left"}
_ROUNDED = 0.11  # every place is rounded to a tenth


def _day(at: int) -> str:
    return str(at)


def _span(ms: float) -> str:
    return f"{ms / MINUTE:g}m"


def _is_inside(stick: Stick, top: float, base: float) -> bool:
    return (
        stick.x >= 0
        and stick.x + stick.width <= WIDTH + _ROUNDED
        and stick.y >= top - _ROUNDED
        and abs(stick.y + stick.height - base) <= _ROUNDED
    )


@given(_VOLUMES)
def test_a_course_stays_in_its_frame(volumes: list[Volume]) -> None:
    drawn = course(volumes, _NAMES, _day)
    assert [panel.name for panel in drawn.panels] == ["came", "done", "left"]
    for panel in drawn.panels:
        assert all(_is_inside(stick, panel.top, panel.base) for stick in panel.sticks)
        points = [float(point.split(",")[1]) for point in panel.line.split()]
        assert all(panel.top - _ROUNDED <= y <= panel.base + _ROUNDED for y in points)
        assert len(panel.sticks) + len(points) == len(volumes)
    assert 1 <= len(drawn.dates) <= 7
    assert drawn.panels[-1].base < drawn.dates_y < drawn.height


def test_sticks_are_as_high_as_their_numbers() -> None:
    drawn = course([Volume(0, 10, 0, 1), Volume(DAY, 5, 0, 1)], _NAMES, _day)
    first, second = drawn.panels[0].sticks
    assert first.height == 2 * second.height
    assert first.x < second.x
    assert [stick.label for stick in drawn.panels[0].sticks] == ["0: 10", f"{DAY}: 5"]


def test_one_day_has_a_backlog_as_well() -> None:
    drawn = course([Volume(0, 1, 1, 7)], _NAMES, _day)
    assert drawn.panels[2].sticks[0].height > 0


_ONCE = [1] * 12
_BARS = st.lists(_COUNTS, min_size=12, max_size=12)


@given(_BARS, st.none() | st.integers(1, 60 * DAY))
def test_a_distribution_stays_in_its_frame(counts: list[int], target: int | None) -> None:
    drawn = distribution(bars(*counts), target, _span)
    assert all(_is_inside(column.stick, drawn.top, drawn.base) for column in drawn.columns)
    assert [column.n for column in drawn.columns] == counts
    assert (drawn.target is None) == (target is None)
    if drawn.target is not None:
        assert drawn.left <= drawn.target.x <= drawn.right


@given(st.integers(1, 60 * DAY), st.integers(0, DAY))
def test_a_longer_target_never_stands_further_left(target: int, more: int) -> None:
    nearer, further = (distribution(bars(*_ONCE), one, _span).target for one in (target, target + more))
    assert nearer is not None
    assert further is not None
    assert nearer.x <= further.x


def test_a_target_that_is_a_bound_stands_on_it() -> None:
    drawn = distribution(bars(*_ONCE), 4 * HOUR, _span)
    assert drawn.target is not None
    assert drawn.target.x in [bound.at for bound in drawn.bounds if bound.label == "240m"]
    assert [column.is_late for column in drawn.columns] == [False] * 7 + [True] * 5


@given(_COUNTS)
def test_steps_are_few_and_reach_far_enough(most: int) -> None:
    found = steps(most)
    assert found[0] == 0
    assert most <= found[-1] <= max(1, most * 2)
    assert 2 <= len(found) <= 5
    assert len({after - before for before, after in pairwise(found)}) == 1


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(1, 1e9))
def test_more_is_never_filled_less(one: float, other: float, most: float) -> None:
    less, more = sorted((min(one, most), min(other, most)))
    assert 0 <= level(less, most) <= level(more, most) <= 5


def test_only_nothing_is_not_filled() -> None:
    assert level(None, 9) == level(0, 9) == 0
    assert level(0.001, 9) == 1
    assert level(9, 9) == 5


def test_one_strange_hour_does_not_make_the_others_pale() -> None:
    assert usual_most([*[1.0] * 30, *[2.0] * 9, 500.0]) == 2
    assert usual_most([7.0]) == 7
    assert usual_most([]) == 0
    assert level(500, 2) == 5
