"""Which conversation a message belongs to: the channel's word, the thread's ids, our own, the subject, or a new one."""

from pathlib import Path
from typing import Any

import pytest

from tests.desk.bench import ACCOUNT, DANA, Bench, at, bench_at, received, sent
from tuidesk.desk import read
from tuidesk.desk.arrive import BY_SUBJECT_QUERY
from tuidesk.domain.commands import Forward, Reopen, Start
from tuidesk.domain.events import ChannelEvent
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Receipt
from tuidesk.errors import NotFound, Refused

LEGAL = Person("Legal", "legal@ortiz.example")


def joined(bench: Bench, *events: ChannelEvent) -> bool:
    """Are all of these in one conversation?"""
    bench.take(*events)
    return len(bench.rows()) == 1


def test_the_channels_own_conversation_comes_before_all_else(bench: Bench) -> None:
    first = bench.customer("m1", at("10:00"), conversation="c1")
    assert bench.customer("m2", at("10:01"), conversation="c2", refs=("m1",)) != first
    assert bench.customer("m3", at("10:02"), conversation="c1", refs=("m2",)) == first


@pytest.mark.parametrize(
    "named", [{"reply_to": "m1"}, {"refs": ("m1",)}, {"refs": ("gone", "m1", "gone too")}]
)
def test_by_the_ids_of_the_thread(bench: Bench, named: dict[str, Any]) -> None:
    assert joined(bench, received("m1", at("10:00")), received("m2", at("10:05"), **named))


def test_the_newest_known_reference_decides(bench: Bench) -> None:
    bench.customer("m1", at("10:00"))
    second = bench.customer("m2", at("10:01"))
    assert bench.customer("m3", at("10:02"), refs=("m1", "m2")) == second
    assert bench.customer("m4", at("10:03"), refs=("m2",), reply_to="m1") != second


def test_a_new_sender_in_a_thread_stays_in_it_and_is_shown(bench: Bench) -> None:
    assert joined(bench, received("m1", at("10:00")), received("m2", at("10:05"), sender=LEGAL, refs=("m1",)))
    (row,) = bench.rows()
    assert row.handle == DANA.handle
    assert [m.sender.handle for m in bench.messages(row.n)] == [DANA.handle, LEGAL.handle]


def test_ids_of_another_account_mean_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path / "home", monkeypatch, other=ACCOUNT) as bench:
        bench.take(received("m1", at("10:00"), conversation="c1"))
        bench.take(received("m2", at("10:01"), refs=("m1",)), account="other")
        bench.take(received("m3", at("10:01"), conversation="c1"), account="other")
        assert len(bench.rows()) == 3


def test_an_answer_to_our_reply_is_known_by_its_receipt(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Receipt(id="<ours@acme>", ids=("imap:Sent;1;1",))]
    bench.reply(number)
    bench.deliver()
    assert bench.customer("m2", at("13:00"), reply_to="<ours@acme>", subject="something else") == number
    assert bench.customer("m3", at("13:01"), refs=("imap:Sent;1;1",)) == number


def test_an_answer_to_the_id_the_server_gave_our_reply(bench: Bench) -> None:
    """Some servers replace the Message-ID; the copy in Sent has it, and our key in a header of our own."""
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Receipt(id="<ours@acme>")]
    key = bench.reply(number)
    bench.deliver()
    bench.take(sent("<rewritten@server>", at("12:51"), digest="d", key=key))
    assert bench.customer("m2", at("13:00"), reply_to="<rewritten@server>") == number
    assert len(bench.messages(number)) == 3


def test_a_customer_who_answers_at_once_is_in_the_thread(bench: Bench) -> None:
    """The answer names our Message-ID before our own server has said that it took the mail."""
    number = bench.customer("m1", at("10:00"))

    def perform(_: object) -> Receipt:
        bench.take(received("m2", at("12:50:01"), "thanks", reply_to="<ours@acme>"))
        return Receipt(id="<ours@acme>")

    bench.script.performs = [perform]
    bench.reply(number)
    bench.deliver()
    assert bench.conversation_of("m2") == number
    assert bench.status(number) == "open"


# --- by subject -------------------------------------------------------------------------------------


def subject(id_: str, day: int, words: str = "Refund", **more: Any) -> ChannelEvent:
    return received(id_, at("10:00", day), subject=words, **{"by_subject": True} | more)


@pytest.mark.parametrize("again", ["Refund", "Re: refund", "AW: Re: REFUND", "[acme] Re: Refund"])
def test_the_same_subject_of_the_same_correspondent(bench: Bench, again: str) -> None:
    assert joined(bench, subject("m1", 1), subject("m2", 5, again))


