"""Holding replies: what makes a letter one, what it leaves as it is, how it is measured, when one is offered."""

from pathlib import Path

import pytest

from tests.desk.bench import ANA, CONFIG, Bench, at, bench_at, received
from tests.desk.test_exported import told
from tuidesk.config.canned import Shelf
from tuidesk.config.load import Config
from tuidesk.desk import canned, importing
from tuidesk.desk.canned import Customer
from tuidesk.domain.commands import Reply, Settle, Tag, Undo
from tuidesk.domain.model import Inserted
from tuidesk.errors import Rejected

OWN = (
    '[soon]\ntitle = "Soon"\nbody = "We are looking into it."\nholding = true\nthen = { tag = ["held"] }\n'
    '[answer]\ntitle = "An answer"\nbody = "It left today."\n'
)
SOON = Inserted("soon", "We are looking into it.")
ANSWER = Inserted("answer", "It left today.")


def write(bench: Bench, text: str) -> None:
    path = bench.desk.paths.canned
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def customer(bench: Bench, number: int) -> Customer:
    found: Customer = bench.desk.read(
        canned.customer, ANA, bench.desk.accounts, number, bench.clock.now()
    ).result()
    return found


def meant(bench: Bench, number: int, text: str, *inserted: Inserted) -> Reply:
    """A reply as every door makes it."""
    library = Shelf(_config(bench)).load()
    written = Reply(conversation=number, text=text, canned=inserted)
    return canned.meant(written, library, customer(bench, number), ANA)


def _config(bench: Bench) -> Config:
    return bench.desk.config


def offered(bench: Bench, number: int, typed: str = "") -> list[str]:
    library = Shelf(_config(bench)).load()
    return [reply.name for reply in canned.offered(library, customer(bench, number), typed)]


def metrics(bench: Bench, number: int) -> list[tuple[str, int]]:
    found = bench.query("SELECT metric, holding FROM sample WHERE conversation = ? ORDER BY id", number)
    return [(str(row[0]), int(row[1])) for row in found]


@pytest.mark.parametrize("after_reply", ["pending", "complete", "open"])
def test_it_leaves_the_conversation_open_whatever_follows_a_reply(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after_reply: str
) -> None:
    config = f'after_reply = "{after_reply}"\n{CONFIG}'
    with bench_at(tmp_path / "home", monkeypatch, config=config) as bench:
        number = bench.customer("m1", at("12:30"))
        done = bench.do(Reply(conversation=number, text=SOON.text, canned=(SOON,), holding=True))
        assert done.words == f"holding reply to #{number}"
        bench.deliver()
        assert bench.status(number) == "open"
        assert bench.history(number) == []
        assert bench.wait(number) is None, "by the field's definition it answers the customer"
        assert bench.ours(number).holding
        bench.reply(number)
        bench.deliver()
        assert bench.status(number) == after_reply


def test_first_response_is_measured_with_it_and_without_it(bench: Bench) -> None:
    number = bench.customer("m1", at("12:30"))
    bench.reply(number, SOON.text, canned=(SOON,), holding=True)
    bench.deliver()
    assert metrics(bench, number) == [("reaction", 1), ("reply", 1), ("first_response", 1)]
    bench.clock.advance(600)
    bench.reply(number)
    bench.deliver()
    assert metrics(bench, number)[-1] == ("first_answer", 0)


@pytest.mark.parametrize(
    ("text", "inserted", "is_one"),
    [
        (SOON.text, (SOON,), True),
        (f"  {SOON.text}\n\n", (SOON,), True),
        (f"{SOON.text}\nIt left today.", (SOON,), False),
        (f"{SOON.text}\nIt left today.", (SOON, ANSWER), False),
        ("We are looking into that, too.", (SOON,), False),
        (ANSWER.text, (SOON, ANSWER), False),
        (ANSWER.text, (ANSWER,), False),
        (SOON.text, (), False),
    ],
)
def test_one_word_more_and_it_is_an_answer(
    bench: Bench, text: str, inserted: tuple[Inserted, ...], *, is_one: bool
) -> None:
    write(bench, OWN)
    number = bench.customer("m1", at("12:30"))
    made = meant(bench, number, text, *inserted)
    assert made.holding is is_one
    tags = [act for act in made.then if isinstance(act, Tag)]
    assert bool(tags) is (SOON in inserted and text != ANSWER.text), "what it does besides is done either way"


