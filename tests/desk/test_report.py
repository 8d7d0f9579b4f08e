"""The figures of a period, each worked out by hand."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.desk import test_surveys as surveys
from tests.desk.bench import CONFIG, DANA, SAM, Bench, at, bench_at, received, sent, status
from tests.desk.test_holding import SOON
from tuidesk.desk.report import report
from tuidesk.desk.report_pictures import pictures
from tuidesk.domain.commands import Complete, CorrectHandling, Merge, Spam
from tuidesk.domain.events import ChannelEvent, Handoff, PrioritySet, Rated, Tagged
from tuidesk.domain.handling import Stretch
from tuidesk.domain.instants import DAY, HOUR, MINUTE
from tuidesk.domain.metrics import (
    BARS,
    Asked,
    By,
    Comment,
    Count,
    Durations,
    Figure,
    Mean,
    Pictures,
    Ranked,
    Report,
    Score,
    Share,
    Spread,
)
from tuidesk.domain.model import Person
from tuidesk.store import handling
from tuidesk.store.sql import Connection

ANA = Person("Ana", "ana@acme.example", me=True)
BOT = Person("Bot", "bot", kind="bot")
JUN = Person("Jun Park", "jun@park.example")
WEEK = Asked(at("00:00", 16), at("00:00", 23), compare=False)
"""Monday to Sunday; the bench stands on Friday."""
TARGETS = """
[[targets]]
first_response = "15m"
reply = "30m"
resolution = "1h"
[[targets]]
tag = "vip"
reply = "5m"
"""


def told(bench: Bench, *events: ChannelEvent) -> None:
    bench.take(*events)


def one(minutes: float, n: int = 1) -> Spread:
    return Spread(n, minutes * MINUTE, minutes * MINUTE, minutes * MINUTE)


def asked(
    bench: Bench, *, by: By = "", mine: bool = False, compare: bool = False, what: Asked = WEEK
) -> Report:
    about = what._replace(by=by, mine=mine, compare=compare)
    return bench.desk.read(lambda c: report(c, about, bench.desk.timing, bench.clock.now())).result()


def whole(bench: Bench, *, mine: bool = False, what: Asked = WEEK) -> dict[str, Figure]:
    return asked(bench, mine=mine, what=what).groups[0].figures


def drawn(bench: Bench, what: Asked = WEEK) -> Pictures:
    return bench.desk.read(lambda c: pictures(c, what, bench.desk.timing)).result()


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Three conversations of one week: Ana answers the first two, Sam the third; the second comes back."""
    with bench_at(tmp_path, monkeypatch, config=CONFIG + TARGETS) as bench:
        told(
            bench,
            received("a1", at("10:00", 16), conversation="a"),
            Tagged(conversation="a", at=at("10:01", 16), add=("refund/late", "vip"), by=SAM),
            sent("a2", at("10:10", 16), conversation="a", sender=ANA),
            status("complete", at("10:30", 16), conversation="a", by=ANA),
            received("b1", at("11:00", 17), conversation="b", sender=JUN, medium="chat"),
            Tagged(conversation="b", at=at("11:00", 17), add=("refund/double",)),
            PrioritySet(conversation="b", at=at("11:00", 17), priority="high"),
            sent("b2", at("11:20", 17), conversation="b", sender=ANA, medium="chat"),
            received("b3", at("11:25", 17), conversation="b", sender=JUN, medium="chat"),
            sent("b4", at("12:05", 17), conversation="b", sender=SAM, medium="chat"),
            status("complete", at("13:00", 17), conversation="b", by=SAM),
            received("b5", at("09:00", 18), conversation="b", sender=JUN, medium="chat"),
            received("c1", at("09:00", 18), conversation="c"),
            sent("c2", at("09:20", 18), conversation="c", sender=SAM),
        )
        yield bench


def test_the_whole_of_a_week(team: Bench) -> None:
    calendar = {
        key: figure.calendar
        for key, figure in whole(team).items()
        if isinstance(figure, Durations) and figure.calendar.n
    }
    assert calendar == {
        "first_response": Spread(3, 50 * MINUTE / 3, 20 * MINUTE, 20 * MINUTE),
        "first_answer": Spread(3, 50 * MINUTE / 3, 20 * MINUTE, 20 * MINUTE),
        "reply": Spread(4, 22.5 * MINUTE, 20 * MINUTE, 40 * MINUTE),
        "reaction": Spread(4, 15.25 * MINUTE, 10.5 * MINUTE, 40 * MINUTE),
        "resolution_first": Spread(2, 75 * MINUTE, 75 * MINUTE, 120 * MINUTE),
        "resolution_last": Spread(2, 75 * MINUTE, 75 * MINUTE, 120 * MINUTE),
        "resolution_active": Spread(2, 35 * MINUTE, 35 * MINUTE, 60 * MINUTE),
        "requester_wait": one(10),
    }


