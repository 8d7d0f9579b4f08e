"""Handling time: what keys, moves of the focus and two clocks come to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clock import NOON
from tuidesk.domain.handling import LEAST, Change, Stopwatch, Stretch, change
from tuidesk.domain.instants import HOUR, MINUTE, SECOND
from tuidesk.errors import UsageError


class Hand:
    """An agent at a stopwatch; all that has ended is kept."""

    def __init__(self, idle_s: float = 60) -> None:
        self.watch = Stopwatch(idle_s)
        self.now, self.beat = NOON, 0.0
        self.ended: list[Stretch] = []

    def wait(self, seconds: float) -> None:
        self.now += round(seconds * 1000)
        self.beat += seconds

    def key(self, after: float = 0) -> None:
        self.wait(after)
        self._keep(self.watch.key(self.now, self.beat))

    def focus(self, conversation: int | None, after: float = 0) -> None:
        self.wait(after)
        self._keep(self.watch.focus(conversation, self.now, self.beat))

    def _keep(self, stretch: Stretch | None) -> None:
        if stretch is not None:
            self.ended.append(stretch)

    @property
    def seconds(self) -> list[tuple[int, float]]:
        return [(one.conversation, one.ms / SECOND) for one in self.ended]


def test_from_the_focus_to_its_loss() -> None:
    hand = Hand()
    hand.focus(42)
    hand.key(10)
    hand.focus(None, 20)
    hand.key(5)
    assert hand.ended == [Stretch(42, NOON, NOON + 30 * SECOND)]
    assert hand.watch.running is None


def test_one_after_the_other() -> None:
    hand = Hand()
    hand.focus(42)
    hand.focus(43, 12)
    hand.focus(42, 8)
    hand.focus(None, 4)
    assert hand.seconds == [(42, 12), (43, 8), (42, 4)]


def test_without_a_key_it_ends_at_the_last_one_and_a_key_begins_another() -> None:
    hand = Hand()
    hand.focus(42)
    hand.key(30)
    hand.key(61)
    hand.key(9)
    hand.focus(None)
    assert hand.ended == [
        Stretch(42, NOON, NOON + 30 * SECOND),
        Stretch(42, NOON + 91 * SECOND, NOON + 100 * SECOND),
    ]


def test_a_focus_that_is_lost_long_after_the_last_key_was_not_worked_at() -> None:
    hand = Hand()
    hand.focus(42)
    hand.key(30)
    hand.focus(None, 300)
    assert hand.seconds == [(42, 30)]


def test_just_within_the_pause() -> None:
    hand = Hand(idle_s=60)
    hand.focus(42)
    hand.key(60)
    hand.focus(None, 60)
    assert hand.seconds == [(42, 120)]


def test_who_does_not_touch_a_key_handles_nothing() -> None:
    hand = Hand()
    hand.focus(42)
    hand.focus(None, 61)
    assert hand.ended == []


def test_what_is_passed_by_is_no_handling() -> None:
    hand = Hand()
    hand.focus(42)
    hand.focus(43, LEAST / 1000 - 0.1)
    hand.focus(None, LEAST / 1000)
    assert hand.seconds == [(43, LEAST / 1000)]


def test_what_runs_is_known_up_to_the_last_key() -> None:
    hand = Hand()
    hand.focus(42)
    hand.key(10)
    hand.wait(40)
    assert hand.watch.running == Stretch(42, NOON, NOON + 10 * SECOND)


def test_a_clock_that_jumps_back_makes_nothing_negative() -> None:
    hand = Hand()
    hand.focus(42)
    hand.key(20)
    hand.now -= HOUR
    hand.key(5)
    hand.key(5)
    hand.focus(None)
    assert hand.seconds == [(42, 20), (42, 5)]
    assert hand.ended[1].start == NOON - HOUR + 25 * SECOND


def test_a_machine_that_slept_did_not_work() -> None:
    """The wall clock went on, the other one did not: nobody was there meanwhile."""
    hand = Hand()
    hand.focus(42)
    hand.key(20)
    hand.now += 8 * HOUR
    hand.key(1)
    hand.key(10)
    hand.focus(None)
    assert hand.seconds == [(42, 20), (42, 10)]


def test_a_clock_that_is_trimmed_is_the_same_clock() -> None:
    hand = Hand()
    hand.focus(42)
    hand.now += 900
    hand.key(20)
    hand.focus(None)
    assert hand.seconds == [(42, 20)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["key", "focus", "clock"]),
            st.integers(0, 200),
            st.sampled_from([None, 1, 2]),
        ),
        max_size=40,
    )
)
def test_never_negative_never_more_than_went_by_and_never_longer_than_the_keys_say(
    moves: list[tuple[str, int, int | None]],
) -> None:
    hand = Hand()
    for what, seconds, conversation in moves:
        match what:
            case "key":
                hand.key(seconds)
            case "focus":
                hand.focus(conversation, seconds)
            case "clock":
                hand.now += (seconds - 100) * MINUTE
    hand.focus(None)
    assert all(one.ms >= LEAST for one in hand.ended)
    assert sum(one.ms for one in hand.ended) <= hand.beat * 1000
    told = sum(min(seconds, 60) for what, seconds, _ in moves if what != "clock")
    assert sum(one.ms for one in hand.ended) <= told * 1000


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("+5m", Change(5 * MINUTE, False)),
        ("-3m", Change(-3 * MINUTE, False)),
        ("−3m", Change(-3 * MINUTE, False)),
        ("12m", Change(12 * MINUTE, True)),
        ("0m", Change(0, True)),
        ("+1h30m", Change(90 * MINUTE, False)),
    ],
)
def test_a_correction_as_it_is_typed(typed: str, meant: Change) -> None:
    assert change(typed) == meant


@pytest.mark.parametrize("typed", ["", "+", "5", "m", "+-5m", "tomorrow", "5m later"])
def test_what_is_no_correction(typed: str) -> None:
    with pytest.raises(UsageError):
        change(typed)
