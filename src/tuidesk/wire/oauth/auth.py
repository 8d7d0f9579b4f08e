"""Requests of `wire.http` with the access token of a sign-in."""

from collections.abc import Mapping

from tuidesk.errors import AuthFailed, SecretError
from tuidesk.wire.oauth.tokens import Tokens
from tuidesk.wire.threads import in_thread


class OAuthBearer:
    """The port `wire.http.client.Auth`."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._sent = ""

    async def headers(self) -> Mapping[str, str]:
        """See `Auth`."""
        try:
            self._sent = await in_thread(self._tokens.access)
        except SecretError as error:
            raise AuthFailed(str(error)) from error
        return {"Authorization": f"Bearer {self._sent}"}

    async def renewed(self) -> bool:
        """See `Auth`."""
        refused = self._sent
        try:
            await in_thread(lambda: self._tokens.another(refused))
        except SecretError as error:
            raise AuthFailed(str(error)) from error
        return True
