"""Response timers as a pure function of a history. The vectors are those of the timers' definitions, by number."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.domain.due import due
from tuidesk.domain.hours import Calendar, Hours, week
from tuidesk.domain.instants import HOUR, MINUTE, SECOND, Instant, parse
from tuidesk.domain.measured import Cycle, Measured, Moment, Rules, Sample
from tuidesk.domain.targets import Subject, Target
from tuidesk.domain.timers import measure, waiting_since

OFFICE = {"mon-fri": ["09:00-17:00"]}


def at(clock: str) -> Instant:
    """`10:05`, `+1 10:05` (the day after), `10:05:30`; day 0 is Friday, 20 November 2026."""
    days, _, time = clock.rpartition(" ")
    return parse(f"2026-11-20T{time if time.count(':') == 2 else time + ':00'}Z") + int(days or 0) * 24 * HOUR


def rules(
    table: dict[str, list[str]] | None = None, *, pause: tuple[str, ...] = (), by_reply: bool = False
) -> Rules:
    hours = Hours(ZoneInfo("UTC"), "UTC", week(OFFICE if table is None else table))
    return Rules(Calendar(hours), frozenset(pause), "reply" if by_reply else "spans")


_WHAT = {"person": "answer", "holding": "answer", "note": "act", "tag": "act", "assign": "act", "auto": ""}


def told(*events: str) -> list[Moment]:
    """`customer 10:00`, `person 10:05`, `snooze 10:05 until 11:00`, `person 10:05 knew 10:00` … as moments."""
    moments = []
    for number, event in enumerate(events, 1):
        what, _, rest = event.partition(" ")
        when, _, knew = rest.partition(" knew ")
        when, _, gone = when.partition(" gone ")
        when, _, until = when.partition(" until ")
        kind = _WHAT.get(what, what)
        if kind:
            moments.append(
                Moment(
                    after=at(knew or when),
                    ours=kind != "customer",
                    at=at(when),
                    what=kind,  # type: ignore[arg-type]  # one of them, as the walk will say
                    arrival=number if kind == "customer" else 1 << 62,
                    message=number if kind in ("customer", "answer", "bot") else 0,
                    mine=what in ("person", "complete"),
                    holding=what == "holding",
                    gone_at=at(gone) if gone else None,
                    until=at(until) if until else None,
                )
            )
    return moments


def measured(*events: str, rules: Rules = rules(), now: str = "+30 12:00") -> Measured:  # noqa: B008
    return measure(told(*events), rules, at(now))


def of(found: Measured, metric: str) -> list[Sample]:
    return [sample for sample in found.samples if sample.metric == metric]


def minutes(found: Measured, metric: str) -> list[float]:
    """Of all samples of a metric, by the calendar."""
    return [sample.calendar / MINUTE for sample in of(found, metric)]


def business(found: Measured, metric: str) -> list[float | None]:
    return [None if s.business is None else s.business / MINUTE for s in of(found, metric)]


@dataclass
class Wanted:
    """Minutes by the calendar, where not said otherwise."""

    calendar: dict[str, list[float]] = field(default_factory=dict)
    business: dict[str, list[float | None]] = field(default_factory=dict)
    reopened: int = 0
    rules: Rules = field(default_factory=rules)


VECTORS: dict[int, tuple[list[str], Wanted]] = {
    1: (["customer 08:00", "person 09:20"], Wanted({"reply": [80]}, {"reply": [20]})),
    2: (
        ["customer 11:00", "bot 11:01", "handoff 11:02", "person 11:30"],
        Wanted({"first_response": [28], "handoff_wait": [28], "reply": []}),
    ),
    3: (["customer 10:00", "customer 10:02", "customer 10:05", "person 10:06"], Wanted({"reply": [6]})),
    4: (["customer 10:00", "note 10:01", "auto 10:02", "person 10:10"], Wanted({"reply": [10]})),
    5: (["customer 10:00", "person 10:05", "person 10:06"], Wanted({"reply": [5]})),
    6: (
        ["customer 10:00", "complete 10:03"],
        Wanted({"reply": [], "first_response": [], "resolution_first": [3], "reaction": [3]}),
    ),
    7: (
        ["customer 10:00", "complete 10:03", "customer 12:00", "person 12:04"],
        Wanted({"reply": [4], "first_response": []}, reopened=1),
    ),
    8: (
        [
            "customer 16:20:14",
            "bot 16:20:17",
            "customer +14 22:25:45",
            "bot +14 22:25:48",
            "handoff +15 07:30:00",
            "person +15 07:36:53",
        ],
        Wanted({"first_response": [413 / 60], "handoff_wait": [413 / 60]}),
    ),
    9: (["customer 10:00", "person 10:05", "pending 10:05"], Wanted({"reply": [5]})),
    10: (
        ["customer 11:50", "person 13:40"],
        Wanted({}, {"reply": [20]}, rules=rules({"mon-fri": ["08:00-12:00", "13:30-18:00"]})),
    ),
    11: (
        ["customer 09:30", "person 09:40", "snooze 10:00 until +1 10:00", "complete +1 11:00"],
        Wanted({"reply": [10], "resolution_last": [25.5 * 60], "resolution_active": [1.5 * 60]}),
    ),
    12: (["customer 16:50", "person +3 09:10"], Wanted({}, {"reply": [20]})),
    13: (
        ["person 09:00", "customer 09:30", "person 09:45"],
        Wanted({"first_response": [], "reply": [15]}),
    ),
    14: (["customer 10:00", "person 10:05"], Wanted({"wait": [], "reply": [5]})),
    15: (["customer 10:00", "snooze 10:05 until 11:00", "person 11:10"], Wanted({"reply": [70]})),
    16: (["customer 11:00", "person 10:00 knew 11:00"], Wanted({"reply": [0]})),
}
"""14: a reaction is no moment; through the store it is `tests/desk/test_vectors.py` that shows it."""


@pytest.mark.parametrize("number", VECTORS)
def test_the_vectors(number: int) -> None:
    events, wanted = VECTORS[number]
    found = measured(*events, rules=wanted.rules)
    assert {metric: minutes(found, metric) for metric in wanted.calendar} == wanted.calendar
    assert {metric: business(found, metric) for metric in wanted.business} == wanted.business
    assert len(found.reopened) == wanted.reopened


def test_the_fifteenth_vector_with_its_pauses() -> None:
    events = VECTORS[15][0]
    for paused in (("snoozed",), ("pending", "snoozed")):
        found = measured(*events, rules=rules(pause=paused))
        assert (minutes(found, "reply"), business(found, "reply")) == ([15], [15])
        (cut,) = of(found, "reply")[0].cut
        assert cut == (at("10:05"), at("11:00"), "snoozed")
    assert minutes(measured(*events, rules=rules(pause=("pending",))), "reply") == [70]


MORE = """
the run begins with its first
    customer 10:00, customer 11:00, person 11:30
    reply 90

