"""What makes a request ours: a secret in a header, or none."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Protocol

from tuidesk.errors import AuthFailed, SecretError
from tuidesk.wire.channel import Site
from tuidesk.wire.threads import in_thread
from tuidesk.words import say


class Auth(Protocol):
    """What makes a request ours."""

    async def headers(self) -> Mapping[str, str]:
        """Raises AuthFailed where there is no secret."""

    async def renewed(self) -> bool:
        """The service took ours for stale. True: there is another one now, try once more."""


class SecretAuth:
    """A secret that only the agent changes, as one header: `Bearer …`, `Basic …`, or whatever `write` makes of it."""

    def __init__(self, site: Site, name: str, write: Callable[[str], str], *, use: str = "") -> None:
        self._site, self._name, self._write, self._use = site, name, write, use
        self._secret: str | None = None

    @classmethod
    def bearer(cls, site: Site, *, word: str = "Bearer", use: str = "") -> "SecretAuth":
        """`Authorization: Bearer SECRET`; some services have a word of their own (`token`)."""
        return cls(site, "Authorization", lambda secret: f"{word} {secret}", use=use)

    @classmethod
    def basic(cls, site: Site, user: str, *, use: str = "") -> "SecretAuth":
        """`Authorization: Basic`, with the secret as the password of `user`."""

        def write(secret: str) -> str:
            return "Basic " + b64encode(f"{user}:{secret}".encode()).decode()

        return cls(site, "Authorization", write, use=use)

    async def headers(self) -> Mapping[str, str]:
        """See `Auth`."""
        return {self._name: self._write(await self.secret())}

    async def secret(self) -> str:
        """Asked for once, off the loop: a program may have to be run for it."""
        if self._secret is None:
            self._secret = await secret_of(self._site, self._use)
        return self._secret

    async def renewed(self) -> bool:
        """See `Auth`. The agent may have put another one in its place meanwhile."""
        refused = self._secret
        with suppress(AuthFailed):  # then there is none but this, and it is what was refused
            self._secret = await secret_of(self._site, self._use, anew=True)
        return self._secret != refused


class NoAuth:
    """For what needs no login, or carries it in its path."""

    async def headers(self) -> Mapping[str, str]:
        """See `Auth`."""
        return {}

    async def renewed(self) -> bool:
        """See `Auth`."""
        return False


async def secret_of(site: Site, use: str = "", *, anew: bool = False) -> str:
    """The account's secret, as one line; `anew`: as it is kept now, whatever was had before.

    Raises:
        AuthFailed: it cannot be had, or no header can hold it.
    """
    try:
        secret = await in_thread(lambda: site.secrets.get(use, anew=anew))
    except SecretError as error:
        raise AuthFailed(str(error)) from error
    if not secret.isprintable() or not secret.isascii():
        raise AuthFailed(say("http.bad_secret"))
    return secret
