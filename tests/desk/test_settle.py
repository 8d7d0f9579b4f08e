"""The agent's word on a reply that is held, failed, or may have arrived."""

from typing import Literal

import pytest

from tests.desk.bench import DANA, Bench, at, received, sent
from tuidesk.desk import read
from tuidesk.domain.commands import Complete, Settle, Start, Undo
from tuidesk.domain.outgoing import Found, Missing, Receipt, Unsure
from tuidesk.errors import NotFound, Refused, Rejected, Unavailable, Unconfirmed

How = Literal["check", "again", "sent", "now", "back"]
BROKE = Unconfirmed("the line broke")


def tried(bench: Bench, *answers: Receipt | Exception | str) -> tuple[int, str]:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = list(answers)
    key = bench.reply(number, "It leaves today.")
    bench.deliver()
    return number, key


def test_check_asks_the_channel_once_more(bench: Bench) -> None:
    number, key = tried(bench, BROKE)
    assert (len(bench.script.asked), bench.work(key)["asked"]) == (1, 1)
    bench.deliver()
    assert len(bench.script.asked) == 1, "nobody asks again by itself"
    bench.script.finds = [Found("<ours@acme>", at("12:49"))]
    bench.do(Settle(key=key, how="check"))
    bench.deliver()
    assert (bench.ours(number).state, bench.ours(number).id, bench.ours(number).at) == (
        "sent",
        "<ours@acme>",
        at("12:49"),
    )


def test_again_sends_the_same_once_more(bench: Bench) -> None:
    number, key = tried(bench, BROKE)
    bench.do(Settle(key=key, how="again"))
    bench.deliver()
    first, second, *_ = bench.script.tried
    assert first == second
    assert (bench.ours(number).state, bench.row(number).trouble) == ("sent", "")


def test_again_after_a_failure_moves_the_conversation_on_once_more(bench: Bench) -> None:
    number, key = tried(bench, Rejected("550 try later"))
    assert bench.status(number) == "open"
    bench.do(Settle(key=key, how="again"))
    assert (bench.status(number), bench.wait(number)) == ("pending", at("10:00"))
    bench.deliver()
    assert bench.script.tried_types() == ["reply", "reply", "pending"]
    assert (bench.ours(number).state, bench.row(number).trouble) == ("sent", "")


def test_what_is_sent_again_can_be_taken_back_before_it_leaves(bench: Bench) -> None:
    number, key = tried(bench, Rejected("550 try later"))
    bench.do(Settle(key=key, how="again"))
    bench.do(Undo(door="screen"))
    bench.deliver()
    assert (bench.draft(number), bench.status(number)) == ("It leaves today.", "open")
    assert bench.script.tried_types() == ["reply"]


def test_sent_is_the_agents_own_knowledge(bench: Bench) -> None:
    number, key = tried(bench, BROKE)
    bench.do(Settle(key=key, how="sent"))
    assert (bench.ours(number).state, bench.wait(number), bench.row(number).trouble) == ("sent", None, "")


def test_now_ends_the_hold(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    key = bench.reply(number, hold=True)
    bench.deliver()
    assert bench.script.tried == []
    bench.do(Settle(key=key, how="now"))
    bench.deliver()
    assert bench.ours(number).state == "sent"


@pytest.mark.parametrize("state", ["queued", "failed"])
def test_back_makes_it_a_draft_again_and_the_conversation_needs_us(bench: Bench, state: str) -> None:
    number, key = tried(bench, Unavailable("down") if state == "queued" else Rejected("no"))
    assert bench.work(key)["state"] == state
    bench.do(Complete(conversations=(number,)))
    bench.do(Settle(key=key, how="back"))
    assert (bench.draft(number), len(bench.messages(number))) == ("It leaves today.", 1)
    assert (bench.status(number), bench.wait(number), bench.row(number).trouble) == ("open", at("10:00"), "")
    bench.clock.advance(3600)
    bench.deliver()
    assert bench.script.tried_types() in (["reply"], ["reply", "complete"])
    assert "It leaves today" in bench.work(key)["out"]


def test_back_of_a_start(bench: Bench) -> None:
    bench.script.performs = [Rejected("no such user")]
    done = bench.do(Start(account="shop", to=(DANA,), text="Hello", subject="Hi"))
    bench.deliver()
    bench.do(Settle(key=done.keys[0], how="back"))
    draft = bench.desk.read(read.draft, 0, "start").result()
    assert draft is not None
    assert (draft.text, draft.subject, draft.to) == ("Hello", "Hi", "Dana Ortiz <dana@ortiz.example>")
    assert bench.rows() == []


@pytest.mark.parametrize(
    ("answer", "how"),
    [
        (None, "again"),
        (None, "back"),
        (None, "check"),
        (None, "now"),
        (BROKE, "back"),
        (BROKE, "now"),
        (Rejected("no"), "sent"),
        (Rejected("no"), "check"),
        (Unavailable("down"), "again"),
        (Unavailable("down"), "sent"),
    ],
)
def test_what_cannot_be_said_of_a_state_is_refused(bench: Bench, answer: Exception | None, how: How) -> None:
    _, key = tried(bench, *([answer] if answer else []))
    before = tuple(bench.work(key))
    with pytest.raises(Refused):
        bench.do(Settle(key=key, how=how))
    assert tuple(bench.work(key)) == before


def test_nothing_is_sent_again_through_an_account_that_is_gone(bench: Bench) -> None:
    """A letter that came with an import, say: it would be queued for ever."""
    number, key = tried(bench, BROKE)
    vars(bench.desk)["_keys"] = {}
    for how in ("check", "again"):
        with pytest.raises(Refused, match="not set up here"):
            bench.do(Settle(key=key, how=how))
    assert bench.ours(number).state == "unknown"
    bench.do(Settle(key=key, how="sent"))
    assert bench.ours(number).state == "sent"


def test_nothing_of_that_key(bench: Bench) -> None:
    with pytest.raises(NotFound):
        bench.do(Settle(key="td-none", how="again"))


# --- the thread moved -------------------------------------------------------------------------------


def moved(bench: Bench) -> tuple[int, str]:
    """A reply queued while the line was down; then the customer wrote again."""
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Unavailable("down")]
    key = bench.reply(number, last_seen=bench.row(number).last_message)
    bench.deliver()
    bench.take(received("m2", at("12:51"), "never mind", reply_to="m1"))
    bench.clock.advance(600)
    bench.deliver()
    return number, key


