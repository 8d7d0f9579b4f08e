"""Postfix on loopback: the public port, submission with STARTTLS and submission inside TLS."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers import ports
from tests.servers.dovecot import EXPIRED, HOST, Shared

REJECT = "reject@example.test"
"""550 at RCPT."""
LATER = "later@example.test"
"""450 at RCPT."""
NOBODY = "nobody@example.test"
"""Accepted, then bounced."""
SIZE_LIMIT = 1 << 20
"""Bytes of a message."""

_MAIN = """\
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.helpdesk.test
mydestination =
mynetworks =
inet_interfaces = {host}
inet_protocols = ipv4
virtual_mailbox_domains = helpdesk.test, example.test
virtual_transport = lmtp:unix:private/dovecot-lmtp
local_transport = error:no local mail
default_transport = error:5.1.2 no mail leaves this machine
relay_transport = error:5.1.2 no mail leaves this machine
alias_maps =
message_size_limit = {size_limit}
maillog_file = {base}/log
maillog_file_prefixes = {base}
smtpd_tls_cert_file = {cert.cert}
smtpd_tls_key_file = {cert.key}
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
  check_recipient_access inline:{{ {{{reject} = 550 5.7.1 refused by test}}, {{{later} = 450 4.7.1 later}} }},
  permit_sasl_authenticated, reject_unauth_destination
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
in_flow_delay = 0
disable_dns_lookups = yes
"""

_MASTER = """\
{host}:{public} inet n - n - - smtpd
{host}:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sasl_mechanism_filter=!oauthbearer,static:rest
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
{host}:{tls} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
{expired}:{tls} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_tls_cert_file={bad.cert}
  -o smtpd_tls_key_file={bad.key}
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """A configured instance. Starting, stopping and starting again keep queue and ports."""

    base: Path
    public: int
    submission: int
    tls: int

    def start(self) -> None:
        """Return when all its ports listen."""
        self._postfix("start")
        for port in (self.public, self.submission, self.tls):
            ports.wait_open(HOST, port)

    def stop(self) -> None:
        """End it, by the pid that it wrote down. Harmless when it does not run."""
        self._postfix("stop", check=False)

    def restart(self) -> None:
        """Stop, then start."""
        self.stop()
        self.start()

    def _postfix(self, verb: str, *, check: bool = True) -> None:
        command = ["postfix", "-c", str(self.base / "etc"), verb]
        subprocess.run(command, check=check, capture_output=True, stdin=subprocess.DEVNULL)


def configure(shared: Shared, *, public: int, submission: int, tls: int) -> Postfix:
    """Write its files; Dovecot must listen at the sockets in the queue before it starts."""
    base = shared.folder / "postfix"
    for name in ("etc", "data", "queue/private"):
        (base / name).mkdir(parents=True)
    shutil.chown(base / "data", "postfix")
    shutil.chown(base / "queue" / "private", "postfix")
    (base / "etc" / "main.cf").write_text(
        _MAIN.format(
            base=base,
            host=HOST,
            expired=EXPIRED,
            cert=shared.certificates.good,
            reject=REJECT,
            later=LATER,
            size_limit=SIZE_LIMIT,
        )
    )
    (base / "etc" / "master.cf").write_text(
        _MASTER.format(
            host=HOST,
            expired=EXPIRED,
            bad=shared.certificates.expired,
            public=public,
            submission=submission,
            tls=tls,
        )
    )
    return Postfix(base, public, submission, tls)
