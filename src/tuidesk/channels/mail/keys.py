"""What logs the account in: a password, or the access token of a sign-in, renewed where it is stale."""

from contextlib import suppress
from typing import TYPE_CHECKING

from tuidesk.channels.mail.options import Options
from tuidesk.errors import SecretError
from tuidesk.wire.channel import Site

if TYPE_CHECKING:
    from tuidesk.wire.oauth.tokens import Tokens  # who has a password does not load HTTP


class Keys:
    """Blocking: call it off the event loop, from any thread."""

    def __init__(self, options: Options, site: Site) -> None:
        self._site = site
        self._tokens = _tokens(options, site)

    @property
    def are_tokens(self) -> bool:
        """They are no passwords."""
        return self._tokens is not None

    def key(self, use: str) -> str:
        """For `imap` or `smtp`.

        Raises:
            SecretError: it cannot be had.
            ChannelError: of a sign-in.
        """
        return self._site.secrets.get(use) if self._tokens is None else self._tokens.access()

    def instead_of(self, refused: str, use: str) -> str | None:
        """Another key for one that a server did not take; None where there is only the one.

        Raises:
            SecretError, ChannelError: of a sign-in.
        """
        if self._tokens is not None:
            return self._tokens.another(refused)
        with suppress(SecretError):
            now = self._site.secrets.get(use, anew=True)  # the agent may have changed it meanwhile
            return None if now == refused else now
        return None


def _tokens(options: Options, site: Site) -> "Tokens | None":
    app = options.signs_in_to(site.address)
    if app is None:
        return None
    from tuidesk.wire.oauth.tokens import Tokens

    return Tokens(app, site)
