"""An account with a sign-in: the fake provider's app, a clock, and the file its token is in.

    python -m tests.wire.oauth.account FOLDER PROVIDER [STEP]

asks for an access token as a process of its own, when a line comes on stdin; at STEP it says so and holds.
"""

import logging
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.clock import ManualClock
from tests.desk.cut import Holding
from tests.fakes.provider import CLIENT, Provider
from tuidesk.config.secrets import AccountSecrets
from tuidesk.config.tables import AccountFile, AccountKeys, SecretSource
from tuidesk.desk.clock import SystemClock
from tuidesk.domain.model import Person
from tuidesk.wire.channel import Clock, Site
from tuidesk.wire.oauth import code
from tuidesk.wire.oauth.app import App
from tuidesk.wire.oauth.grant import Grant, read
from tuidesk.wire.oauth.tokens import Tokens

SCOPES = ("mail.read", "mail.send", "offline_access")


def app(base: str, **more: object) -> App:
    """Who the account is to the fake."""
    given = {
        "authorize_url": f"{base}/authorize",
        "device_url": f"{base}/device_authorization",
        "scopes": SCOPES,
    }
    return App(CLIENT, f"{base}/token", **{**given, "issuer": base, **more})  # type: ignore[arg-type]


@dataclass
class Account:
    """One account on a disk; `tokens()` is it as a process that has just begun sees it."""

    folder: Path
    app: App
    clock: Clock = field(default_factory=ManualClock)
    source: SecretSource | None = None
    """A file in the folder, where nothing else is said."""

    @property
    def site(self) -> Site:
        source = self.source or SecretSource(file=str(self.folder / "secret"))
        file = AccountFile("a.toml", "support", AccountKeys(kind="mail", secret=source), {})
        agent = Person("Ana", "ana@helpdesk.test", me=True)
        return Site("support", self.clock, AccountSecrets(file), agent, folder=str(self.folder))

    def tokens(self) -> Tokens:
        return Tokens(self.app, self.site)

    def sign_in(self, provider: Provider) -> Grant:
        """As a person with a browser does; the grant is kept."""
        grant = self.signed_in(provider)
        self.tokens().keep(grant)
        return grant

    def signed_in(self, provider: Provider) -> Grant:
        """The same, and nobody keeps it."""
        begun = code.request(self.app, "http://127.0.0.1:9/", code.new_state())
        found = code.code_in(provider.says_yes(begun.address), begun, self.app)
        return code.redeemed(self.app, begun, found, self.site)

    @property
    def kept(self) -> Grant:
        """What is on the disk."""
        grant = read((self.folder / "secret").read_text())
        assert grant is not None
        return grant


def main(folder: str, base: str, stop_at: str = "") -> None:
    steps = logging.getLogger("tuidesk.steps")
    steps.setLevel(logging.DEBUG)
    steps.propagate = False
    steps.addHandler(Holding(stop_at))
    tokens = Account(Path(folder), app(base), SystemClock()).tokens()
    print("ready", flush=True)
    sys.stdin.readline()
    print("token", tokens.access(), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
