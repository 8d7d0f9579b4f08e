"""Every sample mail through a Maildir and through IMAP, to its row in the store."""

import logging
from pathlib import Path

import pytest

from tests.desk.home import desk_at, make_home, sync_once
from tests.desk.test_mailbox import account
from tests.servers.mail import MailServers
from tests.shared import needs_samples, samples
from tuidesk.desk.desk import Desk
from tuidesk.store.db import Connection
from tuidesk.store.sql import scalar
from tuidesk.wire import mime

MAILS = "mail/mikel-mail/emails"


def mails() -> list[Path]:
    return sorted(path for path in samples(MAILS).rglob("*") if path.is_file())


def distinct(paths: list[Path]) -> int:
    """How many different mails these are: by id and digest, no two of which may hide a difference in the body."""
    seen: dict[tuple[str, str], bytes] = {}
    for path in paths:
        raw = path.read_bytes()
        mail = mime.parse(raw)
        body = b"\n".join(raw.splitlines()).partition(b"\n\n")[2].rstrip(b"\n")
        assert seen.setdefault((mail.message_id, mail.digest), body) == body, path
    return len(seen)


def stored(desk: Desk) -> int:
    def count(connection: Connection) -> int:
        return int(scalar(connection, "SELECT count(*) FROM message"))

    return desk.read(count).result()


@needs_samples
def test_every_sample_mail_is_a_row_through_a_maildir(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    maildir = tmp_path / "Maildir"
    for folder in ("new", "cur", "tmp"):
        (maildir / folder).mkdir(parents=True)
    for number, path in enumerate(mails()):
        (maildir / "cur" / f"{1700000000 + number}.M{number}.host:2,").write_bytes(path.read_bytes())
    file = f'kind = "maildir"\npath = "{maildir}"\naddress = "support@acme.example"\ndays = 100000\n'
    with caplog.at_level(logging.WARNING), desk_at(make_home(tmp_path / "home", local=file)) as desk:
        assert sync_once(desk) == {}
        assert stored(desk) == distinct(mails())
        assert sync_once(desk) == {}
        assert stored(desk) == distinct(mails())
    assert not [record for record in caplog.records if record.exc_info]


@needs_samples
@pytest.mark.servers
def test_every_sample_mail_is_a_row_through_imap(
    mail_servers: MailServers, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    support = mail_servers.new_user()
    paths = [path for path in mails() if path.read_bytes().strip()]
    with mail_servers.mailbox(support) as box:
        for path in paths:
            box.append("INBOX", path.read_bytes())
    file = account(mail_servers, support, tmp_path) + "days = 100000\n"
    with caplog.at_level(logging.WARNING), desk_at(make_home(tmp_path / "home", support=file)) as desk:
        assert sync_once(desk) == {}
        assert stored(desk) == distinct(paths)
    assert not [record for record in caplog.records if record.exc_info]