each run has its own
    customer 10:00, person 10:10, customer 11:00, person 11:20
    reply 10 20

once per conversation
    customer 10:00, person 10:10, customer 11:00, person 11:20
    first_response 10

nobody has answered
    customer 10:00
    reply; first_response

a bot alone
    customer 10:00, bot 10:01, customer 10:30, bot 10:31
    reply; first_response

a bot, then a person asked again
    customer 10:00, bot 10:01, customer 10:30, person 10:40
    reply 10; first_response 10

a hand-off keeps an earlier wait
    customer 10:00, handoff 10:05, person 10:20
    reply 20; handoff_wait; first_response 15

a bot takes it back
    customer 10:00, bot 10:01, handoff 10:02, bot 10:03, customer 10:30, person 10:40
    first_response 10; handoff_wait

handed over twice
    customer 10:00, bot 10:01, handoff 10:02, bot 10:10, handoff 10:20, person 10:25
    handoff_wait 5; first_response 5

a hand-off behind an answer
    customer 10:00, person 10:10, handoff 10:20, person 10:30
    handoff_wait 10; first_response 10

completed twice
    customer 10:00, person 10:10, complete 10:20, customer 11:00, complete 11:30
    resolution_first 20; resolution_last 90

completed and said again
    customer 10:00, complete 10:20, complete 10:50
    resolution_first 20; resolution_last 20

opened by us
    person 09:00, complete 09:30
    resolution_first 30; reply; first_response

pending is not active
    customer 10:00, person 10:10, pending 10:10, customer 12:00, complete 12:05
    resolution_last 125; resolution_active 15

opened by hand
    customer 10:00, person 10:10, pending 10:10, reopen 11:00, complete 11:10
    resolution_active 20

a snooze ends early
    customer 10:00, snooze 10:05 until 12:00, customer 10:30, person 10:40, complete 10:40
    resolution_active 15; reply 40

a snooze until they reply
    customer 10:00, person 10:05, snooze 10:05, customer 12:00, complete 12:05
    resolution_active 10

in `open` alone
    customer 10:00, person 10:10, pending 10:10, customer 12:00, person 12:05, pending 12:05
    requester_wait 15