@pytest.mark.parametrize(
    "other",
    [
        subject("m2", 5, sender=LEGAL),
        subject("m2", 5, "Refund 2"),
        subject("m2", 5, reply_address="helper@elsewhere.example"),
        subject("m2", 5, by_subject=False),
        subject("m2", 5, by_subject=False, kind="auto"),
    ],
)
def test_another_correspondent_subject_or_kind_of_mail_is_another_conversation(
    bench: Bench, other: ChannelEvent
) -> None:
    assert not joined(bench, subject("m1", 1), other)


def test_nothing_joins_what_automatic_mail_began(bench: Bench) -> None:
    assert not joined(bench, subject("m1", 1, by_subject=False, kind="auto"), subject("m2", 2))


def test_mail_without_a_subject_joins_nothing(bench: Bench) -> None:
    assert not joined(bench, subject("m1", 1, ""), subject("m2", 1, ""), subject("m3", 2, "Re:"))


def test_the_address_that_answers_go_to_is_the_correspondent(bench: Bench) -> None:
    form = Person("Web form", "form@acme.example")
    assert joined(
        bench,
        subject("m1", 1, sender=form, reply_address="Dana@Ortiz.example"),
        subject("m2", 2, sender=DANA),
    )
    assert not joined(bench, subject("m3", 3, sender=form, reply_address="lee@other.example"))


def test_thirty_days_after_the_last_message_the_subject_is_used_up(bench: Bench) -> None:
    assert joined(bench, received("m1", at("10:00", 1), subject="Refund", by_subject=True))
    day = 86_400_000
    start = at("10:00", 1)
    again = received("m2", start + 30 * day, subject="Refund", by_subject=True)
    assert joined(bench, again)
    assert joined(bench, received("m3", start + 59 * day, subject="Refund", by_subject=True))
    assert not joined(bench, received("m4", start + 90 * day, subject="Refund", by_subject=True))


def test_a_chain_of_equal_subjects_is_one_read_newest_first_too(first_sync: Bench) -> None:
    day, start = 86_400_000, at("10:00", 1)
    chain = [received(f"m{n}", start + n * 20 * day, subject="Refund", by_subject=True) for n in range(4)]
    assert joined(first_sync, *reversed(chain))


def test_a_colleagues_mail_without_references_joins_by_subject(bench: Bench) -> None:
    assert joined(bench, subject("m1", 1), sent("o1", at("10:00", 2), subject="Re: Refund", by_subject=True))


def test_an_answer_by_subject_to_what_we_began(bench: Bench) -> None:
    done = bench.do(Start(account="shop", to=(DANA,), text="About your refund", subject="Refund"))
    bench.deliver()
    number = bench.customer("m1", at("12:55"), subject="Re: Refund", by_subject=True)
    assert (number,) == done.conversations


# --- forwards ---------------------------------------------------------------------------------------


def test_a_forward_is_a_linked_conversation(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), subject="Refund")
    bench.script.performs = [Receipt(id="<fwd@acme>")]
    done = bench.do(Forward(conversation=number, to=(LEGAL,), text="What do you say?"))
    linked = done.conversations[0]
    bench.deliver()
    assert bench.row(linked).parent == number
    assert bench.thread(number).links == (linked,)
    (out,) = (out for out in bench.script.tried if out.type == "start")
    assert (out.forwards, out.subject, out.to) == ("m1", "Fwd: Refund", (LEGAL,))
    assert bench.status(number) == "open"
    assert bench.customer("m2", at("13:00"), sender=LEGAL, reply_to="<fwd@acme>") == linked


def test_only_a_message_of_the_conversation_can_be_passed_on(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), subject="Refund")
    bench.take(received("m2", at("10:00"), "secret", sender=LEGAL))
    secret = bench.messages(bench.conversation_of("m2"))[0].n
    with pytest.raises(NotFound):
        bench.do(Forward(conversation=number, to=(LEGAL,), message=secret))
    with pytest.raises(Refused):
        bench.do(Forward(conversation=number, to=()))
    with pytest.raises(NotFound):
        bench.do(Reopen(conversations=(99,)))
    assert bench.desk.read(read.counts, 0).result().going_out == 0


def test_a_subject_is_looked_up_and_not_searched_for(bench: Bench) -> None:
    asked = f"EXPLAIN QUERY PLAN {BY_SUBJECT_QUERY}"
    values = ("shop", "refund", "dana@ortiz.example", 0, 1)
    plan = bench.desk.read(lambda c: [row["detail"] for row in c.execute(asked, values)]).result()
    assert any("INDEX conversation_subject" in step for step in plan), plan
    assert not any(step.startswith("SCAN") for step in plan), plan
