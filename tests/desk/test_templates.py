"""Templates of a channel: what leaves as one, and what is refused when nothing else is taken."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.desk.bench import ACCOUNT, DANA, Bench, at, bench_at, learn_caps
from tuidesk.desk import canned, read
from tuidesk.domain.commands import Merge, Reply, SaveDraft, Start, Undo
from tuidesk.domain.events import Terms
from tuidesk.domain.model import Inserted, Offered, Person
from tuidesk.domain.outgoing import Outgoing
from tuidesk.errors import Refused

ORDER = Offered(name="order", text="Order {{1}} is {{2}}.", template="HX1", media=("whatsapp",))
HELLO = Offered(name="hello", text="Hello {{contact.first_name}}")
SENT = Inserted("shop/order", "Order 8841 is late.", "HX1", (("1", "8841"), ("2", "late")))
PHONE = Person("Aziza K.", "+998901234567")


@pytest.fixture
def closed(bench: Bench) -> Bench:
    """WhatsApp takes a reply for an hour, SMS always; the channel keeps a template and a canned reply."""
    bench.script.canned = (ORDER, HELLO)
    bench.can(windows={"whatsapp": 3600})
    return bench


def wrote(bench: Bench, id_: str, medium: str = "whatsapp", **more: Any) -> int:
    """Two hours ago and more."""
    return bench.customer(id_, at("10:00"), medium=medium, sender=PHONE, conversation=id_, **more)


def replies(bench: Bench) -> list[Outgoing]:
    return [out for out in bench.script.tried if out.type == "reply"]


def who(bench: Bench, number: int) -> canned.Customer:
    agent, now = bench.desk.settings.agent, bench.clock.now()
    found: canned.Customer = bench.desk.read(
        canned.customer, agent, bench.desk.accounts, number, now
    ).result()
    return found


def test_free_text_is_refused_and_a_template_leaves_with_its_values(closed: Bench) -> None:
    number = wrote(closed, "w")
    assert closed.thread(number).only_templates
    with pytest.raises(Refused, match=r"nothing but a template is taken now \(order\)"):
        closed.reply(number, "free text")
    with pytest.raises(Refused, match="template"):
        closed.reply(number, f"{SENT.text} Sorry!", canned=(SENT,))
    assert closed.open_types() == []
    closed.reply(number, f"{SENT.text}\n", canned=(SENT,), parts=True)
    closed.deliver()
    (out,) = replies(closed)
    assert (out.text.strip(), out.template, out.values) == (SENT.text, "HX1", SENT.values)
    assert closed.desk.read(canned.stats).result()["shop/order"].uses == 1


def test_while_the_time_runs_and_where_nothing_is_offered_free_text_leaves(closed: Bench) -> None:
    number, sms = wrote(closed, "w"), wrote(closed, "s", "sms")
    closed.take(Terms(at=at("10:01"), conversation="w", window_ends=at("23:00")))
    closed.reply(number, "free text")
    closed.reply(sms, "free text")
    closed.take(Terms(at=at("10:02"), conversation="w", window_ends=at("10:30")))
    closed.script.canned = (HELLO,)
    learn_caps(closed)
    assert not closed.thread(number).only_templates
    closed.reply(number, "the agent was asked")
    closed.deliver()
    assert [(out.text, out.template) for out in replies(closed)] == [
        ("free text", ""),
        ("free text", ""),
        ("the agent was asked", ""),
    ]


def test_of_threads_shown_as_one_the_part_is_asked_that_it_leaves_by(closed: Bench) -> None:
    number = wrote(closed, "w")
    sms = wrote(closed, "s", "sms")
    closed.do(Merge(conversations=(number, sms)))
    closed.reply(number, "by sms, where they wrote last")
    with pytest.raises(Refused, match="template"):
        closed.do(Reply(conversation=number, text="by whatsapp", part=number))


def test_a_template_is_no_text_to_sign_or_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path / "home", monkeypatch, account=ACCOUNT + 'signature = "Ana"\n') as bench:
        bench.can(lengths={"whatsapp": 30})
        number = wrote(bench, "w")
        bench.reply(number, SENT.text, canned=(SENT,), parts=True)
        assert bench.ours(number).text == SENT.text
        bench.reply(wrote(bench, "x"), "free text", parts=True)
        assert bench.ours(bench.conversation_of("x")).text == "free text\n\n-- \nAna\n"


def test_a_new_conversation_can_begin_with_one(closed: Bench) -> None:
    start = Start(account="shop", medium="whatsapp", to=(DANA,), text=SENT.text, canned=(SENT,))
    closed.do(start)
    closed.deliver()
    assert closed.script.tried[0].template == "HX1"


def test_taken_back_it_is_the_same_template_again(closed: Bench) -> None:
    number = wrote(closed, "w")
    save = SaveDraft(conversation=number, mode="reply", text=SENT.text, canned=(SENT,))
    closed.do(save)
    draft = closed.desk.read(read.draft, number, "reply").result()
    assert draft is not None
    assert draft.canned == (SENT,)
    closed.reply(number, SENT.text, canned=(SENT,), hold=True)
    closed.do(Undo(door="screen"))
    draft = closed.desk.read(read.draft, number, "reply").result()
    assert draft is not None
    assert draft.canned == (SENT,)


def test_what_the_outbox_keeps_has_it(closed: Bench) -> None:
    number = wrote(closed, "w")
    key = closed.reply(number, SENT.text, canned=(SENT,))
    out = json.loads(closed.work(key)["out"])
    assert (out["template"], out["values"]) == ("HX1", [["1", "8841"], ["2", "late"]])


def test_they_are_offered_beside_ours_first_where_nothing_else_is_taken(closed: Bench) -> None:
    number, sms = wrote(closed, "w"), wrote(closed, "s", "sms")
    assert who(closed, number).calls_for == "template"
    assert [one.name for one in who(closed, number).kept] == ["shop/order", "shop/hello"]
    assert [one.name for one in who(closed, sms).kept] == ["shop/hello"]
    library = canned.Library((), ())
    found = canned.offered(library, who(closed, number), "")
    assert [one.name for one in found] == ["shop/order", "shop/hello"]
    assert canned.offered(library, who(closed, number), "hel")[0].name == "shop/hello"
    assert [one.name for one in closed.desk.read(canned.of_channels).result()] == ["shop/order", "shop/hello"]