def test_shares_and_counts_of_a_week(team: Bench) -> None:
    found = {key: figure for key, figure in whole(team).items() if not isinstance(figure, Durations)}
    assert found == {
        "on_target_first_response": Share(1, 3),
        "on_target_reply": Share(2, 4),
        "on_target_resolution": Share(1, 2),
        "resolution_rate": Share(2, 4),
        "reply_rate": Share(4, 5),
        "action_rate": Share(4, 5),
        "reopen_rate": Share(1, 2),
        "one_touch": Share(1, 2),
        "contacts_per_resolution": Mean(2, 1.5),
        "at_once": Mean(4, 1.0),
        "messages_received": Count(5),
        "replies_sent": Count(4),
        "conversations": Count(4),
        "completed": Count(2),
        "backlog": Count(2),
        "customers": Count(2),
    }


def test_mine_is_what_this_agent_did(team: Bench) -> None:
    found = whole(team, mine=True)
    reply = found["reply"]
    assert isinstance(reply, Durations)
    assert reply.calendar == Spread(2, 15 * MINUTE, 15 * MINUTE, 20 * MINUTE)
    assert (found["replies_sent"], found["completed"]) == (Count(2), Count(1))
    assert (found["reopen_rate"], found["one_touch"]) == (Share(0, 1), Share(1, 1))
    assert found["on_target_reply"] == Share(1, 2)
    assert not {"reply_rate", "conversations", "backlog", "customers", "resolution_rate"} & set(found)


def replies(found: Report) -> dict[str, int]:
    """Replies of each group, as the reply times count them."""
    return {
        group.key: figure.calendar.n
        for group in found.groups
        if isinstance(figure := group.figures.get("reply"), Durations)
    }


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("account", {"shop": 4}),
        ("medium", {"mail": 2, "chat": 2}),
        ("tag", {"refund": 3, "refund/late": 1, "refund/double": 2, "vip": 1}),
        ("priority", {"high": 2, "normal": 2}),
        ("hour", {"09": 1, "10": 1, "11": 1, "12": 1}),
        ("weekday", {"1": 1, "2": 2, "3": 1}),
        ("day", {"2026-11-16": 1, "2026-11-17": 2, "2026-11-18": 1}),
        ("week", {"2026-W47": 4}),
        ("person", {"me": 2, "Sam": 2}),
    ],
)
def test_groups(team: Bench, by: By, wanted: dict[str, int]) -> None:
    assert replies(asked(team, by=by)) == {"": 4, **wanted}


def test_groups_are_in_an_order_that_people_expect(team: Bench) -> None:
    assert [group.key for group in asked(team, by="priority").groups] == ["", "high", "normal"]
    assert [group.key for group in asked(team, by="person").groups] == ["", "me", "Sam"]
    assert [group.key for group in asked(team, by="hour").groups][:3] == ["", "09", "10"]


def test_what_a_group_received_completed_and_left_open(team: Bench) -> None:
    chat = next(group.figures for group in asked(team, by="medium").groups if group.key == "chat")
    assert (chat["conversations"], chat["completed"], chat["backlog"]) == (Count(2), Count(1), Count(1))
    assert (chat["reply_rate"], chat["reopen_rate"]) == (Share(2, 3), Share(1, 1))
    assert (chat["messages_received"], chat["customers"]) == (Count(3), Count(1))


def test_the_period_before(team: Bench) -> None:
    later = Asked(at("00:00", 18), at("00:00", 20))
    group = asked(team, what=later, compare=True).groups[0]
    assert (group.figures["replies_sent"], group.before["replies_sent"]) == (Count(1), Count(3))
    assert (group.figures["backlog"], group.before["backlog"]) == (Count(2), Count(0))


def test_spam_counts_nowhere(team: Bench) -> None:
    team.do(Spam(conversations=(team.conversation_of("b1"),)))
    found = whole(team)
    assert (found["messages_received"], found["replies_sent"], found["completed"]) == (
        Count(2),
        Count(2),
        Count(1),
    )
    assert {topic.name for topic in drawn(team).topics} == {"refund", "refund/late", "vip"}
    assert sum(volume.received for volume in drawn(team).volume) == 2