not while it sleeps
    customer 10:00, snooze 10:05 until 11:00, complete 11:10
    requester_wait 15

nor when complete
    customer 10:00, complete 10:05, customer 11:00, complete 11:01
    requester_wait 6

a tag is an act
    customer 10:00, tag 10:02, person 10:10
    reaction 2; reply 10

so is a note
    customer 10:00, note 10:02, person 10:10
    reaction 2

and a snooze
    customer 10:00, snooze 10:03 until 11:00
    reaction 3

one for a run
    customer 10:00, customer 10:01, assign 10:02, tag 10:03, person 10:05
    reaction 2

of the next run too
    customer 10:00, person 10:05, tag 10:06, customer 11:00, tag 11:07
    reaction 5 7

a bot does not react
    customer 10:00, bot 10:01, tag 10:02
    reaction

an answer to what it knew
    customer 10:00, customer 10:04, person 10:05 knew 10:00
    reply 5; wait 43316

an answer written before the next
    customer 10:00, person 10:06 knew 10:00, customer 10:05, person 10:09
    reply 6 4

gone before the answer
    customer 10:00 gone 10:02, person 10:05
    reply; wait

gone behind the answer
    customer 10:00 gone 10:06, person 10:05
    reply 5

the first of two is gone
    customer 10:00 gone 10:02, customer 10:01, person 10:05
    reply 4

all that waits is gone
    customer 10:00 gone 10:02
    wait

completed, no first response any more
    customer 10:00, complete 10:05, customer 11:00, person 11:02
    first_response

first response behind a bot's
    bot 10:00, customer 10:01, person 10:05
    first_response 4

a clock far behind
    customer 10:00, person 09:00 knew 10:00, customer 10:30, person 09:31 knew 10:30
    reply 0 0

complete by a slow clock
    customer 10:00, complete 09:00 knew 10:00
    resolution_first 0; reaction 0

over a weekend
    customer 16:00, person +3 10:00
    reply 3960
