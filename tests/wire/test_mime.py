"""Mail as it really comes: charsets, headers, parts, copies."""

import email
import time
from base64 import b64encode
from email import policy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import samples
from tuidesk.domain import instants
from tuidesk.domain.model import Person
from tuidesk.errors import Unreadable
from tuidesk.wire.mime import Mail, Part, parse, part, structure, thread_subject


def texts(mail: Mail) -> list[str]:
    """Every text that came out of a mail."""
    people = (mail.sender, *mail.reply_to, *mail.to, *mail.cc)
    return [
        mail.message_id, mail.in_reply_to, *mail.references, mail.subject, mail.text, mail.html, mail.key, mail.agent,
        *(text for person in people for text in (person.name, person.handle)),
        *(text for file in mail.attachments for text in (file.name, file.type)),
    ]  # fmt: skip


def headers_of(mail: Mail) -> list[str]:
    """Those that are one line, whatever the mail said."""
    return [text for text in texts(mail) if text not in (mail.text, mail.html)]


def assert_sound(mail: Mail) -> None:
    for text in texts(mail):
        text.encode()  # no lone surrogate
    for text in headers_of(mail):
        assert len(text.splitlines()) <= 1, text


def sample_mails() -> list[Path]:
    return sorted(path for path in samples("mail", "mikel-mail", "emails").rglob("*") if path.is_file())


def test_all_of_the_shared_mail() -> None:
    paths = sample_mails()
    unreadable = []
    for path in paths:
        began = time.perf_counter()
        try:
            mail = parse(path.read_bytes())
        except Unreadable:
            unreadable.append(path.name)
            continue
        assert time.perf_counter() - began < 2, path
        assert_sound(mail)
        for file in mail.attachments:
            assert len(part(path.read_bytes(), file.ref)) == file.size, path
    assert len(paths) >= 104
    assert unreadable == []


def _leaves(message: Any) -> list[tuple[str, bytes]]:
    """What the standard library sees: type and decoded content of each part that is no container."""
    if message.is_multipart() and message.get_content_maintype() != "message":
        children = message.get_payload()
        return [leaf for child in children for leaf in _leaves(child)]
    if message.get_content_maintype() == "message":
        return [(message.get_content_type(), b"")]
    payload = message.get_payload(decode=True)
    return [(message.get_content_type(), payload if isinstance(payload, bytes) else b"")]


STRICTER = {"example13.eml", "raw_email_incorrect_header.eml", "spam-rejection15.msg"}
"""Where a line that is no header ends the header there, and is passed over here: there the parts are lost."""


def test_the_structure_is_the_standard_librarys() -> None:
    """Same parts in the same order with the same content, on every sample that it can read at all."""
    different, compared = {}, 0
    for path in sample_mails() + sorted(samples("bounces").rglob("*.msg")):
        raw = path.read_bytes()
        try:
            theirs = _leaves(email.message_from_bytes(raw, policy=policy.compat32))
        except (LookupError, ValueError, AttributeError):
            continue
        compared += 1
        leaves = list(structure.read(raw).walk())
        ours = [(leaf.type, b"" if leaf.type.startswith("message/") else leaf.content()) for leaf in leaves]
        if [kind for kind, _ in theirs] != [kind for kind, _ in ours]:
            different[path.name] = ([kind for kind, _ in theirs], [kind for kind, _ in ours])
        elif [data.split() for _, data in theirs] != [data.split() for _, data in ours]:
            different[path.name] = (
                [str(len(data)) for _, data in theirs],
                [str(len(data)) for _, data in ours],
            )
    assert compared > 200
    assert set(different) == STRICTER, different