def test_a_bots_answer_is_no_miss_of_ours(team: Bench) -> None:
    told(
        team,
        received("d1", at("10:00", 19), conversation="d"),
        sent("d2", at("10:01", 19), conversation="d", sender=BOT, kind="bot"),
        received("d3", at("10:05", 19), conversation="d"),
        Handoff(conversation="d", at=at("10:06", 19)),
    )
    assert whole(team)["reply_rate"] == Share(4, 6)


def test_a_merged_thread_counts_once(team: Bench) -> None:
    team.do(Merge(conversations=(team.conversation_of("c1"),), into=team.conversation_of("a1")))
    found = whole(team)
    assert (found["conversations"], found["messages_received"]) == (Count(4), Count(5))
    first = found["first_response"]
    assert isinstance(first, Durations)
    assert first.calendar.n == 2


def test_a_merged_thread_is_one_in_its_topics(team: Bench) -> None:
    team.do(Merge(conversations=(team.conversation_of("c1"),), into=team.conversation_of("a1")))
    late = next(group.figures for group in asked(team, by="tag").groups if group.key == "refund/late")
    replies = late["reply"]
    assert isinstance(replies, Durations)
    assert (late["messages_received"], late["replies_sent"]) == (Count(2), Count(2))
    assert replies.calendar.n == 2


def test_the_shipped_targets_are_two_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path, monkeypatch) as bench:
        for number, minutes in enumerate((30, 90, 25 * 60)):
            told(
                bench,
                received(f"{number}-1", at("10:00", 16), conversation=f"c{number}"),
                sent(f"{number}-2", at("10:00", 16) + minutes * MINUTE, conversation=f"c{number}"),
            )
        found = whole(bench)
        assert (found["on_target_first_response"], found["first_response_within_a_day"]) == (
            Share(1, 3),
            Share(2, 3),
        )
        assert "on_target_reply" not in found


def test_business_hours_and_their_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = '[hours]\nzone = "Asia/Seoul"\nweek = { mon-fri = ["09:00-18:00"] }\n'
    with bench_at(tmp_path, monkeypatch, config=CONFIG + hours) as bench:
        told(bench, received("a1", at("08:50", 16)), sent("a2", at("00:10", 17), refs=("a1",)))
        assert whole(bench)["reply"] == Durations(one(920), one(20))
        assert replies(asked(bench, by="hour")) == {"": 1, "09": 1}
        assert drawn(bench).heat.received[0][17] == 1


def test_ratings(team: Bench) -> None:
    told(
        team,
        *(
            Rated(conversation=where, at=at(f"12:0{n}", 18), score=score, scale=scale, text=text)
            for n, (where, score, scale, text) in enumerate(
                [
                    ("a", 5, 5, "quick"),
                    ("b", 3, 5, ""),
                    ("c", 4, 5, None),
                    ("a", 10, 10, ""),
                    ("b", 6, 10, ""),
                    ("c", 8, 10, ""),
                ]
            )
        ),
    )
    found = whole(team)
    assert (found["csat"], found["nps"]) == (Share(2, 3), Score(3, 0.0))
    assert whole(team, mine=True)["csat"] == Share(1, 1)
    by_medium = {group.key: group.figures.get("csat") for group in asked(team, by="medium").groups}
    assert by_medium == {"": Share(2, 3), "mail": Share(2, 2), "chat": Share(0, 1)}
    assert drawn(team).comments == (
        Comment(team.conversation_of("a1"), at("12:00", 18), "csat", 5, 5, "Dana Ortiz", "quick"),
    )


def test_volume_and_backlog_by_day(team: Bench) -> None:
    found = drawn(team)
    assert [(v.at, v.received, v.completed, v.backlog) for v in found.volume[:4]] == [
        (at("00:00", 16), 1, 1, 0),
        (at("00:00", 17), 2, 1, 0),
        (at("00:00", 18), 2, 0, 2),
        (at("00:00", 19), 0, 0, 2),
    ]
    assert (len(found.volume), found.by_week) == (7, False)
    year = drawn(team, WEEK._replace(since=WEEK.since - 364 * DAY))
    assert (len(year.volume), year.by_week, year.volume[-1].backlog) == (53, True, 2)


def test_the_week_by_its_hours(team: Bench) -> None:
    heat = drawn(team).heat
    assert {(d, h): n for d, row in enumerate(heat.received) for h, n in enumerate(row) if n} == {
        (0, 10): 1,
        (1, 11): 2,
        (2, 9): 2,
    }
    assert {(d, h): n for d, row in enumerate(heat.reply) for h, n in enumerate(row) if n is not None} == {
        (0, 10): 10 * MINUTE,
        (1, 11): 30 * MINUTE,
        (2, 9): 20 * MINUTE,
    }


