"""Surveys that go out by themselves: after this agent's own completions, where the config says so, late enough."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.bench import CONFIG, SAM, Bench, at, bench_at, received, sent, status
from tuidesk.config.load import load
from tuidesk.desk import doctor
from tuidesk.desk.asking import Asking
from tuidesk.domain.commands import Complete, Reopen, Spam, Undo

ASKS = f'{CONFIG}[survey]\ncanned = "how-did-we-do"\naccounts = ["shop"]\n'


@pytest.fixture
def asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A desk that asks the customers of one of its two accounts."""
    other = 'kind = "scripted"\naddress = "other@acme.example"\n'
    with bench_at(tmp_path / "home", monkeypatch, config=ASKS, other=other) as bench:
        yield bench


def done(bench: Bench, id_: str = "m1", **more: object) -> int:
    number = bench.customer(id_, at("12:30"), **more)
    bench.reply(number)
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    return number


def surveys(bench: Bench) -> list[int]:
    found = bench.query(
        "SELECT conversation FROM entry WHERE what = 'surveyed' AND undone_by IS NULL ORDER BY id"
    )
    return [int(row[0]) for row in found]


def test_it_goes_out_half_an_hour_after_the_completion_and_once(asks: Bench) -> None:
    number = done(asks)
    asks.clock.advance(29 * 60)
    asks.deliver()
    assert surveys(asks) == []
    asks.clock.advance(60)
    asks.deliver()
    assert surveys(asks) == [number]
    assert asks.script.tried[-1].text.startswith("How satisfied are you with our help?")
    assert asks.status(number) == "complete"
    asks.clock.advance(3600)
    asks.deliver()
    assert surveys(asks) == [number]
    asks.take(received("a1", asks.clock.now(), text="5", reply_to="m1"))
    assert ("rated", "survey") in asks.history(number)


def test_nobody_is_asked_in_public(asks: Bench) -> None:
    asks.can(visibility=("direct", "public"))
    done(asks, visibility="public", medium="post")
    asks.clock.advance(3600)
    asks.deliver()
    assert surveys(asks) == []


def test_the_engine_asks_when_it_is_time(asks: Bench) -> None:
    number = done(asks)

    async def whole() -> None:
        engine = asks.desk.engine()
        engine.start()
        try:
            await asyncio.sleep(0.1)
            assert surveys(asks) == []
            asks.clock.advance(30 * 60)
            for _ in range(500):
                engine.bell()
                if surveys(asks):
                    break
                await asyncio.sleep(0.02)
        finally:
            await asyncio.to_thread(engine.stop)

    asyncio.run(whole())
    assert surveys(asks) == [number]


def test_in_the_customers_language(asks: Bench) -> None:
    done(asks, text="환불 언제 되나요?")
    asks.clock.advance(3600)
    asks.deliver()
    assert "만족" in asks.script.tried[-1].text


def test_nobody_is_asked_who_was_not_served(asks: Bench) -> None:
    number = asks.customer("m1", at("12:30"))
    asks.do(Complete(conversations=(number,)))
    asks.clock.advance(3600)
    asks.deliver()
    assert surveys(asks) == []


def test_nobody_is_asked_about_what_is_open_again_or_spam(asks: Bench) -> None:
    first = done(asks)
    second = done(asks, "m2", subject="Another thing")
    asks.do(Reopen(conversations=(first,)))
    asks.do(Spam(conversations=(second,)))
    third = done(asks, "m3", subject="A third thing")
    asks.do(Undo(door="screen"))
    asks.clock.advance(3600)
    asks.deliver()
    assert surveys(asks) == []
    assert asks.status(third) != "complete"


def test_a_colleagues_completion_is_the_colleagues_matter(asks: Bench) -> None:
    asks.take(received("m1", at("12:30"), conversation="c1"))
    asks.take(sent("s1", at("12:40"), conversation="c1"))
    asks.take(status("complete", at("12:41"), conversation="c1", by=SAM))
    number = asks.conversation_of("m1")
    assert asks.status(number) == "complete"
    asks.clock.advance(3600)
    asks.deliver()
    assert surveys(asks) == []


def test_an_account_that_is_not_named_asks_nobody(asks: Bench) -> None:
    asks.take(received("m1", at("12:30")), account="other")
    number = asks.conversation_of("m1")
    asks.reply(number)
    asks.do(Complete(conversations=(number,)))
    asks.deliver()
    asks.clock.advance(3600)
    asks.deliver()
    assert surveys(asks) == []


def test_what_was_completed_days_ago_is_not_dug_up(asks: Bench) -> None:
    done(asks)
    asks.clock.advance(2 * 86400)
    asks.deliver()
    assert surveys(asks) == []


def test_a_customer_of_two_conversations_is_asked_once(asks: Bench) -> None:
    first = done(asks)
    done(asks, "m2", subject="Another thing")
    asks.clock.advance(3600)
    asks.deliver()
    assert surveys(asks) == [first]


def test_it_is_no_step_of_the_agents(asks: Bench) -> None:
    number = done(asks)
    asks.clock.advance(3600)
    asks.deliver()
    assert surveys(asks) == [number]
    assert asks.do(Undo(door="screen")).words == f"complete #{number}"


def test_one_that_asks_for_what_nobody_knows_is_not_sent(asks: Bench) -> None:
    path = asks.desk.paths.canned
    path.write_text('[how-did-we-do]\nbody = "{{ask:what}} 1 to 5?"\nsurvey = {}\n')
    path.chmod(0o600)
    done(asks)
    asks.clock.advance(3600)
    asks.deliver()
    assert surveys(asks) == []
    assert "reply" in asks.script.tried_types()


def test_without_a_config_nobody_is_asked(bench: Bench) -> None:
    done(bench)
    bench.clock.advance(3600)
    bench.deliver()
    assert surveys(bench) == []


def test_the_doctor_names_a_survey_that_is_not_there(asks: Bench) -> None:
    def told() -> list[str]:
        return [finding.what for finding in doctor._config_findings(load(asks.desk.paths))]

    assert not any("[survey]" in what for what in told())
    config = asks.desk.paths.config_toml
    config.write_text(config.read_text().replace("how-did-we-do", "happy"))
    assert "[survey] names happy, and there is no such survey" in told()
    config.write_text(config.read_text().replace('["shop"]', '["shop", "shpo"]'))
    assert "[survey] names the account shpo, and there is no such account" in told()
    config.write_text(config.read_text() + "after_min = -1\n")
    assert any("after_min is from 0" in what for what in told())


def test_who_may_not_be_asked_is_looked_at_once(asks: Bench) -> None:
    first, again = done(asks), done(asks, "m2", subject="Another thing")
    asks.clock.advance(3600)
    writer = asks.desk._writer
    assert writer is not None
    asking = Asking(asks.desk.config, writer, asks.clock)
    assert [one.conversation for one in asks.desk.read(asking.due).result().now] == [first, again]
    asyncio.run(asking.once())
    assert surveys(asks) == [first], "nobody is asked twice"
    assert asks.desk.read(asking.due).result().now == ()