def mail_with(body: bytes, charset: str = "", subject: bytes = b"x", kind: str = "text/plain") -> Mail:
    declared = f"; charset={charset}" if charset else ""
    head = b"Subject: " + subject + f"\r\nContent-Type: {kind}{declared}\r\n\r\n".encode()
    return parse(head + body)


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("utf-8", "utf-8", "전액환불 toʻlov 返金"),
        ('"UTF-8"', "utf-8", "전액환불"),
        ("utf8;", "utf-8", "환불"),
        ("", "utf-8", "환불 without a charset"),
        ("us-ascii", "utf-8", "UTF-8 called ASCII: ü"),
        ("iso-8859-1", "utf-8", "UTF-8 called Latin-1: für"),
        ("iso-8859-1", "cp1252", "“smart” quotes – and €"),
        ("us-ascii", "cp1252", "naïve “quotes”"),
        ("x-unknown", "cp1252", "für"),
        ("unknown-8bit", "utf-8", "für"),
        ("no-such-charset", "utf-8", "für"),
        ("rot13", "utf-8", "abc"),
        ("zlib", "utf-8", "abc"),
        ("idna", "utf-8", "xn--a"),
        ("gb2312", "gbk", "镕基 退款"),
        ("gb2312", "gb18030", "䶮 退款"),
        ("big5", "big5hkscs", "退款 嘅"),
        ("euc-kr", "cp949", "똠방각하 환불"),
        ("ks_c_5601-1987", "cp949", "똠 환불"),
        ("iso-2022-kr", "iso2022_kr", "환불 언제"),
        ("iso-2022-jp", "iso2022_jp", "返金はいつですか"),
        ("", "iso2022_jp", "返金はいつですか"),
        ("shift_jis", "cp932", "返金①"),
        ("euc-jp", "euc_jp", "返金"),
        ("koi8-r", "koi8-r", "возврат"),
        ("windows-1251", "cp1251", "возврат"),
        ("iso-8859-9", "cp1254", "ıspanak €"),
        ("iso-8859-8-i", "iso8859_8", "שלום"),
        ("windows-1256", "cp1256", "استرداد"),
        ("tis-620", "cp874", "คืนเงิน"),
        ("utf-7", "utf-7", "Zurück 환불"),
        ("unicode-1-1-utf-7", "utf-7", "환불"),
        ("utf-16", "utf-16", "환불"),
        ("macintosh", "mac_roman", "für"),
        ("utf-8", "cp1252", "Latin-1 called UTF-8: für"),
    ],
)  # fmt: skip
def test_charsets(charset: str, codec: str, text: str) -> None:
    assert mail_with(text.encode(codec), charset).text == text


def test_iso_2022_kr_without_its_designator() -> None:
    raw = "환불".encode("iso2022_kr").replace(b"\x1b$)C", b"").lstrip(b"\n")
    assert mail_with(raw, "iso-2022-kr").text == "환불"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b'\x1b$BJV6b-!\x1b(B for \x1b$B-j%"%/%a\x1b(B\r\nok', "返金① for ㈱アクメ\nok"),
        (b"\x1b$B-!\nabc", "①\nabc"),
        (b"\x1b$B-!\x1b(I1\x1b(B.", "①ｱ."),
        (b"\x1b$B-!\x1b(B \xff \x1b$B-", "① \ufffd -"),
    ],
)
@pytest.mark.parametrize("charset", ["iso-2022-jp", ""])
def test_japanese_mail_has_signs_of_microsofts(raw: bytes, text: str, charset: str) -> None:
    if charset or raw.isascii():
        assert mail_with(raw, charset).text == text
    subject = b"=?iso-2022-jp?B?" + b64encode(raw.partition(b"\r")[0].partition(b"\n")[0]) + b"?="
    assert mail_with(b"", "", subject).subject == text.partition("\n")[0]


def test_a_header_without_a_charset_is_read_in_that_of_the_text() -> None:
    mail = mail_with("언제 되나요".encode("cp949"), "euc-kr", "환불".encode("cp949"))
    assert (mail.subject, mail.text) == ("환불", "언제 되나요")


@pytest.mark.parametrize(
    "field", [b"Content-Type: text/x; name=", b"Content-Disposition: attachment; filename="]
)
def test_a_bare_name_of_a_file_is_read_in_the_charset_of_the_subject(field: bytes) -> None:
    subject = b"Subject: =?euc-kr?B?" + b64encode("영수증".encode("cp949")) + b"?=\r\n"
    kind = b"" if b"Type" in field else b"Content-Type: text/x\r\n"
    mail = parse(subject + kind + field + '"환불.pdf"'.encode("cp949") + b"\r\n\r\nx")
    assert [part.name for part in mail.attachments] == ["환불.pdf"]


def test_a_cut_character_does_not_turn_the_rest_into_noise() -> None:
    assert mail_with("환불 언제 되나요".encode()[:-1], "utf-8").text == "환불 언제 되나\ufffd"


def test_a_body_without_a_charset_is_read_in_that_of_the_subject() -> None:
    subject = b"=?euc-kr?B?" + b64encode("환불".encode("cp949")) + b"?="
    assert mail_with("언제 되나요".encode("cp949"), "", subject).text == "언제 되나요"


