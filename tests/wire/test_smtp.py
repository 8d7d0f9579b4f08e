"""Submission: whatever the server does, the client says neither more nor less than the server's ledger."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.servers.fixtures import LoopbackTls
from tests.servers.mail import MailServers
from tests.servers.postfix import LATER, NOBODY, REJECT
from tests.servers.scripted_smtp import Action, ScriptedSmtp, answer, hang_up, silence, trickle
from tuidesk.errors import AuthFailed, ChannelError, Rejected, Unavailable, Unconfirmed
from tuidesk.wire.smtp import Letter, Login, Server, Submission

LOGIN = Login("support@acme.example", "pässword")


def letter(*recipients: str, text: bytes = b"Hello\r\n", sender: str = "support@acme.example") -> Letter:
    return Letter(b"Subject: x\r\n\r\n" + text, "<k@acme.example>", sender, recipients or ("dana@o.example",))


class Steps(logging.Handler):
    """The steps that were passed, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.names.append(record.getMessage())


@pytest.fixture
def steps() -> Iterator[Steps]:
    logger, handler = logging.getLogger("tuidesk.steps"), Steps()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield handler
    logger.setLevel(level)
    logger.removeHandler(handler)


@contextmanager
def scripted(
    tls: LoopbackTls,
    script: dict[str, Action] | None = None,
    *,
    whole_s: float = 20,
    starttls: bool = False,
    takes: bool = True,
) -> Iterator[tuple[ScriptedSmtp, Submission]]:
    features = ("AUTH PLAIN LOGIN", "SIZE 1000000", "8BITMIME", *(["STARTTLS"] if starttls else []))
    with ScriptedSmtp(script, context=tls.server, features=features, takes=takes) as server:
        where = Server("127.0.0.1", server.port, "starttls" if starttls else "tls", tls.ca)
        yield server, Submission(where, LOGIN, whole_s=whole_s)


def test_a_mail_is_taken_as_it_is(loopback_tls: LoopbackTls, steps: Steps) -> None:
    with scripted(loopback_tls) as (server, submission):
        assert submission.submit(letter(text=b".\r\n..\r\nbare\rand\nfeed")) == ()
    assert server.ledger == [b"Subject: x\r\n\r\n.\r\n..\r\nbare\r\nand\r\nfeed\r\n"]
    assert steps.names == ["smtp.connected", "smtp.before_data", "smtp.data_sent", "smtp.answered"]


NEVER_LEFT: list[tuple[dict[str, Action], type[ChannelError]]] = [
    ({"greeting": answer("421 busy")}, Unavailable),
    ({"greeting": answer("554 go away")}, Rejected),
    ({"greeting": answer("no smtp at all")}, Unavailable),
    ({"greeting": hang_up}, Unavailable),
    ({"EHLO": hang_up}, Unavailable),
    ({"AUTH": answer("535 5.7.8 no")}, AuthFailed),
    ({"AUTH": answer("454 4.7.0 later")}, Unavailable),
    ({"MAIL": answer("550 not you")}, Rejected),
    ({"MAIL": answer("452 full")}, Unavailable),
    ({"RCPT": answer("550 5.1.1 unknown")}, Rejected),
    ({"RCPT": answer("450 greylisted")}, Unavailable),
    ({"RCPT": answer("421 closing")}, Unavailable),
    ({"RCPT": hang_up}, Unavailable),
    ({"DATA": answer("554 no")}, Rejected),
    ({"DATA": answer("451 later")}, Unavailable),
    ({"DATA": hang_up}, Unavailable),
]


@pytest.mark.parametrize(("script", "error"), NEVER_LEFT)
def test_before_the_dot_nothing_was_sent(
    loopback_tls: LoopbackTls, steps: Steps, script: dict[str, Action], error: type[ChannelError]
) -> None:
    with scripted(loopback_tls, script) as (server, submission), pytest.raises(error) as raised:
        submission.submit(letter())
    assert type(raised.value) is error
    assert raised.value.reason
    assert server.ledger == []
    assert "smtp.data_sent" not in steps.names


def test_a_break_inside_the_mail_is_no_doubt(loopback_tls: LoopbackTls) -> None:
    with scripted(loopback_tls, {"body": hang_up}) as (server, submission), pytest.raises(Unavailable):
        submission.submit(letter(text=b"\r\n" * 400_000))
    assert server.ledger == []


