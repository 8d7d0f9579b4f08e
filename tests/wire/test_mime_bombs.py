"""Mail made to hurt: each is refused with its reason, or read, in little time."""

import time

import pytest

from tuidesk.errors import Unreadable
from tuidesk.wire.mime import parse


def nested(depth: int) -> bytes:
    opening = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
        for level in range(depth)
    )
    return opening + b"Content-Type: text/plain\r\n\r\nin the middle"


def parts(count: int) -> bytes:
    return b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * count + b"--b--\r\n"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (nested(60), "nested"),
        (nested(5_000), "nested"),
        (parts(2_000), "1,000 parts"),
        (b"X: y\r\n" * 100_000 + b"\r\n", "10,000 header"),
        (b"Subject: " + b"x" * 1_100_000 + b"\r\n\r\n", "1,000,000 bytes"),
        (b"Subject: x" + b"\r\n y" * 400_000 + b"\r\n\r\n", "1,000,000 bytes"),
        (b"x" * 50_000_001, "50,000,000"),
        (b"Content-Type: text/html\r\n\r\n" + b"<div>" * 50_000, "nested"),
    ],
    ids=["60 deep", "5,000 deep", "2,000 parts", "headers", "header", "folded header", "50 MB", "html"],
)
def test_beyond_the_limits(raw: bytes, reason: str) -> None:
    began = time.perf_counter()
    with pytest.raises(Unreadable, match=reason):
        parse(raw)
    assert time.perf_counter() - began < 2


def test_within_the_limits() -> None:
    assert parse(nested(49)).text == "in the middle"
    assert parse(parts(999)).text.count("x") == 999
    assert parse(b"X: y\r\n" * 9_000 + b"\r\nbody").text == "body"


def test_html_beyond_the_limits_beside_plain_text_is_no_loss() -> None:
    mail = parse(
        b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nplain\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 5_000 + b"\r\n--b--\r\n"
    )
    assert mail.text == "plain"


@pytest.mark.parametrize(
    "raw",
    [
        b"To: " + b'\\"' * 450_000 + b"\r\n\r\n",
        b"To: " + b"(" * 900_000 + b"\r\n\r\n",
        b"To: " + b"a@b.c, " * 130_000 + b"\r\n\r\n",
        b"To: " + b"a:" * 450_000 + b"\r\n\r\n",
        b"Content-Type: text/plain" + b"; " * 450_000 + b"\r\n\r\n",
        b"Content-Type: text/plain;" + b" " * 900_000 + b"\r\n\r\n",
        b"Content-Type: text/plain" + b"; a*0=b" * 120_000 + b"\r\n\r\n",
        b"Subject: " + b"=?" * 450_000 + b"\r\n\r\n",
        b"Subject: " + b"=?a?q?" * 150_000 + b"\r\n\r\n",
        b"Subject: " + b"=?utf-8?q?a?= " * 65_000 + b"\r\n\r\n",
        b"Message-ID: " + b"<" * 900_000 + b"\r\n\r\n",
        b"Message-ID: " + b"a" * 900_000 + b"\r\n\r\n",
        b"References: " + b"<a@b>" * 180_000 + b"\r\n\r\n",
        b"Date: " + b"1:" * 450_000 + b"\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"x--b\r\n" * 500_000,
        b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"> a \r\n" * 300_000,
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 3_000_000,
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * 3_000_000,
        b"From: mailer-daemon@x\r\nSubject: undeliverable\r\n\r\n" + b"a@" * 500_000,
        b"From: mailer-daemon@x\r\nSubject: undeliverable\r\n\r\n" + b"--" * 500_000,
        b"Content-Type: message/delivery-status\r\n\r\n" + b"a:b\n" * 300_000,
        b"\r\n" * 1_000_000,
        b"From " * 200_000,
    ],
    ids=lambda raw: raw[:24].decode() + str(len(raw)),
)
def test_time_is_linear(raw: bytes) -> None:
    began = time.perf_counter()
    parse(raw)
    assert time.perf_counter() - began < 4
