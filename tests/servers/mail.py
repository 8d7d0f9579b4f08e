"""Real mail on loopback: Postfix delivers into Dovecot, as on a support team's own server."""

import hmac
import itertools
import json
import os
import shutil
import smtplib
import ssl
import tempfile
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from imapclient import IMAPClient

from tests.servers import dovecot as dovecots
from tests.servers import ports
from tests.servers import postfix as postfixes
from tests.servers.dovecot import Certificates, Dovecot, Shared
from tests.servers.postfix import Postfix
from tests.servers.tls import Authority

_GOOD_NAMES = f"DNS:localhost,IP:{dovecots.HOST},IP:{dovecots.CROWDED},IP:{dovecots.GMAIL}"
_KEY = b"the tests' own provider"
_NO_NEW_KEYWORDS = "* owner lrstiekxa\n"  # without w, PERMANENTFLAGS loses `\*`


@dataclass(frozen=True, slots=True)
class User:
    """A mailbox and its login."""

    address: str
    password: str


@dataclass(slots=True)
class MailServers:
    """Where everything is, and hands on the customer's side."""

    shared: Shared
    dovecot: Dovecot
    poor: Dovecot
    postfix: Postfix
    ca: Path
    """The authority that clients must be told of."""
    starttls_port: int
    """IMAP with STARTTLS."""
    host: str = dovecots.HOST
    expired_host: str = dovecots.EXPIRED
    """The same IMAPS and SMTPS ports here show an expired certificate."""
    foreign_host: str = dovecots.FOREIGN
    """The same IMAPS port here shows a certificate of an unknown authority."""
    crowded_host: str = dovecots.CROWDED
    """The same IMAPS port here takes two connections of a user."""
    gmail_host: str = dovecots.GMAIL
    """The same IMAPS port here says `X-GM-EXT-1`."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def imap_port(self) -> int:
        """IMAP inside TLS."""
        return self.dovecot.tls

    @property
    def poor_port(self) -> int:
        """The same mailboxes inside TLS, with IMAP4rev1 and nothing more; the separator is a dot."""
        return self.poor.tls

    @property
    def smtp_port(self) -> int:
        """How the world delivers: no login, no TLS, our domains only."""
        return self.postfix.public

    @property
    def submission_port(self) -> int:
        """Submission with STARTTLS and login."""
        return self.postfix.submission

    @property
    def smtps_port(self) -> int:
        """Submission inside TLS, with login."""
        return self.postfix.tls

    def new_user(
        self, name: str = "support", domain: str = "helpdesk.test", *, keywords: bool = True
    ) -> User:
        """A mailbox that nobody has used, so that no test sees another's mail.

        `domain` is `helpdesk.test` or `example.test`. Without `keywords` its folders keep only the flags that
        exist (`PERMANENTFLAGS` lacks `\\*`), and neither do they keep `\\Answered`.
        """
        user = User(f"{name}-{next(self._numbers)}-{os.getpid()}@{domain}", "correct horse")
        acl = f"userdb_mail_plugins=acl userdb_acl=vfile:{self.shared.folder}/acl"
        line = f"{user.address}:{{PLAIN}}{user.password}::::::{'' if keywords else acl}\n"
        (self.shared.users / user.address).write_text(line)
        return user

    def token(self, subject: str, end: float) -> str:
        """An access token for a user's address, good until `end` (unix time): a JWT that Dovecot checks by itself."""
        parts = (
            {"alg": "HS256", "typ": "JWT", "kid": "default"},
            {"sub": subject, "exp": int(end), "iat": 0},
        )
        head = b".".join(_packed(json.dumps(part).encode()) for part in parts)
        return (head + b"." + _packed(hmac.digest(_KEY, head, "sha256"))).decode()

    def new_customer(self, name: str = "dana") -> User:
        """A customer's mailbox, elsewhere."""
        return self.new_user(name, "example.test")

    def deliver(self, mail: EmailMessage | bytes, *, sender: str, to: str) -> None:
        """Hand a mail in at the public port, as a customer's server does. Returns when Postfix has it."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        with smtplib.SMTP(self.host, self.smtp_port, timeout=20) as line:
            line.sendmail(sender, [to], raw)

    def drop(self, raw: bytes, user: User, folder: str = "INBOX") -> None:
        """Put a mail into a folder as it is, past Postfix."""
        with self.mailbox(user) as box:
            box.append(folder, raw)

    @contextmanager
    def mailbox(self, user: User) -> Iterator[IMAPClient]:
        """A logged-in connection, to look at a mailbox as its owner does."""
        context = ssl.create_default_context(cafile=str(self.ca))
        box = IMAPClient(self.host, self.imap_port, ssl_context=context, timeout=20)
        try:
            box.login(user.address, user.password)
            yield box
        finally:
            box.shutdown()

    def messages(self, user: User, folder: str = "INBOX") -> list[bytes]:
        """All mails of a folder as they are, oldest first."""
        with self.mailbox(user) as box:
            box.select_folder(folder, readonly=True)
            uids = sorted(box.search())
            fetched = box.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
            return [fetched[uid][b"BODY[]"] for uid in uids]

    def wait_for(self, user: User, needle: str, folder: str = "INBOX", within: float = 15.0) -> bytes:
        """The first mail of a folder that contains `needle` (a Message-ID, a subject), as it is.

        Raises:
            TimeoutError: none came within so many seconds.
        """
        end = time.monotonic() + within
        while True:
            for raw in self.messages(user, folder):
                if needle.encode() in raw:
                    return raw
            if time.monotonic() > end:
                raise TimeoutError(f"no mail with {needle!r} in {folder} of {user.address}")
            time.sleep(0.1)

    def settled(self, within: float = 15.0) -> None:
        """Return when Postfix has delivered or bounced all it had: what is not there now will not come.

        Raises:
            TimeoutError: the queue did not become empty.
        """
        end = time.monotonic() + within
        queue = self.shared.queue
        while any(
            file.is_file()
            for part in ("incoming", "active", "deferred")
            for file in (queue / part).rglob("*")
        ):
            if time.monotonic() > end:
                raise TimeoutError("Postfix still has mail to deliver")
            time.sleep(0.1)

    def start(self) -> None:
        """Start everything that was stopped."""
        self.dovecot.start()
        self.poor.start()
        self.postfix.start()

    def stop(self) -> None:
        """Stop everything."""
        self.postfix.stop()
        self.poor.stop()
        self.dovecot.stop()


def _packed(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")


def missing() -> str | None:
    """Why the servers cannot run here; None when they can."""
    found = all(
        shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin") for name in ("dovecot", "postfix", "openssl")
    )
    return (
        None
        if found and os.geteuid() == 0
        else "needs Dovecot and Postfix, installed, and root to start them"
    )


@contextmanager
def running() -> Iterator[MailServers]:
    """Start the servers with state in a folder of their own; stop them and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="td-"))  # sockets lie below: the path must be short
    folder.chmod(0o755)
    servers = _configure(folder)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _configure(folder: Path) -> MailServers:
    ours, theirs = (
        Authority(folder / "tls", "tuidesk test CA"),
        Authority(folder / "foreign", "somebody else"),
    )
    certificates = Certificates(
        good=ours.sign("server", _GOOD_NAMES),
        expired=ours.sign("expired", f"IP:{dovecots.EXPIRED}", end="20210101"),
        foreign=theirs.sign("foreign", f"IP:{dovecots.FOREIGN}"),
    )
    shared = Shared(folder, certificates)
    shared.mail.mkdir()
    os.chown(shared.mail, 5000, 5000)
    shared.users.mkdir()
    key = shared.keys / "default" / "HS256" / "default"
    key.parent.mkdir(parents=True)
    key.write_bytes(b64encode(_KEY))
    (folder / "acl").write_text(_NO_NEW_KEYWORDS)
    hosts = (dovecots.HOST, dovecots.EXPIRED, dovecots.FOREIGN, dovecots.CROWDED, dovecots.GMAIL)
    tls, starttls, poor, public, submission, smtps = (ports.free(*hosts) for _ in range(6))
    return MailServers(
        shared=shared,
        dovecot=dovecots.full(shared, tls=tls, starttls=starttls),
        poor=dovecots.poor(shared, tls=poor),
        postfix=postfixes.configure(shared, public=public, submission=submission, tls=smtps),
        ca=ours.pem,
        starttls_port=starttls,
    )
