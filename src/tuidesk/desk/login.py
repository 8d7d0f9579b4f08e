"""One login of one account, to see who we are there: what `setup` and `doctor` share."""

import asyncio
from pathlib import Path

from tuidesk.config.load import Config
from tuidesk.config.paths import make_private
from tuidesk.config.secrets import redact
from tuidesk.config.tables import AccountFile
from tuidesk.errors import AuthFailed, ChannelError, ConfigError, SecretError, SignInNeeded, TuideskError
from tuidesk.wire import registry
from tuidesk.wire.channel import Channel, Checked, Clock, Secrets, Site
from tuidesk.wire.oauth.app import App, SignsIn
from tuidesk.wire.threads import in_thread
from tuidesk.words import say

CHECK_S = 60.0
_CLOSE_S = 2.0
_UNAVAILABLE = {
    "mail": "setup.unavailable",
    "maildir": "setup.unavailable_here",
    "pipe": "setup.unavailable_here",
}
"""What to check, by kind, where it is something else than a server's address."""


class LoginFailed(TuideskError):
    """The account cannot be used now. The text says why, with every known secret blotted out."""

    def __init__(self, text: str, *, refused: bool = False, says_how: bool = False) -> None:
        super().__init__(redact(text))
        self.refused = refused
        """The service answered, and does not take this login."""
        self.says_how = says_how
        """The text names what helps."""


def site_of(config: Config, account: AccountFile, secrets: Secrets, clock: Clock) -> Site:
    """What an account's adapter is handed besides its options; makes the account's own folder.

    Raises:
        ConfigError: the folder cannot be made.
    """
    folder: Path = config.paths.account_folder(account.id)
    make_private(folder)
    return Site(
        account=account.id,
        clock=clock,
        secrets=secrets,
        agent=config.settings.agent,
        agent_addresses=config.settings.agent_addresses,
        address=account.keys.address,
        addresses=account.keys.addresses,
        folder=str(folder),
    )


async def log_in(account: AccountFile, site: Site, seconds: float = CHECK_S) -> Checked:
    """Log in, look, log out.

    Raises:
        LoginFailed: whatever it was.
        ConfigError: the account's file is wrong, or its secret cannot be had.
    """
    adapter = registry.load(account.kind)
    options = account.options(adapter.Options)
    app = app_of(options, site.address)
    try:
        if app is not None:
            await _refuse_unwritable(app, site)
        return await _check(adapter, options, site, seconds)
    except SignInNeeded as error:
        raise LoginFailed(error.reason, refused=True, says_how=True) from None
    except AuthFailed as error:
        if isinstance(error.__cause__, SecretError):  # nobody was asked
            raise error.__cause__ from None
        if app is not None:
            raise LoginFailed(say("setup.sign_in_refused", reason=error.reason), refused=True) from None
        raise LoginFailed(say("setup.refused", reason=error.reason), refused=True) from None
    except ChannelError as error:
        words = _UNAVAILABLE.get(account.kind, "setup.unavailable_there")
        raise LoginFailed(say(words, reason=error.reason or type(error).__name__)) from None
    except TimeoutError:
        raise LoginFailed(say("setup.slow", seconds=int(seconds))) from None
    except ConfigError:
        raise
    except TuideskError as error:
        raise LoginFailed(str(error)) from None
    except Exception as error:  # noqa: BLE001 - an adapter may raise anything; the others are asked all the same
        reason = f"{type(error).__name__}: {error}"
        raise LoginFailed(say("setup.crashed", kind=account.kind, reason=reason)) from None


def app_of(options: object, address: str) -> App | None:
    """What an account signs in to in the browser; None where it logs in with a password, or not at all."""
    return options.signs_in_to(address) if isinstance(options, SignsIn) else None


async def _refuse_unwritable(app: App, site: Site) -> None:
    """A token that rotates must have a place that takes the next one, also while this one still serves."""
    from tuidesk.wire.oauth.tokens import Tokens  # who has a password does not load HTTP

    await in_thread(Tokens(app, site).refuse_unwritable)


async def _check(adapter: type[Channel], options: object, site: Site, seconds: float) -> Checked:
    channel = adapter(options, site)
    try:
        async with asyncio.timeout(seconds):
            return await channel.check()
    finally:
        async with asyncio.timeout(_CLOSE_S):
            await channel.aclose()
