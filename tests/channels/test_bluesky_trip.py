"""Bluesky's API, spoken with its makers' own test network; direct messages with a server of our own behind it."""

from collections.abc import Iterator

import pytest

from tests.channels.trip import Far, Trip, secret_of
from tests.fakes.bsky_chat import ChatAlone
from tests.servers.atproto import AtProto, Ref
from tests.servers.faults import FaultProxy

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("atproto")]


class FarPosts(Far):
    sending = r"POST /xrpc/com.atproto.repo.createRecord"
    chat = "false"

    def __init__(self, network: AtProto) -> None:
        self._network = network
        self._us = network.new_person("acmehelp")
        self._customer = network.new_person("dana")
        self._first: Ref | None = None
        self._last: Ref | None = None
        self.url, self.secret = network.public_url, self._us.password

    def account(self, url: str) -> str:
        named = f'kind = "bluesky"\nserver = "{url}"\nhandle = "{self._us.handle}"\n'
        return f'{named}poll_s = 0.5\nchat = {self.chat}\nsecret = {{ env = "{secret_of("shop")}" }}\n'

    def writes(self, text: str) -> None:
        self._last = self._customer.post(
            f"@{self._us.handle} {text}", parent=self._last, mentioned=[self._us]
        )
        self._first = self._first or self._last
        self._network.settled()

    def sees(self) -> list[str]:
        assert self._first is not None
        self._network.settled()
        return [one.text for one in self._customer.thread(self._first) if one.sender == self._us.handle]


class FarDirect(FarPosts):
    sending = r"POST /xrpc/chat.bsky.convo.sendMessage"
    chat = "true"

    def __init__(self, network: AtProto, chat: ChatAlone) -> None:
        super().__init__(network)
        self._chat = chat
        chat.handles |= {one.did: one.handle for one in (self._us, self._customer)}

    def writes(self, text: str) -> None:
        convo = self._chat.convo_of(self._us.did, self._customer.did, request_for=self._us.did)
        self._chat.says(self._customer.did, convo, text)

    def sees(self) -> list[str]:
        return self._chat.directly_seen_by(self._customer.did, self._us.did)


@pytest.fixture(scope="module")
def chat(atproto: AtProto) -> Iterator[ChatAlone]:
    """One for all: the network's server keeps its connections to it."""
    with ChatAlone(atproto.chat_port) as chat:
        yield chat


class _OnTheNetwork(Trip):
    """The directory says that the server is at the network's own proxy."""

    @pytest.fixture
    def proxy(self, atproto: AtProto) -> Iterator[FaultProxy]:
        yield atproto.faults
        atproto.faults.calm()


class TestTrip(_OnTheNetwork):
    """In public."""

    @pytest.fixture
    def far(self, atproto: AtProto) -> FarPosts:
        return FarPosts(atproto)


class TestDirectTrip(_OnTheNetwork):
    """Directly."""

    @pytest.fixture
    def far(self, atproto: AtProto, chat: ChatAlone) -> FarDirect:
        return FarDirect(atproto, chat)
