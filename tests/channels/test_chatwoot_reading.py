"""Chatwoot: what its JSON means, whatever stands in it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.channels.chatwooting import US, ChatwootRig
from tests.channels.contract import (
    CANARY,
    RECORDED,
    do,
    look,
)
from tests.fakes.chatwoot import DAY_S, SAM, FakeChatwoot
from tuidesk.channels.chatwoot import activities, fields, parse, people
from tuidesk.channels.chatwoot.adapter import Chatwoot
from tuidesk.domain import vocabulary
from tuidesk.domain.events import (
    NoteSeen,
    Received,
    Terms,
)
from tuidesk.domain.model import Person
from tuidesk.errors import (
    ChannelError,
)


@pytest.fixture
def server() -> Iterator[FakeChatwoot]:
    with FakeChatwoot(CANARY) as server:
        yield server


@pytest.fixture
def rig(server: FakeChatwoot, tmp_path: Path) -> ChatwootRig:
    return ChatwootRig(server, tmp_path / "account")


@pytest.mark.parametrize(
    ("raw", "conversation", "medium", "window_s"),
    [
        ({"channel_type": "Channel::TwilioSms", "medium": "whatsapp"}, {}, "whatsapp", DAY_S),
        ({"channel_type": "Channel::TwilioSms", "medium": "sms"}, {}, "sms", None),
        ({"channel_type": "Channel::Whatsapp", "provider": "whatsapp_light"}, {}, "whatsapp", None),
        ({"channel_type": "Channel::FacebookPage"}, {"type": "instagram_direct_message"}, "instagram", DAY_S),
        ({"channel_type": "Channel::TwitterProfile"}, {"type": "tweet"}, "post", None),
        ({"channel_type": "Channel::TwitterProfile"}, {"type": "direct_message"}, "dm", None),
        ({"channel_type": "Channel::Telegram"}, {}, "telegram", None),
        ({"channel_type": "Channel::Hologram"}, {}, "hologram", None),
        ({}, {}, "chat", None),
    ],
)
def test_each_inbox_has_its_medium_and_its_window(
    raw: dict[str, Any], conversation: dict[str, Any], medium: str, window_s: int | None
) -> None:
    place = people.inbox({"id": 1, "name": "x", **raw})
    assert people.medium_in({"additional_attributes": conversation}, place) == medium
    assert place.window_s == window_s


def test_an_inbox_of_a_program_may_have_a_window_of_its_own_and_meta_may_allow_a_week() -> None:
    hours = {"channel_type": "Channel::Api", "additional_attributes": {"agent_reply_time_window": "12"}}
    assert people.inbox(hours).window_s == 12 * 3600
    page = {"channel_type": "Channel::Instagram"}
    assert people.inbox(page, human_agent=True).window_s == 7 * DAY_S


@pytest.mark.parametrize(
    ("said", "field", "by"),
    [
        ("Conversation was marked resolved by Sam", "status", US.agents[SAM]),
        ("Conversation was marked resolved by Sam due to inactivity", "status", US.agents[SAM]),
        ("Conversation was marked resolved by system due to 3 hours", "status", Person("system", kind="auto")),
        ("Conversation was resolved by Sam", "status", Person("Sam")),
        ("Conversation was reopened by Automation System", "status", Person("Automation System", kind="auto")),
        ("Conversation was snoozed by Sam", "status", US.agents[SAM]),
        ("Assigned to Ana via billing by Sam", "assignee", US.agents[SAM]),
        ("Assigned to billing by Sam", "team", US.agents[SAM]),
        ("Unassigned from billing by Sam", "team", US.agents[SAM]),
        ("Sam changed the priority from low to urgent", "priority", US.agents[SAM]),
        ("Sam removed the priority", "priority", US.agents[SAM]),
        ("Sam removed vip, gold-1", "tags", US.agents[SAM]),
    ],
)  # fmt: skip
def test_who_did_what_is_read_from_the_threads_own_words(said: str, field: str, by: Person) -> None:
    """A customer may call themselves as an agent does: who closes their own chat is nobody of us."""
    done = activities.read(said, US)
    assert done is not None
    assert (done.field, done.by) == (field, by)


@pytest.mark.parametrize(
    "said", ["Sam has muted the conversation", "Sam added SLA policy gold", "", "resuelta"]
)
def test_words_that_are_not_known_are_a_note(said: str) -> None:
    assert activities.read(said, US) is None
    told = activities.events({"id": 7, "content": said}, "1", US, 0)
    assert [(one.id, one.text) for one in told if isinstance(one, NoteSeen)] == (
        [("7", said)] if said else []
    )


@pytest.mark.parametrize(
    "address",
    ["ü", "/rails/ü.pdf", "http://[::1", "javascript:x", "file:///etc/passwd", "//", "http://\x00", " "],
)
def test_a_file_that_lies_nowhere_is_refused(rig: ChatwootRig, server: FakeChatwoot, address: str) -> None:
    rig.sends_file("box.bin", b"box")
    server.messages[-1]["attachments"][0]["data_url"] = address
    ref = look(rig).received[0].attachments[0].ref

    async def fetch(channel: Chatwoot) -> None:
        async for _ in channel.fetch(ref):
            pass

    with pytest.raises(ChannelError):
        do(rig, lambda channel: fetch(channel))  # type: ignore[arg-type]


def test_a_form_and_a_mail_without_plain_text_are_read() -> None:
    thread = parse.Thread("1", "mail", Person("Dana", "dana@ortiz.example"))
    mail = {"html_content": {"full": "<p>Hello <b>there</b></p>"}}
    raw: dict[str, Any] = {"id": 1, "message_type": 0, "content_attributes": {"email": mail}}
    (read,) = parse.message(raw, thread, US, 0)
    values = [{"name": "size", "value": "M"}]
    raw = {
        "id": 2,
        "message_type": 1,
        "content_type": "form",
        "content_attributes": {"submitted_values": values},
    }
    told = parse.message(raw, thread, US, 0)[-1]
    assert isinstance(read, Received)
    assert isinstance(told, Received)
    assert (read.text, told.text) == ("Hello there", "size: M")


_LAST, _WALL = 1_000_000_000, 1_000_000_000 + 3_600_000
_HOUR_S = 3600


@pytest.mark.parametrize(
    ("can_reply", "window_s", "usual_s", "ends", "refused"),
    [
        (True, 2 * _HOUR_S, 2 * _HOUR_S, None, False),
        (True, 2 * _HOUR_S, None, _LAST + 7_200_000, False),
        (False, 2 * _HOUR_S, 2 * _HOUR_S, 7, False),
        (False, _HOUR_S // 2, _HOUR_S // 2, None, False),
        (True, _HOUR_S // 2, _HOUR_S // 2, _LAST + 7 * DAY_S * 1000, False),
        (True, None, None, None, False),
        (False, None, None, None, True),
    ],
)
def test_the_end_of_a_window_is_the_servers_word(
    can_reply: bool, window_s: int | None, usual_s: int | None, ends: int | None, refused: bool
) -> None:
    now = fields.fields({"id": 1, "can_reply": can_reply, "updated_at": 0.007}, US, 0)
    before = fields.Before(last_in=_LAST, window_s=window_s, usual_s=usual_s)
    (terms,) = (one for one in fields.changes(now, before, wall=_WALL, bot=None) if isinstance(one, Terms))
    assert (terms.window_ends, bool(terms.refuses)) == (ends, refused)
    known = before._replace(terms=terms)
    assert not [one for one in fields.changes(now, known, wall=_WALL, bot=None) if isinstance(one, Terms)]


_JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["id", "name", "type"]), st.integers(), max_size=2),
)


@st.composite
def _mutated(draw: st.DrawFn) -> Any:
    """A recorded body with some of its values replaced."""
    name = draw(st.sampled_from(sorted((RECORDED / "chatwoot").glob("*.json"))))
    body = json.loads(name.read_text(encoding="utf-8"))
    for _ in range(draw(st.integers(1, 6))):
        at: Any = draw(st.sampled_from([body["conversation"], body["contact"], *body["messages"]]))
        while isinstance(at, dict) and at:
            key = draw(st.sampled_from(sorted(at)))
            if not isinstance(at[key], dict | list) or not at[key] or draw(st.booleans()):
                at[key] = draw(_JUNK)
                break
            at = (
                at[key]
                if isinstance(at[key], dict)
                else next((x for x in at[key] if isinstance(x, dict)), {})
            )
    return body


def test_a_message_that_nothing_can_read_is_shown_as_such() -> None:
    rating = {"csat_survey_response": {"rating": 10**400}}
    raw = {"id": 7, "message_type": 3, "created_at": 1, "content_attributes": {"submitted_values": rating}}
    (told,) = parse.message(raw, parse.Thread("1", "chat", Person("Dana", "contact-1")), US, 0)
    assert isinstance(told, Received)
    assert (told.id, told.kind, bool(told.text)) == ("7", "unreadable", True)


@given(_mutated())
def test_no_body_is_a_crash_and_no_message_is_lost(body: Any) -> None:
    told = [vocabulary.dump(event) for event in ChatwootRig.parse(None, "", body)]  # type: ignore[arg-type]
    known = {str(event["id"]).removeprefix("activity:") for event in told if "id" in event}
    for one in body["messages"]:
        if isinstance(one.get("id"), int | str) and not isinstance(one["id"], bool) and one["id"] != "":
            silent = "Assigned to" in str(one.get("content")) or one.get("message_type") in (
                2,
                "2",
                "activity",
            )
            assert str(one["id"]) in known or silent