@pytest.mark.parametrize("takes", [True, False])
@pytest.mark.parametrize("dot", [hang_up, silence, trickle, answer("garbage"), answer("354 what")])
def test_after_the_dot_only_an_answer_tells(loopback_tls: LoopbackTls, dot: Action, takes: bool) -> None:
    with (
        scripted(loopback_tls, {"dot": dot}, whole_s=1.5, takes=takes) as (server, submission),
        pytest.raises(Unconfirmed),
    ):
        submission.submit(letter())
    assert len(server.ledger) == takes


@pytest.mark.parametrize(("line", "error"), [("451 later", Unavailable), ("554 5.7.1 spam", Rejected)])
def test_a_no_after_the_dot_is_a_no(loopback_tls: LoopbackTls, line: str, error: type[ChannelError]) -> None:
    with (
        scripted(loopback_tls, {"dot": answer(line)}, takes=False) as (_, submission),
        pytest.raises(error, match=line.replace(".", r"\.")),
    ):
        submission.submit(letter())


def test_some_refused_recipients_are_named(loopback_tls: LoopbackTls) -> None:
    with scripted(loopback_tls, {"RCPT gone@o.example": answer("550 5.1.1 gone")}) as (server, submission):
        (refused,) = submission.submit(letter("dana@o.example", "gone@o.example"))
    assert (refused.address, refused.code, refused.reason) == ("gone@o.example", 550, "550 5.1.1 gone")
    assert len(server.ledger) == 1


def test_all_refused_one_for_now_is_tried_again(loopback_tls: LoopbackTls) -> None:
    script = {"RCPT gone@o.example": answer("550 gone"), "RCPT late@o.example": answer("450 late")}
    with scripted(loopback_tls, script) as (_, submission), pytest.raises(Unavailable, match="450 late"):
        submission.submit(letter("gone@o.example", "late@o.example"))


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (letter(text=b"x\r\n" * 400_000), "server takes 1000000"),
        (letter("dána@o.example"), "SMTPUTF8"),
        (letter("dana@o.example>\r\nRCPT TO:<eve@x.example"), "line end"),
        (letter(sender="a@b.example>\nDATA"), "line end"),
    ],
)
def test_what_the_server_cannot_take_is_not_begun(loopback_tls: LoopbackTls, bad: Letter, why: str) -> None:
    with scripted(loopback_tls) as (server, submission), pytest.raises(Rejected, match=why):
        submission.submit(bad)
    said = server.talks[0].said
    assert not any(line.startswith((b"DATA", b"RCPT TO:<eve")) for line in said)


def test_a_dawdling_server_is_cut_in_time(loopback_tls: LoopbackTls) -> None:
    begun = time.monotonic()
    with (
        scripted(loopback_tls, {"EHLO": trickle}, whole_s=1) as (_, submission),
        pytest.raises(Unavailable, match="1 second"),
    ):
        submission.submit(letter())
    assert time.monotonic() - begun < 5


def test_a_look_at_the_server_has_a_time_of_its_own(loopback_tls: LoopbackTls) -> None:
    begun = time.monotonic()
    with (
        scripted(loopback_tls, {"EHLO": silence}) as (_, submission),
        pytest.raises(Unavailable, match="1 second"),
    ):
        submission.check(1)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(("moment", "error"), [("MAIL", Unavailable), ("dot", Unconfirmed)])
def test_cut_from_another_thread(loopback_tls: LoopbackTls, moment: str, error: type[ChannelError]) -> None:
    begun = time.monotonic()
    with scripted(loopback_tls, {moment: silence}) as (_, submission):
        timer = threading.Timer(0.5, submission.cut)
        timer.start()
        with pytest.raises(error, match="cut"):
            submission.submit(letter())
        timer.join()
    assert time.monotonic() - begun < 3


def test_starttls(loopback_tls: LoopbackTls) -> None:
    with scripted(loopback_tls, starttls=True) as (server, submission):
        submission.submit(letter())
    assert len(server.ledger) == 1


def test_starttls_stripped_is_refused(loopback_tls: LoopbackTls) -> None:
    script: dict[str, Action] = {"EHLO": answer("250 nothing")}
    with (
        scripted(loopback_tls, script, starttls=True) as (server, submission),
        pytest.raises(Unavailable, match="STARTTLS"),
    ):
        submission.submit(letter())
    assert [line.split()[0] for line in server.talks[0].said] == [b"ehlo"]


