"""What a provider is asked behind the browser's back, and what its refusals mean. Blocking: off the event loop."""

import asyncio
import json
import math
from collections.abc import Mapping
from typing import Any

from tuidesk.errors import AuthFailed, ChannelError, RateLimited, Rejected, SignInNeeded, Unavailable
from tuidesk.wire.channel import Site
from tuidesk.wire.http.client import Answer, Ask, Client, NoAuth
from tuidesk.wire.oauth.app import CLIENT_SECRET, App
from tuidesk.wire.oauth.grant import Grant
from tuidesk.words import say

_ANSWER_S = 20.0
_LIFE_S = 3600.0
"""Of an access token whose provider does not say."""
_EARLY_S = 60.0
"""So long before its end an access token is renewed, or a tenth of its life before, where that is short."""
_ENDED = frozenset({"invalid_grant", "interaction_required", "consent_required", "login_required"})
_NOT_KNOWN = frozenset({"invalid_client", "unauthorized_client"})
_PASSING = frozenset({"temporarily_unavailable", "server_error"})
_COMES_WITHOUT = frozenset({"offline_access", "openid", "profile", "email"})
"""Scopes that providers grant without naming them."""


class Said(Rejected):
    """The provider's no, in its own words, with the word that RFC 6749 §5.2 and RFC 8628 §3.5 have for it."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description.rstrip(".") or error)
        self.error = error


def ask(app: App, url: str, form: Mapping[str, str], site: Site) -> dict[str, Any]:
    """Post a form with our client id at one of the app's own addresses.

    Raises:
        Said: the provider refuses.
        ChannelError: it cannot be asked now.
        SecretError: the app's secret cannot be had.
        ConfigError: its address is none.
    """
    ours = {"client_id": app.client_id, **form}
    if app.has_secret:
        ours["client_secret"] = _client_secret(site)
    answer = asyncio.run(_asked(app, url, ours, site))
    if not isinstance(answer.json, dict):
        raise _odd(app)
    return answer.json


def granted(
    app: App, answer: Mapping[str, Any], site: Site, *, instead_of: Grant | None = None, whole: bool = False
) -> Grant:
    """What a token endpoint gave. One that sends no new refresh token lets the old one hold (RFC 6749 §6).

    Args:
        whole: all scopes must have been granted.

    Raises:
        AuthFailed: a scope is missing, or there is no refresh token.
        Unavailable: that was no answer of such an endpoint.
    """
    access, kind = answer.get("access_token"), answer.get("token_type", "bearer")
    if not isinstance(access, str) or not _fits(access) or str(kind).lower() != "bearer":
        raise _odd(app)
    refresh = answer.get("refresh_token") or (instead_of.refresh_token if instead_of else "")
    if not isinstance(refresh, str) or not _fits(refresh):
        raise AuthFailed(say("oauth.no_refresh", host=app.host))
    got = answer.get("scope")
    missing = _missing(app.scopes, got) if whole and isinstance(got, str) else ()
    if missing:
        raise AuthFailed(say("oauth.no_scope", host=app.host, scopes=" ".join(missing)))
    return Grant(refresh, access, site.clock.now() / 1000 + _life(answer.get("expires_in")), app.mark)


def meant(said: Said, app: App, site: Site) -> ChannelError:
    """A refusal as the desk knows it."""
    if said.error in _ENDED:
        return again(say("oauth.ended", host=app.host, said=said.reason), site)
    if said.error in _NOT_KNOWN:
        return AuthFailed(say("oauth.not_known", host=app.host, said=said.reason))
    if said.error == "invalid_scope":
        return AuthFailed(say("oauth.no_such_scope", host=app.host, said=said.reason))
    if said.error in _PASSING:
        return Unavailable(say("oauth.refused", host=app.host, said=said.reason))
    if said.error == "slow_down":
        return RateLimited(say("oauth.refused", host=app.host, said=said.reason))
    return AuthFailed(say("oauth.refused", host=app.host, said=said.reason))


def again(why: str, site: Site) -> SignInNeeded:
    """`why` an account's login has ended, with what the agent can do."""
    return SignInNeeded(say("oauth.again", why=why.rstrip("."), account=site.account))


async def _asked(app: App, url: str, form: Mapping[str, str], site: Site) -> Answer:
    client = Client(url, NoAuth(), site, ca=app.ca, judge=_judged)
    try:
        return await client.ask(Ask(method="POST", path=url, form=form, deadline_s=_ANSWER_S))
    finally:
        await client.aclose()


def _judged(answer: Answer) -> ChannelError | None:
    """Refusals come as 400 and 401, from some as 200; what is no refusal is judged as everywhere."""
    if answer.status >= 500 or answer.status == 429:
        return None
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    error = found.get("error") if isinstance(found, dict) else None
    if not isinstance(error, str) or not error:
        return None
    description = found.get("error_description")
    lines = description.splitlines() if isinstance(description, str) else []
    return Said(error, lines[0] if lines else "")  # what Microsoft writes below are its own numbers


def _client_secret(site: Site) -> str:
    secret = site.secrets.get(CLIENT_SECRET)
    if secret.startswith("{"):  # the account's only secret, which is what the sign-in gave
        raise AuthFailed(say("oauth.no_client_secret"))
    return secret


def _life(said: object) -> float:
    """Seconds for which an access token is used. What is no number of them says nothing: 0, from some, is for ever."""
    try:
        life = float(said) if isinstance(said, int | float | str) else 0.0
    except (ValueError, OverflowError):
        life = 0.0
    if not 0 < life < math.inf:
        life = _LIFE_S
    return life - min(_EARLY_S, life / 10)


def _missing(wanted: tuple[str, ...], got: str) -> tuple[str, ...]:
    """Microsoft names a scope with its resource (`https://…/SMTP.Send`) or without."""
    have = {_short(one) for one in got.split()}
    return tuple(one for one in wanted if one not in _COMES_WITHOUT and _short(one) not in have)


def _short(scope: str) -> str:
    return (scope.rpartition("/")[2] or scope).casefold()


def _fits(token: str) -> bool:
    """A header can hold it."""
    return bool(token) and token.isascii() and token.isprintable()


def _odd(app: App) -> ChannelError:
    return Unavailable(say("http.not_understood", host=app.host, what=say("oauth.no_token")))