def test_a_header_whose_bytes_the_texts_charset_does_not_fit_loses_none() -> None:
    raw = b"Subject: Gr\xfc\xdfe\r\nContent-Type: text/plain; charset=shift_jis\r\n\r\n" + "返金".encode(
        "cp932"
    )
    read = parse(raw)
    assert (read.subject, read.text) == ("Grüße", "返金")


def test_no_lone_surrogate_comes_through() -> None:
    mail = mail_with(b"+2AA-", "utf-7", b"=?utf-7?Q?+2AA-?=")
    assert (mail.text, mail.subject) == ("\ufffd", "\ufffd")


def test_html_says_its_charset_itself() -> None:
    body = b"<meta charset=euc-kr><p>" + "환불".encode("cp949")
    assert mail_with(body, kind="text/html").text == "환불"


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?utf-8?B?7ZmY67aI?=", "환불"),
        (b"=?UTF-8?q?f=C3=BCr_dich?= plain", "für dich plain"),
        (b"=?utf-8?B?7ZmY?=\r\n =?utf-8?B?67aI?=", "환불"),
        (b"=?utf-8?B?7Zk=?= =?utf-8?B?mA==?=", "환"),
        (b"=?utf-8*ko?B?7ZmY67aI?=", "환불"),
        (b"=?iso-8859-1?Q?=80?= 5", "€ 5"),
        (b"=?NONE?B?VEVTVA=?=", "TEST"),
        (b"=?utf-8?B?!!!?= x", "x"),
        (b"=?utf-8?Q?a b?=", "a b"),
        (b"caf\xc3\xa9", "café"),
        (b"caf\xe9", "café"),
        (b"", ""),
        (b"=?utf-8?Q?Hi=0D=0ABcc:_evil@x.example?=", "Hi Bcc: evil@x.example"),
        (b"=?utf-8?Q?Hi=0ABcc:_evil@x.example?=", "Hi Bcc: evil@x.example"),
        (b"=?utf-8?B?SGkNCkJjYzogeEB5?=", "Hi Bcc: x@y"),
        (b"=?utf-8?Q?Hi=E2=80=A8Bcc:=C2=85x?=", "Hi Bcc: x"),
        (b"Hi\rBcc: x@y", "Hi Bcc: x@y"),
        (b"Hi\x0bthere\x00x", "Hi there x"),
    ],
)  # fmt: skip
def test_subjects_are_decoded_into_one_line(raw: bytes, subject: str) -> None:
    assert mail_with(b"", subject=raw).subject == subject


@pytest.mark.parametrize(
    ("raw", "people"),
    [
        (b"Dana Ortiz <dana@ortiz.example>", [("Dana Ortiz", "dana@ortiz.example")]),
        (b'"Ortiz, Dana" <d@x.example>, e@x.example', [("Ortiz, Dana", "d@x.example"), ("", "e@x.example")]),
        (b"dana@ortiz.example (Dana)", [("Dana", "dana@ortiz.example")]),
        (b"=?utf-8?B?7ZmY67aI?= <a@b.example>", [("환불", "a@b.example")]),
        (
            b'"=?utf-8?Q?Eve_=3Cana=40us.example=3E?=" <eve@x.example>',
            [("Eve <ana@us.example>", "eve@x.example")],
        ),
        (b"=?utf-8?Q?ana=40us.example=2C?= <eve@x.example>", [("ana@us.example,", "eve@x.example")]),
        (b"=?utf-8?Q?ana?=@us.example", [("", "=?utf-8?Q?ana?=@us.example")]),
        (b'"Agent Anna <a@us.example>" <eve@x.example>', [("Agent Anna <a@us.example>", "eve@x.example")]),
        (b"Team: a@x.example, b@x.example;", [("", "a@x.example"), ("", "b@x.example")]),
        (b"undisclosed-recipients:;", []),
        (b"<@relay.example:a@x.example>", [("", "a@x.example")]),
        (b"Pete(nick) <pete(his account)@silly.test(his host)>", [("Pete", "pete@silly.test")]),
        (b'"Anna \\"Bee\\" O" <a@x.example>', [('Anna "Bee" O', "a@x.example")]),
        (b'"Dana \\"D\\"" <d@x.example>', [('Dana "D"', "d@x.example")]),
        (b'"\\"D\\" Ortiz" <d@x.example>', [('"D" Ortiz', "d@x.example")]),
        (b'"\\"D\\" or \\"O\\"" <d@x.example>', [('"D" or "O"', "d@x.example")]),
        (b"\"'Dana'\" <d@x.example>", [("Dana", "d@x.example")]),
        (b'"\\"Dana\\"" <d@x.example>', [("Dana", "d@x.example")]),
        (b"\"'\" <d@x.example>, '' <e@x.example>", [("'", "d@x.example"), ("", "e@x.example")]),
        (b"The Boys' <d@x.example>", [("The Boys'", "d@x.example")]),
        (b"root", [("", "root")]),
        (b"just a name", [("just a name", "")]),
        (b'"unclosed <a@x.example>', [("unclosed", "a@x.example")]),
        (b"j\xc3\xb6rn@\xc3\xa4.example", [("", "jörn@ä.example")]),
        (b"", []),
        (b",,;<>,", []),
    ],
)
def test_addresses(raw: bytes, people: list[tuple[str, str]]) -> None:
    mail = parse(b"To: " + raw + b"\r\n\r\n")
    assert [(person.name, person.handle) for person in mail.to] == people