"""
"""What it is about, what happens, minutes of each metric."""


@pytest.mark.parametrize("case", MORE.strip().split("\n\n"), ids=lambda case: case.partition("\n")[0])
def test_more_of_the_same(case: str) -> None:
    _, events, wanted = (line.strip() for line in case.splitlines())
    found = measured(*events.split(", "))
    for metric, *values in (one.split() for one in wanted.split(";")):
        assert minutes(found, metric) == [float(value) for value in values], metric


@pytest.mark.parametrize(
    ("events", "wanted"),
    [
        (["customer 10:00", "person 10:30"], 30),
        (["customer 08:00", "person 09:30"], 90),
        (["customer 08:00", "person 08:30"], None),
        (["customer 16:50", "person 17:00"], None),
    ],
)
def test_where_the_instant_of_the_reply_decides(events: list[str], wanted: float | None) -> None:
    assert business(measured(*events, rules=rules(by_reply=True)), "reply") == [wanted]


def test_what_a_sample_was_made_of() -> None:
    found = measured(
        "customer 10:00", "customer 10:01", "pending 10:02", "person 10:10", rules=rules(pause=("pending",))
    )
    (reply,) = of(found, "reply")
    assert (reply.start, reply.stop, reply.messages, reply.mine) == (at("10:00"), at("10:10"), (1, 4), True)
    assert (reply.calendar, reply.business) == (2 * MINUTE, 2 * MINUTE)


def test_what_still_runs_has_no_end() -> None:
    found = measured("customer 10:00", now="10:30")
    (wait,), (open_,) = of(found, "wait"), of(found, "requester_wait")
    assert (wait.stop, wait.calendar, wait.messages) == (None, 30 * MINUTE, (1,))
    assert (open_.stop, open_.calendar, open_.spans) == (None, 30 * MINUTE, ((at("10:00"), at("10:30")),))


def test_one_touch() -> None:
    done = ["customer 10:00", "person 10:05", "complete 10:06"]
    assert [cycle.is_one_touch for cycle in measured(*done).cycles] == [True]
    for again in ("customer 11:00", "reopen 11:00", "person 11:00"):
        assert measured(*done, again).cycles[0].is_one_touch is False
    late = measured(*done, "customer +8 10:07").cycles
    assert [(cycle.is_one_touch, cycle.is_reopened) for cycle in late] == [(True, False), (False, False)]


def test_cycles_begin_with_the_first_word_and_with_each_reopening() -> None:
    found = measured(
        "customer 10:00", "person 10:05", "customer 10:10", "complete 10:20", "customer 11:00", "person 11:01"
    )
    assert found.cycles == (
        Cycle(at("10:00"), at("10:20"), at("11:00"), runs=2, replies=1, mine=True),
        Cycle(at("11:00"), runs=1, replies=1),
    )


def test_runs_and_what_became_of_them() -> None:
    found = measured("customer 10:00", "person 10:05", "customer 11:00", "complete 11:01", "customer 12:00")
    assert [(run.replied, run.acted) for run in found.runs] == [(True, True), (False, True), (False, False)]
    assert (found.received, found.replied, found.acted, found.completed) == (3, 1, 2, 1)
    by_bot = measured("customer 10:00", "bot 10:01", "customer 10:02", "person 10:03")
    assert [(run.bot, run.replied) for run in by_bot.runs] == [(True, False), (False, True)]


def test_what_was_taken_back_before_anybody_answered_was_not_received() -> None:
    assert measured("customer 10:00 gone 10:01", "person 10:05").runs == ()


def test_a_holding_reply_is_the_first_response_and_not_the_first_answer() -> None:
    found = measured("customer 10:00", "holding 10:05", "customer 10:20", "person 10:30", "person 10:40")
    assert minutes(found, "first_response") == [5]
    assert minutes(found, "first_answer") == [30]
    assert [sample.holding for sample in of(found, "first_response")] == [True]
    assert of(measured("customer 10:00", "person 10:05"), "first_answer") == []
    assert of(measured("customer 10:00", "holding 10:05", "complete 10:06"), "first_answer") == []


def test_a_firm_snooze_sleeps_on() -> None:
    moments = told(
        "customer 10:00", "snooze 10:05 until 12:00", "customer 11:00", "person 11:30", "complete 12:30"
    )
    firm = [m._replace(firm=True) if m.what == "snooze" else m for m in moments]
    found = measure(firm, rules(), at("+1 10:00"))
    assert minutes(found, "resolution_active") == [35]
    assert minutes(found, "requester_wait") == [35]


# --- due times ------------------------------------------------------------------------------------

SUBJECT = Subject("shop", "mail", "normal", {"refund"})
HOURLY = (Target("[[targets]] 1", first_response=HOUR, reply=2 * HOUR),)


def when_due(
    *events: str, targets: tuple[Target, ...] = HOURLY, by: Rules | None = None, now: str = "12:00"
) -> tuple[str, Instant, Instant] | None:
    by = by or rules()
    found = due(measure(told(*events), by, at(now)), by, targets, SUBJECT)
    return None if found is None else (found.running.aim, found.soon, found.at)


@pytest.mark.parametrize(
    ("events", "wanted"),
    [
        (["customer 10:00"], ("first_response", "10:45", "11:00")),
        (["customer 10:00", "customer 10:30"], ("first_response", "10:45", "11:00")),
        (["customer 10:00", "person 10:10"], None),
        (["customer 10:00", "person 10:10", "customer 10:20"], ("reply", "11:50", "12:20")),
        (["customer 16:30"], ("first_response", "+3 09:15", "+3 09:30")),
        (["customer 10:00", "bot 10:01", "handoff 10:02"], ("first_response", "10:47", "11:02")),
        (["person 10:00", "customer 10:10"], ("reply", "11:40", "12:10")),
        (["customer 10:00", "complete 10:10"], None),
        (["customer 10:00", "complete 10:10", "customer 10:20"], ("reply", "11:50", "12:20")),
    ],
)
def test_when_something_is_due(events: list[str], wanted: tuple[str, str, str] | None) -> None:
    assert when_due(*events) == (wanted and (wanted[0], at(wanted[1]), at(wanted[2])))


def test_a_pause_moves_what_is_due_and_while_it_lasts_nothing_is() -> None:
    pausing = rules(pause=("pending", "snoozed"))
    slept = ("customer 10:00", "snooze 10:10 until 11:00")
    assert when_due(*slept, by=pausing, now="10:30") is None
    assert when_due(*slept, by=pausing, now="11:30") == ("first_response", at("11:35"), at("11:50"))
    assert when_due(*slept, now="10:30") == ("first_response", at("10:45"), at("11:00"))


def test_a_resolution_is_due_until_it_is_complete() -> None:
    targets = (Target("[[targets]] 1", resolution=4 * HOUR),)
    answered = ("customer 10:00", "person 10:10", "pending 10:10")
    assert when_due(*answered, targets=targets) == ("resolution", at("13:00"), at("14:00"))
    assert when_due(*answered, "complete 12:00", targets=targets) is None
    both = (*targets, Target("[[targets]] 2", reply=HOUR))
    assert when_due("customer 10:00", targets=both) == ("reply", at("10:45"), at("11:00"))


@pytest.mark.parametrize(
    ("targets", "wanted"),
    [
        ([Target("a", reply=HOUR), Target("b", reply=2 * HOUR)], "a"),
        ([Target("a", reply=HOUR), Target("b", reply=2 * HOUR, medium="mail")], "b"),
        ([Target("a", reply=HOUR, medium="mail"), Target("b", reply=2 * HOUR, tag="Refund", medium="mail")], "b"),
        ([Target("a", reply=HOUR, medium="sms"), Target("b", reply=2 * HOUR)], "b"),
        ([Target("a", reply=2 * HOUR, account="shop"), Target("b", reply=HOUR, priority="normal")], "b"),
        ([Target("a", first_response=HOUR, medium="mail"), Target("b", reply=2 * HOUR)], "b"),
        ([Target("a", reply=HOUR, tag="late")], None),
    ],
)  # fmt: skip
def test_most_keys_win_then_the_shortest(targets: list[Target], wanted: str | None) -> None:
    answered = told("customer 10:00", "person 10:01", "customer 10:02")
    found = due(measure(answered, rules(), at("10:10")), rules(), targets, SUBJECT)
    assert (found and found.target.place) == wanted


# --- what holds for every history -----------------------------------------------------------------

_KINDS = (
    "customer",
    "customer",
    "answer",
    "answer",
    "bot",
    "handoff",
    "complete",
    "reopen",
    "pending",
    "snooze",
)
_SELDOM = ("wake", "act")


@st.composite
def histories(draw: st.DrawFn) -> list[Moment]:
    """In the order in which they happened, over a few days; some of our clocks are wrong."""
    found, now, newest = [], at("07:00"), at("07:00")
    for number in range(1, draw(st.integers(0, 14)) + 1):
        now += draw(st.sampled_from([0, SECOND, MINUTE, 30 * MINUTE, 5 * HOUR, 20 * HOUR]))
        kind = draw(st.sampled_from((*_KINDS, *_SELDOM)))
        ours = kind != "customer"
        newest = newest if ours else now
        skew = draw(st.sampled_from([0, 0, 0, -HOUR, HOUR])) if ours else 0
        found.append(
            Moment(
                newest,
                ours,
                now + skew,
                kind,  # type: ignore[arg-type]  # one of `What`
                number,
                number,
                gone_at=now + MINUTE if not ours and draw(st.integers(0, 9)) == 0 else None,
                until=now + HOUR if kind == "snooze" and draw(st.booleans()) else None,
                firm=kind == "snooze" and draw(st.integers(0, 3)) == 0,
            )
        )
    return found


@given(histories(), st.sampled_from([(), ("pending",), ("pending", "snoozed")]), st.randoms())
def test_what_holds_for_every_history(history: list[Moment], pause: tuple[str, ...], dice: object) -> None:
    by, now = rules(pause=pause), at("+9 12:00")
    found = measure(history, by, now)
    shuffled = list(history)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random, which the strategy does not say
    assert measure(shuffled, by, now) == found, "the order of arrival does not matter"
    for sample in found.samples:
        assert sample.stop is None or sample.start <= sample.stop
        assert sample.calendar >= 0
        assert sample.business is not None
        assert 0 <= sample.business <= sample.calendar
    assert found.wait == (waiting_since(history))
    assert len(of(found, "first_response")) <= 1
    assert found.replied <= found.received
    assert found.acted <= found.received
    assert len(of(found, "reply")) == found.replied
    assert len(of(found, "reaction")) == found.acted
    assert len(found.reopened) <= found.completed


@given(histories(), st.integers(0, 14))
def test_what_came_before_keeps_its_samples(history: list[Moment], cut: int) -> None:
    """Told in two parts it comes to the same: what is behind adds to the samples of replies, it changes none."""
    present = [moment._replace(gone_at=None) for moment in history]
    before = measure(present[:cut], rules(), at("+9 12:00"))
    whole = measure(present, rules(), at("+9 12:00"))
    for metric in ("reply", "first_response", "handoff_wait", "reaction", "resolution_first"):
        kept = of(before, metric)
        assert of(whole, metric)[: len(kept)] == kept


def test_a_reaction_is_to_the_first_message_that_still_waits() -> None:
    found = measured("customer 10:00 gone 10:05", "customer 10:10", "tag 10:12", "person 10:15")
    assert (minutes(found, "reaction"), minutes(found, "reply")) == ([2], [5])
