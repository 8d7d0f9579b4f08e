"""Fixtures that hand out the servers: started once a process, when the first test asks."""

import os
import shutil
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers import installing
from tests.servers import synapse as synapses
from tests.servers.mail import MailServers, missing, running
from tests.servers.synapse import Synapse
from tests.servers.tls import Authority


@pytest.fixture(scope="session")
def mail_servers() -> Iterator[MailServers]:
    """Dovecot and Postfix on loopback.

    Tests keep apart by `new_user`. Whoever stops a server starts it again.
    """
    _need(missing())
    with running() as servers:
        yield servers


@pytest.fixture(scope="session")
def synapse() -> Iterator[Synapse]:
    """A Matrix homeserver. Tests keep apart by `new_person`. Whoever stops it starts it again."""
    _need(installing.missing("synapse"))
    with synapses.running() as server:
        yield server


@dataclass(frozen=True, slots=True)
class LoopbackTls:
    """What a server of a test's own needs to speak TLS, and what its client must be told."""

    server: ssl.SSLContext
    ca: str
    """Path of the authority's certificate; it vouches for `127.0.0.1` and `localhost`."""


@pytest.fixture(scope="session")
def loopback_tls(tmp_path_factory: pytest.TempPathFactory) -> LoopbackTls:
    """A certificate for servers on loopback."""
    _need(None if shutil.which("openssl") else "needs openssl to make a certificate")
    folder: Path = tmp_path_factory.mktemp("tls") / "ca"
    authority = Authority(folder, "loopback")
    made = authority.sign("server", "DNS:localhost,IP:127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.cert, made.key)
    return LoopbackTls(context, str(authority.pem))


def _need(reason: str | None) -> None:
    """Skip for that reason; in the gate, where everything is installed, fail."""
    if reason is not None and os.environ.get("CI"):
        pytest.fail(reason)
    if reason is not None:
        pytest.skip(reason)
