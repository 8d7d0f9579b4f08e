"""mastodon_mock itself: what the Mastodon tests stand on is as they think."""

import http.client
import json
from contextlib import closing

import pytest

from tests.servers.faults import FaultProxy, Lose
from tests.servers.mastodon import Mastodon
from tests.servers.plain import call

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("mastodon")]


def test_a_customer_writes_and_sees_the_answer(mastodon: Mastodon) -> None:
    agent, customer = mastodon.new_person("support"), mastodon.new_person()
    asked = customer.write(f"@{agent.name} where is my parcel? Grüße", visibility="direct")
    [told] = agent.ask("GET", "/api/v1/notifications?types[]=mention").good()
    assert (told["status"]["id"], told["account"]["acct"]) == (asked, customer.name)
    reply = {"status": f"@{customer.name} Tomorrow.\n<b>", "in_reply_to_id": asked, "visibility": "direct"}
    key = {"Authorization": f"Bearer {agent.token}", "Idempotency-Key": "one"}
    twice = [call("POST", f"{agent.url}/api/v1/statuses", reply, key).good()["id"] for _ in range(2)]
    assert twice[0] == twice[1]
    [seen] = customer.mentions()
    assert (seen.id, seen.sender, seen.parent) == (twice[0], agent.name, asked)
    assert (seen.text, seen.visibility) == (f"@{customer.name} Tomorrow.\n<b>", "direct")
    assert [said.id for said in customer.thread(asked)] == [asked, seen.id]


def test_an_answer_lost_after_the_work_was_done(mastodon: Mastodon) -> None:
    agent, customer = mastodon.new_person("support"), mastodon.new_person()
    key = {"Authorization": f"Bearer {agent.token}", "Idempotency-Key": "lost"}
    reply = {"status": f"@{customer.name} Tomorrow."}
    with FaultProxy(mastodon.url) as proxy:
        proxy.add("POST /api/v1/statuses", Lose())
        with pytest.raises(ConnectionError):
            call("POST", f"{proxy.url}/api/v1/statuses", reply, key)
        again = call("POST", f"{proxy.url}/api/v1/statuses", reply, key).good()["id"]
        assert [seen.status for seen in proxy.seen("POST")] == [200, 200]
    assert [seen.id for seen in customer.mentions()] == [again]


def test_the_stream_tells_of_a_mention(mastodon: Mastodon) -> None:
    agent, customer = mastodon.new_person("support"), mastodon.new_person()
    with closing(http.client.HTTPConnection(mastodon.url.removeprefix("http://"), timeout=20)) as line:
        line.request(
            "GET", "/api/v1/streaming/user/notification", headers={"Authorization": f"Bearer {agent.token}"}
        )
        stream = line.getresponse()
        assert stream.readline() == b":connected\n"
        asked = customer.write(f"@{agent.name} hello?")
        while (event := stream.readline()) in (b"\n", b":thump\n"):
            pass
        assert event == b"event: notification\n"
        assert json.loads(stream.readline().removeprefix(b"data: "))["status"]["id"] == asked
        stream.close()


def test_pictures_warnings_and_second_thoughts(mastodon: Mastodon) -> None:
    agent, customer = mastodon.new_person("support"), mastodon.new_person()
    picture = customer.upload("screen.png", b"\x89PNG", "image/png", "a red light")
    asked = customer.write(f"@{agent.name} see", warning="smoke", media=[picture])
    customer.edit(asked, f"@{agent.name} look")
    [seen] = agent.mentions()
    assert (seen.text, seen.status["spoiler_text"]) == (f"@{agent.name} look", "smoke")
    [attached] = seen.status["media_attachments"]
    assert attached["description"] == "a red light"
    assert call("GET", attached["url"]).body == b"\x89PNG"
    customer.delete(asked)
    assert agent.ask("GET", f"/api/v1/statuses/{asked}").status == 404


def test_notifications_page_forward_without_gaps(mastodon: Mastodon) -> None:
    agent, customer = mastodon.new_person("support"), mastodon.new_person()
    written = [customer.write(f"@{agent.name} {number}") for number in range(45)]
    assert [said.id for said in agent.mentions()] == written
    last, read = "0", []
    while page := agent.ask("GET", f"/api/v1/notifications?limit=20&min_id={last}").good():
        read += [one["status"]["id"] for one in reversed(page)]
        last = page[0]["id"]
    assert read == written


def test_refusals(mastodon: Mastodon) -> None:
    agent = mastodon.new_person("support")
    assert agent.ask("POST", "/api/v1/statuses", {"status": "x" * 501}).status == 422
    agent.token = "nobody's"
    assert agent.ask("GET", "/api/v1/notifications").status == 401


def test_a_restart_keeps_what_was_written(mastodon: Mastodon) -> None:
    customer = mastodon.new_person()
    asked = customer.write("Still there?")
    mastodon.restart()
    assert [said.text for said in customer.thread(asked)] == ["Still there?"]


def test_a_proxy_before_it_is_before_its_streams_too(mastodon: Mastodon) -> None:
    customer = mastodon.new_person()
    with FaultProxy(mastodon.url) as proxy:
        customer.url = proxy.url
        instance = customer.ask("GET", "/api/v2/instance").good()
        assert instance["configuration"]["urls"]["streaming"] == proxy.url.replace("http", "ws")
