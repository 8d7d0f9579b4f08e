"""From mail to events, on mail as it stands on a disk."""

import pytest

from tuidesk.domain.events import Delivered, Received, Sent
from tuidesk.domain.model import Person
from tuidesk.errors import Unreadable
from tuidesk.wire import arrivals
from tuidesk.wire.arrivals import Place, Us
from tuidesk.wire.mime import parse
from tuidesk.wire.mime.mail import from_json, to_json

US = Us(
    frozenset({"support@acme.example", "help@acme.example", "ana@acme.example"}),
    frozenset({"ana@acme.example"}),
    frozenset({"support@acme.example", "help@acme.example"}),
)
PLACE = Place(ref="box:1", at=1_000, size=300)

CUSTOMER = b"""\
From: Dana <dana@ortiz.example>
To: Support <support@acme.example>
Cc: legal@ortiz.example
Subject: Refund
Message-ID: <2@ortiz.example>
In-Reply-To: <1@acme.example>
References: <0@ortiz.example> <1@acme.example>

Where is it?
"""

BOUNCE = b"""\
Return-Path: <>
From: MAILER-DAEMON@acme.example
To: support@acme.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <b@acme.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

It did not work.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; acme.example

Final-Recipient: rfc822; gone@ortiz.example
Action: ACTION
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--x
Content-Type: text/rfc822-headers

Message-ID: <ours@acme.example>
Subject: Refund

--x--
"""


def received(raw: bytes, place: Place = PLACE) -> Received:
    first = arrivals.events(parse(raw), place, US)[0]
    assert isinstance(first, Received)
    return first


def sent(raw: bytes, place: Place = PLACE) -> Sent:
    (only,) = arrivals.events(parse(raw), place, US)
    assert isinstance(only, Sent)
    return only


def test_a_customers_mail() -> None:
    event = received(CUSTOMER)
    assert (event.id, event.ids) == ("<2@ortiz.example>", ("box:1",))
    assert event.refs == ("<0@ortiz.example>", "<1@acme.example>")
    assert event.reply_to == "<1@acme.example>"
    assert event.sender == Person("Dana", "dana@ortiz.example")
    assert [person.handle for person in event.cc] == ["legal@ortiz.example"]
    assert (event.subject, event.text, event.kind, event.by_subject) == (
        "Refund",
        "Where is it?",
        "person",
        True,
    )
    assert event.digest


@pytest.mark.parametrize(
    "header", [b"List-Id: <talk.acme.example>", b"Auto-Submitted: auto-replied", b"Subject: Re: "]
)
def test_no_thread_by_subject(header: bytes) -> None:
    raw = CUSTOMER.replace(
        b"Subject: Refund", header if header.startswith(b"Subject") else header + b"\nSubject: Refund"
    )
    assert not received(raw).by_subject


def test_without_an_id_the_digest_names_it() -> None:
    event = received(CUSTOMER.replace(b"Message-ID", b"X-No-ID"))
    assert event.id == f"digest:{event.digest}"


@pytest.mark.parametrize("kind", [b"text/plain", b"text/html"])
def test_of_a_book_the_beginning_is_read_and_the_rest_is_named(kind: bytes) -> None:
    head = CUSTOMER.partition(b"\n\n")[0] + b"\nContent-Type: " + kind + b"\n\n"
    event = received(head + "책 ".encode() * (3 << 20))
    assert event.text == "책 " * (1 << 19)
    assert event.html is None or len(event.html) == 1 << 20
    assert event.body is not None
    assert event.body.ref == PLACE.ref
    assert event.body.size > (3 << 20)
    assert received(head + b"short").body is None


def test_answers_go_where_the_customer_says() -> None:
    event = received(b"Reply-To: <desk@ortiz.example>\n" + CUSTOMER)
    assert (event.sender.handle, event.reply_address) == ("dana@ortiz.example", "desk@ortiz.example")


def test_a_web_form_speaks_for_the_customer() -> None:
    raw = CUSTOMER.replace(
        b"From: Dana <dana@ortiz.example>", b"From: support@acme.example\nReply-To: Dana <d@o.example>"
    )
    event = received(raw)
    assert (event.sender, event.reply_address) == (Person("Dana", "d@o.example"), None)


@pytest.mark.parametrize(
    ("headers", "me"),
    [
        (b"From: Ana <ana@acme.example>", True),
        (b"From: Help <HELP@acme.example>", False),
        (b"From: Help <help@acme.example>\nX-Tuidesk-Agent: ana@acme.example\nX-Tuidesk-Key: k-1", True),
        (b"From: Ana <ana@acme.example>\nX-Tuidesk-Agent: sam@acme.example", False),
    ],
)
def test_ours(headers: bytes, me: bool) -> None:
    event = sent(headers + b"\nTo: dana@ortiz.example\nMessage-ID: <3@acme.example>\n\nHere it is.\n")
    assert event.sender.me is me
    assert event.key == ("k-1" if b"Key" in headers else None)


