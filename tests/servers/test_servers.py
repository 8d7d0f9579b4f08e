"""The servers themselves: what the other tests stand on is as they think."""

import smtplib
import ssl
from email.message import EmailMessage

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from tests.servers.mail import MailServers, User
from tests.servers.postfix import LATER, NOBODY, REJECT

pytestmark = pytest.mark.servers


def _mail(sender: str, to: str, subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{subject}@example.test>"
    mail.set_content("It smokes. Grüße")
    return mail


def _context(servers: MailServers) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(servers.ca))


def _submit(servers: MailServers, user: User, to: str, subject: str) -> None:
    with smtplib.SMTP_SSL(servers.host, servers.smtps_port, context=_context(servers), timeout=20) as line:
        line.login(user.address, user.password)
        line.send_message(_mail(user.address, to, subject))


def test_a_mail_goes_in_and_an_answer_comes_out(mail_servers: MailServers) -> None:
    support, customer = mail_servers.new_user(), mail_servers.new_customer()
    mail_servers.deliver(
        _mail(customer.address, support.address, "one"), sender=customer.address, to=support.address
    )
    assert b"It smokes" in mail_servers.wait_for(support, "<one@example.test>")
    _submit(mail_servers, support, customer.address, "two")
    assert b"Subject: two" in mail_servers.wait_for(customer, "<two@example.test>")
    mail_servers.settled()
    assert len(mail_servers.messages(support)) == 1


def test_mail_to_nobody_bounces(mail_servers: MailServers) -> None:
    support = mail_servers.new_user()
    _submit(mail_servers, support, NOBODY, "lost")
    assert b"message/delivery-status" in mail_servers.wait_for(support, "<lost@example.test>")


@pytest.mark.parametrize(("address", "code"), [(REJECT, 550), (LATER, 450)])
def test_recipients_are_refused(mail_servers: MailServers, address: str, code: int) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        _submit(mail_servers, mail_servers.new_user(), address, "no")
    assert refused.value.recipients[address][0] == code


def test_capabilities_rich_and_poor(mail_servers: MailServers) -> None:
    support = mail_servers.new_user()
    with mail_servers.mailbox(support) as box:
        assert {b"CONDSTORE", b"IDLE", b"SPECIAL-USE", b"MOVE"} <= set(box.capabilities())
        assert b"\\*" in box.select_folder("INBOX")[b"PERMANENTFLAGS"]
        assert any(b"\\Sent" in flags for flags, _, _ in box.list_folders())
    box = IMAPClient(
        mail_servers.host, mail_servers.poor_port, ssl_context=_context(mail_servers), timeout=20
    )
    box.login(support.address, support.password)
    assert box.capabilities() == (b"IMAP4REV1",)
    assert not any(b"\\Sent" in flags for flags, _, _ in box.list_folders())
    box.logout()


def test_a_mailbox_without_new_keywords(mail_servers: MailServers) -> None:
    support = mail_servers.new_user(keywords=False)
    mail_servers.deliver(b"Subject: kept\r\n\r\nx\r\n", sender="a@example.test", to=support.address)
    mail_servers.wait_for(support, "Subject: kept")
    with mail_servers.mailbox(support) as box:
        assert b"\\*" not in box.select_folder("INBOX")[b"PERMANENTFLAGS"]


@pytest.mark.parametrize("bad", ["expired_host", "foreign_host"])
def test_bad_certificates(mail_servers: MailServers, bad: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        IMAPClient(
            getattr(mail_servers, bad), mail_servers.imap_port, ssl_context=_context(mail_servers), timeout=20
        )


def test_the_third_connection_is_refused(mail_servers: MailServers) -> None:
    support = mail_servers.new_user()
    boxes = [
        IMAPClient(
            mail_servers.crowded_host, mail_servers.imap_port, ssl_context=_context(mail_servers), timeout=20
        )
        for _ in range(3)
    ]
    boxes[0].login(support.address, support.password)
    boxes[1].login(support.address, support.password)
    with pytest.raises(LoginError):
        boxes[2].login(support.address, support.password)
    for box in boxes:
        box.shutdown()


def test_stop_and_start_again(mail_servers: MailServers) -> None:
    support = mail_servers.new_user()
    mail_servers.dovecot.restart()
    mail_servers.postfix.restart()
    _submit(mail_servers, support, support.address, "after")
    mail_servers.wait_for(support, "<after@example.test>")
