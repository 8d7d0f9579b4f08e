"""Request Tracker on loopback with SQLite: agents, queues, customers who write mail and read what RT sends."""

import fcntl
import hashlib
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import NamedTuple

from tests.servers import installing, ports
from tests.servers.plain import Answer, call
from tests.servers.processes import Process

HOST = "127.0.0.1"
_WORKERS = 2
"""Each answers one request at a time: two, so that requests can cross."""

_SETTINGS = """\
Set($rtname, 'rt.test');
Set($Organization, 'rt.test');
Set($Timezone, 'UTC');
Set($WebDomain, '{host}');
Set($WebPort, {port});
Set($WebBaseURL, 'http://{host}:{port}');
Set($WebPath, '');
Set($WebSecureCookies, 0);
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '{folder}/rt.sqlite');
Set($DatabaseAdmin, '');
Set($CorrespondAddress, 'rt@helpdesk.test');
Set($CommentAddress, 'rt-comment@helpdesk.test');
Set($OwnerEmail, 'root@helpdesk.test');
Set($MailCommand, 'sendmailpipe');
Set($SendmailPath, '{folder}/sendmail');
Set($BcryptCost, 5);
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'warning');
Set($LogToFile, undef);
Set($MasonDataDir, '{folder}/mason');
Set($MasonSessionDir, '{folder}/sessions');
1;
"""

_SENDMAIL = """\
#!/bin/sh
new=$(mktemp {outbox}/.XXXXXX) && cat >"$new" && mv "$new" "{outbox}/$(date +%s%N).eml"
"""

_DATA = """\
@Users = map { { Name => $_, EmailAddress => "$_\\@helpdesk.test", RealName => ucfirst $_,
                 Password => "$_ password", Privileged => 1 } } qw(agent colleague);
@ACL = (
  (map { { GroupDomain => 'SystemInternal', GroupType => 'Everyone', Right => $_ } }
    qw(CreateTicket ReplyToTicket)),
  (map { { GroupDomain => 'SystemInternal', GroupType => 'Privileged', Right => $_ } }
    qw(SeeQueue ShowTicket ShowTicketComments ShowOutgoingEmail CreateTicket ReplyToTicket CommentOnTicket
       ModifyTicket OwnTicket TakeTicket StealTicket ReassignTicket Watch WatchAsAdminCc ForwardMessage
       SeeCustomField ModifyCustomField ManageAuthTokens ModifySelf ShowUserHistory SeeGroup)),
);
@CustomFields = ({ Name => 'Severity', Type => 'SelectSingle', LookupType => 'RT::Queue-RT::Ticket',
                   Values => [map { { Name => $_ } } qw(low high)] });
@Final = (sub {
  require RT::AuthToken;
  open my $file, '>', $ENV{TOKENS} or die;
  for my $name (qw(root agent colleague)) {
    my $user = RT::User->new(RT->SystemUser);
    $user->Load($name);
    my ($ok, $said, $token) = RT::AuthToken->new(RT->SystemUser)->Create(Owner => $user->Id, Description => 'test');
    $ok or die $said;
    print $file "$name $token\\n";
  }
  close $file;
});
"""


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who works in RT, and REST2 as they see it. `Severity` (low, high) is a field of every ticket."""

    url: str
    """`http://HOST:PORT/REST/2.0`."""
    name: str
    token: str

    def ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Any call below `/REST/2.0`; `path` may be a whole address as RT hands it out."""
        where = path if path.startswith("http") else self.url + path
        return call(method, where, body, {"Authorization": f"token {self.token}", **(headers or {})})


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue that every agent works in."""

    id: str
    name: str
    address: str


class Received(NamedTuple):
    """A mail of RT's as its reader sees it."""

    subject: str
    text: str
    files: dict[str, bytes]
    mail: EmailMessage


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who has an address and no account."""

    rt: "RequestTracker"
    address: str

    def write(self, queue: Queue, subject: str, text: str, *files: tuple[str, bytes]) -> str:
        """Mail that queue, with `files` (name, data) attached; the Message-ID. Returns when RT has taken it."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.address, queue.address, subject
        return self._send(mail, queue, text, files)

    def answer(self, queue: Queue, received: Received, text: str) -> str:
        """Reply to a mail of RT's; the Message-ID."""
        mail = EmailMessage()
        mail["From"], mail["To"] = self.address, queue.address
        mail["Subject"] = f"Re: {received.subject}"
        mail["In-Reply-To"] = received.mail["Message-ID"]
        return self._send(mail, queue, text, ())

    def ledger(self) -> list[Received]:
        """Every mail that RT sent this customer, oldest first; the first is RT's own, that it has their mail."""
        files = sorted(self.rt.outbox.glob("*.eml"))
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [_read(mail) for mail in mails if self.address in mail.get("To", "")]

    def _send(self, mail: EmailMessage, queue: Queue, text: str, files: tuple[tuple[str, bytes], ...]) -> str:
        mail["Message-ID"] = make_msgid(domain="example.test")
        mail.set_content(text)
        for name, data in files:
            mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
        self.rt.take_in(mail.as_bytes(), queue)
        return str(mail["Message-ID"])


