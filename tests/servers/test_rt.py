"""Request Tracker itself: what the RT tests stand on is as they think."""

import base64
from urllib.parse import quote

import pytest

from tests.servers.rt import Agent, Queue, RequestTracker

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("rt")]


def _tickets(agent: Agent, queue: Queue) -> list[str]:
    query = quote(f"Queue='{queue.name}'")
    return [item["id"] for item in agent.ask("GET", f"/tickets?query={query}").good()["items"]]


def _texts(agent: Agent, ticket: str) -> list[tuple[str, str]]:
    """(kind, text) of every transaction that says something."""
    history = agent.ask("GET", f"/ticket/{ticket}/history?fields=Type,_hyperlinks&per_page=100").good()
    return [
        (entry["Type"], base64.b64decode(agent.ask("GET", link["_url"]).good()["Content"]).decode().strip())
        for entry in history["items"]
        if entry["Type"] in ("Create", "Correspond", "Comment")
        for link in entry["_hyperlinks"]
        if link["ref"] == "attachment"
    ]


def test_a_customer_writes_and_sees_the_answer(rt: RequestTracker) -> None:
    queue, customer = rt.new_queue(), rt.new_customer()
    customer.write(queue, "Printer", "It smokes. Grüße")
    (ticket,) = _tickets(rt.agent, queue)
    assert _texts(rt.agent, ticket) == [("Create", "It smokes. Grüße")]
    rt.agent.ask("PUT", f"/ticket/{ticket}/take", {}).good()
    for kind, text in (("correspond", "Unplug it."), ("comment", "A known batch.")):
        said = {"Content": text, "ContentType": "text/plain"}
        assert rt.agent.ask("POST", f"/ticket/{ticket}/{kind}", said).status == 201
    confirmed, answered = customer.ledger()
    assert "Unplug it." in answered.text
    customer.answer(queue, answered, "That helped.")
    assert _tickets(rt.agent, queue) == [ticket]
    assert [kind for kind, _ in _texts(rt.agent, ticket)] == ["Create", "Correspond", "Comment", "Correspond"]
    assert len(customer.ledger()) == 2, confirmed


def test_who_comes_late_is_told(rt: RequestTracker) -> None:
    queue, customer = rt.new_queue(), rt.new_customer()
    customer.write(queue, "Printer", "It smokes.")
    (ticket,) = _tickets(rt.agent, queue)
    seen = {"If-Match": rt.agent.ask("GET", f"/ticket/{ticket}").headers["ETag"]}
    rt.colleague.ask("PUT", f"/ticket/{ticket}", {"CustomFields": {"Severity": "high"}}).good()
    assert rt.agent.ask("PUT", f"/ticket/{ticket}", {"Status": "resolved"}, seen).status == 412
    fields = rt.agent.ask("GET", f"/ticket/{ticket}").good()["CustomFields"]
    assert [(found["name"], found["values"]) for found in fields] == [("Severity", ["high"])]


def test_a_restart_keeps_tickets_and_tokens(rt: RequestTracker) -> None:
    queue, customer = rt.new_queue(), rt.new_customer()
    customer.write(queue, "Printer", "It smokes.", ("log.txt", b"smoke"))
    rt.restart()
    (ticket,) = _tickets(rt.agent, queue)
    assert rt.agent.ask("GET", f"/ticket/{ticket}").good()["Status"] == "new"
    assert rt.agent.ask("GET", "/ticket/999999").status == 404
