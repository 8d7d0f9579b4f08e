"""Fixtures that hand out the servers: started once a process, when the first test asks."""

import os
import shutil
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers import atproto as atprotos
from tests.servers import installing
from tests.servers import mastodon as mastodons
from tests.servers import oauth as providers
from tests.servers import rt as request_tracker
from tests.servers import synapse as synapses
from tests.servers import telegram as telegrams
from tests.servers.atproto import AtProto
from tests.servers.mail import MailServers, missing, running
from tests.servers.mastodon import Mastodon
from tests.servers.oauth import Provider
from tests.servers.prism import SPECS, Referee, refereeing
from tests.servers.rt import RequestTracker
from tests.servers.synapse import Synapse
from tests.servers.telegram import Telegram
from tests.servers.tls import Authority


@pytest.fixture(scope="session")
def mail_servers() -> Iterator[MailServers]:
    """Dovecot and Postfix on loopback.

    Tests keep apart by `new_user`. Whoever stops a server starts it again.
    """
    need(missing())
    with running() as servers:
        yield servers


@pytest.fixture(scope="session")
def synapse() -> Iterator[Synapse]:
    """A Matrix homeserver. Tests keep apart by `new_person`. Whoever stops it starts it again."""
    need(installing.missing("synapse"))
    with synapses.running() as server:
        yield server


@pytest.fixture(scope="session")
def mastodon() -> Iterator[Mastodon]:
    """A Mastodon server, emulated. Tests keep apart by `new_person`. Whoever stops it starts it again."""
    need(installing.missing("mastodon_mock"))
    with mastodons.running() as server:
        yield server


@pytest.fixture(scope="session")
def rt() -> Iterator[RequestTracker]:
    """Request Tracker. Tests keep apart by `new_queue`. Whoever stops it starts it again."""
    need(installing.missing("rt"))
    with request_tracker.running() as server:
        yield server


@pytest.fixture(scope="session")
def telegram() -> Iterator[Telegram]:
    """Telegram's bot API, emulated. Tests keep apart by `new_bot`. Whoever stops it starts it again."""
    need(installing.missing("telegram-test-api"))
    with telegrams.running() as server:
        yield server


@pytest.fixture(scope="session")
def oauth() -> Iterator[Provider]:
    """An OAuth 2 provider. Whoever sets its rules sets them back."""
    need(installing.missing("oauth2-mock-server"))
    with providers.running() as server:
        yield server


@pytest.fixture
def prism() -> Iterator[Callable[[Path | str, str], Referee]]:
    """A referee for an OpenAPI file (a path, or the name of a vendor's) in front of a server's base URL."""
    need(installing.missing("prism"))
    with ExitStack() as stack:

        def start(spec: Path | str, upstream: str) -> Referee:
            path = SPECS / spec  # an absolute path stays as it is
            if not path.exists():
                pytest.skip(f"needs {path}")
            return stack.enter_context(refereeing(path, upstream))

        yield start


@pytest.fixture(scope="session")
def atproto() -> Iterator[AtProto]:
    """A PDS, its directory and the AppView. Tests keep apart by `new_person`."""
    need(installing.missing("atproto"))
    with atprotos.running() as network:
        yield network


@dataclass(frozen=True, slots=True)
class LoopbackTls:
    """What a server of a test's own needs to speak TLS, and what its client must be told."""

    server: ssl.SSLContext
    ca: str
    """Path of the authority's certificate; it vouches for `127.0.0.1` and `localhost`."""


@pytest.fixture(scope="session")
def loopback_tls(tmp_path_factory: pytest.TempPathFactory) -> LoopbackTls:
    """A certificate for servers on loopback."""
    need(None if shutil.which("openssl") else "needs openssl to make a certificate")
    folder: Path = tmp_path_factory.mktemp("tls") / "ca"
    authority = Authority(folder, "loopback")
    made = authority.sign("server", "DNS:localhost,IP:127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.cert, made.key)
    return LoopbackTls(context, str(authority.pem))


def need(reason: str | None) -> None:
    """Skip for that reason; in the gate, where everything is installed, fail."""
    if reason is not None and os.environ.get("CI"):
        pytest.fail(reason)
    if reason is not None:
        pytest.skip(reason)