def test_how_replies_are_spread(team: Bench) -> None:
    found = drawn(team)
    assert {bar.below: bar.n for bar in found.replies if bar.n} == {15 * MINUTE: 1, 30 * MINUTE: 2, HOUR: 1}
    assert found.target == 30 * MINUTE


def test_every_reply_has_one_bar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path, monkeypatch) as bench:
        for number, ms in enumerate((0, *(bound + off for bound in BARS for off in (-1, 0)))):
            told(
                bench,
                received(f"{number}-1", at("10:00", 10), conversation=f"c{number}"),
                sent(f"{number}-2", at("10:00", 10) + ms, conversation=f"c{number}"),
            )
        found = drawn(bench, WEEK._replace(since=at("00:00", 10))).replies
        assert [(bar.below, bar.n) for bar in found] == [
            (BARS[0], 2),
            *((bound, 2) for bound in BARS[1:]),
            (None, 1),
        ]


def test_the_team_where_several_answer(team: Bench) -> None:
    ana, sam = drawn(team).team
    assert (ana.name, ana.mine, ana.replies, ana.reply.median, ana.completed) == ("", True, 2, 15 * MINUTE, 1)
    assert (sam.name, sam.mine, sam.replies, sam.reply.median, sam.completed) == (
        "Sam",
        False,
        2,
        30 * MINUTE,
        1,
    )


def test_one_who_works_alone_is_no_team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path, monkeypatch) as bench:
        told(bench, received("a1", at("10:00", 16)), sent("a2", at("10:10", 16), refs=("a1",), sender=ANA))
        assert drawn(bench).team == ()


def test_topics_count_what_is_below_them_once(team: Bench) -> None:
    assert drawn(team).topics == (
        Ranked("refund", 3),
        Ranked("refund/double", 2),
        Ranked("refund/late", 1),
        Ranked("vip", 1),
    )


def test_an_empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path, monkeypatch) as bench:
        found = asked(bench, compare=True)
        assert (found.first_at, found.behind, [group.key for group in found.groups]) == (None, 0, [""])
        assert found.groups[0].figures["reply_rate"] == Share(0, 0)
        assert drawn(bench).topics == ()


def test_seven_days_are_not_over_yet(team: Bench) -> None:
    assert asked(team).provisional
    long_ago = Asked(WEEK.since - 30 * DAY, WEEK.until - 30 * DAY, compare=False)
    assert not asked(team, what=long_ago).provisional


def test_other_rules_are_said_until_all_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path, monkeypatch) as bench:
        bench.customer("a1", at("10:00", 16))
        bench.do(Complete(conversations=(1,)))
        assert asked(bench).behind == 0
    with bench_at(tmp_path, monkeypatch, config=CONFIG + TARGETS) as bench:
        assert asked(bench).behind == 1


def test_surveys_are_no_part_of_the_conversation(bench: Bench) -> None:
    for number, (id_, text) in enumerate([("m1", "5, thank you"), ("m2", ""), ("m3", "2")]):
        who = Person(f"Customer {number}", f"c{number}@customer.example")
        surveys.asked(bench, id_, conversation=id_, sender=who)
        if text:
            surveys.says(bench, text, f"a{number}", to=id_, conversation=id_, sender=who)
    found = whole(bench)
    assert (found["messages_received"], found["replies_sent"]) == (Count(3), Count(3))
    assert (found["csat"], found["survey_response"]) == (Share(1, 2), Share(2, 3))
    assert (found["reopen_rate"], found["reply_rate"], found["one_touch"]) == (
        Share(0, 3),
        Share(3, 3),
        Share(3, 3),
    )
    assert whole(bench, mine=True)["csat"] == Share(1, 2)
    assert [comment.text for comment in drawn(bench).comments] == ["thank you"]


def test_each_survey_of_a_conversation_has_its_own_answer(bench: Bench) -> None:
    unanswered, answered = surveys.asked(bench), surveys.asked(bench, "k1", sender=surveys.KIM)
    surveys.says(bench, "2", "b1", to="k1", sender=surveys.KIM)
    bench.clock.advance(31 * DAY / 1000)
    for number, parent, who in ((unanswered, "m1", DANA), (answered, "k1", surveys.KIM)):
        surveys.says(bench, "And the other one?", f"q-{parent}", to=parent, sender=who)
        bench.reply(number)
        bench.do(Complete(conversations=(number,)))
        bench.deliver()
        surveys.ask(bench, number)
        bench.deliver()
        bench.clock.advance(60)
        surveys.says(bench, "4", f"a-{parent}", to=f"q-{parent}", sender=who)
    found = whole(bench, what=WEEK._replace(until=bench.clock.now() + DAY))
    assert found["csat"] == Share(2, 3), "the two answers of one conversation were to two surveys"
    assert found["survey_response"] == Share(3, 4), "and one survey had none"


