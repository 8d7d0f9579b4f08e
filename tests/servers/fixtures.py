"""Fixtures that hand out the servers: started once a process, when the first test asks."""

import os
from collections.abc import Iterator

import pytest

from tests.servers.mail import MailServers, missing, running


@pytest.fixture(scope="session")
def mail_servers() -> Iterator[MailServers]:
    """Dovecot and Postfix on loopback.

    Tests keep apart by `new_user`. Whoever stops a server starts it again.
    """
    reason = missing()
    if reason is not None and os.environ.get("CI"):
        pytest.fail(reason)
    if reason is not None:
        pytest.skip(reason)
    with running() as servers:
        yield servers
