"""A real support mailbox worked through the desk: Dovecot and Postfix on loopback, one or two desks on one mailbox."""

import email
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from tests.channels.mailing import mail
from tests.desk.home import desk_at, make_home
from tests.servers.mail import MailServers, User
from tuidesk.desk import read
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import Row, ShownMessage
from tuidesk.desk.settle import FILE_AFTER
from tuidesk.domain import commands
from tuidesk.domain.model import Person

pytestmark = pytest.mark.servers
T = TypeVar("T")


def account(
    servers: MailServers, user: User, folder: Path, *, host: str | None = None, password: str = ""
) -> str:
    """The file of a mail account."""
    secret = folder / f"secret-{user.address}-{len(list(folder.iterdir()))}"
    secret.touch(0o600)
    secret.write_text((password or user.password) + "\n")
    return f"""
kind = "mail"
address = "{user.address}"
imap = {{ host = "{host or servers.host}", port = {servers.imap_port} }}
smtp = {{ host = "{servers.host}", port = {servers.smtps_port} }}
secret = {{ file = "{secret}" }}
ca = "{servers.ca}"
poll_s = 2.0
"""


@contextmanager
def working(folder: Path, **accounts: str) -> Iterator[Desk]:
    """A desk whose engine runs."""
    folder.mkdir()
    config = '[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n[hold]\nmail = 0\n'
    with desk_at(make_home(folder, config, **accounts)) as desk:
        desk.start()
        yield desk