def test_who_wrote() -> None:
    assert parse(b"Sender: a@x.example\r\n\r\n").sender == Person("", "a@x.example")
    assert parse(b"Return-Path: <b@x.example>\r\n\r\n").sender.handle == "b@x.example"
    assert parse(b"From: Two <a@x.example>, b@x.example\r\n\r\n").sender.name == "Two"
    assert parse(b"Subject: none\r\n\r\n").sender == Person()


def test_ids_and_dates() -> None:
    mail = parse(
        b"Message-ID: <a@x.example>\r\nIn-Reply-To: Your mail of Friday <b@x.example>\r\n"
        b"References: <first@x.example>\r\n <second@x.example><b@x.example> rubbish\r\n"
        b"Date: Fri, 20 Nov 2026 14:00:05 +0100 (CET)\r\nX-Tuidesk-Key: k-1\r\nX-Tuidesk-Agent: ana\r\n\r\n"
    )
    assert mail.message_id == "<a@x.example>"
    assert mail.in_reply_to == "<b@x.example>"
    assert mail.references == ("<first@x.example>", "<second@x.example>", "<b@x.example>")
    assert mail.date == instants.parse("2026-11-20T13:00:05Z")
    assert (mail.key, mail.agent) == ("k-1", "ana")
    for bad in (
        b"yesterday",
        b"",
        b"Fri, 99 Nov 2026 10:00",
        b"0 0 0 0 0 0",
        b"Fri, 20 Nov 99999 10:00",
        b"\xff",
    ):
        assert parse(b"Date: " + bad + b"\r\n\r\n").date is None
    assert parse(b"Message-ID: bare@x.example\r\n\r\n").message_id == "<bare@x.example>"
    assert parse(b"Message-ID: <a b\r\n c>\r\n\r\n").message_id == ""


MIXED = (
    b"From: a@x.example\r\nContent-Type: multipart/mixed; boundary=out\r\n\r\npreamble\r\n"
    b"--out\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n"
    b"--in\r\nContent-Type: text/plain\r\n\r\nplain text\r\n"
    b"--in\r\nContent-Type: text/html\r\n\r\n<p>rich <img src=http://t.example/x></p>\r\n--in--\r\n"
    b"--out\r\nContent-Type: application/pdf; name*0*=utf-8''%ED%99%98; name*1*=%EB%B6%88; name*2=.pdf\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n"
    b"--out\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner: mail\r\n\r\ninner\r\n"
    b"--out\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx\r\n"
    b"--out\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n"
    b"--out\r\nContent-Type: text/plain\r\n"
    b'Content-Disposition: attachment; filename="=?utf-8?B?7ZmY?=.txt"\r\n\r\nfile\r\n'
    b"--out\r\nContent-Type: text/plain\r\n\r\nfooter of the list\r\n--out--\r\nepilogue"
)


def test_what_is_read_and_what_is_attached() -> None:
    mail = parse(MIXED)
    assert mail.text == "plain text\n\nfooter of the list"
    assert mail.html == "<p>rich <img src=http://t.example/x></p>"
    assert mail.remote_images == 1
    assert mail.attachments == (
        Part("환불.pdf", 5, "application/pdf", "2"),
        Part("inner: mail.eml", 29, "message/rfc822", "3"),
        Part("winmail.dat", 1, "application/ms-tnef", "4"),
        Part("part-5.ics", 15, "text/calendar", "5"),
        Part("환.txt", 4, "text/plain", "6"),
    )
    assert part(MIXED, "2") == b"Hello"
    assert part(MIXED, "1.1") == b"plain text"
    with pytest.raises(Unreadable, match=r"no part 9\.9"):
        part(MIXED, "9.9")


