"""Who is who: profiles by DID, asked for once a run."""

from collections.abc import Iterable

from tuidesk.channels.bluesky import parse
from tuidesk.domain.model import Person
from tuidesk.errors import Rejected
from tuidesk.wire import newest
from tuidesk.wire.http.client import Client
from tuidesk.wire.loose import Object, objects, text

_AT_ONCE = 25


class People:
    """Profiles that were seen."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._whole: dict[str, Object] = {}
        self._seen: dict[str, Object] = {}
        """What came along with messages: less than a whole profile."""
        self._told: dict[tuple[str, str], None] = {}

    def learn(self, profiles: Iterable[Object]) -> None:
        """Take note of what came along."""
        for profile in profiles:
            if text(profile, "did") and text(profile, "handle"):
                newest.keep(self._seen, text(profile, "did"), profile)

    async def ask(self, dids: Iterable[str]) -> None:
        """Look up those who are not known yet; nobody is missed who cannot be found."""
        lacking = [did for did in dict.fromkeys(dids) if did.startswith("did:") and did not in self._whole]
        for start in range(0, len(lacking), _AT_ONCE):
            await self.look_up(lacking[start : start + _AT_ONCE])

    async def look_up(self, dids: list[str]) -> None:
        """Ask now, at most 25 at once."""
        found: list[Object] = []
        try:
            answer = await self._client.get("/xrpc/app.bsky.actor.getProfiles", {"actors": dids})
            found = objects(answer.json, "profiles")
        except Rejected:
            if len(dids) > 1:  # one of them is no name at all: the others are not to suffer for it
                for did in dids:
                    await self.look_up([did])
                return
        told = {text(profile, "did"): profile for profile in found}
        for did in dids:
            newest.keep(self._whole, did, told.get(did) or self.profile(did))

    def profile(self, did: str) -> Object:
        """As much as is known."""
        return self._whole.get(did) or self._seen.get(did) or {"did": did}

    def named(self, did: str) -> Person:
        """Who a DID is."""
        return parse.person(self.profile(did))

    def is_news(self, did: str, medium: str) -> bool:
        """Whether their profile was not told in this run, for that medium."""
        if not did or (did, medium) in self._told:
            return False
        newest.keep(self._told, (did, medium), None)
        return True

    def forget_told(self) -> None:
        """What was told may not have been stored."""
        self._told.clear()
