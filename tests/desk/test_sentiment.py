"""How customers sound: read behind everything else, of the newest message, in English; found, and said."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.bench import CONFIG, Bench, at, bench_at, received
from tuidesk.config.load import load
from tuidesk.desk import doctor, read, sentiment
from tuidesk.desk.engine import Engine
from tuidesk.domain import events
from tuidesk.domain.commands import Merge

ANGRY = "This is the worst service. I am angry and I have not been told anything."
HAPPY = "Thank you so much, that was great and you are very kind!"
ON = f"{CONFIG}[sentiment]\non = true\n"


def words(bench: Bench) -> list[str]:
    return [str(row[0]) for row in bench.query("SELECT sentiment FROM conversation ORDER BY id")]


def is_read(bench: Bench) -> bool:
    return not bench.query("SELECT 1 FROM conversation WHERE sentiment_of <> last_in")


async def _worked(bench: Bench, *until: str) -> None:
    engine: Engine = bench.desk.engine()
    engine.start()
    try:
        for _ in range(500):
            if is_read(bench) and (not until or tuple(words(bench)) == until):
                return
            engine.bell()
            await asyncio.sleep(0.02)
        raise AssertionError(words(bench))
    finally:
        await asyncio.to_thread(engine.stop)


def work(bench: Bench, *until: str) -> None:
    """The engine works until all is read, and it came to this."""
    asyncio.run(_worked(bench, *until))


@pytest.fixture
def on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with bench_at(tmp_path / "home", monkeypatch, config=ON) as bench:
        yield bench


def test_what_is_there_is_read_and_what_comes_as_well(on: Bench) -> None:
    on.customer("m1", at("10:00"), text=ANGRY)
    on.customer("m2", at("10:01"), text="Wo ist mein Paket? Ich bin sehr böse", subject="zwei")
    on.customer("m3", at("10:02"), text="I am at the door with the parcel of my order", subject="three")
    number = on.customer("m4", at("10:03"), text=HAPPY, subject="four")
    work(on, "negative", "", "neutral", "positive")
    on.take(received("m5", at("10:10"), text=ANGRY, reply_to="m4"))
    work(on, "negative", "", "neutral", "negative")
    assert on.row(number).sentiment == "negative"


def test_it_follows_what_comes_while_it_runs(on: Bench) -> None:
    on.customer("m1", at("10:00"), text=ANGRY)

    async def whole() -> None:
        engine = on.desk.engine()
        engine.start()
        try:
            for expected, id_, text in ((["negative"], "m1", ""), (["positive"], "m2", HAPPY)):
                if text:
                    on.take(received(id_, at("10:10"), text=text, reply_to="m1"))
                    engine.bell()
                for _ in range(500):
                    if words(on) == expected:
                        break
                    await asyncio.sleep(0.02)
                assert words(on) == expected
        finally:
            await asyncio.to_thread(engine.stop)

    asyncio.run(whole())


def test_a_quote_is_not_the_customers_own_sound(on: Bench) -> None:
    on.customer("m1", at("10:00"), text=f"{HAPPY}\n\n> {ANGRY}\n> {ANGRY}\n")
    work(on, "positive")


def test_courtesy_makes_no_complaint_a_friendly_one(on: Bench) -> None:
    words = "Dear Acme, please help, it was promised: yes, I would like to have it. Sincerely"
    on.customer("m1", at("10:00"), text=words)
    work(on, "neutral")


def test_words_that_were_changed_are_read_again(on: Bench) -> None:
    on.customer("m1", at("10:00"), text=ANGRY)
    work(on, "negative")
    on.take(events.Edited(message="m1", at=at("10:05"), text=HAPPY))
    work(on, "positive")


def test_nothing_is_read_where_it_is_not_switched_on(bench: Bench) -> None:
    bench.customer("m1", at("10:00"), text=ANGRY)

    async def whole() -> None:
        engine = bench.desk.engine()
        engine.start()
        for _ in range(20):
            engine.bell()
            await asyncio.sleep(0.02)
        await asyncio.to_thread(engine.stop)

    asyncio.run(whole())
    assert words(bench) == [""]
    assert not is_read(bench)


def test_without_the_extra_the_doctor_says_so(on: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    config = load(on.desk.paths)
    told = [finding.what for finding in doctor._config_findings(config)]
    assert not any("[sentiment]" in what for what in told)
    monkeypatch.setitem(sys.modules, "vader", None)  # as where it is not installed
    told = [finding.what for finding in doctor._config_findings(config)]
    assert any("[sentiment] is on" in what for what in told)


def test_a_query_finds_it_and_a_merged_thread_is_its_newest(on: Bench) -> None:
    first = on.customer("m1", at("10:00"), text=HAPPY)
    second = on.customer("m2", at("10:05"), text=ANGRY, subject="Another thing")
    on.customer("m3", at("10:06"), text="환불 언제 되나요?", subject="three")
    work(on, "positive", "negative", "")

    def find(query: str) -> list[int]:
        return on.desk.read(read.search, query, on.clock.now()).result()

    assert find("sentiment:negative") == [second]
    assert find("sentiment:positive") == [first]
    assert len(find("-sentiment:negative")) == 2
    on.do(Merge(conversations=(first, second)))
    work(on, "negative", "negative", "")
    assert find("sentiment:negative") == [first]


def test_it_reads_a_few_at_a_time_and_all_of_them(on: Bench) -> None:
    for n in range(45):
        on.take(received(f"m{n}", at("10:00"), text=ANGRY, subject=f"thing {n}"))
    _, first = on.desk.read(sentiment.unread_behind, 0).result()
    assert len(first) == 20
    work(on, *["negative"] * 45)
