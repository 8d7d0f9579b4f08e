"""Bounces, answering machines and lists. Figures are what holds of the shared samples, no more."""

import json
from typing import Any

import pytest

from tests.shared import samples
from tuidesk.wire.mime import Bounce, Mail, parse

NO_REPORTS = {"spam-bogus-email-in-report.msg", "spam-with-image.msg"}
"""Listed among the samples with `is_bounce`, yet plain spam from a person's address: the list says `reports: 0`."""
NOWHERE_WHOLE = {"aol-senderblock.msg", "aol.attachment.msg"}
"""These name the mailbox without its domain."""


@pytest.fixture(scope="module")
def bounces() -> dict[str, tuple[Mail, dict[str, Any]]]:
    folder = samples("bounces", "mail-deliverystatus-bounceparser")
    expected = json.loads((folder / "expected.json").read_text())
    return {
        path.name: (parse(path.read_bytes()), expected.get(path.name, {})) for path in folder.glob("*.msg")
    }


def test_bounces_are_recognised(bounces: dict[str, tuple[Mail, dict[str, Any]]]) -> None:
    judged = {name: (mail, what) for name, (mail, what) in bounces.items() if "is_bounce" in what}
    wrong = {
        name for name, (mail, what) in judged.items() if (mail.auto == "bounce") != bool(what["is_bounce"])
    }
    assert len(judged) == 75
    assert wrong == NO_REPORTS
    assert bounces["autoreply.msg"][0].auto == "auto"


def test_what_they_say(bounces: dict[str, tuple[Mail, dict[str, Any]]]) -> None:
    wrong = []
    for name, (mail, what) in bounces.items():
        bounce = mail.bounce
        if bounce is None:
            continue
        if set(what.get("addresses", bounce.failed)) != set(bounce.failed):
            wrong.append(name)
        assert what.get("orig_message_id", bounce.about) == bounce.about
        assert what.get("status", bounce.status) == bounce.status
        assert what.get("smtp_code", bounce.code) == bounce.code
    assert set(wrong) == NOWHERE_WHOLE


def test_most_say_which_mail_and_whom(bounces: dict[str, tuple[Mail, dict[str, Any]]]) -> None:
    found = [mail.bounce for mail, _ in bounces.values() if mail.bounce is not None]
    assert len(found) == 118
    assert sum(bounce.about != "" for bounce in found) >= 111
    assert sum(bounce.failed != () for bounce in found) >= 115
    assert sum(bounce.reason != "" for bounce in found) >= 110


def test_the_reports_among_the_shared_mail() -> None:
    folder = samples("mail", "mikel-mail", "emails", "multipart_report_emails")
    reports = {path.name: parse(path.read_bytes()).bounce or Bounce() for path in folder.glob("*.eml")}
    assert {name: (report.action, len(report.failed)) for name, report in reports.items()} == {
        "multi_address_bounce1.eml": ("failed", 5),
        "multi_address_bounce2.eml": ("failed", 5),
        "multipart_report_multiple_status.eml": ("failed", 1),
        "report_422.eml": ("delayed", 1),
        "report_530.eml": ("failed", 1),
    }


@pytest.mark.parametrize(
    ("header", "auto"),
    [
        (b"Auto-Submitted: auto-replied", "auto"),
        (b"Auto-Submitted: auto-generated (rejected)", "auto"),
        (b"Auto-Submitted: no", "person"),
        (b"Precedence: bulk", "auto"),
        (b"Precedence: auto_reply", "auto"),
        (b"Precedence: list", "person"),
        (b"X-Autoreply: yes", "auto"),
        (b"X-Autorespond: refund", "auto"),
        (b"Return-Path: <>", "auto"),
        (b"Subject: Out of office: back on Monday", "auto"),
        (b"Subject: Automatische Antwort: Urlaub", "auto"),
        ("Subject: 자동 응답: 휴가".encode(), "auto"),
        ("Subject: 自動応答".encode(), "auto"),
        (b"Subject: Out of Office AutoReply: printer", "auto"),
        (b"Subject: AUTO: John Smith is out of the office", "auto"),
        ("Subject: 【自動返信】お問い合わせ".encode(), "auto"),
        (b"Subject: Out of office until Monday", "auto"),
        (b"Subject: Out of office, back Monday", "auto"),
        (b"Subject: Out of Office (AutoReply)", "auto"),
        (b"Subject: Auto-Reply to your mail", "auto"),
        (b"Subject: Re: Out of office: who covers for you?", "person"),
        (b"Subject: Out of office chairs, when will there be more?", "person"),
        (b"Subject: Automatic reply is broken", "person"),
        (b"Subject: Auto: Bremsen defekt", "person"),
        ("Subject: 不在通知が入っていました".encode(), "person"),
        ("Subject: 부재중 전화".encode(), "person"),
        ("Subject: 자동 응답이 안 와요".encode(), "person"),
        (b"Subject: Delivery failed again, my parcel is not here", "person"),
        (b"Subject: Undeliverable: what does that mean?", "person"),
        (b"Subject: Automatic payment went wrong", "person"),
        (b"From: mailer-daemon@x.example\r\nSubject: Newsletter", "person"),
        (b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b", "auto"),
    ],
)
def test_who_wrote(header: bytes, auto: str) -> None:
    head = header if b"From:" in header else b"From: dana@ortiz.example\r\n" + header
    assert parse(head + b"\r\n\r\nHello\r\n").auto == auto


_SHOWN = (
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nI wrote to you and got this.\r\n"
    b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
    b"Final-Recipient: rfc822; support@acme.example\r\nAction: failed\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    ("head", "auto"),
    [
        (b"From: Dana <dana@ortiz.example>\r\n", "person"),
        (b"From: MAILER-DAEMON@x.example\r\n", "bounce"),
        (b"Return-Path: <>\r\nFrom: mail system <noreply@x.example>\r\n", "bounce"),
    ],
)
def test_a_report_that_a_customer_passes_on_is_their_mail(head: bytes, auto: str) -> None:
    assert parse(head + _SHOWN).auto == auto


def test_lists() -> None:
    for header in (b"List-Id: <x.example>", b"List-Post: <mailto:x@x.example>", b"Precedence: list"):
        mail = parse(header + b"\r\n\r\n")
        assert mail.is_list
        assert mail.auto == "person"
    assert not parse(b"List-Unsubscribe: <mailto:x>\r\n\r\n").is_list
