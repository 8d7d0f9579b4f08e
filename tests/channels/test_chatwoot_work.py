"""Chatwoot: what the agent does is done there once, or said not to be."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from tests.channels.chatwooting import US, ChatwootRig, of, performed, state
from tests.channels.contract import (
    CANARY,
    asked,
    do,
    look,
    run,
)
from tests.fakes.chatwoot import DAY_S, MAIL, PAGE, SAM, SMS, FakeChatwoot
from tuidesk.domain.events import (
    NoteSeen,
    StatusSet,
    Terms,
)
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing
from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    Rejected,
    Unconfirmed,
    Unsupported,
)


@pytest.fixture
def server() -> Iterator[FakeChatwoot]:
    with FakeChatwoot(CANARY) as server:
        yield server


@pytest.fixture
def rig(server: FakeChatwoot, tmp_path: Path) -> ChatwootRig:
    return ChatwootRig(server, tmp_path / "account")


def test_a_note_is_for_the_team_alone(rig: ChatwootRig) -> None:
    question = asked(rig)
    (receipt,) = performed(rig, replace(rig.reply(question, "carrier says lost"), type="note"))
    assert rig.customer_saw() == []
    note = next(one for one in of(look(rig), NoteSeen) if one.id == receipt.id)
    assert (note.text, note.by) == ("carrier says lost", US.agents[1])


@pytest.mark.parametrize(
    "text",
    ["{{contact.name}} and {% if %}", "code `{{ x }}` stays, {{ y }} too", "no braces", "{{{{", "a } b {{ c"],
)
def test_what_the_agent_wrote_stands_as_it_was_written(rig: ChatwootRig, text: str) -> None:
    performed(rig, rig.reply(asked(rig), text))
    assert rig.customer_saw() == [text]


def test_states_are_set_and_who_set_them_is_no_news(rig: ChatwootRig, server: FakeChatwoot) -> None:
    question = asked(rig)
    server.conversations[rig.thread]["labels"] = ["vip", "old"]
    thread = server.conversations[rig.thread]
    until = 1799053200000
    performed(
        rig,
        state(rig, "assign", assignee=Person("Sam", "SAM@acme.example")),
        state(rig, "tag", add=("refund",), remove=("old",)),
        state(rig, "priority", priority="high"),
        state(rig, "snooze", until=until),
    )
    assert thread["assignee"] == SAM
    assert thread["labels"] == ["vip", "refund"]
    assert (thread["priority"], thread["status"]) == ("high", "snoozed")
    assert thread["snoozed_until"] == "2027-01-04T09:00:00.000Z"
    told = look(rig)
    assert [(one.status, one.until) for one in of(told, StatusSet)] == [("snoozed", until)]
    performed(rig, state(rig, "assign"), state(rig, "priority", priority="normal"), state(rig, "reopen"))
    assert (thread["priority"], thread["status"]) == ("medium", "open")
    performed(rig, state(rig, "assign", assignee=None))
    nobody = dict(thread)
    performed(rig, state(rig, "assign", assignee=Person(me=True)))
    assert (nobody["assignee"], thread["assignee"]) == (None, 1)
    performed(rig, state(rig, "complete", seen=question.id, targets=(question.id or "",)))
    assert thread["status"] == "resolved"


def test_a_complete_that_a_new_message_has_overtaken_is_not_done(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    question = asked(rig)
    rig.customer_writes("wait, one more thing")
    with pytest.raises(Rejected):
        performed(rig, state(rig, "complete", seen=question.id, targets=(question.id or "",)))
    assert server.conversations[rig.thread]["status"] == "open"


@pytest.mark.parametrize(
    ("out", "error"),
    [
        ({"type": "snooze", "until": 1799053200000, "until_reply": False}, Unsupported),
        ({"type": "pending"}, Unsupported),
        ({"type": "assign", "assignee": Person("Nobody", "nobody@acme.example")}, Rejected),
        ({"type": "tag", "add": ("a,b",)}, Rejected),
        ({"type": "complete", "conversation": "no number"}, Rejected),
        ({"type": "start", "medium": "messenger", "to": (Person(handle="7711"),), "text": "hi"}, Rejected),
        (
            {"type": "start", "medium": "mail", "to": (Person(handle="a@b.example"),), "forwards": "1"},
            Rejected,
        ),
        ({"type": "reply", "medium": "whatsapp", "text": "x" * 5000}, Rejected),
        ({"type": "reply", "medium": "instagram", "text": "환불" * 200}, Rejected),
        ({"type": "reply", "medium": "post", "text": "환불" * 100}, Rejected),
        ({"type": "reply", "text": "x", "files": (File("x", "text/plain", "x"),) * 16}, Rejected),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is(
    rig: ChatwootRig, server: FakeChatwoot, out: dict[str, Any], error: type[ChannelError]
) -> None:
    asked(rig)
    with pytest.raises(error):
        performed(rig, replace(state(rig, "reply"), **out))
    assert [one for one in server.asked if one.method != "GET"] == []


def test_pending_is_set_there_only_where_the_team_wants_it(rig: ChatwootRig, server: FakeChatwoot) -> None:
    asked(rig)
    performed(rig, state(rig, "pending"), pending=True)
    assert server.conversations[rig.thread]["status"] == "pending"


def test_a_mail_goes_to_whom_the_agent_has_named(rig: ChatwootRig, server: FakeChatwoot) -> None:
    dana = server.contact("Dana", MAIL, "dana@ortiz.example", email="dana@ortiz.example")
    server.write(server.begin(dana, MAIL), "where is it?")
    question = look(rig).received[0]
    out = replace(rig.reply(question, "Here."), cc=(Person(handle="legal@ortiz.example"),))
    assert question.medium == "mail"
    assert question.sender.handle == "dana@ortiz.example"
    performed(rig, out)
    sent = server.seen_by(dana)[0]["content_attributes"]
    assert sent["to_emails"] == ["dana@ortiz.example"]
    assert sent["cc_emails"] == ["legal@ortiz.example"]


def test_files_go_with_a_reply(rig: ChatwootRig, server: FakeChatwoot, tmp_path: Path) -> None:
    path = tmp_path / "receipt.pdf"
    path.write_bytes(b"%PDF" + bytes(range(256)))
    file = File("Quittung ü.pdf", "application/pdf", str(path))
    performed(rig, replace(rig.reply(asked(rig), "Here {{ it }} is."), files=(file,)))
    seen = server.seen_by(rig.dana)[0]
    assert (seen["content"], len(seen["attachments"])) == ("Here {{ it }} is.", 1)
    (held,) = [content for _, content in server.files.values()]
    assert held == path.read_bytes()
    with pytest.raises(Rejected):
        performed(
            rig, replace(rig.reply(asked(rig), "No."), files=(replace(file, path=str(tmp_path / "gone")),))
        )


def test_a_closed_window_takes_a_template_and_a_note(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.closes_window("too long ago")
    question = look(rig, text="too long ago").received[0]
    template = do(rig, lambda channel: channel.check()).canned[-1].template
    out = replace(rig.reply(question, "Hello Dana, your parcel 8841 is ready."), template=template)
    performed(
        rig, replace(out, values=(("1", "Dana"), ("2", "8841"))), replace(out, type="note", template="")
    )
    (seen,) = server.seen_by(rig.dana)
    assert seen["template_params"] == {
        "name": "parcel_ready",
        "category": "UTILITY",
        "language": "en",
        "processed_params": {"body": {"1": "Dana", "2": "8841"}},
    }
    assert seen["status"] == "sent"


def test_a_window_that_is_not_as_the_medium_has_it_is_told(rig: ChatwootRig, server: FakeChatwoot) -> None:
    server.human_agent = True
    kim = server.contact("Kim", PAGE, "7711")
    wrote = server.write(server.begin(kim, PAGE), "hello?", ago_s=2 * DAY_S)["created_at"]
    terms = of(look(rig), Terms)[0]
    assert terms.window_ends == (wrote + 7 * DAY_S) * 1000
    caps = do(rig, lambda channel: channel.check()).caps
    assert (caps.window("messenger"), caps.window("instagram"), caps.window("chat")) == (DAY_S, DAY_S, None)


@pytest.mark.parametrize(
    ("medium", "inbox", "handle"), [("mail", MAIL, "lena@vogt.example"), ("sms", SMS, "+4915112345")]
)
def test_somebody_can_be_written_to_first(
    rig: ChatwootRig, server: FakeChatwoot, medium: str, inbox: int, handle: str
) -> None:
    now = int(time.time() * 1000)
    out = Outgoing(
        key="k-9",
        type="start",
        at=now,
        medium=medium,
        subject="Your parcel",
        text="It is here.",
        to=(Person("Lena", handle),),
    )
    (receipt,) = performed(rig, out)
    (lena,) = [id_ for id_, one in server.contacts.items() if one["name"] == "Lena"]
    assert [str(one["id"]) for one in server.seen_by(lena)] == [receipt.id]
    thread = server.conversations[int(receipt.conversation or 0)]
    assert (thread["inbox_id"], thread["contact"]) == (inbox, lena)
    assert do(rig, lambda channel: channel.find(out)) == Found(id=receipt.id, at=ANY)
    (again,) = performed(rig, replace(out, key="k-10", text="And another."))
    assert again.conversation != receipt.conversation
    assert len([one for one in server.contacts.values() if one["name"] == "Lena"]) == 1


def test_quotes_and_marks_of_reading_are_left_only_where_the_agent_wants_them(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    question = asked(rig)

    def traces() -> tuple[object, bool]:
        read = any(one.path.endswith("/update_last_seen") for one in server.asked)
        return server.seen_by(rig.dana)[-1]["content_attributes"].get("in_reply_to"), read

    performed(rig, rig.reply(question, "It leaves today."))
    assert traces() == (None, False)
    server.fail("status", r"POST .*/update_last_seen", status=500)
    performed(rig, rig.reply(question, "It has left."), quotes=True, marks_read=True)
    assert traces() == (int(question.id or 0), True)
    assert len(rig.customer_saw()) == 2


# --- was it done? ---


def test_a_request_that_the_server_still_has_in_hand_is_waited_for(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    question = asked(rig)
    out = replace(rig.reply(question, "It leaves today."), at=int(time.time() * 1000))

    async def whole() -> object:
        channel = rig.open()
        try:
            await channel.check()
            server.fail("drop", r"POST .*/messages")
            with pytest.raises(Unconfirmed):
                await channel.perform(out)
            looking = asyncio.ensure_future(channel.find(out))
            while not any(one.method == "GET" and "/messages" in one.path for one in server.asked[-1:]):
                await asyncio.sleep(0.01)
            server.answer(rig.thread, "It leaves today.", agent=1, echo_id="k-1")
            return await looking
        finally:
            await channel.aclose()

    assert isinstance(run(whole), Found)


def test_the_same_words_a_moment_ago_are_not_these(rig: ChatwootRig) -> None:
    first = replace(rig.reply(asked(rig), "It leaves today."), at=int(time.time() * 1000))

    async def whole() -> object:
        channel = rig.open()
        try:
            await channel.perform(first)
            return await channel.find(replace(first, key="k-2", at=first.at + 10))
        finally:
            await channel.aclose()

    assert isinstance(run(whole), Missing)


def test_a_colleagues_equal_words_are_not_ours(rig: ChatwootRig, server: FakeChatwoot) -> None:
    out = rig.reply(asked(rig), "It leaves today.")
    server.answer(rig.thread, "It leaves today.", agent=SAM)
    server.answer(rig.thread, "It leaves today.", agent=1, private=True)
    assert isinstance(do(rig, lambda channel: channel.find(out)), Missing)


def test_what_the_agent_may_not_do_is_no_bad_token(rig: ChatwootRig, server: FakeChatwoot) -> None:
    asked(rig)
    said = {"error": "You are not authorized to do this action"}
    server.fail("status", r"POST .*/toggle_status", status=401, json=said)
    with pytest.raises(Rejected):
        performed(rig, state(rig, "complete"))


def test_a_token_that_a_proxy_has_dropped_is_named(rig: ChatwootRig, server: FakeChatwoot) -> None:
    said = {"errors": ["You need to sign in or sign up before continuing."]}
    server.fail("status", r"GET .*/profile", status=401, json=said)
    with pytest.raises(AuthFailed, match="underscore"):
        do(rig, lambda channel: channel.check())
