"""Every service at once, on the tests' own fakes: for the soak, and for the picture of a full queue."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.channels.contract import CANARY
from tests.channels.trip import Far
from tests.fakes.mastodon import DANA, FakeMastodon


class FarMastodon(Far):
    sending = r"POST /api/v1/statuses"

    def __init__(self, server: FakeMastodon) -> None:
        self._server = server
        self._last: str | None = None
        self.url, self.secret = server.base, CANARY

    def account(self, url: str) -> str:
        return f'kind = "mastodon"\nserver = "{url}"\npoll_s = 1.0\n'

    def writes(self, text: str) -> None:
        self._last = self._server.post(DANA, f"@acmehelp {text}", in_reply_to_id=self._last)["id"]

    def sees(self) -> list[str]:
        return [one["text"] for one in self._server.seen_by(DANA)]


@contextmanager
def crowd() -> Iterator[dict[str, Far]]:
    """A customer at each of them, by the name of its account."""
    with ExitStack() as stack:
        yield {"mastodon": FarMastodon(stack.enter_context(FakeMastodon(CANARY)))}
