"""The mail we make, read back by the standard library and by our own parser."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.domain.instants import parse as instant
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Outgoing
from tuidesk.errors import Rejected, SecretError
from tuidesk.wire.channel import Site
from tuidesk.wire.mime import parse
from tuidesk.wire.smtp import Letter, build

AT = instant("2026-11-20T12:50:00Z")
DANA = Person("Dana Ortiz", "dana@ortiz.example")


class _Still:
    """A clock that stands, and no secrets."""

    def now(self) -> int:
        return AT

    def monotonic(self) -> float:
        return 0.0

    def get(self, use: str = "", *, anew: bool = False) -> str:  # noqa: ARG002 - the port's
        raise SecretError(use)

    def put(self, value: str, use: str = "") -> None:  # noqa: ARG002 - the port's
        raise SecretError(use)


SITE = Site(
    account="support",
    clock=_Still(),
    secrets=_Still(),
    agent=Person("Ana", "ana@acme.example", me=True),
    address="support@acme.example",
    addresses=("help@acme.example",),
)


def out(**words: object) -> Outgoing:
    base: dict[str, object] = {
        "key": "k-1",
        "type": "reply",
        "at": AT,
        "agent": SITE.agent,
        "text": "Hello\n",
        "subject": "Re: Refund",
        "to": (DANA,),
    }
    return Outgoing(**{**base, **words})  # type: ignore[arg-type]  # a dict of fields has no types of its own


def read(letter: Letter) -> EmailMessage:
    made = email.message_from_bytes(letter.raw, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    assert not made.defects
    return made


def test_a_reply() -> None:
    made = build(
        out(cc=(Person("", "legal@ortiz.example"),), reply_to="<2@o>", refs=("<1@o>", "digest:ab", "<2@o>")),
        SITE,
    )
    assert made.raw.decode() == (
        "From: Ana <support@acme.example>\r\n"
        "To: Dana Ortiz <dana@ortiz.example>\r\n"
        "Cc: legal@ortiz.example\r\n"
        "Subject: Re: Refund\r\n"
        "Date: Fri, 20 Nov 2026 12:50:00 +0000\r\n"
        "Message-ID: <k-1@acme.example>\r\n"
        "In-Reply-To: <2@o>\r\n"
        "References: <1@o> <2@o>\r\n"
        "X-Tuidesk-Key: k-1\r\n"
        "X-Tuidesk-Agent: ana@acme.example\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: text/plain; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: 7bit\r\n"
        "\r\n"
        "Hello\r\n"
    )
    assert (made.id, made.sender) == ("<k-1@acme.example>", "support@acme.example")
    assert made.recipients == ("dana@ortiz.example", "legal@ortiz.example")


def test_blind_copies_stand_in_the_envelope_alone() -> None:
    made = build(out(bcc=(Person("Eve", "eve@x.example"), DANA)), SITE)
    assert made.recipients == ("dana@ortiz.example", "eve@x.example")
    assert made.hidden == ("eve@x.example",)
    assert b"eve" not in made.raw.lower()


def test_the_first_mail_of_a_thread_refers_to_itself() -> None:
    assert read(build(out(type="start"), SITE))["References"] == "<k-1@acme.example>"


def test_an_alias_may_send_and_nobody_else() -> None:
    assert (
        read(build(out(sender=Person("Help", "HELP@acme.example")), SITE))["From"]
        == "Help <HELP@acme.example>"
    )
    with pytest.raises(Rejected, match="not an address of this account"):
        build(out(sender=Person("Boss", "boss@acme.example")), SITE)


def test_long_threads_keep_the_first_and_the_newest() -> None:
    ids = tuple(f"<{n}@{'x' * 60}.example>" for n in range(200))
    made = build(out(refs=ids, reply_to=ids[-1]), SITE)
    kept = parse(made.raw).references
    assert (kept[0], kept[1:], len(kept)) == (ids[0], ids[-29:], 30)
    assert max(map(len, made.raw.split(b"\r\n"))) < 120


def test_a_second_try_is_the_same_mail(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\0" * 5000)
    again = out(text="Grüße", files=(File("가.bin", "x/y", str(tmp_path / "a")),))
    assert build(again, SITE, b"Subject: x\n\ny\n").raw == build(again, SITE, b"Subject: x\n\ny\n").raw


TEXTS = [
    "",
    "plain\n\n\nlines\n",
    "From the start\n>From\n.\n..\n",
    "-- \nAna\n",
    "a dot\n.\nand more",
    "trailing blanks   \nand\ttabs\t\n",
    "x" * 3000,
    "환불 언제 되나요? " * 200,
    "Grüße, ein paar Umlaute: äöü = schön\n" * 10,
    "\x1b[31m\x00\x07 controls",
    "👩‍👩‍👧‍👦 سلام",
    "--=_k-1\nContent-Type: text/html\n\n--=_k-1--\n",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("with_file", [False, True])
def test_every_text_comes_back(text: str, with_file: bool, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"data")
    files = (File("a.txt", "text/plain", str(tmp_path / "a")),) if with_file else ()
    made = build(out(text=text, files=files), SITE)
    assert made.raw.isascii()
    assert max(map(len, made.raw.split(b"\r\n"))) <= 78
    assert b"\nFrom " not in made.raw
    assert b"\n.\r" not in made.raw  # it ends the mail for a sendmail without -i
    body = read(made).get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    mail = parse(made.raw)
    assert mail.text.strip() == text.replace("\x00", "\x00").strip()
    assert len(mail.attachments) == with_file


@pytest.mark.parametrize(
    "name", ["report.pdf", "보고서 2026.pdf", 'we"ird\\.txt', "a\r\nBcc: eve@x.example", "ü" * 120]
)
def test_attachments_keep_names_and_bytes(name: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(range(256)))
    made = build(out(files=(File(name, "application/pdf", str(tmp_path / "a")),)), SITE)
    (part,) = read(made).iter_attachments()
    assert part.get_filename() == " ".join(name.split())
    assert part.get_content() == bytes(range(256))
    assert [found.name for found in parse(made.raw).attachments] == [" ".join(name.split())]


def test_a_file_that_is_gone() -> None:
    with pytest.raises(Rejected, match=r"gone\.pdf"):
        build(out(files=(File("gone.pdf", "application/pdf", "/nonexistent/gone.pdf"),)), SITE)


def test_a_forwarded_mail_goes_along_whole() -> None:
    original = b"From: a@b.example\nSubject: inner\n\nHello\n"
    (part,) = read(build(out(), SITE, original)).iter_attachments()
    assert part.get_content_type() == "message/rfc822"
    assert b"Subject: inner" in part.as_bytes()
    for odd in (original + b"\xff\xfe", original + b".\nmore\n"):
        (part,) = read(build(out(), SITE, odd)).iter_attachments()
        assert part.get_content() == odd


NAUGHTY = [
    "Hi\r\nBcc: eve@x.example",
    "Hi\nBcc: eve@x.example",
    "Hi\r\n\r\nbody",
    "=?utf-8?q?Hi=0ABcc:_eve@x.example?=",
    "a\u2028b\x85c\x0bd\x00e",
    "\ud800",
    "x" * 2000,
    "환불" * 500,
    '"; evil="',
]


@pytest.mark.parametrize("text", NAUGHTY)
def test_no_header_is_smuggled_in(text: str) -> None:
    sender = Person(text, "support@acme.example")
    made = build(out(subject=text, sender=sender, to=(Person(text, DANA.handle),), agent=Person(text)), SITE)
    fields = [line.partition(b":")[0] for line in made.raw.partition(b"\r\n\r\n")[0].split(b"\r\n")]
    assert b"Bcc" not in fields
    assert max(map(len, made.raw.split(b"\r\n"))) <= 78
    wanted = " ".join("".join(sign if sign >= " " and sign != "\x7f" else " " for sign in text).split())
    wanted = wanted.encode("utf-8", "replace").decode()
    mail = parse(made.raw)
    assert " ".join(mail.subject.split()) == wanted
    assert [person.handle for person in mail.to] == [DANA.handle]


@given(st.text(), st.text())
def test_any_subject_and_name(subject: str, name: str) -> None:
    made = build(out(subject=subject, to=(Person(name, DANA.handle),)), SITE)
    mail = parse(made.raw)
    assert [person.handle for person in mail.to] == [DANA.handle]
    assert (mail.message_id, mail.key) == ("<k-1@acme.example>", "k-1")
    assert mail.text.strip() == "Hello"


@pytest.mark.parametrize(
    "handle",
    ["", "dana", "a b@c.example", "a@b@c.example", "a@c.example\r\nBcc: eve@x.example", "<a@b.example>",
     "a@b.example, c@d.example", "a@\ud800.example", "a@" + "x" * 64 + ".example" * 40, "a@-ü.\u2028example",
     "a\x00@b.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(handle: str) -> None:
    with pytest.raises(Rejected, match="not a mail address"):
        build(out(to=(Person("x", handle),)), SITE)


def test_a_domain_in_another_script_goes_in_ascii() -> None:
    made = build(out(to=(Person("", "dana@bücher.example"),)), SITE)
    assert made.recipients == ("dana@xn--bcher-kva.example",)
    assert made.raw.isascii()


def test_nobody_to_send_to() -> None:
    with pytest.raises(Rejected):
        build(out(to=()), SITE)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ortiz, Dana", '"Ortiz, Dana"'),
        ('Dana \\ "D"', '"Dana \\\\ \\"D\\""'),
        ("김서연", "=?utf-8?b?6rmA7ISc7Jew?="),
    ],
)
def test_names(name: str, shown: str) -> None:
    made = build(out(to=(Person(name, DANA.handle), DANA)), SITE)
    assert f"To: {shown} <dana@ortiz.example>,".encode() in made.raw
    assert [found.display_name for found in read(made)["To"].addresses] == [name, DANA.name]
