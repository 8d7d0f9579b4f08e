"""A login in the browser, from the person's side: for a new account, and again for one whose sign-in has ended."""

import asyncio
import shlex
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from tuidesk.config.load import load
from tuidesk.config.paths import Paths
from tuidesk.config.secrets import AccountSecrets
from tuidesk.config.tables import AccountFile
from tuidesk.desk.login import LoginFailed, app_of, log_in, site_of
from tuidesk.desk.questions import Asker, Choice, ask_filled
from tuidesk.errors import AuthFailed, ChannelError, NotFound, Refused, SecretError
from tuidesk.wire import registry
from tuidesk.wire.channel import Checked, Clock, Site
from tuidesk.wire.oauth import code, device
from tuidesk.wire.oauth.app import App
from tuidesk.wire.oauth.grant import Grant
from tuidesk.wire.oauth.loopback import Loopback
from tuidesk.wire.oauth.tokens import USE, Tokens
from tuidesk.words import say

PLACES = ("keyring", "file")
"""Where a token can be that rotates."""


# --- a new account --------------------------------------------------------------------------------


def ask_how(asker: Asker, options: type[Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that say how the account logs in, and what follows from them; {} for a password.

    Args:
        before: the answers so far, which are the defaults.
    """
    known: Mapping[str, Mapping[str, Any]] = getattr(options, "SIGN_INS", {})
    if not known:
        return {}
    choices = tuple(Choice(way, say(f"setup.auth_{way}")) for way in ("password", *known))
    was = before.get("oauth", {}).get("provider") or _usual(str(before.get("address", "")))
    provider = asker.choose(say("setup.auth"), choices, was if was in known else "password")
    if provider == "password":
        return {}
    asker.tell(say(f"setup.app_{provider}"))
    asked = _ask_app(asker, provider, before.get("oauth", {}))
    return {**known[provider], "auth": "oauth", "oauth": asked}


def _ask_app(asker: Asker, provider: str, before: Mapping[str, Any]) -> dict[str, Any]:
    """The table `[oauth]`."""
    table: dict[str, Any] = {
        "provider": provider,
        "client_id": ask_filled(asker, say("setup.client_id"), before.get("client_id", "")),
    }
    if provider == "microsoft":
        table["tenant"] = asker.text(say("setup.tenant"), before.get("tenant", "common")).strip()
    if provider == "other":
        for name in ("authorize_url", "token_url", "device_url"):
            table[name] = asker.text(say(f"setup.{name}"), before.get(name, "")).strip()
        scopes = asker.text(say("setup.scopes"), shlex.join(before.get("scopes", ())))
        table["scopes"] = scopes.split()
    both = (Choice("yes", say("setup.yes")), Choice("no", say("setup.no")))
    usual = "yes" if before.get("client_secret", provider == "google") else "no"
    table["client_secret"] = asker.choose(say("setup.has_client_secret"), both, usual) == "yes"
    return {name: value for name, value in table.items() if value}


def _usual(address: str) -> str:
    """Whose mailbox it is, going by its address."""
    domain = address.rpartition("@")[2].casefold()
    if domain in ("gmail.com", "googlemail.com"):
        return "google"
    return "microsoft" if domain.partition(".")[0] in ("outlook", "hotmail", "live") else "password"


# --- the sign-in itself ---------------------------------------------------------------------------


def sign_in(asker: Asker, app: App, site: Site) -> Grant:
    """Have the person sign in, here or elsewhere. Blocking, for minutes.

    Raises:
        LoginFailed: it did not come to that; the text says why.
        ConfigError: an address or the app's secret is wrong.
    """
    way = "device" if app.device_url else "browser"
    if app.device_url and app.authorize_url:
        ways = tuple(Choice(one, say(f"setup.sign_in_{one}")) for one in ("device", "browser"))
        way = asker.choose(say("setup.sign_in"), ways, "device")
    try:
        return (_by_device if way == "device" else _by_browser)(asker, app, site)
    except (Refused, AuthFailed) as error:
        raise LoginFailed(str(error), refused=True) from None
    except ChannelError as error:
        raise LoginFailed(say("setup.unavailable", reason=error.reason)) from None


def _by_device(asker: Asker, app: App, site: Site) -> Grant:
    shown = device.begun(app, site)
    asker.tell(say("setup.device", address=shown.address, code=shown.code))
    asker.tell(say("setup.waiting"))
    return device.awaited(app, shown, site)


def _by_browser(asker: Asker, app: App, site: Site) -> Grant:
    state = code.new_state()
    with closing(Loopback(state, app.redirect_host)) as here:
        request = code.request(app, here.redirect, state)
        asker.tell(say("setup.browser"))
        asker.tell(request.address)
        while True:
            pasted = asker.until(say("setup.pasted"), here.has_come)
            if not (here.answer or (pasted or "").strip()):
                continue  # as the question allows
            try:
                found = code.code_in(here.answer or pasted or "", request, app)
                return code.redeemed(app, request, found, site)
            except Refused as error:
                if here.has_come():
                    raise
                asker.tell(str(error))


# --- again ----------------------------------------------------------------------------------------


def sign_in_again(paths: Paths, asker: Asker, clock: Clock, name: str) -> Checked:
    """Sign in to an account that stands, and try it.

    Raises:
        NotFound: there is no account of that name.
        Refused: it logs in with a password.
        SecretError: the place of its secret takes no other.
        LoginFailed: the provider or the service does not take it.
    """
    config = load(paths)
    account = next((one for one in config.accounts if one.id == name), None)
    if account is None:
        raise NotFound(say("setup.no_account", name=name))
    app = app_of(account.options(registry.load(account.kind).Options), account.keys.address)
    if app is None:
        raise Refused(say("setup.no_sign_in", name=name, file=account.file))
    site = site_of(config, account, AccountSecrets(account, ask=True), clock)
    tokens = Tokens(app, site)
    _refuse_fixed(account, tokens, site)
    tokens.keep(sign_in(asker, app, site))
    asker.tell(say("setup.trying"))
    return asyncio.run(log_in(account, site))


def _refuse_fixed(account: AccountFile, tokens: Tokens, site: Site) -> None:
    """Find out before the person is sent to a browser.

    Raises:
        SecretError: the place of the account's secret takes no other.
    """
    source = account.sources.get(USE) or account.sources.get("")
    if source is None or not any(getattr(source, place) for place in PLACES):
        site.secrets.put("{}", USE)  # which says what place would do
    elif _is_there(site):
        tokens.refuse_unwritable()


def _is_there(site: Site) -> bool:
    try:
        site.secrets.get(USE, anew=True)
    except SecretError:
        return False  # nothing that could be lost, or nothing that can be told
    return True
