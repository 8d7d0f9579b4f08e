"""The atproto network itself: what the Bluesky tests stand on is as they think."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.servers.atproto import AtProto, Ref
from tests.servers.faults import Lose
from tests.servers.plain import call

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

_CHAT = "did:web:api.bsky.chat#bsky_chat"

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("atproto")]


def test_a_customer_writes_and_sees_the_answer(atproto: AtProto) -> None:
    agent, customer = atproto.new_person("acmehelp"), atproto.new_person()
    asked = customer.post(f"Grüße @{agent.handle} my router is broken", mentioned=[agent])
    atproto.settled()
    [told] = agent.notifications("mention")
    assert (told["uri"], told["author"]["handle"]) == (asked.uri, customer.handle)
    answered = agent.post("Restart it.", parent=Ref(told["uri"], told["cid"]))
    atproto.settled()
    [seen] = customer.notifications("reply")
    assert (seen["uri"], seen["author"]["did"], seen["reasonSubject"]) == (
        answered.uri,
        agent.did,
        asked.uri,
    )
    again = customer.post("It is still broken.", parent=answered)
    atproto.settled()
    assert [(said.ref, said.parent) for said in customer.thread(asked)] == [
        (asked, None),
        (answered, asked.uri),
        (again, answered.uri),
    ]
    assert customer.thread(asked)[2].record["reply"]["root"] == asked._asdict()


def test_quotes_pictures_and_taking_back(atproto: AtProto) -> None:
    agent, customer = atproto.new_person("acmehelp"), atproto.new_person()
    ours = agent.post("We are open.")
    quote = customer.post("Are you?", quoted=ours)
    shown = customer.post("see", parent=ours, images=[(_PIXEL, "a red light")])
    atproto.settled()
    assert {told["reason"]: told["uri"] for told in agent.notifications()} == {
        "quote": quote.uri,
        "reply": shown.uri,
    }
    assert agent.thread(ours)[1].record["embed"]["images"][0]["alt"] == "a red light"
    customer.delete(shown)
    atproto.settled()
    assert [said.text for said in agent.thread(ours)] == ["We are open."]
    assert [said.text for said in customer.posts()] == ["Are you?"]


def test_a_record_key_is_taken_once(atproto: AtProto) -> None:
    agent = atproto.new_person("acmehelp")
    record = {"$type": "app.bsky.feed.post", "text": "once", "createdAt": "2026-01-01T00:00:00Z"}
    wanted = {
        "repo": agent.did,
        "collection": "app.bsky.feed.post",
        "rkey": "3kowncomhere2",
        "record": record,
    }
    atproto.faults.add("POST /xrpc/com.atproto.repo.createRecord", Lose())
    agent.url = atproto.public_url
    with pytest.raises(ConnectionError):
        agent.ask("com.atproto.repo.createRecord", wanted)
    again = agent.ask("com.atproto.repo.createRecord", wanted)
    assert (again.status, again.json()["error"]) == (500, "InternalServerError"), (
        "which says no more than that"
    )
    where = {"repo": agent.did, "collection": wanted["collection"], "rkey": wanted["rkey"]}
    assert agent.ask("com.atproto.repo.getRecord", **where).good()["value"]["text"] == "once"
    assert [said.text for said in agent.posts()] == ["once"]


def test_sessions(atproto: AtProto) -> None:
    agent = atproto.new_person("acmehelp")
    login = {"identifier": agent.handle, "password": agent.password}
    session = call("POST", f"{atproto.public_url}/xrpc/com.atproto.server.createSession", login).good()
    [service] = session["didDoc"]["service"]
    assert service["serviceEndpoint"] == atproto.public_url
    agent.token = agent.stale_token()
    stale = agent.ask("app.bsky.notification.getUnreadCount")
    assert (stale.status, stale.json()["error"]) == (400, "ExpiredToken")
    refresh = {"Authorization": f"Bearer {session['refreshJwt']}"}
    fresh = call("POST", f"{agent.url}/xrpc/com.atproto.server.refreshSession", None, refresh).good()
    agent.token = fresh["accessJwt"]
    assert agent.ask("app.bsky.notification.getUnreadCount").good() == {"count": 0}


def test_refusals(atproto: AtProto) -> None:
    agent = atproto.new_person("acmehelp")
    record = {"$type": "app.bsky.feed.post", "text": "x" * 301, "createdAt": "2026-01-01T00:00:00Z"}
    wanted = {"repo": agent.did, "collection": "app.bsky.feed.post", "record": record}
    refused = agent.ask("com.atproto.repo.createRecord", wanted)
    assert (refused.status, refused.json()["error"]) == (400, "InvalidRequest")
    agent.token = "nobody's"
    assert agent.ask("app.bsky.notification.getUnreadCount").status == 400


class _Chat(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        claims = self.headers["Authorization"].split(".")[1]
        told = json.dumps({"path": self.path, **json.loads(base64.urlsafe_b64decode(claims + "=="))}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)


def test_direct_messages_pass_to_a_server_of_the_tests_own(atproto: AtProto) -> None:
    agent = atproto.new_person("acmehelp")
    wanted = {"name": "desk"}
    weak = agent.ask("com.atproto.server.createAppPassword", wanted).good()["password"]
    login = {"identifier": agent.handle, "password": weak}
    session = call("POST", f"{agent.url}/xrpc/com.atproto.server.createSession", login).good()
    where = f"{agent.url}/xrpc/chat.bsky.convo.getLog?cursor=1"
    tokens = (agent.token, session["accessJwt"])
    with HTTPServer(("127.0.0.1", atproto.chat_port), _Chat) as chat:
        thread = threading.Thread(target=chat.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        passed, refused = (
            call("GET", where, None, {"Authorization": f"Bearer {token}", "Atproto-Proxy": _CHAT})
            for token in tokens
        )
        chat.shutdown()
        thread.join()
    told = passed.good()
    assert told["path"] == "/xrpc/chat.bsky.convo.getLog?cursor=1"
    assert (told["iss"], told["lxm"]) == (agent.did, "chat.bsky.convo.getLog")
    assert (refused.status, refused.json()["message"]) == (400, "Bad token method"), "no privileged password"
