"""Canned replies at the desk: holes never leave, use is counted and taken back, what a macro does is one step."""

import pytest

from tests.desk.bench import ANA, DANA, SAM, Bench, at, received
from tuidesk.desk import canned, read
from tuidesk.domain.canned import Then, Used
from tuidesk.domain.commands import (
    Assign,
    Complete,
    Forward,
    Note,
    Pending,
    Reply,
    RunMacro,
    SaveDraft,
    SetPriority,
    Settle,
    Start,
    Tag,
    Undo,
)
from tuidesk.domain.events import ContactSeen
from tuidesk.domain.model import Inserted, Person
from tuidesk.errors import NotFound, Refused

LATE = Inserted("late", "I am sorry about the wait. Your refund is on its way.")
HI = Inserted("hi", "Hi Dana,")


def used(bench: Bench) -> dict[str, Used]:
    return bench.desk.read(canned.stats).result()


def counts(bench: Bench) -> dict[str, tuple[int, int, int]]:
    """(uses, changed, reopened) by name."""
    return {name: one[:3] for name, one in used(bench).items()}


def test_a_hole_never_leaves_by_any_door(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    text = "Hi {{contact.first_name}}, your order {{ask:order number}}"
    for command in (
        Reply(conversation=number, text=text),
        Reply(conversation=number, text=text, canned=(LATE,)),
        Start(account="shop", to=(DANA,), text=text),
        Forward(conversation=number, to=(SAM,), text=text),
    ):
        with pytest.raises(Refused, match="ask:order number"):
            bench.do(command)
    assert not bench.open_types()
    assert used(bench) == {}
    bench.do(Note(conversation=number, text=text))
    bench.do(
        Reply(conversation=number, text="> Hi {{contact.name}}\nIn our templates, {{ user.name }} is yours.")
    )
    meant = Inserted("how", "Write {{contact.name}} there.")
    bench.do(Reply(conversation=number, text=meant.text, canned=(meant,)))


def test_use_is_counted_with_what_was_changed(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.reply(number, f"{HI.text}\n\n{LATE.text}", canned=(HI, LATE))
    bench.reply(number, LATE.text.replace("on its way", "here"), canned=(LATE,))
    bench.reply(number, "Something else entirely, by hand.", canned=(LATE,))
    assert counts(bench) == {"hi": (1, 0, 0), "late": (2, 1, 0)}
    assert used(bench)["late"].last == bench.clock.now()


def test_one_in_a_new_conversation_or_a_forward_is_counted_and_may_have_braces(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    meant = Inserted("how", "Write {{contact.name}} there.")
    start = Start(account="shop", to=(DANA,), text=meant.text, canned=(meant,), hold=True)
    forward = Forward(conversation=number, to=(SAM,), text=meant.text, canned=(meant,), hold=True)
    for command, place in ((start, (0, "start")), (forward, (number, "forward"))):
        bench.do(command)
        assert counts(bench) == {"how": (1, 0, 0)}
        bench.do(Undo(door="screen"))
        assert used(bench) == {}
        draft = bench.desk.read(read.draft, *place).result()
        assert draft is not None
        assert draft.canned == (meant,), "sent again, it is counted again"


@pytest.mark.parametrize("how", ["undo", "back"])
def test_what_is_taken_back_was_not_used(bench: Bench, how: str) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Assign(conversations=(number,), to=SAM))
    then = (
        Tag(conversations=(number,), add=("refund",)),
        Assign(conversations=(number,), to=ANA),
        SetPriority(conversations=(number,), priority="high"),
        Complete(conversations=(number,)),
    )
    key = bench.reply(number, LATE.text, canned=(LATE,), then=then, hold=True)
    row = bench.row(number)
    assert (row.status, row.tags, row.assignee, row.priority) == ("complete", ("refund",), ANA, "high")
    assert counts(bench) == {"late": (1, 0, 0)}
    bench.do(Undo(door="screen") if how == "undo" else Settle(key=key, how="back"))
    row = bench.row(number)
    assert (row.status, row.tags, row.assignee, row.priority) == ("open", (), SAM, "normal")
    assert used(bench) == {}
    assert bench.query("SELECT * FROM canned_use") == []
    draft = bench.desk.read(read.draft, number, "reply").result()
    assert draft is not None
    assert (draft.text, draft.canned) == (LATE.text, (LATE,)), "sent again, it is counted again"
    bench.deliver()
    assert not [
        kind for kind in bench.script.tried_types() if kind in ("reply", "tag", "complete", "priority")
    ]


def test_what_the_reply_does_besides_is_one_step_and_waits_for_it(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Tag(conversations=(number,), add=("refund",)))
    done = bench.do(
        Reply(
            conversation=number,
            text=LATE.text,
            canned=(LATE,),
            then=(
                Tag(conversations=(number,), add=("refund",)),
                Pending(conversations=(number,), pending_for="bank"),
            ),
        )
    )
    assert done.words == f"reply to #{number}; pending #{number} for bank", "what was so already is not told"
    assert bench.row(number).pending_for == "bank"
    assert [what for what, _ in bench.history(number)].count("pending") == 1
    bench.deliver()
    assert bench.script.tried_types()[-2:] == ["reply", "pending"]
    steps = bench.query("SELECT id FROM step WHERE words <> ''")
    assert len(steps) == 2


def test_a_reply_that_never_got_there_was_not_used(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.reply(number, LATE.text, canned=(LATE,))
    bench.desk.write(
        lambda c: c.execute("UPDATE message SET state = 'failed' WHERE direction = 'out'")
    ).result()
    assert used(bench) == {}


def test_whether_the_conversation_was_reopened_after_it(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.reply(number, LATE.text, canned=(LATE,))
    bench.deliver()
    bench.clock.advance(60)
    bench.take(received("m2", bench.clock.now(), "Thanks", conversation="c1"))
    assert counts(bench) == {"late": (1, 0, 0)}, "an answer is no reopening"
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    bench.clock.advance(60)
    bench.take(received("m3", bench.clock.now(), "It is still not here", conversation="c1"))
    assert bench.status(number) == "open"
    assert counts(bench) == {"late": (1, 0, 1)}


def test_a_macro_is_one_step(bench: Bench) -> None:
    one, two = bench.customer("m1", at("10:00")), bench.customer("m2", at("10:01"), sender=SAM)
    bench.do(Tag(conversations=(one,), add=("spam",)))
    acts = (
        Tag(conversations=(one, two), add=("spam",)),
        SetPriority(conversations=(one, two), priority="low"),
        Complete(conversations=(one, two)),
    )
    done = bench.do(RunMacro(name="junk", conversations=(one, two), acts=acts))
    assert done.words.startswith("junk: tag ")
    assert [bench.row(n).status for n in (one, two)] == ["complete", "complete"]
    assert counts(bench) == {"junk": (2, 0, 0)}
    bench.do(Undo(door="screen"))
    assert [(bench.row(n).status, bench.row(n).tags, bench.row(n).priority) for n in (one, two)] == [
        ("open", ("spam",), "normal"),
        ("open", (), "normal"),
    ]
    assert used(bench) == {}


def test_a_macro_that_changes_nothing_says_so(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    tag = Tag(conversations=(number,), add=("a",))
    bench.do(tag)
    with pytest.raises(Refused, match="changes nothing"):
        bench.do(RunMacro(name="tagged", conversations=(number,), acts=(tag,)))
    assert used(bench) == {}


def test_a_draft_keeps_what_was_put_into_it(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    save = SaveDraft(conversation=number, mode="reply", text=LATE.text, canned=(LATE, HI))
    bench.do(save)
    draft = bench.desk.read(read.draft, number, "reply").result()
    assert draft is not None
    assert draft.canned == (LATE, HI)
    bench.do(SaveDraft(conversation=number, mode="reply", text="", canned=(LATE,)))
    assert bench.draft(number) is None


def test_a_text_that_comes_back_before_another_brings_its_canned_replies(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    key = bench.reply(number, LATE.text, canned=(LATE,), hold=True)
    bench.do(SaveDraft(conversation=number, mode="reply", text=HI.text, canned=(HI,)))
    bench.do(Settle(key=key, how="back"))
    draft = bench.desk.read(read.draft, number, "reply").result()
    assert draft is not None
    assert draft.canned == (LATE, HI)


def test_the_values_for_a_customer(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), text="환불 언제 되나요?", subject="Refund for order 8841")
    fields = (("plan", "vip"), ("City", "Seoul"))
    bench.take(ContactSeen(medium="mail", handle=DANA.handle, name="Dana Ortiz", fields=fields))
    found = bench.desk.read(canned.customer, ANA, bench.desk.accounts, number, bench.clock.now()).result()
    assert (found.name, found.medium, found.language) == ("Dana Ortiz", "mail", "ko")
    assert found.values == {
        "contact.name": "Dana Ortiz",
        "contact.first_name": "Dana",
        "contact.last_name": "Ortiz",
        "contact.handle": "dana@ortiz.example",
        "contact.email": "dana@ortiz.example",
        "contact.plan": "vip",
        "contact.city": "Seoul",
        "conversation.number": str(number),
        "conversation.subject": "Refund for order 8841",
        "conversation.medium": "mail",
        "agent.name": "Ana",
        "agent.first_name": "Ana",
        "agent.address": "ana@acme.example",
        "account.name": "shop",
        "account.address": "support@acme.example",
    }
    nobody = bench.desk.read(canned.customer, ANA, bench.desk.accounts, 0, bench.clock.now()).result()
    assert set(nobody.values) == {"agent.name", "agent.first_name", "agent.address"}


def test_what_a_reply_does_as_commands() -> None:
    then = Then("complete", ("a",), ("b",), "sam", "high")
    assert canned.acts("x", then, (4, 5), ANA, (SAM,), ((4, 9),)) == (
        Tag(conversations=(4, 5), add=("a",), remove=("b",)),
        Assign(conversations=(4, 5), to=SAM),
        SetPriority(conversations=(4, 5), priority="high"),
        Complete(conversations=(4, 5), seen=((4, 9),)),
    )
    assert canned.then_words(then) == "tag a -b, assign to sam, priority high, complete"
    for word, to in (("me", ANA), ("-", None), ("new@acme.example", Person(handle="new@acme.example"))):
        assert canned.acts("x", Then(assign=word), (4,), ANA, (SAM,)) == (Assign(conversations=(4,), to=to),)
    with pytest.raises(NotFound, match="nobody-here"):
        canned.acts("x", Then(assign="nobody-here"), (4,), ANA, (SAM,))


def test_what_a_customer_had_before(bench: Bench) -> None:
    one = bench.customer("m1", at("10:00"))
    other = bench.customer("m2", at("10:01"), subject="Another one", refs=())
    bench.reply(one, f"{LATE.text}\nAna", canned=(LATE,))
    bench.reply(one, LATE.text.replace("sorry", "so sorry"), canned=(LATE,))
    had = bench.desk.read(canned.given, other, ["late", "hi"]).result()
    assert [(given.name, given.text) for given in had] == [("late", f"{LATE.text}\nAna")]
    stranger = bench.customer("m3", at("10:02"), sender=Person("Sam Ito", "ito@ito.example"))
    assert bench.desk.read(canned.given, stranger, ["late"]).result() == ()