_PIECES = (
    b"Content-Type: multipart/mixed; boundary=m\r\n\r\n"
    b"--m\r\nContent-Type: text/html\r\n\r\n<p>Here is the receipt:</p>\r\n"
    b"--m\r\nContent-Type: application/pdf; name=receipt.pdf\r\n\r\nx\r\n"
    b"--m\r\nContent-Type: text/html\r\n\r\n<p>Please refund it.</p>\r\n--m--\r\n"
)
_BOTH = "Here is the receipt:\n\nPlease refund it."
_PLAIN = b"Content-Type: text/plain\r\n\r\nHere it is. Please refund it.\r\n"


@pytest.mark.parametrize(
    ("forms", "text", "attached"),
    [
        ((_PIECES,), _BOTH, ["receipt.pdf"]),
        (
            (_PIECES.replace(b"html", b"plain"),),
            "<p>Here is the receipt:</p>\n\n<p>Please refund it.</p>",
            ["receipt.pdf"],
        ),
        ((_PLAIN, _PIECES), "Here it is. Please refund it.", ["receipt.pdf"]),
        ((_PLAIN, _PLAIN), "Here it is. Please refund it.", ["part-2.txt"]),
        ((_PLAIN, _PLAIN.replace(b"plain", b"html; name=mail.html")), "Here it is. Please refund it.", []),
    ],
)
def test_no_piece_of_a_form_is_lost(forms: tuple[bytes, ...], text: str, attached: list[str]) -> None:
    raw = b"Content-Type: multipart/alternative; boundary=in\r\n\r\n"
    mail = parse(raw + b"".join(b"--in\r\n" + form + b"\r\n" for form in forms) + b"--in--\r\n")
    assert mail.text == text
    assert [part.name for part in mail.attachments] == attached


def test_a_part_fetched_alone_is_decoded_alike() -> None:
    assert (
        part(b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n", "1")
        == b"Hello"
    )


@pytest.mark.parametrize(
    ("encoding", "body", "content"),
    [
        ("base64", b"SGVs\r\nbG8=\r\n", b"Hello"),
        ("BASE64 ", b"SGVsbG8", b"Hello"),
        ("base64", b"SGVsbG8=SGVsbG8=", b"HelloHello"),
        ("base64", b"S-G*V!sbG8=\r\nx", b"Hello"),
        ("base64", b"", b""),
        ("quoted-printable;", b"=48ello=\r\n!=ZZ", b"Hello!=ZZ"),
        ("x-uuencode", b"begin 644 x\r\n%2&5L;&\\\r\n`\r\nend\r\n", b"Hello"),
        ("7-bit", b"Hello", b"Hello"),
        ("spam", b"Hello", b"Hello"),
        ("", b"Hello", b"Hello"),
    ],
)
def test_transfer_encodings(encoding: str, body: bytes, content: bytes) -> None:
    raw = f"Content-Type: image/png\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body
    assert part(raw, "1") == content


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("attachment; filename=a b.pdf", "a b.pdf"),
        ("attachment; filename*=utf-8'en'%e2%82%ac.pdf", "€.pdf"),
        ("attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
        ("attachment; filename*0*=iso-8859-1''f%FC; filename*1=r.pdf", "für.pdf"),
        ('attachment; filename="=?utf-8?Q?f=C3=BCr?=.pdf"', "für.pdf"),
        ('attachment; filename="../../etc/passwd"', "../../etc/passwd"),
        ('attachment; filename="a\\"b;c.pdf"', 'a"b;c.pdf'),
        ('attachment; filename="unclosed.pdf', "unclosed.pdf"),
        ("attachment; filename*=utf-8''a%0d%0ab.pdf", "a b.pdf"),
        ("attachment; filename*=no-charset''x.pdf", "x.pdf"),
        ("attachment", "part-1.pdf"),
    ],
)
def test_file_names(header: str, name: str) -> None:
    raw = f"Content-Type: application/pdf\r\nContent-Disposition: {header}\r\n\r\nx".encode()
    assert parse(raw).attachments[0].name == name


