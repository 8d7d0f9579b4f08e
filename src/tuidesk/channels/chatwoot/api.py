"""Chatwoot's Application API below one account: what is asked, and the server's clock."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any

from tuidesk.channels.chatwoot.options import Options
from tuidesk.channels.chatwoot.parse import at
from tuidesk.domain import instants
from tuidesk.domain.instants import SECOND, Instant
from tuidesk.errors import AuthFailed, ChannelError, ConfigError, Rejected, Unavailable
from tuidesk.wire.channel import Site
from tuidesk.wire.http import trouble
from tuidesk.wire.http.client import Answer, Client, SecretAuth, Upload
from tuidesk.wire.loose import Object, number, obj, objects, text
from tuidesk.words import say

_MOST_PAGES = 4_000
_MESSAGES = 20
_WITHIN_S = 6 * 3600
"""`updated_within` has no pages: beyond this many seconds its answer may be more than is taken at once."""
_NOT_ALLOWED = b"not authorized to do this"
_NO_TOKEN = b"need to sign in"


class Api:
    """Requests as one agent; `open` first."""

    def __init__(self, options: Options, site: Site) -> None:
        self._auth = SecretAuth(site, "api_access_token", str)
        self._client = Client(options.base, self._auth, site, ca=options.ca, judge=_judged)
        self._clock = site.clock
        self._wanted = options.number
        self._below = ""
        self._ahead: Instant = 0
        """How far the server's clock is ahead of ours."""
        self.profile: Object = {}
        self.account: Object = {}

    async def open(self) -> None:
        """Who are we, and in which account?

        Raises:
            AuthFailed: the token is not taken.
            ConfigError: there is no such account, or it must be said which.
        """
        self.profile = obj((await self._client.get("/api/v1/profile")).json)
        accounts = objects(self.profile, "accounts")
        mine = [one for one in accounts if number(one, "id") == self._wanted or not self._wanted]
        if number(self.profile, "id") is None:
            raise self._strange("profile")
        if len(mine) != 1:
            named = ", ".join(f"{text(one, 'id')} ({text(one, 'name')})" for one in accounts)
            raise ConfigError(say("chatwoot.which_account", accounts=named or "-"))
        self.account = mine[0]
        self._below = f"/api/v1/accounts/{number(self.account, 'id')}/"

    def now(self) -> Instant:
        """The server's clock."""
        return self._clock.now() + self._ahead

    def there(self, here: Instant) -> Instant:
        """A stamp of ours by the server's clock."""
        return here + self._ahead

    def here(self, there: Instant) -> Instant:
        """A stamp of the server's by our own clock."""
        return there - self._ahead

    async def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The JSON at a path below the account."""
        return self._heard(await self._client.get(self._below + path, params)).json

    async def set(self, path: str, json: Any) -> Any:
        """Set a state: twice is as good as once."""
        return self._heard(await self._client.post(self._below + path, json, unsafe=False)).json

    async def send(self, path: str, json: Any) -> Object:
        """What must not be done twice."""
        return obj(self._heard(await self._client.post(self._below + path, json)).json)

    async def send_form(self, path: str, form: Mapping[str, str], files: tuple[Upload, ...]) -> Object:
        """Likewise, with files."""
        answer = await self._client.post(self._below + path, form=form, uploads=files, deadline_s=110.0)
        return obj(self._heard(answer).json)

    async def listed(self, path: str, *below: str) -> list[Object]:
        """A list, as the whole answer or below a name.

        Raises:
            Unavailable: the answer holds no list: it must not look like an empty one.
        """
        found = await self.get(path)
        return self._objects(found, *below)

    async def conversations(self, since: Instant) -> AsyncGenerator[list[Object], None]:
        """Those with anything new after `since` (by the server's clock), newest first, each once, page by page.

        By pages, since a message may leave `updated_at` as it is; and by `updated_within`, since what else changes may
        leave `last_activity_at`, by which the pages are in order. What moves to the front meanwhile is newer than the
        question: it is told by the websocket, or found the next time.
        """
        seen: set[str] = set()
        every = {"status": "all", "assignee_type": "all"}
        within = max((self.now() - since) // SECOND, 1)
        if within < _WITHIN_S:
            yield _unseen(await self._listed_conversations({**every, "updated_within": within}), seen)
        for number_ in range(1, _MOST_PAGES):
            page = await self._listed_conversations({**every, "page": number_})
            active = [one for one in page if at(one.get("last_activity_at"), self.now()) >= since]
            yield _unseen(active, seen)
            if not active or len(active) < len(page):  # how many a page holds is the server's own affair
                return

    async def _listed_conversations(self, params: Mapping[str, Any]) -> list[Object]:
        return self._objects(await self.get("conversations", params), "data", "payload")

    async def messages(self, conversation: str, since: Instant) -> list[Object]:
        """A conversation's newest messages, oldest first: a page at least, and all since then."""
        found: list[Object] = []
        path = f"conversations/{_id(conversation)}/messages"
        params: dict[str, int] = {}
        while True:
            page = self._objects(await self.get(path, params), "payload")
            found = page + found
            oldest = min((number(one, "id") or 0 for one in page), default=0)
            reached = min((at(one.get("created_at"), 0) for one in page), default=0) < since
            if len(page) < _MESSAGES or reached or oldest >= params.get("before", oldest + 1):
                return found
            params = {"before": oldest}

    async def attachment(self, conversation: str, message: int, file: str) -> str:
        """Where a file lies just now: the addresses expire.

        Raises:
            Rejected: there is no such file any more.
        """
        params = {"after": message, "before": message + 1}
        found = self._objects(
            await self.get(f"conversations/{_id(conversation)}/messages", params), "payload"
        )
        for one in found:
            for held in objects(one, "attachments"):
                if text(held, "id") == file and (address := text(held, "data_url")):
                    return address
        raise Rejected(say("chatwoot.no_file"))

    async def conversation(self, id_: str) -> Object:
        """One conversation as it is now."""
        return obj(await self.get(f"conversations/{_id(id_)}"))

    async def contact(self, id_: int) -> Object:
        """A customer with all their inboxes; nothing where they are gone, or not ours to see."""
        try:
            return obj(await self.get(f"contacts/{id_}"), "payload")
        except Rejected:
            return {}

    def download(self, address: str) -> AsyncIterator[bytes]:
        """See `Client`."""
        return self._client.download(address)

    async def aclose(self) -> None:
        """See `Client`."""
        await self._client.aclose()

    def _objects(self, found: Any, *below: str) -> list[Object]:
        held = obj(found, *below[:-1]).get(below[-1]) if below else found
        if not isinstance(held, list):
            raise self._strange(below[-1] if below else "[]")
        return objects(held)

    def _strange(self, what: str) -> Unavailable:
        error = trouble.not_understood(self._client.host, what, unsafe=False)
        assert isinstance(error, Unavailable)
        return error

    def _heard(self, answer: Answer) -> Answer:
        with suppress(KeyError, ValueError):  # not every proxy says when
            there = instants.of(parsedate_to_datetime(answer.headers["date"])) + SECOND // 2
            self._ahead = there - self._clock.now()
        return answer


def _judged(answer: Answer) -> ChannelError | None:
    """What this agent may not do is answered like a token that is not known; one that was dropped, like none at all."""
    if answer.status == 401 and _NOT_ALLOWED in answer.body:
        return Rejected(say("chatwoot.not_allowed"))
    if answer.status == 401 and _NO_TOKEN in answer.body:
        return AuthFailed(say("chatwoot.no_token"))
    return None


def _unseen(page: list[Object], seen: set[str]) -> list[Object]:
    new = [one for one in page if text(one, "id") not in seen]
    seen.update(text(one, "id") for one in new)
    return new


def _id(conversation: str) -> int:
    try:
        return int(conversation)
    except ValueError:
        raise Rejected(say("chatwoot.no_conversation", id=conversation)) from None
