"""Telegram: where an answer goes, business accounts, words and files, limits."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.channels.contract import (
    CANARY,
    Pulled,
    asked,
    do,
    look,
    pull,
    run,
    said_in,
)
from tests.channels.telegramming import SEND, TelegramRig, answer
from tests.fakes.telegram import BUSINESS, DANA, FORUM, GROUP, OWNER, SAM, FakeTelegram, private
from tuidesk.channels.telegram import content
from tuidesk.channels.telegram.adapter import Telegram
from tuidesk.channels.telegram.sending import Pace
from tuidesk.domain.events import ContactSeen, Deleted, Edited, Terms
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Receipt
from tuidesk.errors import RateLimited, Rejected, Unavailable, Unconfirmed
from tuidesk.wire.channel import Channel


@pytest.fixture
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram(CANARY) as server:
        yield server


@pytest.fixture
def rig(server: FakeTelegram, tmp_path: Path) -> TelegramRig:
    return TelegramRig(server, tmp_path / "account")


# --- where an answer goes ---


@pytest.mark.parametrize(
    ("chat", "more", "sent"),
    [
        (GROUP, {}, {"chat_id": -1001}),
        (FORUM, {"message_thread_id": 5, "is_topic_message": True}, {"chat_id": -1002000, "message_thread_id": 5}),
        (FORUM, {"message_thread_id": 5}, {"chat_id": -1002000}),
        (
            {**FORUM, "is_direct_messages": True},
            {"direct_messages_topic": {"topic_id": 31}},
            {"chat_id": -1002000, "direct_messages_topic_id": 31},
        ),
        (
            private(DANA),
            {"business_connection_id": BUSINESS},
            {"chat_id": DANA["id"], "business_connection_id": BUSINESS},
        ),
    ],
)  # fmt: skip
def test_an_answer_goes_to_the_topic_of_its_question(
    rig: TelegramRig, server: FakeTelegram, chat: dict[str, Any], more: dict[str, Any], sent: dict[str, Any]
) -> None:
    asked_ = server.write(DANA, "where?", chat=chat, **more)
    question = look(rig, text="where?").received[0]
    answer(rig, question, "Here.")
    made = server.sent[0]
    names = ("chat_id", "message_thread_id", "direct_messages_topic_id", "business_connection_id")
    assert {name: made[name] for name in names if name in made} == sent
    assert made["reply_parameters"]["message_id"] == asked_["message_id"]
    assert (made["text"], "parse_mode" in made) == ("Here.", False)


def test_topics_are_conversations_and_the_same_people_in_all(rig: TelegramRig, server: FakeTelegram) -> None:
    for topic in (5, 6):
        server.write(DANA, f"in {topic}", chat=FORUM, message_thread_id=topic, is_topic_message=True)
    server.write(DANA, "in general", chat=FORUM)
    server.write(DANA, "to the bot")
    server.write(DANA, "to Olga", business_connection_id=BUSINESS)
    found = look(rig, text="to Olga").received
    assert len({one.conversation for one in found}) == 5
    assert {one.sender.handle for one in found} == {str(DANA["id"])}
    assert [one.visibility for one in found] == ["public"] * 3 + ["direct"] * 2


def test_in_a_group_an_answer_can_be_for_one_alone(rig: TelegramRig, server: FakeTelegram) -> None:
    server.write(DANA, "my card number is", chat=FORUM, message_thread_id=5, is_topic_message=True)
    question = look(rig, text="card").received[0]
    answer(rig, question, "Not here, please.", visibility="direct")
    [made] = server.sent
    assert (made["chat_id"], made["text"]) == (DANA["id"], "Not here, please.")
    assert not {"message_thread_id", "reply_parameters"} & set(made)


def test_what_is_for_two_alone_goes_to_neither(rig: TelegramRig, server: FakeTelegram) -> None:
    server.write(DANA, "my card number is", chat=GROUP)
    question = look(rig, text="card").received[0]
    both = (Person("Dana", str(DANA["id"])), Person("Sam", str(SAM["id"])))
    for people in (both, (Person("Dana", "@dana_o"),)):
        with pytest.raises(Rejected):
            answer(rig, question, "Not here, please.", visibility="direct", to=people)
    assert server.sent == []


def test_a_group_that_became_a_supergroup_is_the_same_conversation(
    rig: TelegramRig, server: FakeTelegram
) -> None:
    server.write(DANA, "in the group", chat=GROUP)
    question = look(rig, text="in the group").received[0]
    server.moved[GROUP["id"]] = FORUM["id"]
    receipt = answer(rig, question, "Here.")
    assert [one["text"] for one in server.seen_in(FORUM["id"])] == ["Here."]
    assert receipt.conversation == question.conversation
    server.write(OWNER, chat=FORUM, migrate_from_chat_id=GROUP["id"])
    server.write(DANA, "in the supergroup", chat=FORUM)
    found = look(rig, text="in the supergroup")
    later = next(one for one in found.received if "supergroup" in said_in(one))
    assert later.conversation == question.conversation

    async def told_before(channel: Channel) -> Receipt:
        await pull(channel, found.cursor, found.state)
        return await channel.perform(rig.reply(later, "And here."))

    asks = len([one for one in server.asked if one.path.endswith("sendMessage")])
    do(rig, told_before)
    assert [one["text"] for one in server.seen_in(FORUM["id"])] == ["Here.", "And here."]
    assert len([one for one in server.asked if one.path.endswith("sendMessage")]) == asks + 1


def test_a_colleague_in_telegram_itself_is_one_here(rig: TelegramRig, server: FakeTelegram) -> None:
    server.write(DANA, "anybody?", chat=GROUP)
    server.write(OWNER, "I look into it", chat=GROUP)

    async def read(channel: Channel) -> Pulled:
        return await pull(channel)

    async def whole() -> Pulled:
        channel = rig.open(team=("@Olga_Acme",))
        try:
            return await read(channel)
        finally:
            await channel.aclose()

    found = run(whole)
    assert [(one.sender.name, one.text, one.sender.me) for one in found.sent] == [
        ("Olga", "I look into it", False)
    ]
    assert len(found.received) == 1


# --- business accounts ---


def test_a_business_chat_has_a_day_and_says_who_answered(rig: TelegramRig, server: FakeTelegram) -> None:
    asked_ = server.write(DANA, "open today?", business_connection_id=BUSINESS)
    server.write(OWNER, "until six", chat=private(DANA), business_connection_id=BUSINESS)
    found = look(rig, text="open today?")
    question = found.received[0]
    terms = [one for one in found.events if isinstance(one, Terms)]
    assert [(one.conversation, one.window_ends) for one in terms] == [
        (question.conversation, asked_["date"] * 1000 + 86_400_000)
    ]
    assert [(one.conversation, one.sender.name, one.to[0].name) for one in found.sent] == [
        (question.conversation, "Olga", "Dana Ortiz")
    ]


def test_a_business_chat_that_takes_no_answer_refuses_it_for_good(
    rig: TelegramRig, server: FakeTelegram
) -> None:
    server.write(DANA, "open?", business_connection_id=BUSINESS)
    question = look(rig, text="open?").received[0]
    server.may_reply = False
    with pytest.raises(Rejected, match="BUSINESS"):
        answer(rig, question, "Yes.")


def test_a_day_after_the_customers_last_word_nothing_leaves(rig: TelegramRig, server: FakeTelegram) -> None:
    server.write(DANA, "open?", business_connection_id=BUSINESS, date=int(time.time()) - 86_500)

    async def late(channel: Channel) -> None:
        question = (await pull(channel)).received[0]
        with pytest.raises(Rejected, match="a day after"):
            await channel.perform(rig.reply(question, "Yes."))

    do(rig, late)
    assert server.sent == []


def test_an_owner_who_takes_the_right_away_says_so_in_every_chat(
    rig: TelegramRig, server: FakeTelegram
) -> None:
    for who in (DANA, SAM):
        server.write(who, f"hello from {who['first_name']}", business_connection_id=BUSINESS)
    before = look(rig, text="Sam")
    connection = {"id": BUSINESS, "user": OWNER, "user_chat_id": OWNER["id"], "date": 1, "is_enabled": True}
    server.tell("business_connection", {**connection, "rights": {}})
    told = look(rig, before.cursor, before.state, text="connected")
    terms = {one.conversation: one for one in told.events if isinstance(one, Terms)}
    assert set(terms) == {f"{who['id']}@{BUSINESS}" for who in (DANA, SAM)}
    assert all("does not let" in one.refuses and one.window_ends for one in terms.values())
    server.write(DANA, "still there?", business_connection_id=BUSINESS)
    later = look(rig, told.cursor, told.state, text="still there?")
    assert [one.refuses != "" for one in later.events if isinstance(one, Terms)] == [True]


def test_read_marks_are_left_only_where_they_are_wanted(rig: TelegramRig, server: FakeTelegram) -> None:
    asked_ = server.write(DANA, "hello", business_connection_id=BUSINESS)
    question = look(rig, text="hello").received[0]
    answer(rig, question, "Hi.")
    assert server.read == []

    async def marking() -> None:
        channel = rig.open(mark_read=True)
        try:
            await channel.perform(rig.reply(question, "Hi again."))
        finally:
            await channel.aclose()

    run(marking)
    assert server.read == [asked_["message_id"]]


def test_who_blocks_the_bot_is_known_before_anybody_writes(rig: TelegramRig, server: FakeTelegram) -> None:
    server.write(DANA, "bye")
    question = look(rig, text="bye").received[0]
    change = {"chat": private(DANA), "from": DANA, "date": 1, "new_chat_member": {"status": "kicked"}}
    server.tell("my_chat_member", change)
    terms = [one for one in look(rig).events if isinstance(one, Terms)]
    assert [(one.conversation, one.refuses) for one in terms] == [
        (question.conversation, "The customer has blocked the bot")
    ]
    server.blocked.add(DANA["id"])
    with pytest.raises(Rejected, match="blocked"):
        answer(rig, question, "Wait!")


# --- words and files ---


def test_the_longest_text_leaves_whole_and_a_longer_one_not_at_all(rig: TelegramRig) -> None:
    question = asked(rig)
    answer(rig, question, "😀" * 4096)
    assert rig.customer_saw() == ["😀" * 4096]
    with pytest.raises(Rejected, match="4096"):
        answer(rig, question, "x" * 4097)


def _files(folder: Path, *names: str) -> tuple[File, ...]:
    made = []
    for name in names:
        path = folder / name
        path.write_bytes(name.encode() * 10)
        made.append(File(name, "image/jpeg" if name.endswith("jpg") else "application/pdf", str(path)))
    return tuple(made)


@pytest.mark.parametrize(
    ("names", "words", "requests"),
    [
        (("a.jpg",), "Look.", ["sendPhoto"]),
        (("a.pdf",), "Look.", ["sendDocument"]),
        (("a.pdf", "b.jpg"), "Look.", ["sendMediaGroup"]),
        (("a.pdf",), "Look." * 300, ["sendDocument", "sendMessage"]),
        (tuple(f"{n}.pdf" for n in range(11)), "Look.", ["sendMediaGroup", "sendDocument"]),
    ],
)
def test_files_go_along_with_the_words_once(
    rig: TelegramRig,
    server: FakeTelegram,
    tmp_path: Path,
    names: tuple[str, ...],
    words: str,
    requests: list[str],
) -> None:
    question = asked(rig)
    receipt = answer(rig, question, words, files=_files(tmp_path, *names))
    assert [one.path.rpartition("/")[2] for one in server.asked if "/send" in one.path] == requests
    assert server.uploaded == {name: name.encode() * 10 for name in names}
    assert [text for text in rig.customer_saw() if text] == [words]
    assert len({receipt.id, *receipt.ids}) == len(server.sent)


def test_a_picture_that_is_none_for_telegram_goes_as_a_file(
    rig: TelegramRig, server: FakeTelegram, tmp_path: Path
) -> None:
    question = asked(rig)
    server.fail(
        "status", "sendPhoto", status=400, json={"description": "Bad Request: PHOTO_INVALID_DIMENSIONS"}
    )
    answer(rig, question, "Look.", files=_files(tmp_path, "tall.jpg"))
    assert [(one["file_name"], "document" in one) for one in server.sent] == [("tall.jpg", True)]


def test_words_that_do_not_follow_their_file_are_unknown_not_sent_again(
    rig: TelegramRig, server: FakeTelegram, tmp_path: Path
) -> None:
    question = asked(rig)
    server.fail("status", "sendMessage", status=400)
    with pytest.raises(Unconfirmed, match="part"):
        answer(rig, question, "x" * 1025, files=_files(tmp_path, "a.pdf"))
    assert len(server.sent) == 1


def test_a_file_too_big_for_a_bot_is_refused_before_it_leaves(rig: TelegramRig, tmp_path: Path) -> None:
    question = asked(rig)
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(Rejected, match=r"big\.bin"):
        answer(rig, question, "Here.", files=(File("big.bin", "application/octet-stream", str(big)),))


def test_edits_and_deletions_name_what_they_change(rig: TelegramRig, server: FakeTelegram) -> None:
    said = server.write(DANA, "order 8841", business_connection_id=BUSINESS)
    server.tell("edited_business_message", {**said, "text": "order 8842", "edit_date": said["date"] + 5})
    gone = {"business_connection_id": BUSINESS, "chat": private(DANA), "message_ids": [said["message_id"]]}
    server.tell("deleted_business_messages", gone)
    found = look(rig, text="order 8841")
    id_ = found.received[0].id
    assert [(one.message, one.text) for one in found.events if isinstance(one, Edited)] == [
        (id_, "order 8842")
    ]
    assert [one.message for one in found.events if isinstance(one, Deleted)] == [id_]


def test_a_stranger_is_told_of_once_and_their_profile_is_asked_for(
    rig: TelegramRig, server: FakeTelegram
) -> None:
    server.write(DANA, "one")
    server.write(DANA, "two")

    async def whole(channel: Channel) -> list[ContactSeen]:
        seen: list[ContactSeen] = []
        async for batch in channel.events("", b""):
            seen += [one for one in batch.events if isinstance(one, ContactSeen)]
            if not batch.events:
                break
        return seen

    first, whole_profile = do(rig, whole)
    assert dict(first.fields) == {"username": "@dana_o", "language": "en"}
    assert dict(whole_profile.fields)["bio"] == "I am Dana"


def test_profiles_that_are_not_to_be_had_hold_no_message_up(rig: TelegramRig, server: FakeTelegram) -> None:
    server.fail("status", "getChat", status=502, times=99)
    for n in range(9):
        server.write({**SAM, "id": 7_100_000_000 + n}, f"number {n}")

    async def until_the_next_look(channel: Channel) -> None:
        async for batch in channel.events("", b""):
            if not batch.events:
                return

    do(rig, until_the_next_look)
    assert sum(one.path.endswith("getChat") for one in server.asked) == 1


@pytest.mark.parametrize("size", [-1, 10**30, "much", None])
def test_a_size_that_no_file_has_is_none(rig: TelegramRig, server: FakeTelegram, size: Any) -> None:
    server.write(DANA, caption="look", document={**server.keep("a.bin", b"abc"), "file_size": size})
    [file] = look(rig, text="look").received[0].attachments
    assert (file.name, file.size) == ("a.bin", 0)


def test_only_a_number_of_their_own_says_who_they_are(rig: TelegramRig, server: FakeTelegram) -> None:
    for whose, phone in ((SAM, "821055500117"), (DANA, "998901234567")):
        shared = {"phone_number": phone, "first_name": whose["first_name"], "user_id": whose["id"]}
        server.write(DANA, contact=shared)
    seen = [one for one in look(rig).events if isinstance(one, ContactSeen)]
    assert [one.same_as for one in seen] == [(), (("sms", "+998901234567"),)]


def test_where_links_lead_stands_behind_their_words() -> None:
    links = [
        {"type": "text_link", "offset": 2, "length": 3, "url": "https://a.example/"},
        {"type": "text_link", "offset": 7, "length": 3, "url": "https://b.example/"},
        {"type": "text_link", "offset": 11, "length": 17, "url": "https://c.example"},
    ]
    message = {"text": "😀one, two https://c.example", "entities": links}
    assert content.said(message) == "😀one (https://a.example/), two (https://b.example/) https://c.example"


# --- limits ---


def test_a_wait_that_is_only_in_the_body_is_obeyed(rig: TelegramRig, server: FakeTelegram) -> None:
    question = asked(rig)
    limit = {"ok": False, "error_code": 429, "parameters": {"retry_after": 17}}
    server.fail("status", SEND, status=429, json=limit)
    with pytest.raises(RateLimited) as caught:
        answer(rig, question, "Now.")
    assert caught.value.after == 17


def test_a_limit_on_sending_does_not_stop_reading(rig: TelegramRig, server: FakeTelegram) -> None:
    async def limited(channel: Channel) -> Pulled:
        server.write(DANA, "one")
        question = (await pull(channel)).received[0]
        server.fail("status", SEND, status=429, headers={"retry-after": "17"})
        with pytest.raises(RateLimited):
            await channel.perform(rig.reply(question, "Now."))
        return await pull(channel)

    assert len(do(rig, limited).received) == 1


def test_a_chat_has_a_message_a_second_and_a_group_twenty_a_minute() -> None:
    pace = Pace()
    pace.note("1", 100.0)
    assert pace.wait_s("1", 100.25) == 0.75
    assert pace.wait_s("2", 100.25) == 0.0
    for second in range(20):
        pace.note("-1", 200.0 + second)
        pace.note("3", 200.0 + second)
    assert pace.wait_s("-1", 221.0) == 39.0
    assert pace.wait_s("3", 221.0) == 0.0
    assert pace.wait_s("-1", 261.0) == 0.0


def test_parts_of_a_text_keep_their_distance_and_their_order(rig: TelegramRig) -> None:
    question = asked(rig)

    async def both(channel: Channel) -> float:
        began = time.monotonic()
        for n in (1, 2):
            await channel.perform(rig.reply(question, f"part {n}", f"k-{n}"))
        return time.monotonic() - began

    assert do(rig, both) >= 1.0
    assert rig.customer_saw() == ["part 1", "part 2"]


def test_a_group_that_has_had_its_twenty_is_not_waited_for(rig: TelegramRig, server: FakeTelegram) -> None:
    """Others are answered meanwhile: it is certainly not done, and tried again."""
    server.write(DANA, "many", chat=GROUP)
    question = look(rig, text="many").received[0]

    async def full(channel: Channel) -> None:
        assert isinstance(channel, Telegram)
        for _ in range(20):
            channel._pace.note(str(GROUP["id"]), time.monotonic() - 30)
        with pytest.raises(Unavailable, match="twenty"):
            await channel.perform(rig.reply(question, "one more"))

    do(rig, full)
    assert server.sent == []
