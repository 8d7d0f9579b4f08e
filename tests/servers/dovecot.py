"""Dovecot on loopback: one instance with all it can do, and one that can do little."""

import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import ports
from tests.servers.tls import Certificate

HOST = "127.0.0.1"
EXPIRED = "127.0.0.2"
"""Here the same server shows a certificate of the right authority that ended in 2021."""
FOREIGN = "127.0.0.3"
"""Here one that is in date, from an authority nobody knows."""
CROWDED = "127.0.0.4"
"""Here a user may have two connections."""
GMAIL = "127.0.0.5"
"""Here it says that it is Gmail."""

_COMMON = """\
base_dir = {base}/run
log_path = {base}/log
protocols = imap {more_protocols}
ssl = yes
ssl_cert = <{cert.cert}
ssl_key = <{cert.key}
disable_plaintext_auth = yes
login_trusted_networks =
auth_mechanisms = plain login {mechanisms}
auth_failure_delay = 0
first_valid_uid = 5000
mail_location = maildir:{mail}/%u
mail_fsync = never
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
passdb {{
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = {base}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = username_format=%u {users}/%u
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {users}/%u
  override_fields = uid=5000 gid=5000 home={mail}/%u
}}
mail_max_userip_connections = 100
"""

_OAUTH = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={keys}/
username_attribute = sub
"""

_FULL = """\
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Archive {{
    special_use = \\Archive
    auto = subscribe
  }}
  mailbox Sent {{
    special_use = \\Sent
    auto = subscribe
  }}
  mailbox Drafts {{
    special_use = \\Drafts
    auto = subscribe
  }}
  mailbox Junk {{
    special_use = \\Junk
    auto = subscribe
  }}
  mailbox Trash {{
    special_use = \\Trash
    auto = subscribe
  }}
}}
service imap-login {{
  inet_listener imap {{
    address = {host}
    port = {starttls}
  }}
  inet_listener imaps {{
    address = {host}, {expired}, {foreign}, {crowded}, {gmail}
    port = {tls}
    ssl = yes
  }}
}}
local {expired} {{
  ssl_cert = <{expired_cert.cert}
  ssl_key = <{expired_cert.key}
}}
local {foreign} {{
  ssl_cert = <{foreign_cert.cert}
  ssl_key = <{foreign_cert.key}
}}
local {crowded} {{
  mail_max_userip_connections = 2
}}
local {gmail} {{
  protocol imap {{
    imap_capability = +X-GM-EXT-1
  }}
}}
service lmtp {{
  unix_listener {queue}/private/dovecot-lmtp {{
    mode = 0600
    user = postfix
  }}
}}
service auth {{
  unix_listener {queue}/private/auth {{
    mode = 0660
    user = postfix
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@helpdesk.test
}}
"""

# LIST shows a folder's use whatever the capabilities say, so the poor server is not even told of it.
_POOR = """\
imap_capability = IMAP4rev1
namespace inbox {{
  inbox = yes
  separator = .
  mailbox Sent {{
    auto = subscribe
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = {host}
    port = {tls}
    ssl = yes
  }}
}}
"""


@dataclass(slots=True)
class Dovecot:
    """A running instance. Starting, stopping and starting again keep mail and ports."""

    base: Path
    tls: int
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Return when it listens."""
        assert self._process is None, "Dovecot runs already"
        with (self.base / "stderr").open("ab") as complaints:
            self._process = subprocess.Popen(
                ["dovecot", "-F", "-c", str(self.base / "dovecot.conf")],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                start_new_session=True,  # so that all it starts can be ended with it
            )
        ports.wait_open(HOST, self.tls)

    def stop(self) -> None:
        """End it and every connection to it. Harmless when it does not run."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with suppress(ProcessLookupError):  # the master leaves those who serve a connection behind
            os.killpg(process.pid, signal.SIGKILL)

    def restart(self) -> None:
        """Stop, then start."""
        self.stop()
        self.start()


@dataclass(frozen=True, slots=True)
class Certificates:
    """What the listeners show."""

    good: Certificate
    expired: Certificate
    foreign: Certificate


@dataclass(frozen=True, slots=True)
class Shared:
    """What both instances and Postfix have in common."""

    folder: Path
    certificates: Certificates

    @property
    def mail(self) -> Path:
        """A Maildir a user."""
        return self.folder / "mail"

    @property
    def users(self) -> Path:
        """A passwd-file a user: one for all would be read again only a second after it changed."""
        return self.folder / "users"

    @property
    def keys(self) -> Path:
        """What access tokens are signed with, as Dovecot looks for it."""
        return self.folder / "keys"

    @property
    def queue(self) -> Path:
        """Postfix's, where the two meet at sockets."""
        return self.folder / "postfix" / "queue"


def full(shared: Shared, *, tls: int, starttls: int) -> Dovecot:
    """The instance with all it can do; Postfix delivers and asks for logins here."""
    listeners = _FULL.format(
        host=HOST,
        expired=EXPIRED,
        foreign=FOREIGN,
        crowded=CROWDED,
        gmail=GMAIL,
        tls=tls,
        starttls=starttls,
        expired_cert=shared.certificates.expired,
        foreign_cert=shared.certificates.foreign,
        queue=shared.queue,
    )
    return _instance(shared, "dovecot", "lmtp", "oauthbearer xoauth2", listeners, tls)


def poor(shared: Shared, *, tls: int) -> Dovecot:
    """The same mailboxes on a server that says IMAP4rev1 and nothing more. Its sign-ins are Google's way only."""
    return _instance(shared, "poor", "", "xoauth2", _POOR.format(host=HOST, tls=tls), tls)


def _instance(
    shared: Shared, name: str, more_protocols: str, mechanisms: str, listeners: str, tls: int
) -> Dovecot:
    base = shared.folder / name
    (base / "run").mkdir(parents=True)
    common = _COMMON.format(
        base=base,
        mail=shared.mail,
        users=shared.users,
        cert=shared.certificates.good,
        more_protocols=more_protocols,
        mechanisms=mechanisms,
    )
    (base / "oauth2.conf").write_text(_OAUTH.format(keys=shared.keys))
    (base / "dovecot.conf").write_text(common + listeners)
    return Dovecot(base, tls)
