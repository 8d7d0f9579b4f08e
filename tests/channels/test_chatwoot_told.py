"""Chatwoot: what happens there is told by its websocket."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.chatwooting import US, ChatwootRig, of, watch
from tests.channels.contract import (
    CANARY,
    Pulled,
    asked,
    keep,
    look,
    run,
)
from tests.fakes.chatwoot import PAGE, SAM, WHATSAPP, FakeChatwoot
from tuidesk.domain.events import (
    Assigned,
    ContactSeen,
    Deleted,
    Delivered,
    Edited,
    Handoff,
    NoteSeen,
    PrioritySet,
    Rated,
    StatusSet,
    Tagged,
    Terms,
)
from tuidesk.domain.outgoing import Found
from tuidesk.errors import (
    Unavailable,
)


@pytest.fixture
def server() -> Iterator[FakeChatwoot]:
    with FakeChatwoot(CANARY) as server:
        yield server


@pytest.fixture
def rig(server: FakeChatwoot, tmp_path: Path) -> ChatwootRig:
    return ChatwootRig(server, tmp_path / "account")


def test_a_message_is_told_at_once_and_again_by_the_same_id(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("first")
    asked_before = 0

    def act() -> None:
        nonlocal asked_before
        asked_before = len(server.asked)
        rig.customer_writes("by the socket")

    found = watch(rig, act, lambda found: len(found.received) > 0)
    assert [one.text for one in found.received] == ["by the socket"]
    assert len(server.asked) == asked_before, "no request for it"
    again = look(rig)
    assert found.received[0].id in [one.id for one in again.received]


def test_a_new_customer_is_told_with_all_their_inboxes(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("first")

    def act() -> None:
        kim = server.contact("Kim", WHATSAPP, "821055500118", phone_number="+821055500118")
        server.contacts[kim]["sources"][PAGE] = "7711"
        server.write(server.begin(kim, WHATSAPP), "안녕하세요")

    found = watch(rig, act, lambda found: len(found.received) > 0)
    contact = of(found, ContactSeen)[0]
    assert (contact.medium, contact.handle, contact.name) == ("whatsapp", "+821055500118", "Kim")
    assert contact.same_as == (("messenger", "7711"),)
    assert (found.received[0].medium, found.received[0].sender.handle) == ("whatsapp", "+821055500118")


def test_what_a_colleague_sets_is_told_with_their_name(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("first")

    def act() -> None:
        server.change(rig.thread, assignee=SAM)
        server.change(rig.thread, labels=["refund"], priority="urgent")
        server.change(rig.thread, status="snoozed", snoozed_until="2027-01-04T09:00:00.000Z")

    found = watch(rig, act, lambda found: len(of(found, StatusSet)) > 0)
    status, sam = of(found, StatusSet)[0], US.agents[SAM]
    assert (status.status, status.by, status.until) == ("snoozed", sam, 1799053200000)
    assert [(one.to, one.by) for one in of(found, Assigned)] == [(sam, sam)]
    assert [(one.tags, one.by) for one in of(found, Tagged)] == [(("refund",), sam)]
    assert [(one.priority, one.by) for one in of(found, PrioritySet)] == [("urgent", sam)]
    assert of(found, NoteSeen) == []


def test_what_becomes_of_a_message_is_told(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("frist")
    theirs = server.messages[-1]["id"]
    ours = server.answer(rig.thread, "We look into it.")["id"]
    survey = server.answer(rig.thread, "Please rate us", content_type="input_csat", message_type=3)["id"]

    def act() -> None:
        server.update(theirs, content="first")
        server.update(ours, status="failed", content_attributes={"external_error": "131026"})
        rating = {"csat_survey_response": {"rating": 4, "feedback_message": "quick"}}
        server.update(survey, content_attributes={"submitted_values": rating})
        server.update(ours, content="This message was deleted", content_attributes={"deleted": True})

    found = watch(rig, act, lambda found: len(of(found, Deleted)) > 0)
    assert [(one.message, one.text) for one in of(found, Edited)] == [(str(theirs), "first")]
    failed = of(found, Delivered)[0]
    assert (failed.message, failed.state, failed.reason) == (str(ours), "failed", "131026")
    assert [(one.score, one.scale) for one in of(found, Rated)] == [(4.0, 5.0)]
    assert ["quick" in one.text for one in of(found, NoteSeen)] == [True]
    assert [one.message for one in of(found, Deleted)] == [str(ours)]


def test_our_own_reply_comes_back_with_its_key(rig: ChatwootRig, server: FakeChatwoot) -> None:
    question = asked(rig)

    async def whole() -> tuple[Pulled, object]:
        channel = rig.open()
        sent = None

        def enough(found: Pulled) -> bool:
            return any(one.key == "k-1" for one in found.sent)

        try:
            batches = channel.events("", b"")
            found = Pulled([], "", b"")
            async for batch in batches:
                keep(found, batch)
                if batch.caught_up and sent is None:
                    sent = await channel.perform(rig.reply(question, "It leaves today."))
                if enough(found):
                    break
            await batches.aclose()  # type: ignore[attr-defined]
            # what the socket has said, nobody has to ask for any more
            server.fail("hang", r"GET .*/messages")
            return found, await channel.find(rig.reply(question, "It leaves today."))
        finally:
            await channel.aclose()

    found, known = run(whole)
    echo = next(one for one in found.sent if one.key)
    assert isinstance(known, Found)
    assert (known.id, echo.sender.me) == (echo.id, True)


def test_a_bot_hands_over(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("a person please")
    server.change(rig.thread, status="pending")
    first = look(rig)
    assert [(one.status, one.pending_for) for one in of(first, StatusSet)][-1] == ("pending", "a bot")
    found = watch(
        rig, lambda: server.change(rig.thread, status="open"), lambda found: len(of(found, StatusSet)) > 0
    )
    assert [one.conversation for one in of(found, Handoff)] == [str(rig.thread)]
    assert [one.status for one in of(found, StatusSet)] == ["open"]


def test_a_profile_that_changes_is_told(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")

    def act() -> None:
        before = server.person(server.contacts[rig.dana])
        with server.lock:
            server.tell("contact.updated", before | {"last_activity_at": 1})
            server.tell("contact.updated", before | {"additional_attributes": {"city": "Tashkent"}})
            server.tell("contact.updated", {"id": 999, "name": "A stranger"})
        requests.append(len(server.asked))
        rig.customer_writes("more")

    requests: list[int] = []
    found = watch(rig, act, lambda found: len(found.received) > 0)
    assert [dict(one.fields)["city"] for one in of(found, ContactSeen)] == ["Tashkent"]
    assert requests == [len(server.asked)], "no request for it"


def test_the_agent_is_shown_as_online_only_where_they_want_it(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")
    said: list[str] = []

    def act() -> None:
        said.append(json.dumps([room.said for room in server.rooms]))
        rig.customer_writes("more")

    watch(rig, act, lambda found: len(found.received) > 0)
    assert "update_presence" not in said[-1]
    watch(rig, act, lambda found: len(found.received) > 0, presence=True)
    assert "update_presence" in said[-1]


@pytest.mark.parametrize("shown", [True, False])
def test_a_message_in_a_conversation_that_nobody_has_told_of_is_not_lost(
    rig: ChatwootRig, server: FakeChatwoot, shown: bool
) -> None:
    rig.customer_writes("hello")

    def act() -> None:
        server.is_mute = True
        thread = server.begin(server.contact("Kim"))
        server.is_mute = False
        if not shown:
            server.fail("status", rf"GET .*/conversations/{thread}$", status=404)
        server.write(thread, "anybody?")
        server.write(thread, "hello?")

    found = watch(rig, act, lambda found: len(found.received) > 1)
    assert [(one.text, one.conversation, one.sender.name) for one in found.received] == [
        ("anybody?", "2", "Kim"),
        ("hello?", "2", "Kim"),
    ]
    assert len({one.sender.handle for one in found.received}) == 1


def test_an_event_that_the_server_has_lost_is_found_later(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")

    def enough(found: Pulled) -> bool:
        said = [one.text for one in found.received]
        if said == ["told"] and not server.is_mute:
            server.is_mute = True
            rig.customer_writes("nobody was told of this")
            rig.clock.seconds += 301
        return "nobody was told of this" in said

    watch(rig, lambda: rig.customer_writes("told"), enough)


def test_an_inbox_that_comes_later_is_known(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")
    del server.inboxes[WHATSAPP]
    asked_before = 0

    def enough(found: Pulled) -> bool:
        nonlocal asked_before
        said = [one.text for one in found.received]
        if said == ["more"] and not asked_before:
            asked_before = len(server.asked)
            server.inboxes[WHATSAPP] = ("Hotline", "Channel::Whatsapp")
            rig.clock.seconds += 301
        looked = any(one.path.endswith("/inboxes") for one in server.asked[asked_before or 999_999 :])
        if looked and len(server.contacts) == 1:
            kim = server.contact("Kim", WHATSAPP, "821055500118")
            server.write(server.begin(kim, WHATSAPP), "안녕하세요")
        inboxes = {dict(one.fields).get("inbox") for one in of(found, Terms)}
        return "안녕하세요" in said and "Hotline" in inboxes

    watch(rig, lambda: rig.customer_writes("more"), enough)


def test_a_picture_from_before_the_first_word_does_not_close_the_window(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    rig.customer_writes("hello")

    def act() -> None:
        server.write(server.begin(server.contact("Kim", WHATSAPP, "821055500118"), WHATSAPP), "안녕하세요")

    found = watch(rig, act, lambda found: any(one.conversation == "2" for one in of(found, Terms)))
    (terms,) = (one for one in of(found, Terms) if one.conversation == "2")
    assert (terms.refuses, terms.window_ends) == ("", None)


def test_an_older_picture_that_comes_later_changes_nothing(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")
    older, told = server.pushed(rig.thread), False

    def enough(found: Pulled) -> bool:
        nonlocal told
        if of(found, Tagged) and not told:
            told = True
            server.tell("conversation.updated", older)
            server.tell(
                "conversation.updated", older | {"id": 2, "labels": ["last"], "updated_at": time.time()}
            )
        return any(one.conversation == "2" for one in of(found, Tagged))

    server.begin(rig.dana)
    found = watch(rig, lambda: server.change(rig.thread, labels=["refund"]), enough)
    assert [one.tags for one in of(found, Tagged) if one.conversation == "1"] == [("refund",)]


def test_a_server_that_says_goodbye_is_not_waited_for(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")

    def act() -> None:
        for room in server.rooms:
            room.tell({"type": "disconnect", "reason": "server_restart", "reconnect": True})

    with pytest.raises(Unavailable):
        watch(rig, act, lambda found: len(found.received) > 0)
