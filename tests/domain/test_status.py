"""The status table, whole."""

import pytest

from tests.desk.bench import at
from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.model import Status
from tuidesk.domain.status import (
    OLD,
    State,
    answer_came,
    colleague_wrote,
    customer_wrote,
    first_sync,
    now_reads,
    opens_nothing,
)

NOON = at("12:00")


@pytest.mark.parametrize(
    ("status", "until", "reads"),
    [
        ("open", None, "open"),
        ("pending", None, "pending"),
        ("complete", None, "complete"),
        ("snoozed", None, "snoozed"),
        ("snoozed", NOON + 1, "snoozed"),
        ("snoozed", NOON, "open"),
        ("snoozed", NOON - 1, "open"),
        ("complete", NOON - 1, "complete"),
    ],
)
def test_a_snooze_that_is_over_reads_as_open(status: Status, until: Instant | None, reads: Status) -> None:
    assert now_reads(status, until, NOON) == reads


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (State("open", 0), "open"),
        (State("pending", 0), "open"),
        (State("complete", 0), "open"),
        (State("snoozed", 0), "open"),
        (State("snoozed", 0, NOON + 1), "open"),
        (State("snoozed", 0, NOON + 1, firm=True), "snoozed"),
        (State("snoozed", 0, NOON, firm=True), "open"),
        (State("complete", NOON - 10), "open"),
        (State("complete", NOON - 9), "complete"),
    ],
)
def test_a_persons_message_opens_from_anywhere_but_a_firm_snooze(state: State, after: Status) -> None:
    assert customer_wrote(state, NOON - 10, NOON) == after


@pytest.mark.parametrize("after_reply", ["open", "pending", "complete"])
def test_a_colleagues_answer_moves_what_is_open(after_reply: Status) -> None:
    def after(state: State) -> Status:
        return colleague_wrote(state, NOON, after_reply, NOON)

    assert after(State("open", NOON)) == after_reply
    assert after(State("open", NOON + 1)) == "open"
    assert after(State("snoozed", 0, NOON - 1)) == after_reply
    assert after(State("snoozed", 0, NOON + 1)) == "snoozed"
    assert after(State("pending", 0)) == "pending"
    assert after(State("complete", 0)) == "complete"


def test_an_answer_wakes_all_but_a_firm_snooze_and_spam() -> None:
    for state in (State("pending", 0), State("complete", NOON), State("snoozed", 0), State("open", 0)):
        assert answer_came(state, False, NOON) == "open"
        assert answer_came(state, True, NOON) == state.status
    assert answer_came(State("snoozed", 0, NOON + 1, firm=True), False, NOON) == "snoozed"
    assert answer_came(State("snoozed", 0, NOON, firm=True), False, NOON) == "open"


def test_silence_and_spam_have_a_reason() -> None:
    found = [opens_nothing(spam, muted) for spam in (True, False) for muted in (True, False)]
    assert found == ["spam", "spam", "muted", ""]


def test_what_a_first_sync_finds() -> None:
    assert first_sync("in", DAY, True) == "open"
    assert first_sync("out", DAY, True) == "pending"
    assert first_sync("in", OLD, True) == "open"
    assert first_sync("in", OLD + 1, True) == "complete"
    assert first_sync("out", OLD + 1, True) == "complete"
    assert first_sync("in", 0, False) == "complete"
