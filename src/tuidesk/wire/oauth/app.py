"""Who we are to a provider of sign-ins, and where it listens. The client id is the agent's own team's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, runtime_checkable
from urllib.parse import quote, urlsplit

from tuidesk.words import say

CLIENT_SECRET = "client_secret"
"""What the app's own secret is called among an account's."""
Provider = Literal["google", "microsoft", "other"]


@dataclass(frozen=True, slots=True)
class App:
    """What a sign-in needs to know."""

    client_id: str
    token_url: str
    authorize_url: str = ""
    """Where a browser signs in; "" where none can."""
    device_url: str = ""
    """Where codes for another device are had; "" where none are."""
    scopes: tuple[str, ...] = ()
    issuer: str = ""
    """What the provider calls itself in its answer (RFC 9207); "" where that is not known."""
    has_secret: bool = False
    """The app has a secret besides, kept as the account's secret `CLIENT_SECRET`."""
    redirect_host: str = "127.0.0.1"
    """How the provider wants this machine to be called."""
    more: tuple[tuple[str, str], ...] = ()
    """What this provider wants to read in the browser's address besides."""
    ca: str = ""

    @property
    def host(self) -> str:
        """What the provider is called in a sentence."""
        return urlsplit(self.token_url).hostname or self.token_url

    @property
    def mark(self) -> str:
        """Whose refresh token it is: one is never sent to anybody else."""
        return f"{self.client_id} {self.token_url}"


@runtime_checkable
class SignsIn(Protocol):
    """Options of an account that may have a login in the browser, besides their own fields.

    Their class says in `SIGN_INS` which providers there are, each with the keys of the account's table that follow.
    `setup` writes `auth = "oauth"` and `[oauth]`, which is an `OAuth`.
    """

    def signs_in_to(self, address: str) -> App | None:
        """None where it logs in with a password. `address` is the account's own, to be suggested in the browser."""


class _Ends(NamedTuple):
    authorize: str
    token: str
    device: str = ""
    issuer: str = ""
    redirect_host: str = "127.0.0.1"
    more: tuple[tuple[str, str], ...] = ()


# Google gives no scope for mail to devices; it names a refresh token only where consent is asked for anew.
# Microsoft lets a public client come back at any port of `localhost`, under no other name.
_ENDS: Mapping[str, _Ends] = {
    "google": _Ends(
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        issuer="https://accounts.google.com",
        more=(("access_type", "offline"), ("prompt", "consent")),
    ),
    "microsoft": _Ends(
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode",
        redirect_host="localhost",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """`[oauth]` in an account's file."""

    client_id: str = field(metadata={"help": say("oauth.help_client_id")})
    provider: Provider = "other"
    client_secret: bool = False
    """The app has a secret: `secrets = { client_secret = … }` says where it is."""
    tenant: str = "common"
    """Microsoft's: an organisation's id or domain."""
    authorize_url: str = ""
    token_url: str = ""
    device_url: str = ""
    issuer: str = ""
    scopes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.client_id:
            raise ValueError(say("oauth.no_client_id"))
        own = self.authorize_url or self.token_url or self.device_url or self.issuer
        if self.provider != "other" and own:
            raise ValueError(say("oauth.own_address"))
        if self.provider == "other" and not (self.token_url and (self.authorize_url or self.device_url)):
            raise ValueError(say("oauth.no_address"))

    def app(self, scopes: Mapping[str, tuple[str, ...]], address: str, ca: str) -> App:
        """Args: scopes: what the account's kind needs of each provider, unless the file says otherwise."""
        tenant = quote(self.tenant, safe="")
        ends = _ENDS.get(self.provider) or _Ends(
            self.authorize_url, self.token_url, self.device_url, self.issuer
        )
        return App(
            client_id=self.client_id,
            token_url=ends.token.format(tenant=tenant) if self.provider != "other" else ends.token,
            authorize_url=ends.authorize.format(tenant=tenant)
            if self.provider != "other"
            else ends.authorize,
            device_url=ends.device.format(tenant=tenant) if self.provider != "other" else ends.device,
            scopes=self.scopes or scopes.get(self.provider, ()),
            issuer=ends.issuer,
            has_secret=self.client_secret,
            redirect_host=ends.redirect_host,
            more=(*ends.more, ("login_hint", address)) if address else ends.more,
            ca=ca,
        )
