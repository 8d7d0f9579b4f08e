"""The lines to the servers: logins, certificates, limits, servers that misbehave, and the end."""

import asyncio
import imaplib
import shutil
import socket
import ssl
import subprocess
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from tests.channels.mailing import Account, Heard, OneSecret, RealClock, listening
from tests.channels.relay import Relay
from tests.servers.mail import MailServers
from tests.servers.postfix import SIZE_LIMIT
from tuidesk.channels.mail import folders, place, refs, trouble
from tuidesk.channels.mail.channel import MailChannel
from tuidesk.channels.mail.connection import Connection
from tuidesk.channels.mail.options import Options
from tuidesk.channels.mail.place import Place, Places
from tuidesk.channels.mail.refs import Ref
from tuidesk.config.schema import convert
from tuidesk.domain.model import Person
from tuidesk.errors import AuthFailed, ChannelError, ConfigError, RateLimited, Rejected, Unavailable
from tuidesk.wire.channel import Site

pytestmark = pytest.mark.servers


def _check(account: Account, password: str = "", **more: object) -> None:
    async def run() -> None:
        async with account.open(password, **more) as channel:
            await channel.check()

    asyncio.run(run())


def test_check_says_what_it_found(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["one", "two"])
    account.fill(["old"], days_ago=200)

    async def run() -> None:
        async with account.open() as channel:
            checked = await channel.check()
        assert checked.identity.handle == account.user.address
        assert checked.caps.performs == {"reply", "start", "complete", "reopen"}
        assert checked.caps.find
        assert checked.caps.attachment_bytes is not None
        assert SIZE_LIMIT // 2 < checked.caps.attachment_bytes < SIZE_LIMIT * 3 // 4
        assert checked.findings[0] == "INBOX has 2 messages of the last 90 days"
        for word in ("IDLE", "CONDSTORE", "tuidesk-complete", "folder Sent"):
            assert any(word in finding for finding in checked.findings), word

    asyncio.run(run())


def test_a_wrong_password_is_said_in_the_servers_words(mail_servers: MailServers) -> None:
    with pytest.raises(AuthFailed, match="Authentication failed"):
        _check(Account.new(mail_servers), "wrong password")


@pytest.mark.parametrize(
    ("bad", "words"), [("expired_host", "expired"), ("foreign_host", "unable to get local issuer")]
)
def test_a_bad_certificate_is_refused(mail_servers: MailServers, bad: str, words: str) -> None:
    host = getattr(mail_servers, bad)
    with pytest.raises(Unavailable, match=f"{host} shows a certificate that cannot be trusted.*{words}"):
        _check(Account.new(mail_servers), host=host)


def test_without_the_own_authority_the_certificate_is_foreign(mail_servers: MailServers) -> None:
    with pytest.raises(Unavailable, match="cannot be trusted"):
        _check(Account.new(mail_servers), ca="")
    with pytest.raises(ConfigError, match=r"nowhere\.pem"):
        _check(Account.new(mail_servers), ca="~/nowhere.pem")


def test_starttls_when_asked(mail_servers: MailServers) -> None:
    _check(Account.new(mail_servers), port=mail_servers.starttls_port, security="starttls")


def test_nobody_there(mail_servers: MailServers) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable, match="refused"):
            _check(Account.new(mail_servers), port=unused.getsockname()[1])