def test_taken_back_and_sent_again_it_is_one_again(bench: Bench) -> None:
    write(bench, OWN)
    number = bench.customer("m1", at("12:30"))
    bench.do(meant(bench, number, SOON.text, SOON))
    bench.do(Undo(door="screen"))
    assert bench.messages(number)[-1].direction == "in"
    assert bench.wait(number) == at("12:30")
    assert bench.draft(number) == SOON.text


def test_one_that_failed_and_is_sent_again_moves_nothing_either(bench: Bench) -> None:
    number = bench.customer("m1", at("12:30"))
    key = bench.reply(number, SOON.text, canned=(SOON,), holding=True)
    bench.script.performs = [Rejected("too long")]
    bench.deliver()
    assert bench.status(number) == "open"
    bench.do(Settle(key=key, how="again"))
    bench.deliver()
    assert (bench.status(number), bench.ours(number).state) == ("open", "sent")


def test_an_export_keeps_it(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = bench.customer("m1", at("12:30"))
    bench.reply(number, SOON.text, canned=(SOON,), holding=True)
    bench.deliver()
    lines = told(bench)
    with bench_at(tmp_path / "other", monkeypatch) as other:
        importing.take_in(other.desk, lines, account=None, report=lambda *_: None, progress=lambda *_: None)
        assert other.ours(number).holding
        assert told(other) == lines


def test_it_is_offered_first_when_an_answer_is_due_soon(bench: Bench) -> None:
    write(bench, OWN)
    number = bench.customer("m1", at("12:30"))
    assert customer(bench, number).calls_for == ""
    assert offered(bench, number) == ["answer", "soon"]
    bench.clock.at = at("13:15")
    assert customer(bench, number).calls_for == "holding"
    assert offered(bench, number) == ["soon", "answer"]
    assert offered(bench, number, "an answer") == ["answer"], "what is typed says more than what is due"
    bench.clock.at = at("16:00")
    assert offered(bench, number) == ["soon", "answer"], "late as well"
    bench.reply(number)
    bench.deliver()
    assert customer(bench, number).calls_for == ""


def test_what_is_due_is_a_resolution_and_nobody_is_told_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench_at(
        tmp_path / "home", monkeypatch, config=f'{CONFIG}[[targets]]\nresolution = "10m"\n'
    ) as bench:
        number = bench.customer("m1", at("12:30"))
        assert bench.row(number).due_for == "resolution"
        assert customer(bench, number).calls_for == ""


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Where is my parcel?", "on-it.en"),
        ("환불 언제 되나요?", "on-it.ko"),
        ("Toʻlov ikki marta yechildi, oʻzim koʻrdim", "on-it.uz"),
        ("Wo ist mein Paket?", "on-it.en"),
    ],
)
def test_a_desk_that_has_none_is_offered_one_in_the_customers_language(
    bench: Bench, words: str, name: str
) -> None:
    number = bench.customer("m1", at("12:30"), text=words)
    assert offered(bench, number) == []
    bench.clock.at = at("13:20")
    assert offered(bench, number) == [name]
    (reply,) = (one for one in Shelf(_config(bench)).load().with_shipped() if one.name == name)
    text = reply.body.strip()
    made = meant(bench, number, text, Inserted(name, text))
    assert made.holding
    write(bench, OWN)
    assert offered(bench, number) == ["soon", "answer"], "it has one of its own now"


def test_a_colleagues_reply_on_the_channel_is_none(bench: Bench) -> None:
    number = bench.customer("m1", at("12:30"))
    bench.take(received("m2", at("12:40"), reply_to="m1"))
    bench.reply(number)
    assert not bench.ours(number).holding
