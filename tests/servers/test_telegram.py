"""telegram-test-api itself: what the Telegram tests stand on is as they think."""

import pytest

from tests.servers.telegram import Telegram

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("telegram")]


def test_a_customer_writes_and_sees_the_answer(telegram: Telegram) -> None:
    bot = telegram.new_bot()
    customer, other = telegram.new_customer(bot), telegram.new_customer(bot, "eli")
    customer.write("My app crashed. Grüße")
    other.write("Mine did not.")
    first, second = bot.ask("getUpdates", offset=0, timeout=0).good()["result"]
    assert second["update_id"] == first["update_id"] + 1
    asked = first["message"]
    assert (asked["text"], asked["chat"]["id"], asked["from"]["username"]) == (
        "My app crashed. Grüße",
        customer.id,
        customer.name,
    )
    quoted = {"message_id": asked["message_id"]}
    sent = bot.ask("sendMessage", chat_id=customer.id, text="Update it.", reply_parameters=quoted).good()
    assert [(said.ours, said.text) for said in customer.ledger()] == [
        (False, "My app crashed. Grüße"),
        (True, "Update it."),
    ]
    assert customer.ledger()[1].id == sent["result"]["message_id"]
    assert customer.ledger()[1].message["reply_parameters"] == quoted
    assert [said.text for said in other.ledger()] == ["Mine did not."]


def test_edits_deletions_and_buttons(telegram: Telegram) -> None:
    bot = telegram.new_bot()
    customer = telegram.new_customer(bot)
    sent = [
        bot.ask("sendMessage", chat_id=customer.id, text=text).good()["result"] for text in ("yes?", "no?")
    ]
    bot.ask("editMessageText", chat_id=customer.id, message_id=sent[0]["message_id"], text="yes.").good()
    bot.ask("deleteMessage", chat_id=customer.id, message_id=sent[1]["message_id"]).good()
    assert [said.text for said in customer.ledger()] == ["yes."]
    customer.press("ok", sent[0])
    [update] = bot.ask("getUpdates").good()["result"]
    assert update["callback_query"]["data"] == "ok"


def test_what_it_is_not(telegram: Telegram) -> None:
    bot = telegram.new_bot()
    telegram.new_customer(bot).write("once")
    assert len(bot.ask("getUpdates").good()["result"]) == 1
    assert bot.ask("getUpdates", offset=-1, timeout=30).good()["result"] == [], "told once, and no long poll"
    assert bot.ask("sendDocument", chat_id=1).status == 500
