"""The access token of one account, renewed by one at a time.

A refresh token that rotates can be redeemed once: the second time the provider takes it for stolen, and everything
that came from it ends. So whoever redeems one holds the account's lock, looks again at what is kept, and has the new
one kept before anybody uses it.
"""

import logging

from tuidesk.errors import Rejected, SecretMissing, SignInNeeded, Unavailable, Unsupported
from tuidesk.wire.channel import Site
from tuidesk.wire.oauth.alone import alone
from tuidesk.wire.oauth.app import App
from tuidesk.wire.oauth.endpoint import Said, again, ask, granted, meant
from tuidesk.wire.oauth.grant import Grant, read, written
from tuidesk.words import say

steps = logging.getLogger("tuidesk.steps")
"""The named steps of a token's life; tests stop the program at them."""

USE = "oauth"
"""What the sign-in is called among an account's secrets."""


class Tokens:
    """Blocking: call it off the event loop, from any thread."""

    def __init__(self, app: App, site: Site) -> None:
        self._app = app
        self._site = site
        self._had: Grant | None = None
        self._ended = ""
        """A refresh token that the provider does not take any more: it is not asked a second time."""
        self._why_ended = ""
        self._unkept: tuple[str, Grant] | None = None
        """What came for a refresh token, where its place did not take it."""

    def access(self) -> str:
        """A token that should serve.

        Raises:
            SignInNeeded: the agent has to sign in again.
            ChannelError: none can be had now.
            SecretError: the place of the account's secret cannot be read, or does not take another.
        """
        grant = self._had or self._kept(anew=False)
        if not self._serves(grant):
            grant = self._renewed("")
        self._had = grant
        return grant.access_token

    def another(self, refused: str) -> str:
        """One in the place of a token that a service did not take; raises as `access`."""
        self._had = grant = self._renewed(refused)
        return grant.access_token

    def keep(self, grant: Grant) -> None:
        """What a sign-in has just given, in the place of all that was before.

        Raises:
            SecretError: the place does not take it.
        """
        with alone(self._site.folder):
            self._put(grant)

    def refuse_unwritable(self) -> None:
        """Learn whether the place of the secret takes another, while nothing depends on it.

        Raises:
            SecretError: it does not, the text says which would; or nothing can be had from there.
        """
        with alone(self._site.folder):
            self._site.secrets.put(self._site.secrets.get(USE, anew=True), USE)

    def _renewed(self, refused: str) -> Grant:
        with alone(self._site.folder):
            grant = self._kept(anew=True)
            if self._unkept is not None:
                spent, came = self._unkept
                if spent == grant.refresh_token:
                    self._put(came)
                    grant = came
                self._unkept = None
            if self._serves(grant, but=refused):
                return grant
            return self._redeemed(grant)

    def _redeemed(self, grant: Grant) -> Grant:
        if grant.refresh_token == self._ended:
            raise SignInNeeded(self._why_ended)
        # a place that takes nothing is found out before it is too late
        self._site.secrets.put(written(grant), USE)
        steps.debug("oauth.redeeming")
        form = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
        try:
            answer = ask(self._app, self._app.token_url, form, self._site)
        except Said as said:
            # what is kept may be newer where somebody takes no lock: a backup, say
            if self._kept(anew=True).refresh_token != grant.refresh_token:
                raise Unavailable(say("oauth.newer")) from None
            wrong = meant(said, self._app, self._site)
            if isinstance(wrong, SignInNeeded):
                self._ended, self._why_ended = grant.refresh_token, wrong.reason
            raise wrong from None
        except (
            Rejected,
            Unsupported,
        ) as wrong:  # a gateway's no, not that what waits for this can never leave
            raise Unavailable(wrong.reason) from None
        came = granted(self._app, answer, self._site, instead_of=grant)
        steps.debug("oauth.redeemed")
        self._unkept = grant.refresh_token, came
        self._put(came)
        self._unkept = None
        return came

    def _put(self, grant: Grant) -> None:
        self._site.secrets.put(written(grant), USE)
        steps.debug("oauth.kept")

    def _kept(self, *, anew: bool) -> Grant:
        try:
            grant = read(self._site.secrets.get(USE, anew=anew))
        except SecretMissing:
            grant = None
        if grant is None:
            raise again(say("oauth.none"), self._site)
        if grant.mark != self._app.mark:
            raise again(say("oauth.of_another"), self._site)
        return grant

    def _serves(self, grant: Grant, *, but: str = "") -> bool:
        fresh = self._site.clock.now() / 1000 < grant.use_until
        return fresh and grant.access_token != but