def test_mail_is_read_while_none_can_be_sent(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill(["one"])

    async def run(closed: int) -> None:
        async with account.open(smtp_port=closed) as channel:
            checked = await channel.check()
            assert checked.troubles[0].startswith("mail cannot be sent now")
            with pytest.raises(Unavailable):
                await channel.perform(account.reply("k-1"))
            async with listening(channel) as heard:
                await heard.until(lambda h: h.subjects == ["one"])

    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        asyncio.run(run(unused.getsockname()[1]))


@pytest.mark.parametrize(
    ("to_send", "why"), [(None, "the canary variable is not set"), ("wrong password", "535")]
)
def test_mail_is_read_while_the_login_for_sending_is_missing_or_wrong(
    mail_servers: MailServers, to_send: str | None, why: str
) -> None:
    account = Account.new(mail_servers)
    account.fill(["one"])

    async def run() -> None:
        async with account.open(to_send=to_send) as channel:
            checked = await channel.check()
            assert checked.troubles[0].startswith("mail cannot be sent now")
            assert why in checked.troubles[0]
            assert {"reply", "start"} <= checked.caps.performs
            with pytest.raises(AuthFailed, match=why):
                await channel.perform(account.reply("k-1"))
            async with listening(channel) as heard:
                await heard.until(lambda h: h.subjects == ["one"])

    asyncio.run(run())


class _Changing(OneSecret):
    """What is had first is not what is kept now."""

    def get(self, use: str = "", *, anew: bool = False) -> str:
        return super().get(use) if anew else "what it was before"


def test_a_password_that_was_changed_meanwhile_is_taken_without_a_new_start(
    mail_servers: MailServers,
) -> None:
    account = Account.new(mail_servers)
    account.fill(["one"])

    async def run() -> None:
        agent = Person("Ana", account.user.address, me=True)
        secrets = _Changing(account.user.password)
        site = Site("support", RealClock(), secrets, agent, address=account.user.address)
        channel = MailChannel(account.options(), site)
        try:
            assert (await channel.check()).troubles == ()
            assert (await channel.perform(account.reply("k-1"))).id
        finally:
            await channel.aclose()

    asyncio.run(run())


def _connections(servers: MailServers, account: Account) -> int:
    command = ["doveadm", "-c", str(servers.dovecot.base / "dovecot.conf"), "who", "-1", account.user.address]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    return sum(account.user.address in line for line in said.stdout.splitlines())


def test_two_connections_at_most(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill([f"m{number}" for number in range(60)])

    async def run() -> None:
        async with account.open() as channel, listening(channel) as heard:
            await heard.until(lambda h: h.caught_up)
            work = [
                channel.perform(
                    account.reply(f"c-{n}", type="complete", targets=("<m1@example.test>",), to=())
                )
                for n in range(5)
            ]
            await asyncio.gather(*work, channel.check(), channel.find(account.reply("x")))
            await asyncio.sleep(0.3)
            assert _connections(mail_servers, account) == 2

    assert shutil.which("doveadm")
    asyncio.run(run())


async def _both_lines(account: Account, heard: Heard) -> None:
    """Work and IDLE, the second one waiting."""
    await heard.until(lambda h: h.caught_up)
    while _connections(account.servers, account) < 2:
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)


def test_an_idle_line_that_broke_is_soon_back(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)

    async def run(relay: Relay) -> None:
        async with account.open(port=relay.port) as channel, listening(channel) as heard:
            await _both_lines(account, heard)
            relay.cut(1)
            await asyncio.to_thread(account.deliver, "meanwhile")
            assert await heard.until(lambda h: "meanwhile" in h.subjects) < 3.0
            await asyncio.sleep(1.0)
            await asyncio.to_thread(account.deliver, "after")
            assert await heard.until(lambda h: "after" in h.subjects) < 2.0
            assert relay.connections == 3

    with Relay((mail_servers.host, mail_servers.imap_port)) as relay:
        asyncio.run(run(relay))


def test_a_server_that_goes_is_missed_although_its_lines_end_one_after_the_other(
    mail_servers: MailServers,
) -> None:
    account = Account.new(mail_servers)

    async def run(relay: Relay) -> None:
        async with account.open(port=relay.port) as channel, listening(channel) as heard:
            await _both_lines(account, heard)
            relay.refuse()
            relay.cut(1)
            await asyncio.sleep(0.5)
            relay.cut(0)
            begun = time.monotonic()
            with pytest.raises(Unavailable):
                await heard.until(lambda _: False, 5)
            assert time.monotonic() - begun < 2.0

    with Relay((mail_servers.host, mail_servers.imap_port)) as relay:
        asyncio.run(run(relay))


@contextmanager
def _others(servers: MailServers, account: Account, count: int) -> Iterator[None]:
    context = ssl.create_default_context(cafile=str(servers.ca))
    with ExitStack() as stack:
        for _ in range(count):
            box = IMAPClient(servers.crowded_host, servers.imap_port, ssl_context=context, timeout=20)
            stack.callback(box.shutdown)
            box.login(account.user.address, account.user.password)
        yield


def test_with_one_connection_left_mail_is_polled(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)

    async def run() -> None:
        async with (
            account.open(host=mail_servers.crowded_host, poll_s=0.3) as channel,
            listening(channel) as heard,
        ):
            await heard.until(lambda h: h.caught_up)
            await asyncio.to_thread(account.deliver, "polled")
            await heard.until(lambda h: "polled" in h.subjects)
            await heard.until(lambda h: "no connection left" in h.batches[-1].notice)

    with _others(mail_servers, account, 1):
        asyncio.run(run())


@pytest.mark.parametrize(
    "refusal",
    [imaplib.IMAP4.error("IDLE command error: BAD not today"), LoginError(b"not today")],
    ids=["idle", "login"],
)
def test_with_a_second_connection_refused_mail_is_polled(
    mail_servers: MailServers, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    account = Account.new(mail_servers)
    tries = []

    def idle(_: Connection) -> None:
        tries.append(1)
        raise refusal

    monkeypatch.setattr(Connection, "idle", idle)

    async def run() -> None:
        async with account.open(poll_s=0.3) as channel, listening(channel) as heard:
            await heard.until(lambda h: bool(h.batches) and "not today" in h.batches[-1].notice)
            await asyncio.to_thread(account.deliver, "polled")
            await heard.until(lambda h: "polled" in h.subjects)
            assert heard.caught_up
            assert len(tries) == 1

    asyncio.run(run())


def test_with_no_connection_left_that_is_said(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    with _others(mail_servers, account, 2), pytest.raises(Unavailable, match="no connection left"):
        _check(account, host=mail_servers.crowded_host)


@contextmanager
def _scripted(speak: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does with its clients what `speak` says."""
    listener = socket.create_server(("127.0.0.1", 0))
    lines: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            lines.append(line)
            try:
                speak(line)
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        listener.close()
        thread.join(5)


def _says(*answers: bytes, told: list[bytes] | None = None) -> Callable[[socket.socket], None]:
    """An answer a line of the client's; `TAG` stands for the client's own. What the client says goes into `told`."""

    def speak(line: socket.socket) -> None:
        line.sendall(answers[0])
        heard = line.makefile("rb")
        for answer in answers[1:]:
            said = heard.readline()
            if told is not None:
                told.append(said)
            line.sendall(answer.replace(b"TAG", said.split(b" ")[0]))
        line.shutdown(socket.SHUT_WR)
        heard.read()

    return speak


_OFFERS = b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK done\r\n"


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ((b"* PREAUTH welcome\r\n", _OFFERS, _OFFERS), "illegal"),
        ((b"* OK hello\r\n", b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n"), "STARTTLS"),
        ((b"* OK hello\r\n", _OFFERS, b"TAG NO not today\r\n"), "establish TLS"),
        (
            (b"* OK hello\r\n", _OFFERS, b"TAG OK go on\r\n* OK [CAPABILITY IMAP4rev1] ha\r\n"),
            "secure connection",
        ),
        ((b"* BYE come back later\r\n",), "back later"),
        ((b"220 this is SMTP\r\n",), "SMTP"),
        ((b"\xff" * 3_000_000,), "bytes"),
    ],
)
def test_starttls_fails_closed(mail_servers: MailServers, answers: tuple[bytes, ...], words: str) -> None:
    account = Account.new(mail_servers)
    told: list[bytes] = []
    with _scripted(_says(*answers, told=told)) as port, pytest.raises(Unavailable, match=words):
        _check(account, port=port, security="starttls")
    assert not any(word in line.upper() for line in told for word in (b"LOGIN", b"AUTHENTICATE"))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"", Unavailable),
        (b"* BYE shutting down\r\n", Unavailable),
        (b"TAG NO [UNAVAILABLE] later\r\n", Unavailable),
        (b"TAG NO [INUSE] later\r\n", Unavailable),
        (b"TAG NO [AUTHENTICATIONFAILED] no\r\n", AuthFailed),
        (b"TAG NO no\r\n", AuthFailed),
    ],
)
def test_only_a_judged_password_is_a_wrong_one(
    mail_servers: MailServers, answer: bytes, expected: type[ChannelError]
) -> None:
    certificate = mail_servers.shared.certificates.good
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.cert, certificate.key)
    offers = b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n"
    speak = _says(b"* OK hello\r\n", offers, *[answer] * bool(answer))

    def speak_tls(line: socket.socket) -> None:
        with context.wrap_socket(line, server_side=True) as wrapped:
            speak(wrapped)

    with _scripted(speak_tls) as port, pytest.raises(expected):
        _check(Account.new(mail_servers), port=port)


def test_the_end_comes_within_a_second_whatever_is_under_way(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)

    async def run(port: int) -> None:
        channel = account.channel(port=port, security="starttls")
        async with listening(channel) as heard:
            check = asyncio.create_task(channel.check())
            await asyncio.sleep(0.3)
            begun = time.monotonic()
            await channel.aclose()
            assert time.monotonic() - begun < 1.0
            with pytest.raises(Unavailable):
                await check
            await heard.until(lambda h: h.error is not None, 1)
            with pytest.raises(Unavailable):
                await channel.check()

    with _scripted(lambda _: None) as port:
        asyncio.run(run(port))


def test_the_end_during_a_first_sync(mail_servers: MailServers) -> None:
    account = Account.new(mail_servers)
    account.fill([f"m{number}" for number in range(200)])

    async def run() -> None:
        channel = account.channel()
        async with listening(channel) as heard:
            await heard.until(lambda h: bool(h.received))
            begun = time.monotonic()
            await channel.aclose()
            assert time.monotonic() - begun < 1.0
        await asyncio.sleep(0.3)

    before = threading.active_count()
    asyncio.run(run())
    assert threading.active_count() <= before
    assert _connections(mail_servers, account) == 0


@pytest.mark.parametrize(
    ("listed", "sent", "archive", "prefix"),
    [
        ([((b"\\Sent",), b"/", "보낸편지함 2"), ((), b"/", "Sent")], "보낸편지함 2", None, ""),
        ([((), b"/", "Old/Sent Items"), ((), b"/", "Gesendete Elemente")], "Old/Sent Items", None, ""),
        (
            [((), b".", "INBOX.Envoyés"), ((), b".", "INBOX.Archives")],
            "INBOX.Envoyés",
            "INBOX.Archives",
            "INBOX.",
        ),
        ([((b"\\Noselect",), b"/", "Sent"), ((), b"/", "Drafts")], None, None, ""),
        ([((), None, "Sent")], "Sent", None, ""),
    ],
)
def test_folders_are_known_by_use_and_name(
    listed: list[tuple[tuple[bytes, ...], bytes | None, str]],
    sent: str | None,
    archive: str | None,
    prefix: str,
) -> None:
    found = folders.recognised(
        [
            (frozenset(flag.decode().lower() for flag in flags), (separator or b"").decode(), name)
            for flags, separator, name in listed
        ]
    )
    assert (found.sent, found.archive, found.prefix) == (sent, archive, prefix)


def test_an_account_file_becomes_options() -> None:
    table = tomllib.loads(
        """
        imap = { host = "imap.acme.example", port = 993, security = "tls" }
        smtp = { host = "smtp.gmail.com", port = 465, security = "tls" }
        user = "support@acme.example"
        ca = "~/acme-ca.pem"
        idle_s = 300
        """
    )
    options, problems = convert(Options, table, file="support.toml")
    assert problems == ()
    assert options is not None
    assert (options.imap.host, options.days, options.idle_s) == ("imap.acme.example", 90, 300)
    assert options.server_files(gmail=False)
    for wrong in (
        {"imap": {"host": "a", "security": "none"}},
        {"days": 0},
        {"idle_s": 3600},
        {"verify": False},
    ):
        options, problems = convert(Options, {**table, **wrong}, file="support.toml")
        assert options is None
        assert len(problems) == 1


def test_a_place_is_kept_and_comes_back() -> None:
    inbox = Place("INBOX", 7, last=12, modseq=99, since="2026-08-24", known={1, 2, 3, 9, 12}, complete={2})
    inbox.marks = {12: "abc"}
    inbox.gone = ["def"]
    kept = Places(inbox, Place("Sent", 8, full=True))
    back = place.restored(kept.cursor(), kept.state(), "INBOX", "Sent")
    assert back == kept
    other = place.restored(kept.cursor(), kept.state(), "INBOX", "Envoyés")
    assert other.sent == Place("Envoyés")
    assert place.packed({1, 2, 3, 9, 12}) == "1:3,9,12"
    for cursor, state in (
        ("", b""),
        ("x", b"{"),
        ("[1]", b"{}"),
        ('{"inbox":{"name":"INBOX","new":1}}', kept.state()),
    ):
        assert place.restored(cursor, state, "INBOX", None) == Places(Place("INBOX"), None)


def test_of_two_copies_the_last_that_is_not_done_with_counts() -> None:
    inbox = Place("INBOX", 7)
    for uid in (1, 2):
        inbox.add(uid, "mark", complete=False)
    assert inbox.has_copy(1)
    inbox.complete.add(1)  # flagged as deleted, and still there
    assert inbox.remove(2), "what is left of it is done with"
    inbox.add(3, "mark", complete=False)
    assert not inbox.remove(1)


@pytest.mark.parametrize("folder", ["INBOX", "a;b", "보낸 편지함", "x;1;2", 'we"ird#1<a>'])
def test_a_ref_is_read_back(folder: str) -> None:
    for ref in (Ref(folder, 7, 8), Ref(folder, 7, 8, "1.2", "<a@b>"), Ref(folder, 7, 8, "", "<a@b>")):
        assert refs.parse(str(ref)) == ref
    assert refs.parse("<a@b>") is None
    assert refs.parse("digest:1") is None


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (imaplib.IMAP4.abort("BYE"), Unavailable),
        (
            imaplib.IMAP4.error("[UNAVAILABLE] Maximum number of connections from user+IP exceeded"),
            Unavailable,
        ),
        (imaplib.IMAP4.error("[UNAVAILABLE] later"), Unavailable),
        (imaplib.IMAP4.error("[THROTTLED] slow down"), RateLimited),
        (imaplib.IMAP4.error("[OVERQUOTA] full"), Rejected),
        (imaplib.IMAP4.error(b"no such thing"), Rejected),
        (imaplib.IMAP4.readonly("INBOX is not writable"), Rejected),
        (TimeoutError(), Unavailable),
        (ConnectionResetError(104, "reset"), Unavailable),
        (socket.gaierror(-2, "unknown"), Unavailable),
        (ssl.SSLError(1, "[SSL] odd"), Unavailable),
    ],
)
def test_errors_are_translated(error: Exception, expected: type[ChannelError]) -> None:
    assert type(trouble.translated(error, "host")) in (expected, trouble.NoConnectionLeft)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (imaplib.IMAP4.abort("command: EXAMINE => socket error: EOF"), "the server closed the connection"),
        (imaplib.IMAP4.abort("command: UID => socket error: Connection reset"), "Connection reset"),
        (imaplib.IMAP4.abort("BYE restarting"), "BYE restarting"),
    ],
)
def test_a_line_that_broke_is_told_in_words(error: Exception, words: str) -> None:
    told = trouble.translated(error, "imap.acme.example")
    assert str(told) == f"imap.acme.example: {words}"


def test_a_mistake_of_our_own_is_not_the_servers() -> None:
    mistake = KeyError("x")
    assert trouble.translated(mistake, "host") is mistake