def until(look: Callable[[], T | None], seconds: float = 15.0) -> T:
    """What `look` finds, as soon as it does."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.03)


def rows(desk: Desk, view: str = "all") -> list[Row]:
    return desk.read(read.page, view, desk.clock.now(), 100).result()


def healthy(desk: Desk, account_id: str = "support") -> bool:
    states = {state.id: state for state in desk.read(read.accounts).result()}
    return states[account_id].health == "ok" and states[account_id].caught_up


def health(desk: Desk, account_id: str) -> tuple[str, str]:
    states = {state.id: state for state in desk.read(read.accounts).result()}
    return states[account_id].health, states[account_id].detail


def ours(desk: Desk, number: int) -> ShownMessage:
    items = desk.read(read.thread, number, desk.clock.now()).result().items
    return [item for item in items if isinstance(item, ShownMessage) and item.direction == "out"][-1]


def test_from_a_customers_mail_to_a_reply_in_the_mailbox(mail_servers: MailServers, tmp_path: Path) -> None:
    support, dana, legal = (
        mail_servers.new_user(),
        mail_servers.new_customer(),
        mail_servers.new_customer("legal"),
    )
    with working(tmp_path / "home", support=account(mail_servers, support, tmp_path)) as desk:
        until(lambda: healthy(desk))
        time.sleep(0.5)  # IDLE is entered once the first look is through
        began = time.monotonic()
        mail_servers.deliver(
            mail(support, dana, "refund", Cc=legal.address), sender=dana.address, to=support.address
        )
        row = until(lambda: next(iter(rows(desk, "open")), None))
        assert time.monotonic() - began < 2.0
        assert (row.subject, row.handle, row.waiting_since is not None) == ("refund", dana.address, True)

        done = desk.do(commands.Reply(conversation=row.n, text="It leaves today.")).result()
        raw = mail_servers.wait_for(dana, "It leaves today")
        reply = email.message_from_bytes(raw)
        assert reply["In-Reply-To"] == "<refund@example.test>"
        assert "<refund@example.test>" in reply["References"]
        assert reply["Subject"] == "Re: refund"
        assert legal.address in reply["Cc"]
        mail_servers.wait_for(legal, "It leaves today")
        until(lambda: ours(desk, row.n).state == "sent")
        assert rows(desk, "pending")[0].waiting_since is None
        # filed once in Sent, and seen there as ours: no second row
        filed = mail_servers.wait_for(support, "It leaves today", "Sent", FILE_AFTER / 1000 + 15)
        assert email.message_from_bytes(filed)["Message-ID"] == reply["Message-ID"]
        assert email.message_from_bytes(filed)["X-Tuidesk-Key"] == done.keys[0]
        until(lambda: desk.read(read.counts, desk.clock.now()).result().going_out == 0)
        time.sleep(1.0)
        assert len(mail_servers.messages(support, "Sent")) == 1
        assert len(mail_servers.messages(dana)) == 1
        thread = desk.read(read.thread, row.n, desk.clock.now()).result()
        assert len([item for item in thread.items if isinstance(item, ShownMessage)]) == 2
        with mail_servers.mailbox(support) as box:
            box.select_folder("INBOX", readonly=True)
            flags = next(iter(box.get_flags(box.search()).values()))
        assert b"\\Answered" in flags
        assert b"\\Seen" not in flags


def test_the_customers_answer_joins_the_thread_and_opens_it(
    mail_servers: MailServers, tmp_path: Path
) -> None:
    support, dana = mail_servers.new_user(), mail_servers.new_customer()
    mail_servers.drop(mail(support, dana, "lamp").as_bytes(), support)
    with working(tmp_path / "home", support=account(mail_servers, support, tmp_path)) as desk:
        until(lambda: healthy(desk))
        number = rows(desk)[0].n
        desk.do(commands.Reply(conversation=number, text="Which lamp?")).result()
        reply = email.message_from_bytes(mail_servers.wait_for(dana, "Which lamp"))
        desk.do(commands.Complete(conversations=(number,))).result()
        answer = mail(support, dana, "another subject", "The green one.", In_Reply_To=reply["Message-ID"])
        mail_servers.deliver(answer, sender=dana.address, to=support.address)
        opened = until(lambda: next((row for row in rows(desk, "open") if row.n == number), None))
        assert opened.waiting_since is not None
        assert len(rows(desk)) == 1


def test_complete_reopen_and_undo_are_seen_by_a_second_desk(
    mail_servers: MailServers, tmp_path: Path
) -> None:
    support, dana = mail_servers.new_user(), mail_servers.new_customer()
    mail_servers.drop(mail(support, dana, "chair").as_bytes(), support)
    file = account(mail_servers, support, tmp_path)
    with working(tmp_path / "one", support=file) as one, working(tmp_path / "two", support=file) as two:
        until(lambda: healthy(one) and healthy(two))
        number = rows(one)[0].n
        until(lambda: rows(two))

        def status_there(status: str) -> bool:
            return rows(two)[0].status == status

        one.do(commands.Complete(conversations=(number,))).result()
        until(lambda: status_there("complete"))
        one.do(commands.Reopen(conversations=(number,))).result()
        until(lambda: status_there("open"))
        one.do(commands.Complete(conversations=(number,))).result()
        until(lambda: status_there("complete"))
        one.do(commands.Undo(door="screen")).result()
        until(lambda: status_there("open"))
        assert rows(one)[0].status == "open"


def test_what_a_colleague_answers_from_another_client_is_theirs(
    mail_servers: MailServers, tmp_path: Path
) -> None:
    support, dana = mail_servers.new_user(), mail_servers.new_customer()
    mail_servers.drop(mail(support, dana, "sofa").as_bytes(), support)
    with working(tmp_path / "home", support=account(mail_servers, support, tmp_path)) as desk:
        until(lambda: healthy(desk))
        number = rows(desk)[0].n
        answer = mail(
            support, dana, "Re: sofa", "Sam here, it is on its way.", In_Reply_To="<sofa@example.test>"
        )
        del answer["From"], answer["To"]
        answer["From"], answer["To"] = f"Sam <{support.address}>", dana.address
        mail_servers.drop(answer.as_bytes(), support, "Sent")
        desk.nudge()
        until(lambda: rows(desk)[0].status == "pending", 60)
        theirs = ours(desk, number)
        assert (theirs.sender.me, theirs.sender.name, theirs.state) == (False, "Sam", "sent")


@pytest.mark.parametrize("which", ["expired", "foreign"])
def test_a_bad_certificate_is_refused_and_the_others_go_on(
    mail_servers: MailServers, tmp_path: Path, which: str
) -> None:
    support, other, dana = mail_servers.new_user(), mail_servers.new_user(), mail_servers.new_customer()
    host = mail_servers.expired_host if which == "expired" else mail_servers.foreign_host
    mail_servers.drop(mail(other, dana, "works").as_bytes(), other)
    files = {
        "support": account(mail_servers, support, tmp_path, host=host),
        "other": account(mail_servers, other, tmp_path),
    }
    with working(tmp_path / "home", **files) as desk:
        until(lambda: healthy(desk, "other"))
        _, why = until(lambda: h if (h := health(desk, "support"))[0] == "offline" else None)
        assert "certificate" in why.lower()
        assert [row.subject for row in rows(desk)] == ["works"]


def test_a_wrong_password_says_so_and_the_others_go_on(mail_servers: MailServers, tmp_path: Path) -> None:
    support, other, dana = mail_servers.new_user(), mail_servers.new_user(), mail_servers.new_customer()
    files = {
        "support": account(mail_servers, support, tmp_path, password="wrong-canary-password"),
        "other": account(mail_servers, other, tmp_path),
    }
    with working(tmp_path / "home", **files) as desk:
        until(lambda: healthy(desk, "other"))
        mail_servers.deliver(mail(other, dana, "works"), sender=dana.address, to=other.address)
        _, why = until(lambda: h if (h := health(desk, "support"))[0] == "auth" else None, 30)
        assert "wrong-canary-password" not in why
        assert why
        until(lambda: [row.subject for row in rows(desk)] == ["works"])


def test_a_server_restart_heals_by_itself(mail_servers: MailServers, tmp_path: Path) -> None:
    support, dana = mail_servers.new_user(), mail_servers.new_customer()
    with working(tmp_path / "home", support=account(mail_servers, support, tmp_path)) as desk:
        until(lambda: healthy(desk))
        mail_servers.dovecot.stop()
        try:
            until(lambda: health(desk, "support")[0] == "offline", 30)
            assert rows(desk) == []
        finally:
            mail_servers.dovecot.start()
        mail_servers.deliver(mail(support, dana, "after"), sender=dana.address, to=support.address)
        until(lambda: [row.subject for row in rows(desk)] == ["after"], 60)
        until(lambda: health(desk, "support")[0] in ("ok", "syncing"), 10)  # said behind what is stored


def test_refused_later_and_bounced_recipients_end_in_the_right_state(
    mail_servers: MailServers, tmp_path: Path
) -> None:
    support, dana = mail_servers.new_user(), mail_servers.new_customer()
    for subject in ("refused", "later", "bounced"):
        mail_servers.drop(mail(support, dana, subject).as_bytes(), support)
    with working(tmp_path / "home", support=account(mail_servers, support, tmp_path)) as desk:
        until(lambda: healthy(desk) and len(rows(desk)) == 3)
        number = {row.subject: row.n for row in rows(desk)}

        def reply(subject: str, address: str) -> None:
            to = (Person("", address),)
            desk.do(
                commands.Reply(conversation=number[subject], text=f"about {subject}", to=to, cc=())
            ).result()

        domain = dana.address.split("@")[1]
        reply("refused", f"reject@{domain}")
        reply("later", f"later@{domain}")
        reply("bounced", f"nobody@{domain}")
        until(lambda: ours(desk, number["refused"]).state == "failed", 30)
        assert "refused" in (ours(desk, number["refused"]).reason or "")
        later = until(lambda: m if (m := ours(desk, number["later"])).reason else None, 30)
        assert later.state in ("queued", "sending")
        bounced = until(lambda: m if (m := ours(desk, number["bounced"])).state == "failed" else None, 30)
        assert bounced.reason
        status = {row.subject: (row.status, row.waiting_since is not None) for row in rows(desk)}
        assert status["refused"] == ("open", True)
        assert status["bounced"] == ("open", True)
        assert status["later"] == ("pending", True)
        assert len(rows(desk)) == 3, "the bounce belongs to the conversation it is about"