def test_a_reply_goes_back_to_the_agent_when_the_thread_moved(bench: Bench) -> None:
    number, key = moved(bench)
    assert bench.script.tried_types() == ["reply"]
    assert (bench.work(key)["state"], bench.status(number)) == ("failed", "open")
    assert (bench.wait(number), bench.row(number).trouble) == (at("10:00"), "failed")
    assert "wrote again" in (bench.ours(number).reason or "")


def test_the_agent_who_has_looked_can_send_it_all_the_same(bench: Bench) -> None:
    number, key = moved(bench)
    bench.do(Settle(key=key, how="again"))
    bench.deliver()
    assert (bench.script.tried_types(), bench.ours(number).state) == (["reply", "reply", "pending"], "sent")
    assert (bench.status(number), bench.wait(number)) == ("pending", None)


def test_a_colleagues_answer_moves_the_thread_as_well(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    key = bench.reply(number, last_seen=bench.row(number).last_message, hold=True)
    bench.take(sent("o1", at("12:50:05"), "I have it", reply_to="m1"))
    bench.clock.advance(60)
    bench.deliver()
    assert (bench.script.tried, bench.work(key)["state"]) == ([], "failed")


@pytest.mark.parametrize("kind", ["auto", "reaction", "bounce"])
def test_machines_do_not_move_it(bench: Bench, kind: str) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.reply(number, last_seen=bench.row(number).last_message, hold=True)
    bench.take(received("a1", at("12:51"), kind=kind, reply_to="m1"))
    bench.clock.advance(60)
    bench.deliver()
    assert bench.script.tried_types()[0] == "reply"


def test_older_mail_of_a_first_sync_does_not_move_it(first_sync: Bench) -> None:
    number = first_sync.customer("m2", at("10:10"), refs=("m1",))
    first_sync.reply(number, last_seen=first_sync.row(number).last_message)
    first_sync.take(received("m1", at("10:00")))
    first_sync.deliver()
    assert first_sync.script.tried_types()[0] == "reply"


def test_what_may_have_left_is_not_said_to_have_failed_because_the_customer_answered(bench: Bench) -> None:
    """The first try may have arrived, and the answer may be the answer to it."""
    bench.can(idempotent_s=86400)
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [BROKE, BROKE, Receipt(id="r1")]
    key = bench.reply(number, last_seen=bench.row(number).last_message)
    bench.deliver()
    assert bench.work(key)["state"] == "unknown"
    bench.take(received("m2", at("12:51"), "thanks", reply_to="m1"))
    bench.clock.advance(60)
    bench.deliver()
    assert (bench.work(key)["state"], bench.ours(number).state) == ("sent", "sent")


# --- the channel's word on what is unknown ----------------------------------------------------------


def test_missing_is_sent_again(bench: Bench) -> None:
    bench.script.finds = [Missing()]
    number, _ = tried(bench, BROKE)
    assert (bench.script.tried_types()[:2], bench.ours(number).state) == (["reply", "reply"], "sent")


def test_unsure_asks_the_agent_and_blocks_the_conversation_only(bench: Bench) -> None:
    bench.script.finds = [Unsure("it keeps no list")]
    number, key = tried(bench, BROKE)
    other = bench.customer("n1", at("10:00"), conversation="other")
    bench.reply(number, "second")
    bench.reply(other, "elsewhere")
    bench.deliver()
    assert [out.text for out in bench.script.tried if out.type == "reply"] == [
        "It leaves today.",
        "elsewhere",
    ]
    shown = bench.messages(number)[1]
    assert (shown.state, shown.asked) == ("unknown", True)
    assert shown.reason == "the line broke; it keeps no list"
    assert bench.work(key)["asked"] == 1


def test_what_the_thread_has_overtaken_moves_on_when_it_is_sent_again(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    seen = bench.row(number).last_in
    key = bench.reply(number, last_seen=seen, hold=True)
    bench.take(received("m2", at("12:50:05"), reply_to="m1"))
    bench.clock.advance(60)
    bench.deliver()
    assert (bench.ours(number).state, bench.status(number), bench.script.tried) == ("failed", "open", [])
    bench.do(Settle(key=key, how="again"))
    bench.deliver()
    assert (bench.ours(number).state, bench.status(number), bench.wait(number)) == ("sent", "pending", None)
    assert bench.script.tried_types() == ["reply", "pending"]


def test_what_the_agent_had_seen_when_sending_holds_nothing_up(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.take(received("m2", at("10:01"), reply_to="m1"))
    bench.reply(number, last_seen=bench.row(number).last_message, hold=True)
    bench.clock.advance(60)
    bench.deliver()
    assert (bench.ours(number).state, bench.status(number)) == ("sent", "pending")
