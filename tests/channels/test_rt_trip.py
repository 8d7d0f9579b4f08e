"""Request Tracker itself: a customer's mail, the agent's answer by mail, states that both sides see."""

import time

import pytest

from tests.channels.trip import Far, Trip, secret_of
from tests.servers.rt import Queue, RequestTracker

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("rt")]


class FarRt(Far):
    sending = r"POST /REST/2.0/ticket/\d+/correspond"
    completes = True

    def __init__(self, rt: RequestTracker) -> None:
        self._rt = rt
        self._queue: Queue = rt.new_queue()
        self._customer = rt.new_customer()
        self.url, self.secret = rt.url, rt.agent.token
        self._begun = False

    def account(self, url: str) -> str:
        return f'kind = "rt"\nserver = "{url}"\nqueues = ["{self._queue.name}"]\npoll_s = 0.5\n' + (
            f'secret = {{ env = "{secret_of("shop")}" }}\n'
        )

    def writes(self, text: str) -> None:
        if not self._begun:
            self._begun = True
            self._customer.write(self._queue, "Order 8841", text)
            return
        until = time.monotonic() + 20
        while not (mails := self._customer.ledger()) and time.monotonic() < until:
            time.sleep(0.1)  # RT's own word that it has their mail: what a customer answers
        self._customer.answer(self._queue, mails[-1], text)

    def sees(self) -> list[str]:
        mails = self._customer.ledger()
        return [
            one.text.strip() for one in mails[1:] if one.subject == mails[0].subject or "8841" in one.subject
        ]

    def completed(self) -> bool:
        query = f"/tickets?query=Queue%3D'{self._queue.id}'&fields=Status"
        found = self._rt.agent.ask("GET", query).good()["items"]
        return [one["Status"] for one in found] == ["resolved"]


@pytest.fixture
def far(rt: RequestTracker) -> FarRt:
    return FarRt(rt)


class TestTrip(Trip):
    """Request Tracker's."""
