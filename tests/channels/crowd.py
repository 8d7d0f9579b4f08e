"""Every service at once, on the tests' own fakes: for the soak, and for the picture of a full queue."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from tests.channels.contract import CANARY
from tests.channels.matrixing import FarMatrix
from tests.channels.telegramming import FarTelegram
from tests.channels.trip import Far, secret_of
from tests.fakes import bluesky
from tests.fakes.bluesky import FakeBluesky
from tests.fakes.chatwoot import FakeChatwoot
from tests.fakes.mastodon import DANA, FakeMastodon
from tests.fakes.matrix import Matrix
from tests.fakes.rt import AGENT, FakeRt
from tests.fakes.telegram import FakeTelegram
from tests.fakes.twilio import ACCOUNT, OURS, FakeTwilio, servers


class FarMastodon(Far):
    sending = r"POST /api/v1/statuses"

    def __init__(self, server: FakeMastodon) -> None:
        self._server = server
        self._last: str | None = None
        self.url, self.secret = server.base, CANARY

    def account(self, url: str) -> str:
        return f'kind = "mastodon"\nserver = "{url}"\npoll_s = 1.0\nsecret = {{ env = "{secret_of("mastodon")}" }}\n'

    def writes(self, text: str) -> None:
        self._last = self._server.post(DANA, f"@acmehelp {text}", in_reply_to_id=self._last)["id"]

    def sees(self) -> list[str]:
        return [one["text"] for one in self._server.seen_by(DANA)]


class FarChatwoot(Far):
    """A chat in the shop's own inbox."""

    sending = r"POST /api/v1/accounts/3/conversations/\d+/messages"
    completes = True

    def __init__(self, server: FakeChatwoot, name: str = "chatwoot") -> None:
        self._server, self._name = server, name
        self._dana = server.contact("Dana")
        self._thread = server.begin(self._dana)
        self.url, self.secret = server.base, CANARY

    def account(self, url: str) -> str:
        head = f'kind = "chatwoot"\nserver = "{url}"\nrequest_s = 1.0\n'
        return head + f'secret = {{ env = "{secret_of(self._name)}" }}\n'

    def writes(self, text: str) -> None:
        self._server.write(self._thread, text)

    def sees(self) -> list[str]:
        return [str(one["content"]) for one in self._server.seen_by(self._dana)]

    def completed(self) -> bool:
        return bool(self._server.conversations[self._thread]["status"] == "resolved")


class FarBluesky(Far):
    """Posts; direct messages have a log of their own and the same faults in their own tests."""

    sending = r"POST /xrpc/com.atproto.repo.createRecord"

    def __init__(self, server: FakeBluesky) -> None:
        self._server = server
        self._last: dict[str, Any] | None = None
        self.url, self.secret = server.base, server.password

    def account(self, url: str) -> str:
        self._server.pds = url  # the account's document names where its records lie
        named = f'kind = "bluesky"\nserver = "{url}"\nhandle = "acmehelp.test"\npoll_s = 1.0\n'
        return named + f'secret = {{ env = "{secret_of("bluesky")}" }}\n'

    def writes(self, text: str) -> None:
        self._last = self._server.post(bluesky.DANA, f"@acmehelp.test {text}", parent=self._last)

    def sees(self) -> list[str]:
        return [one["record"]["text"] for one in self._server.seen_by(bluesky.DANA)]


class FarTwilio(Far):
    """SMS; a call now and then stands for itself in its own tests."""

    sending = r"POST .*/Messages\.json"

    def __init__(self, server: FakeTwilio) -> None:
        self._server = server
        self.url, self.secret = server.base, CANARY

    def account(self, url: str) -> str:
        head = f'kind = "twilio"\naccount_sid = "{ACCOUNT}"\nnumbers = ["{OURS}"]\npoll_s = 1.0\n'
        return head + f'secret = {{ env = "{secret_of("twilio")}" }}\n' + servers(url)

    def writes(self, text: str) -> None:
        self._server.text(text)

    def sees(self) -> list[str]:
        return [said for _, said in self._server.received]


class FarRt(Far):
    sending = r"POST .*/correspond"

    def __init__(self, server: FakeRt) -> None:
        self._server = server
        self._ticket: int | None = None
        self.url, self.secret = server.base, server.token

    def account(self, url: str) -> str:
        return f'kind = "rt"\nserver = "{url}"\npoll_s = 1.0\nsecret = {{ env = "{secret_of("rt")}" }}\n'

    def writes(self, text: str) -> None:
        self._ticket = self._server.mail(text, self._ticket)

    def sees(self) -> list[str]:
        return self._server.mailed


@contextmanager
def crowd() -> Iterator[dict[str, Far]]:
    """A customer at each of them, by the name of its account."""
    with ExitStack() as stack:
        yield {
            "bluesky": FarBluesky(stack.enter_context(FakeBluesky(CANARY))),
            "chatwoot": FarChatwoot(stack.enter_context(FakeChatwoot(CANARY))),
            "mastodon": FarMastodon(stack.enter_context(FakeMastodon(CANARY))),
            "matrix": FarMatrix(stack.enter_context(Matrix(CANARY))),
            "twilio": FarTwilio(stack.enter_context(FakeTwilio(CANARY))),
            "rt": FarRt(stack.enter_context(FakeRt(f"1-{AGENT}-{CANARY}"))),
            "telegram": FarTelegram(stack.enter_context(FakeTelegram(CANARY)), customers=10_000),
        }