def test_copies_of_one_mail_have_one_digest() -> None:
    body = b"Hi,\r\n\r\nwhere is it?\r\n"
    head = (
        b"From: a@x.example\r\nDate: Fri, 20 Nov 2026 14:00:05 +0100\r\nSubject: a very\r\n long subject\r\n"
    )
    sent = parse(head + b"\r\n" + body)
    delivered = parse(
        b"Return-Path: <a@x.example>\r\nReceived: by mx\r\n"
        + head.replace(b"\r\n long", b" long")
        + b"\r\n"
        + body
    )
    on_disk = parse((head + b"\r\n" + body).replace(b"\r\n", b"\n"))
    boxed = parse(b"From a@x.example Fri\n" + (head + b"\r\n" + body).replace(b"\r\n", b"\n") + b"\n")
    assert sent.digest == delivered.digest == on_disk.digest == boxed.digest
    others = {
        parse(head + b"\r\n" + body + b"x").digest,
        parse(head.replace(b"14:00", b"14:01") + b"\r\n" + body).digest,
        parse(head.replace(b"a@x", b"b@x") + b"\r\n" + body).digest,
    }
    assert len(others | {sent.digest}) == 4


def test_flowed_text_is_joined() -> None:
    head = b"Content-Type: text/plain; format=flowed; delsp=%s\r\n\r\n"
    body = b"one \r\ntwo\r\n> quoted \r\n> on\r\n spaced\r\n-- \r\nsig\r\n"
    assert parse(head % b"no" + body).text == "one two\n> quoted on\nspaced\n-- \nsig"
    assert parse(head % b"yes" + body).text == "onetwo\n> quotedon\nspaced\n-- \nsig"


@pytest.mark.parametrize(
    ("subject", "thread"),
    [
        ("Refund", "refund"),
        ("Re: RE: Fwd: refund", "refund"),
        ("AW: WG: Rückzahlung", "rückzahlung"),
        ("답장: 회신: 환불", "환불"),
        ("回复：退款", "退款"),
        ("Re[2]: refund", "refund"),
        ("Re: [support] Re: refund", "refund"),
        ("[#1234] refund", "[#1234] refund"),
        ("[EXTERNAL] Re: refund (fwd)", "refund"),
        ("Отв: возврат", "возврат"),
        ("  Re:   two   blanks ", "two blanks"),
        ("Regarding: x", "regarding: x"),
        ("Re:", ""),
        ("[support]", "[support]"),
        ("Re: " * 5_000 + "x", ""),
    ],
)
def test_thread_subjects(subject: str, thread: str) -> None:
    assert thread_subject(subject) == thread


def test_headers_in_disorder() -> None:
    mail = parse(b"From: a@x.example\r\nno header at all\r\nSubject : spaced\r\n\r\nbody")
    assert (mail.subject, mail.text) == ("spaced", "body")
    assert parse(b"Subject: x\nand then a body\nof two lines").text == "and then a body\nof two lines"
    assert parse(b"\r\n\r\nSubject: after blank lines\r\n\r\nx").subject == "after blank lines"
    assert parse(b"From  : a@x.example\r\n\r\n").sender.handle == "a@x.example"
    assert parse(b"").text == ""


@given(st.binary(max_size=400))
def test_any_bytes_are_a_mail_or_unreadable(raw: bytes) -> None:
    assert_sound(parse(raw))


FIELDS = st.sampled_from(
    [b"From", b"To", b"Subject", b"Date", b"Message-ID", b"References", b"Content-Type", b"Content-Transfer-Encoding",
     b"Content-Disposition", b"Auto-Submitted", b"Return-Path"]
)  # fmt: skip
VALUES = st.lists(
    st.sampled_from(
        [b"multipart/report", b"; boundary=b", b"text/html", b"; charset=", b"utf-7", b"=?utf-8?B?", b"?=",
         b"\"", b"<", b">", b"@", b"a", b"(", b")", b"\\", b",", b";", b"*0*=", b"''", b"%ff", b"\xff",
         b"message/delivery-status", b"base64", b"\r\n "]
    ),
    max_size=8,
).map(b"".join)  # fmt: skip
BODIES = st.lists(
    st.sampled_from(
        [b"--b\r\n", b"--b--\r\n", b"\r\n", b"Action: failed\r\n", b"text", b"<p>", b"=\r\n", b"\xff", b"+2AA-"]
    ),
    max_size=12,
).map(b"".join)  # fmt: skip


@given(st.lists(st.tuples(FIELDS, VALUES), max_size=6), BODIES)
def test_mail_like_soup_is_a_mail(fields: list[tuple[bytes, bytes]], body: bytes) -> None:
    raw = b"".join(name + b": " + value + b"\r\n" for name, value in fields) + b"\r\n" + body
    assert_sound(parse(raw))
