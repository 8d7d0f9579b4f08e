"""An OAuth 2 provider on loopback: authorization code with PKCE, device code, rotating refresh tokens."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from tests.servers import installing, ports
from tests.servers.plain import answers, call
from tests.servers.processes import Process

HOST = "127.0.0.1"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Asked(NamedTuple):
    """A request for a token."""

    grant: str
    """`authorization_code`, `refresh_token`, `urn:ietf:params:oauth:grant-type:device_code`."""
    token: str | None
    """The refresh token that was shown."""
    refused: str | None
    """`invalid_grant`, `authorization_pending`, `slow_down` …; None when tokens were given."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider. A code and a refresh token work once; any client and any scope will do."""

    url: str
    """Its base URL, without a slash at the end; `/.well-known/openid-configuration` is below."""

    @property
    def authorize_url(self) -> str:
        """Where a browser goes."""
        return f"{self.url}/authorize"

    @property
    def token_url(self) -> str:
        """Where codes and refresh tokens become tokens."""
        return f"{self.url}/token"

    @property
    def device_url(self) -> str:
        """Where a device asks for its codes."""
        return f"{self.url}/device/code"

    def sign_in(self, address: str) -> str:
        """What a browser does with an address below `authorize_url`: where it is sent, with code or error."""
        answer = call("GET", address)
        assert answer.status == 302, answer
        return str(answer.headers["Location"])

    def enter(self, user_code: str, person: str = "agent@helpdesk.test", *, deny: bool = False) -> None:
        """What a person does at `verification_uri`."""
        said = {"user_code": user_code, "person": person, "denied": deny}
        call("POST", f"{self.url}/device/answer", said).good()

    def set_rules(self, *, lifetime: int = 3600, deny: bool = False, interval: int = 1) -> None:
        """Access tokens live so many seconds; sign-ins are refused; devices ask every so many seconds."""
        call("POST", f"{self.url}/rules", {"lifetime": lifetime, "deny": deny, "interval": interval}).good()

    def revoke(self, token: str) -> None:
        """Let a token, of either kind, be worth nothing from now on."""
        call("POST", f"{self.url}/revoke", urlencode({"token": token}).encode(), FORM)

    def owner(self, access_token: str) -> str | None:
        """Whose token that is; None when it is worth nothing. `/introspect` is how a mail server asks it."""
        body = urlencode({"token": access_token}).encode()
        found = call("POST", f"{self.url}/introspect", body, FORM).good()
        person: str | None = found.get("username")
        return person

    def ledger(self) -> list[Asked]:
        """Every request for a token so far, oldest first."""
        return [Asked(**entry) for entry in call("GET", f"{self.url}/ledger").good()]


@contextmanager
def running() -> Iterator[Provider]:
    """Start it; end it afterwards."""
    folder, port = Path(tempfile.mkdtemp(prefix="td-")), ports.free(HOST)
    script = Path(__file__).with_name("oauth.mjs")
    command = ["node", str(script), str(installing.folder("oauth2-mock-server")), str(port)]
    process = Process(command, folder / "log")
    provider = Provider(f"http://{HOST}:{port}")
    try:
        process.wait_for(lambda: answers(f"{provider.url}/.well-known/openid-configuration"))
        yield provider
    finally:
        process.stop()
        shutil.rmtree(folder, ignore_errors=True)
