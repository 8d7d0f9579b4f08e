"""Synapse itself: what the Matrix tests stand on is as they think."""

from urllib.parse import quote

import pytest

from tests.servers.synapse import Synapse

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("synapse")]


def test_a_customer_writes_and_sees_the_answer(synapse: Synapse) -> None:
    agent, customer = synapse.new_person("support"), synapse.new_person()
    room = customer.open_room(agent)
    since = agent.ask("GET", "/sync?timeout=10000").good()
    assert room in since["rooms"]["invite"]
    agent.join(room)
    asked = customer.write(room, "My account is locked. Grüße")
    came = agent.ask("GET", f"/sync?timeout=10000&since={since['next_batch']}").good()
    events = came["rooms"]["join"][room]["timeline"]["events"]
    assert [event["content"]["body"] for event in events if event["event_id"] == asked] == [
        "My account is locked. Grüße"
    ]
    reply = {
        "msgtype": "m.text",
        "body": "Unlocked.",
        "m.relates_to": {"m.in_reply_to": {"event_id": asked}},
    }
    twice = [
        agent.ask("PUT", f"/rooms/{quote(room)}/send/m.room.message/one", reply).good() for _ in range(2)
    ]
    assert twice[0] == twice[1]
    assert [(said.sender, said.text) for said in customer.ledger(room)] == [
        (customer.id, "My account is locked. Grüße"),
        (agent.id, "Unlocked."),
    ]
    assert customer.ledger(room)[1].content["m.relates_to"] == reply["m.relates_to"]


def test_files_and_taking_back(synapse: Synapse) -> None:
    agent, customer = synapse.new_person("support"), synapse.new_person()
    room = customer.open_room(agent)
    agent.join(room)
    sent = customer.send_file(room, "steps.txt", b"one, two")
    assert agent.download(agent.ledger(room)[0].content["url"]) == b"one, two"
    customer.redact(room, sent)
    assert agent.ledger(room)[0].content == {}


def test_whoever_hurries_is_told_to_wait(synapse: Synapse) -> None:
    hasty = synapse.new_person()
    room = hasty.open_room()
    synapse.slow_down(hasty)
    path = f"/rooms/{quote(room)}/send/m.room.message/"
    answers = [hasty.ask("PUT", f"{path}{number}", {"msgtype": "m.text", "body": "?"}) for number in range(4)]
    refused = next(answer for answer in answers if answer.status == 429)
    assert refused.json()["errcode"] == "M_LIMIT_EXCEEDED"
    assert refused.headers["Retry-After"]


def test_a_restart_keeps_rooms_and_logins(synapse: Synapse) -> None:
    customer = synapse.new_person()
    room = customer.open_room()
    customer.write(room, "Still there?")
    synapse.restart()
    assert [said.text for said in customer.ledger(room)] == ["Still there?"]
