"""What a search finds besides words in messages: numbers, tags and subjects."""

from tests.desk.bench import Bench, at
from tuidesk.desk import read
from tuidesk.domain.commands import Tag


def found(bench: Bench, typed: str, limit: int = 200) -> list[int]:
    return bench.desk.read(read.search, typed, bench.clock.now(), limit).result()


def test_a_number_alone_is_that_conversation_first(bench: Bench) -> None:
    one, two, three = (bench.customer(f"m{n}", at(f"10:0{n}"), text="order") for n in range(3))
    bench.customer("m9", at("10:09"), text=f"about order {one} and {two}")
    assert found(bench, f"#{two}")[0] == two
    assert found(bench, f" {one} ") == [one, 4]
    assert found(bench, "#77") == []
    assert found(bench, f"order {one}") == [4], "a number among words is a word"
    assert found(bench, str(one), 1) == [one]
    assert three not in found(bench, str(one))


def test_tags_are_searched_among_the_words(bench: Bench) -> None:
    one = bench.customer("m1", at("10:00"), text="hello")
    two = bench.customer("m2", at("10:01"), text="I want a Refund now")
    three = bench.customer("m3", at("10:02"), text="hello")
    bench.do(Tag(conversations=(one,), add=("refund",)))
    bench.do(Tag(conversations=(three,), add=("Réfund", "환불 요청")))
    assert found(bench, "REFUND") == [three, two, one], "the newest first, however it was found"
    assert found(bench, "refund", 2) == [three, two]
    assert found(bench, "환불 요청") == [three]
    assert found(bench, "refunds") == []


def test_subjects_are_searched(bench: Bench) -> None:
    one = bench.customer("m1", at("10:00"), text="hello", subject="Broken lamp")
    assert found(bench, "lamp") == [one]
