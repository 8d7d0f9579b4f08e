"""Twilio: the contract by both of its APIs, and what windows, templates, calls and deliveries are there."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.channels.contract import (
    CANARY,
    Contract,
    Pulled,
    Rig,
    Trouble,
    asked,
    do,
    look,
    odd_values,
    pull,
    said_in,
    site,
)
from tests.fakes.twilio import ACCOUNT, CORE, DANA, OURS, FakeTwilio
from tests.servers.prism import Referee
from tuidesk.channels.twilio import parse
from tuidesk.channels.twilio.adapter import Twilio
from tuidesk.channels.twilio.options import Servers, TwilioOptions
from tuidesk.domain.events import ChannelEvent, Delivered, Edited, Received, StatusSet, Terms
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Outgoing
from tuidesk.errors import Rejected, Unavailable, Unconfirmed
from tuidesk.wire.loose import objects


class TwilioRig(Rig):
    kind = "twilio"
    by: Literal["messages", "conversations"] = "messages"
    sends = r"POST .*/Messages(\.json)?$"
    reads = r"GET .*/Messages\.json\?DateSent"

    def __init__(self, server: FakeTwilio, folder: Path) -> None:
        self.server = server
        self.folder = folder

    def open(self, **options: Any) -> Twilio:
        base = self.server.base
        hosts = {"servers": Servers(base, base, base, base, base)}
        made = {"account_sid": ACCOUNT, "numbers": (OURS, f"whatsapp:{OURS}"), "by": self.by, "poll_s": 0.05}
        return Twilio(TwilioOptions(**{**made, **hosts, **options}), site(self.folder))

    def customer_writes(self, text: str) -> None:
        self.server.text(text)

    def customer_saw(self) -> list[str]:
        return [said for _, said in self.server.received]

    def trouble(self, what: Trouble, on: Literal["read", "send"]) -> None:
        self.server.fail(what, self.sends if on == "send" else self.reads)

    def answers(self, status: int, on: Literal["read", "send"], headers: dict[str, str]) -> None:
        self.server.fail("status", self.sends if on == "send" else self.reads, status=status, headers=headers)

    def heal(self) -> None:
        self.server.heal()

    def sends_file(self, name: str, content: bytes) -> None:  # noqa: ARG002 - it has none there
        self.server.send_file(content)

    def closes_window(self, text: str) -> None:
        self.server.text(text, whatsapp=True, ago_s=90_000)

    def writes_unknown(self) -> str | None:
        """A sticker: nothing but a file of a type of its own."""
        self.server.send_file(b"RIFF", "image/webp")
        return str(self.server.messages[-1]["sid"])

    def parse(self, name: str, body: Any) -> Sequence[ChannelEvent]:
        if name.startswith("call"):
            return [parse.call(body, "sms", 0)]
        found = [parse.message(body, objects(body, "media"), 0), parse.delivery(body, 0)]
        return [event for event in found if event is not None]


class TalksRig(TwilioRig):
    by = "conversations"
    reads = r"GET /v1/Conversations\?"

    def __init__(self, server: FakeTwilio, folder: Path) -> None:
        super().__init__(server, folder)
        self._talk = ""

    def customer_writes(self, text: str) -> None:
        self._talk = self._talk or self.server.begin_talk()
        self.server.say_in(self._talk, text)

    def closes_window(self, text: str) -> None:
        self.server.say_in(self.server.begin_talk(whatsapp=True), text, ago_s=90_000)

    def sends_file(self, name: str, content: bytes) -> None:
        self._talk = self._talk or self.server.begin_talk()
        self.server.send_file_in(self._talk, name, content)

    def writes_unknown(self) -> str | None:
        return None


@pytest.fixture
def server() -> Iterator[FakeTwilio]:
    with FakeTwilio(CANARY) as server:
        yield server


@pytest.fixture
def rig(server: FakeTwilio, tmp_path: Path) -> TwilioRig:
    return TwilioRig(server, tmp_path / "account")


class TestMessages(Contract):
    """By the Messages API."""


class TestTalks(Contract):
    """By the Conversations API."""

    @pytest.fixture
    def rig(self, server: FakeTwilio, tmp_path: Path) -> TalksRig:
        return TalksRig(server, tmp_path / "account")


def test_sms_and_whatsapp_of_one_number_are_two_conversations_of_one_person(
    rig: TwilioRig, server: FakeTwilio
) -> None:
    server.text("by sms")
    server.text("by whatsapp", whatsapp=True)
    found = look(rig, text="by whatsapp").received
    assert [(one.medium, one.sender.handle) for one in found] == [("sms", DANA), ("whatsapp", DANA)]
    assert len({one.conversation for one in found}) == 2


def test_within_the_window_whatsapp_takes_words_and_behind_it_a_template(
    rig: TwilioRig, server: FakeTwilio
) -> None:
    server.text("now", whatsapp=True)
    question = look(rig, text="now").received[0]
    do(rig, lambda channel: channel.perform(rig.reply(question, "It leaves today.")))
    server.messages.clear()
    server.text("yesterday", whatsapp=True, ago_s=90_000)
    with pytest.raises(Rejected, match="24 hours"):
        do(rig, lambda channel: channel.perform(rig.reply(question, "It leaves today.", "k-2")))
    offered = do(rig, lambda channel: channel.check()).canned
    assert [(one.name, one.text, one.media) for one in offered] == [
        ("order_ready", "Your order {{1}} is ready.", ("whatsapp",))
    ]
    filled = replace(
        rig.reply(question, "Your order 8841 is ready.", "k-3"),
        template=offered[0].template,
        values=(("1", "8841"),),
    )
    do(rig, lambda channel: channel.perform(filled))
    assert server.received == [
        (f"whatsapp:{DANA}", "It leaves today."),
        (f"whatsapp:{DANA}", f'{offered[0].template} {{"1": "8841"}}'),
    ]


def test_how_a_reply_fared_is_told_when_it_is_known(rig: TwilioRig, server: FakeTwilio) -> None:
    question = asked(rig)

    async def both(channel: Any) -> list[ChannelEvent]:
        receipt = await channel.perform(rig.reply(question, "It leaves today."))
        told: list[ChannelEvent] = []
        looks = 0
        async for batch in channel.events("", b""):
            told += batch.events
            looks += batch.caught_up
            if looks == 1:
                server.fare(receipt.id, "delivered")
            if looks == 2:
                server.fare(receipt.id, "read")
            if looks == 3:
                return [one for one in told if isinstance(one, Delivered)]
        return told

    told = do(rig, both)
    assert [(one.state, one.reason) for one in told if isinstance(one, Delivered)] == [
        ("delivered", None),
        ("read", None),
    ]


def test_a_failure_is_explained(rig: TwilioRig, server: FakeTwilio) -> None:
    question = asked(rig)
    receipt = do(rig, lambda channel: channel.perform(rig.reply(question, "It leaves today.")))
    server.fare(str(receipt.id), "undelivered", 30003)
    failed = next(one for one in look(rig).events if isinstance(one, Delivered))
    assert (failed.state, failed.message) == ("failed", receipt.id)
    assert "out of reach" in str(failed.reason)
    assert "30003" in str(failed.reason)


def test_a_missed_call_is_answered_by_sms_in_the_same_conversation(
    rig: TwilioRig, server: FakeTwilio
) -> None:
    server.text("before the call")
    server.ring(name="DANA ORTIZ")
    server.ring("completed")
    server.ring("no-answer", direction="outbound-api")
    found = look(rig, text="[missed call]")
    calls = [one for one in found.received if one.medium == "call"]
    assert [(one.text, one.sender.name) for one in calls] == [("[missed call]", "DANA ORTIZ")]
    assert {one.conversation for one in found.received} == {f"{OURS}|{DANA}"}
    do(rig, lambda channel: channel.perform(rig.reply(calls[0], "You called us?")))
    assert server.received == [(DANA, "You called us?")]


def test_voicemail_comes_with_its_sound_and_its_words_when_they_are_there(
    rig: TwilioRig, server: FakeTwilio
) -> None:
    recording = server.leave(server.ring("completed"))

    async def heard(channel: Any) -> list[ChannelEvent]:
        told: list[ChannelEvent] = []
        async for batch in channel.events("", b""):
            told += batch.events
            if any(isinstance(one, Received) for one in told):
                server.transcripts[recording] = "where is my parcel"
            if any(isinstance(one, Edited) for one in told):
                break
        sound = next(one.attachments[0] for one in told if isinstance(one, Received))
        assert (
            b"".join([piece async for piece in channel.fetch(sound.ref)]) == b"mp3 of " + recording.encode()
        )
        return told

    told = do(rig, heard)
    assert [one.text for one in told if isinstance(one, Received | Edited)] == [
        "[voicemail 0:42]",
        "[voicemail 0:42]\n\nwhere is my parcel",
    ]


def test_conversational_intelligence_hears_it_too(rig: TwilioRig, server: FakeTwilio) -> None:
    recording = server.leave(server.ring("completed"), seconds=61)
    server.sentences[recording] = ["Hello.", "Where is my parcel?"]

    class Clever(TwilioRig):
        def open(self, **options: Any) -> Twilio:
            return super().open(**options, intelligence=True)

    found = look(Clever(server, rig.folder), text="parcel").received
    assert [one.text for one in found] == ["[voicemail 1:01]\n\nHello.\nWhere is my parcel?"]


def test_transcripts_that_may_not_be_read_keep_no_voicemail_waiting(
    rig: TwilioRig, server: FakeTwilio
) -> None:
    server.fail("status", r"GET .*/Transcriptions", times=99, status=401, json={"code": 20003})
    server.leave(server.ring("completed"))
    assert [one.text for one in look(rig, text="voicemail").received] == ["[voicemail 0:42]"]


def test_a_conversation_begins_from_the_number_of_its_medium(rig: TwilioRig) -> None:
    out = Outgoing(
        key="k-5", type="start", at=0, medium="sms", text="Your parcel is here.", to=(Person(handle=DANA),)
    )
    receipt = do(rig, lambda channel: channel.perform(out))
    assert receipt.conversation == f"{OURS}|{DANA}"
    with pytest.raises(Rejected, match="24 hours"):
        do(rig, lambda channel: channel.perform(replace(out, medium="whatsapp")))


def test_a_conversation_begun_by_a_service_is_that_of_the_number_it_chose(
    rig: TwilioRig, server: FakeTwilio
) -> None:
    class Served(TwilioRig):
        def open(self, **options: Any) -> Twilio:
            return super().open(**{**options, "numbers": (), "service": "MG" + "c" * 32})

    out = Outgoing(
        key="k-6", type="start", at=0, medium="sms", text="Your parcel is here.", to=(Person(handle=DANA),)
    )
    receipt = do(Served(server, rig.folder), lambda channel: channel.perform(out))
    assert receipt.conversation == f"{OURS}|{DANA}"


def test_what_other_numbers_say_hides_nothing_behind_it(rig: TwilioRig, server: FakeTwilio) -> None:
    server.most = 5
    server.text("for us")
    for n in range(20):
        server.text(f"for the others {n}")
        server.messages[-1]["to"] = "+15559999"
    assert [one.text for one in look(rig, text="for us").received] == ["for us"]


def test_an_account_whose_numbers_nobody_named_begins_from_the_one_it_has(
    rig: TwilioRig, server: FakeTwilio
) -> None:
    class Unnamed(TwilioRig):
        def open(self, **options: Any) -> Twilio:
            return super().open(**{**options, "numbers": ()})

    unnamed = Unnamed(server, rig.folder)
    assert do(unnamed, lambda channel: channel.check()).caps.media == ("sms",)
    out = Outgoing(key="k-5", type="start", at=0, medium="sms", text="It is here.", to=(Person(handle=DANA),))
    assert do(unnamed, lambda channel: channel.perform(out)).conversation == f"{OURS}|{DANA}"
    server.sms = False
    assert do(unnamed, lambda channel: channel.check()).caps.media == ()


def test_numbers_that_cannot_do_it_are_named(rig: TwilioRig, server: FakeTwilio) -> None:
    server.sms = False

    class Wrong(TwilioRig):
        def open(self, **options: Any) -> Twilio:
            return super().open(**{**options, "numbers": (OURS, "+15550099")})

    troubles = do(Wrong(server, rig.folder), lambda channel: channel.check()).troubles
    assert [OURS in troubles[0], "+15550099" in troubles[1]] == [True, True]


def test_a_conversation_is_put_away_and_comes_back(server: FakeTwilio, tmp_path: Path) -> None:
    rig = TalksRig(server, tmp_path / "account")
    question = asked(rig)
    do(rig, lambda channel: channel.perform(replace(rig.reply(question, ""), type="complete")))
    assert server.talks[str(question.conversation)]["state"] == "inactive"
    assert [one.status for one in look(rig).events if isinstance(one, StatusSet)] == ["complete"]
    do(rig, lambda channel: channel.perform(replace(rig.reply(question, ""), type="reopen")))
    assert server.talks[str(question.conversation)]["state"] == "active"


def test_our_key_tells_our_message_from_an_equal_one(server: FakeTwilio, tmp_path: Path) -> None:
    rig = TalksRig(server, tmp_path / "account")
    question = asked(rig)
    do(rig, lambda channel: channel.perform(rig.reply(question, "It leaves today.")))
    sent = look(rig, text="parcel").sent
    assert [(one.key, said_in(one)) for one in sent] == [("k-1", "It leaves today.")]


def test_a_conversation_that_began_years_ago_is_heard(server: FakeTwilio, tmp_path: Path) -> None:
    rig = TalksRig(server, tmp_path / "account")
    talk = server.begin_talk(ago_s=500 * 86_400)
    server.say_in(talk, "long ago", ago_s=400 * 86_400)
    server.say_in(talk, "it is me again")
    assert [one.text for one in look(rig, text="me again").received] == ["it is me again"]


def test_what_is_too_old_at_first_is_not_new_later(server: FakeTwilio, tmp_path: Path) -> None:
    rig = TalksRig(server, tmp_path / "account")
    talk = server.begin_talk(ago_s=500 * 86_400)
    server.say_in(talk, "long ago", ago_s=400 * 86_400)
    before = look(rig)
    server.say_in(talk, "now")
    after = look(rig, before.cursor, before.state, text="now")
    assert [one.text for one in (*before.received, *after.received)] == ["now"]


def test_who_joins_a_conversation_or_has_left_it_is_a_customer(server: FakeTwilio, tmp_path: Path) -> None:
    rig = TalksRig(server, tmp_path / "account")
    talk = server.begin_talk()
    server.say_in(talk, "both of us have a question")
    server.say_in(talk, "I had one too", "+15557777")
    server.say_in(talk, "and this is an agent", "Ana")
    found = look(rig, text="I had one too")
    assert [one.sender.handle for one in found.received] == [DANA, "+15557777"]
    assert [one.text for one in found.sent] == ["and this is an agent"]


def test_what_was_said_before_a_conversation_was_closed_is_heard(server: FakeTwilio, tmp_path: Path) -> None:
    rig = TalksRig(server, tmp_path / "account")
    talk = server.begin_talk(ago_s=500 * 86_400)
    server.say_in(talk, "one")
    before = look(rig, text="one")
    server.say_in(talk, "two")
    server.talks[talk].update(state="closed", date_updated=server.talks[talk]["date_created"])
    after = look(rig, before.cursor, before.state, text="two")
    assert [one.status for one in after.events if isinstance(one, StatusSet)] == ["complete"]
    assert json.loads(after.state) == {}


def test_many_quiet_conversations_are_looked_at_in_turn(server: FakeTwilio, tmp_path: Path) -> None:
    rig = TalksRig(server, tmp_path / "account")
    talks = [server.begin_talk() for _ in range(250)]
    for talk in talks:
        server.say_in(talk, "hello")
    before = look(rig, text="hello")
    assert len(before.received) == 250
    server.asked.clear()
    server.say_in(talks[120], "now then")
    after = look(rig, before.cursor, before.state, text="now then")
    assert len(after.received) == 1
    assert sum(one.path.endswith("/Messages") for one in server.asked) <= 200


def test_years_of_messages_are_read_in_parts_that_are_kept(rig: TwilioRig, server: FakeTwilio) -> None:
    for days in range(40, -1, -1):
        server.text(f"{days} days ago", ago_s=days * 86_400)

    async def half(channel: Any) -> Pulled:
        return await pull(channel, until=lambda found: len(found.received) >= 10)

    first = do(rig, half)
    assert len(first.received) < 20
    rest = look(rig, first.cursor, first.state, text="0 days ago")
    told = {one.text for one in (*first.received, *rest.received)}
    assert told >= {f"{days} days ago" for days in range(30)}
    assert "10 days ago" not in {one.text for one in first.received}


def test_a_text_whose_end_is_never_told_does_not_have_all_of_it_read_each_time(
    rig: TwilioRig, server: FakeTwilio
) -> None:
    server.most = 5
    question = asked(rig)
    receipt = do(rig, lambda channel: channel.perform(rig.reply(question, "It leaves today.")))
    server.fare(str(receipt.id), "sent")
    for n in range(40):
        server.text(f"number {n}")

    async def looks(channel: Any) -> int:
        count = 0
        async for batch in channel.events("", b""):
            count += batch.caught_up
            if count == 1 and batch.caught_up:
                server.asked.clear()
            if count == 11:
                break
        return sum(one.path.endswith("/Messages.json") for one in server.asked)

    assert do(rig, looks) <= 15


def test_callers_without_a_number_are_not_one_person(rig: TwilioRig, server: FakeTwilio) -> None:
    server.ring(of="+266696687")
    server.ring(of="anonymous")
    server.leave(server.ring("completed", of="+266696687"))
    found = look(rig, text="voicemail")
    assert len({one.conversation for one in found.received}) == 3
    assert len({one.sender.handle for one in found.received}) == 3
    refused = {one.conversation for one in found.events if isinstance(one, Terms) and one.refuses}
    assert refused == {one.conversation for one in found.received}
    with pytest.raises(Rejected, match="number"):
        do(rig, lambda channel: channel.perform(rig.reply(found.received[0], "You called us?")))


def test_a_call_that_was_recorded_is_no_voicemail(rig: TwilioRig, server: FakeTwilio) -> None:
    server.leave(server.ring("completed"), source="DialVerb")
    server.leave(server.ring("no-answer"), status="absent")
    server.text("after it")
    found = look(rig, text="after it").received
    assert sorted(str(one.text) for one in found) == ["[missed call]", "after it"]


def test_a_reply_that_twilio_may_still_be_at_is_not_missing(server: FakeTwilio, tmp_path: Path) -> None:
    rig = TalksRig(server, tmp_path / "account")
    out = rig.reply(asked(rig), "It leaves today.")

    async def broken(channel: Any) -> None:
        rig.trouble("drop", "send")
        with pytest.raises(Unconfirmed):
            await channel.perform(out)
        with pytest.raises(Unavailable):
            await channel.find(out)

    do(rig, broken)


@pytest.mark.parametrize(
    "stamp", ["Mon, 01 Jan 2026 00:00:00 +99999999999999999999", "x", "", "Mon, 99 Jan 1 1:1:1 Z"]
)
def test_a_time_that_is_none_is_no_crash(stamp: str) -> None:
    assert isinstance(parse.stamp(stamp, 7), int)


def test_more_than_a_page_comes_without_gaps(rig: TwilioRig, server: FakeTwilio) -> None:
    for n in range(450):
        server.text(f"number {n:03}")
    assert [one.text for one in look(rig, text="number 449").received] == [
        f"number {n:03}" for n in range(450)
    ]


@pytest.mark.servers
@pytest.mark.xdist_group("prism")
def test_the_vendors_specification_finds_no_fault(
    server: FakeTwilio, tmp_path: Path, prism: Callable[[Path | str, str], Referee]
) -> None:
    server.absolute = True
    core = prism("twilio-api-v2010.json", server.base)
    talks = prism("twilio-conversations-v1.json", server.base)
    hosts = Servers(core.url, talks.url, server.base, server.base)

    class Refereed(TwilioRig):
        def open(self, **options: Any) -> Twilio:
            return super().open(**options, servers=hosts)

    class RefereedTalks(TalksRig):
        def open(self, **options: Any) -> Twilio:
            return super().open(**options, servers=hosts)

    rig = Refereed(server, tmp_path / "account")
    server.leave(server.ring("completed"))
    server.send_file(b"picture", "image/jpeg")
    question = asked(rig)
    do(rig, lambda channel: channel.perform(rig.reply(question, "It leaves today.")))
    do(rig, lambda channel: channel.find(rig.reply(question, "It leaves today.")))
    other = RefereedTalks(server, tmp_path / "other")
    question = asked(other)
    do(other, lambda channel: channel.perform(other.reply(question, "It leaves today.", "k-2")))
    do(other, lambda channel: channel.perform(replace(other.reply(question, ""), type="complete")))
    assert core.violations() == []
    assert talks.violations() == []
    assert core.unknown() == []
    assert talks.unknown() == []
    assert {path.path for path in server.asked if "/Messages" in path.path} >= {f"{CORE}/Messages.json"}


def test_a_hole_or_an_odd_value_anywhere_is_no_crash(rig: TwilioRig) -> None:
    odd_values(rig)