def _read(mail: EmailMessage) -> Received:
    body = mail.get_body(("plain",))
    files = {part.get_filename() or "": part.get_content() for part in mail.iter_attachments()}
    return Received(mail["Subject"], body.get_content() if body else "", files, mail)


@dataclass(slots=True)
class RequestTracker:
    """RT. Stopping and starting again keep tickets, tokens and port."""

    base: Path
    port: int
    root: Agent
    agent: Agent
    colleague: Agent
    _process: Process | None = field(default=None, init=False)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1), init=False)

    @property
    def url(self) -> str:
        """Its base URL, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    @property
    def outbox(self) -> Path:
        """Every mail that RT sent, a file each; names are in order of time."""
        return self.base / "outbox"

    def start(self) -> None:
        """Return when it answers."""
        assert self._process is None, "RT runs already"
        server = "/usr/share/request-tracker5/libexec/rt-server"
        words = ["--host", HOST, "--port", str(self.port), "--max-workers", str(_WORKERS)]
        self._process = Process([server, *words], self.base / "log", _environment(self.base))
        self._process.wait_for(lambda: ports.is_open(HOST, self.port))

    def stop(self) -> None:
        """End it. Harmless when it does not run."""
        process, self._process = self._process, None
        if process is not None:
            process.stop()

    def restart(self) -> None:
        """Stop, then start."""
        self.stop()
        self.start()

    def new_queue(self, name: str = "Support") -> Queue:
        """A queue that nobody has used, so that no test sees another's tickets."""
        number = next(self._numbers)
        name, address = f"{name} {number}", f"queue-{number}@helpdesk.test"
        wanted = {"Name": name, "CorrespondAddress": address, "CommentAddress": f"comment-{address}"}
        return Queue(str(self.root.ask("POST", "/queue", wanted).good()["id"]), name, address)

    def new_customer(self, name: str = "dana") -> Customer:
        """A customer RT has not heard of."""
        return Customer(self, f"{name}-{next(self._numbers)}@example.test")

    def take_in(self, mail: bytes, queue: Queue) -> None:
        """Hand in a mail at that queue's address, as the mail server does."""
        gate = ["rt-mailgate-5", "--url", self.url, "--queue", queue.name, "--action", "correspond"]
        subprocess.run(gate, input=mail, check=True, capture_output=True)


@contextmanager
def running() -> Iterator[RequestTracker]:
    """Start it with state in a folder of its own; stop it and remove that at the end."""
    prepared = _prepared()
    folder, port = Path(tempfile.mkdtemp(prefix="td-")), ports.free(HOST)
    shutil.copy(prepared / "rt.sqlite", folder)
    _configure(folder, port)
    tokens = dict(line.split() for line in (prepared / "tokens").read_text().splitlines())
    agents = {name: Agent(f"http://{HOST}:{port}/REST/2.0", name, token) for name, token in tokens.items()}
    server = RequestTracker(folder, port, **agents)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _prepared() -> Path:
    """A folder with a database that has our people, and their tokens: made once a machine, copied for each run."""
    home = installing.folder("rt")
    made = home / f"prepared-{hashlib.sha256((_SETTINGS + _DATA).encode()).hexdigest()[:12]}"
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            half = Path(tempfile.mkdtemp(prefix="half-", dir=home))
            _prepare(half)
            half.rename(made)
    return made


def _prepare(folder: Path) -> None:
    _configure(folder, 80)
    (folder / "data").write_text(_DATA)
    environment = {**os.environ, **_environment(folder), "TOKENS": str(folder / "tokens")}
    for more in (["init"], ["insert", "--datafile", str(folder / "data")]):
        setup = ["rt-setup-database-5", "--dba", "", "--dba-password", "", "--action", *more]
        said = subprocess.run(
            setup, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        assert not said.returncode, said.stdout + said.stderr


def _configure(folder: Path, port: int) -> None:
    for name in ("outbox", "mason", "sessions", "more-settings"):
        (folder / name).mkdir()
    (folder / "settings.pm").write_text(
        _SETTINGS.replace("{host}", HOST).replace("{port}", str(port)).replace("{folder}", str(folder))
    )
    (folder / "sendmail").write_text(_SENDMAIL.format(outbox=folder / "outbox"))
    (folder / "sendmail").chmod(0o755)


def _environment(folder: Path) -> dict[str, str]:
    return {
        "RT_SITE_CONFIG": str(folder / "settings.pm"),
        "RT_SITE_CONFIG_DIR": str(folder / "more-settings"),
    }