@pytest.mark.parametrize(
    ("headers", "asks"),
    [
        (b"From: Ana <ANA@acme.example>\nTo: Support <SUPPORT@acme.example>", True),
        (b"From: ana@acme.example\nTo: help@acme.example, ana@acme.example\nCc: boss@acme.example", True),
        (b"From: ana@acme.example\nTo: support@acme.example\nIn-Reply-To: <2@ortiz.example>", True),
        (b"From: ana@acme.example\nTo: dana@ortiz.example\nCc: support@acme.example", False),
        (b"From: ana@acme.example\nTo: dana@ortiz.example, support@acme.example", False),
        (b"From: ana@acme.example\nTo: support@acme.example\nX-Tuidesk-Key: k-1", False),
        (b"From: ana@acme.example\nTo: ana@acme.example", False),
        (b"From: help@acme.example\nTo: support@acme.example", True),
        (b"From: support@acme.example\nTo: support@acme.example, ana@acme.example", True),
        (b"From: support@acme.example\nTo: support@acme.example\nCc: dana@ortiz.example", False),
        (b"From: support@acme.example\nTo: support@acme.example\nX-Tuidesk-Key: k-1", False),
        (b"From: ana@acme.example\nSubject: x", False),
    ],
)
def test_our_own_address_can_be_a_customers(headers: bytes, asks: bool) -> None:
    raw = headers + b"\nMessage-ID: <3@acme.example>\n\nPlease call Dana back.\n"
    (event,) = arrivals.events(parse(raw), PLACE, US)
    assert isinstance(event, Received if asks else Sent)
    assert isinstance(arrivals.events(parse(raw), Place(ref="s", at=1, size=1, in_sent=True), US)[0], Sent)


def test_a_folder_of_sent_mail_holds_sent_mail() -> None:
    assert sent(CUSTOMER, Place(ref="sent:1", at=1, size=1, in_sent=True)).sender.me is False


def test_a_bounce_and_what_it_means() -> None:
    event, report = arrivals.events(parse(BOUNCE.replace(b"ACTION", b"failed")), PLACE, US)
    assert isinstance(event, Received)
    assert (event.kind, event.refs, event.by_subject) == ("bounce", ("<ours@acme.example>",), False)
    assert isinstance(report, Delivered)
    assert (report.message, report.state) == ("<ours@acme.example>", "failed")
    assert report.reason == "gone@ortiz.example: 550 5.1.1 no such user"


def test_a_delay_undoes_nothing() -> None:
    (event,) = arrivals.events(parse(BOUNCE.replace(b"ACTION", b"delayed")), PLACE, US)
    assert isinstance(event, Received)
    assert (event.kind, event.refs) == ("auto", ("<ours@acme.example>",))


@pytest.mark.parametrize(
    ("shown", "fails"),
    [
        (b"To: Dana <dana@ortiz.example>\nCc: Gone <Gone@ortiz.example>, x@ortiz.example", False),
        (b"To: Dana <dana@ortiz.example>, gone@ortiz.example\nCc: gone@ortiz.example", True),
        (
            b"To: Dana <dana@ortiz.example>\nCc: x@ortiz.example",
            True,
        ),  # where hers are forwarded to, or a hidden copy
        (b"Cc: gone@ortiz.example", True),
    ],
)
def test_a_copy_that_comes_back_leaves_the_reply_sent(shown: bytes, fails: bool) -> None:
    raw = BOUNCE.replace(b"ACTION", b"failed").replace(b"Subject: Refund", b"Subject: Refund\n" + shown)
    event, *reports = arrivals.events(from_json(to_json(parse(raw))), PLACE, US)
    assert isinstance(event, Received)
    assert (event.kind, event.refs) == ("bounce" if fails else "auto", ("<ours@acme.example>",))
    assert len(reports) == fails


def test_delivered_says_so() -> None:
    _, report = arrivals.events(parse(BOUNCE.replace(b"ACTION", b"delivered")), PLACE, US)
    assert isinstance(report, Delivered)
    assert report.state == "delivered"


def test_unreadable_is_a_row_that_keeps_its_bytes() -> None:
    (event,) = arrivals.events(Unreadable("too deep"), PLACE, US, b"raw")
    assert isinstance(event, Received)
    assert (event.kind, event.subject, event.source) == (
        "unreadable",
        "unreadable message, 300 bytes",
        b"raw",
    )
    assert event.text == "unreadable message, 300 bytes: too deep"