@pytest.mark.parametrize("injected", ["235 injected", "250-AUTH PLAIN\r\n250 SIZE 9"])
def test_answers_slipped_in_before_tls_do_not_count(loopback_tls: LoopbackTls, injected: str) -> None:
    """CVE-2011-0411 from the other side: one packet with the go-ahead and what should come later."""
    script = {"STARTTLS": answer(f"220 go\r\n{injected}"), "AUTH": answer("535 the true answer")}
    with (
        scripted(loopback_tls, script, starttls=True) as (server, submission),
        pytest.raises(ChannelError) as raised,
    ):
        submission.submit(letter())
    assert not isinstance(raised.value, Unconfirmed)
    assert server.ledger == []
    assert not any(line.startswith(b"MAIL") for line in server.talks[0].said)


@pytest.mark.parametrize(("host", "theirs"), [("127.0.0.1", False), ("127.0.0.2", True)])
def test_an_unknown_authority_or_another_name(loopback_tls: LoopbackTls, host: str, theirs: bool) -> None:
    with (
        ScriptedSmtp(context=loopback_tls.server, host=host) as server,
        pytest.raises(Unavailable, match="certificate of"),
    ):
        Submission(Server(host, server.port, "tls", loopback_tls.ca if theirs else None), LOGIN).check()
    assert all(talk.said == [] for talk in server.talks)


def test_an_authority_file_that_is_not_there() -> None:
    with pytest.raises(Unavailable, match=r"/nonexistent\.pem"):
        Submission(Server("127.0.0.1", 465, "tls", "/nonexistent.pem"), LOGIN).check()


def test_nobody_listens(loopback_tls: LoopbackTls) -> None:
    with ScriptedSmtp(context=loopback_tls.server) as server:
        port = server.port
    with pytest.raises(Unavailable, match="refused"):
        Submission(Server("127.0.0.1", port), LOGIN).submit(letter())


def test_no_secret_shows() -> None:
    assert "pässword" not in repr(LOGIN)


@pytest.mark.servers
class TestPostfix:
    """The same against a real server."""

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_a_mail_arrives(self, mail_servers: MailServers, security: str) -> None:
        support, customer = mail_servers.new_user(), mail_servers.new_customer()
        server = (
            Server(mail_servers.host, mail_servers.smtps_port, "tls", str(mail_servers.ca))
            if security == "tls"
            else Server(mail_servers.host, mail_servers.submission_port, "starttls", str(mail_servers.ca))
        )
        mail = letter(customer.address, REJECT, sender=support.address)
        (refused,) = Submission(server, Login(support.address, support.password)).submit(mail)
        assert (refused.address, refused.code) == (REJECT, 550)
        assert b"Hello" in mail_servers.wait_for(customer, "Subject: x")

    @pytest.mark.parametrize(("recipient", "error"), [(REJECT, Rejected), (LATER, Unavailable)])
    def test_refused(self, mail_servers: MailServers, recipient: str, error: type[ChannelError]) -> None:
        support = mail_servers.new_user()
        with pytest.raises(error):
            self._submission(mail_servers, support.address, support.password).submit(letter(recipient))

    def test_accepted_and_bounced(self, mail_servers: MailServers) -> None:
        support = mail_servers.new_user()
        mail = letter(NOBODY, sender=support.address)
        assert self._submission(mail_servers, support.address, support.password).submit(mail) == ()
        assert b"delivery-status" in mail_servers.wait_for(support, "Undelivered")

    def test_wrong_password(self, mail_servers: MailServers) -> None:
        with pytest.raises(AuthFailed):
            self._submission(mail_servers, mail_servers.new_user().address, "wrong").check()

    def test_too_big(self, mail_servers: MailServers) -> None:
        support = mail_servers.new_user()
        with pytest.raises(Rejected, match="server takes 1048576"):
            self._submission(mail_servers, support.address, support.password).submit(
                letter(text=b"x\r\n" * 400_000)
            )

    def test_an_expired_certificate(self, mail_servers: MailServers) -> None:
        server = Server(mail_servers.expired_host, mail_servers.smtps_port, "tls", str(mail_servers.ca))
        with pytest.raises(Unavailable, match="expired"):
            Submission(server, LOGIN).check()

    def test_the_certificate_of_a_stranger(self, mail_servers: MailServers) -> None:
        with pytest.raises(Unavailable, match=r"self-signed|unable to get local issuer"):
            Submission(Server(mail_servers.host, mail_servers.smtps_port), LOGIN).check()

    def _submission(self, servers: MailServers, user: str, password: str) -> Submission:
        return Submission(
            Server(servers.host, servers.smtps_port, "tls", str(servers.ca)), Login(user, password)
        )