def test_a_rating_that_was_changed_counts_where_its_last_word_is(bench: Bench) -> None:
    number = surveys.asked(bench)
    surveys.says(bench, "2")
    first = WEEK._replace(until=bench.clock.now() + HOUR)
    assert whole(bench, what=first)["csat"] == Share(0, 1)
    bench.clock.advance(DAY / 1000)
    surveys.says(bench, "5", "a2")
    assert len(surveys.ratings(bench, number)) == 2
    assert "csat" not in whole(bench, what=first)
    assert whole(bench)["csat"] == Share(1, 1)


def test_comments_of_mine_are_on_what_i_answered(bench: Bench) -> None:
    bench.take(received("m1", at("10:00"), conversation="c1"))
    bench.take(sent("s1", at("10:05"), conversation="c1"))
    bench.take(Rated(id="r1", at=at("11:00"), conversation="c1", score=2, scale=5, text="slow"))
    assert [comment.text for comment in drawn(bench).comments] == ["slow"]
    assert drawn(bench, WEEK._replace(mine=True)).comments == ()


def test_handling_is_one_for_each_thread(bench: Bench) -> None:
    first = bench.customer("m1", at("12:30"))
    second = bench.customer("m2", at("12:31"), subject="Another thing")
    for number, start in ((first, at("12:40")), (second, at("12:50"))):
        stretch = Stretch(number, start, start + 5 * MINUTE)
        bench.desk.write(partial(handling.save, number=None, stretch=stretch)).result()
    bench.do(Merge(conversations=(second,), into=first))
    bench.do(CorrectHandling(conversation=first, ms=-8 * MINUTE, is_sum=False, reason="at lunch"))
    found = whole(bench)["handling"]
    assert isinstance(found, Durations)
    assert found.calendar == one(2)


@pytest.mark.parametrize("what", [report, pictures])
def test_what_arrives_meanwhile_is_not_half_in_it(team: Bench, what: Callable[..., object]) -> None:
    """Another process takes in a conversation between any two questions."""
    expected = (asked(team), drawn(team))
    questions: list[str] = []

    def arrives(question: str) -> None:
        questions.append(question)
        if 4 < len(questions) < 30:  # two make room, two open it
            id_ = f"late{len(questions)}"
            team.take(received(id_, at("09:00"), conversation=id_))
            team.take(sent(f"{id_}-s", at("09:10"), conversation=id_))

    def during(connection: Connection) -> object:
        connection.set_trace_callback(arrives)
        try:
            found = what(connection, WEEK._replace(compare=False), team.desk.timing, *more)
        finally:
            connection.set_trace_callback(None)
        return found

    more = (team.clock.now(),) if what is report else ()
    assert team.desk.read(during).result() in expected
    assert len(questions) > 10


def test_an_answer_in_another_part_of_a_merged_thread(bench: Bench) -> None:
    number = surveys.done(bench)
    other = surveys.done(bench, "k1", subject="Another thing")
    bench.do(Merge(conversations=(other,), into=number))
    surveys.ask(bench, number)
    bench.deliver()
    bench.clock.advance(60)
    surveys.says(bench, "5, quick", "a1", to="m1")
    parts = bench.query("SELECT DISTINCT conversation FROM entry WHERE what IN ('surveyed', 'rated')")
    assert len(parts) == 2
    found = whole(bench, mine=True)
    assert (found["csat"], found["survey_response"]) == (Share(1, 1), Share(1, 1))


def test_first_response_with_and_without_holding_replies(bench: Bench) -> None:
    n = bench.customer("m1", at("12:30"))
    bench.reply(n, SOON.text, canned=(SOON,), holding=True)
    bench.deliver()
    bench.clock.advance(10 * 60)
    bench.reply(n)
    bench.deliver()
    first, answer = (whole(bench)[key] for key in ("first_response", "first_answer"))
    assert isinstance(first, Durations)
    assert isinstance(answer, Durations)
    assert (first.calendar, answer.calendar) == (one(20), one(30))
