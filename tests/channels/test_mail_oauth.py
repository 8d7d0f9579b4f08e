"""A mailbox with a sign-in instead of a password, on real servers: Dovecot and Postfix judge the tokens."""

import asyncio
import socket
import ssl
import subprocess
import sys
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.channels.mailing import Account, RealClock
from tests.clock import ManualClock
from tests.fakes.provider import CLIENT, Provider, running
from tests.servers.fixtures import LoopbackTls
from tests.servers.mail import MailServers
from tests.servers.scripted_smtp import ScriptedSmtp, Talk
from tests.wire.oauth.account import Account as SignedIn
from tests.wire.oauth.account import app
from tuidesk.channels.mail.channel import MailChannel
from tuidesk.channels.mail.connection import Login, connect
from tuidesk.channels.mail.trouble import translated
from tuidesk.channels.mail.waiting import Waiting
from tuidesk.errors import AuthFailed, Rejected, SignInNeeded, Unavailable
from tuidesk.wire.channel import Site
from tuidesk.wire.http.client import tls
from tuidesk.wire.oauth import sasl
from tuidesk.wire.oauth.app import OAuth
from tuidesk.wire.smtp import Login as SmtpLogin
from tuidesk.wire.smtp import Server, Submission

pytestmark = pytest.mark.servers


@pytest.fixture
def box(mail_servers: MailServers) -> Account:
    return Account.new(mail_servers)


@pytest.fixture
def provider(box: Account) -> Iterator[Provider]:
    with running(Provider(subject=box.user.address, sign=box.servers.token)) as made:
        yield made


@pytest.fixture
def signed(provider: Provider, tmp_path: Path) -> SignedIn:
    made = SignedIn(tmp_path, app(provider.base), RealClock())
    made.sign_in(provider)
    return made


def oauth(provider: Provider) -> OAuth:
    return OAuth(
        client_id=CLIENT, token_url=f"{provider.base}/token", authorize_url=f"{provider.base}/authorize"
    )


@asynccontextmanager
async def opened(
    box: Account, provider: Provider, signed: SignedIn, **more: Any
) -> AsyncIterator[MailChannel]:
    site = signed.site
    mine = Site("support", site.clock, site.secrets, site.agent, address=box.user.address, folder=site.folder)
    channel = MailChannel(box.options(auth="oauth", oauth=oauth(provider), **more), mine)
    try:
        yield channel
    finally:
        await channel.aclose()


@pytest.mark.parametrize("way", ["OAUTHBEARER", "XOAUTH2"])
def test_mail_is_read_and_sent_either_way(
    box: Account, provider: Provider, signed: SignedIn, way: str
) -> None:
    servers = box.servers
    box.deliver("in-by-" + way.lower())
    servers.settled()
    submission = Server(servers.host, servers.submission_port, "starttls", str(servers.ca))

    async def work() -> None:
        standard = way == "OAUTHBEARER"
        more: dict[str, Any] = {"port": servers.poor_port, "smtp": submission} if not standard else {}
        async with opened(box, provider, signed, **more) as channel:
            checked = await channel.check()
            assert checked.troubles == ()
            assert checked.findings[0].startswith("INBOX has 1 messages")
            await channel.perform(box.reply(f"out-by-{way.lower()}"))

    asyncio.run(work())
    assert b"unplug" in servers.wait_for(box.customer, f"out-by-{way.lower()}")
    assert provider.ledger == ["signed in"]


def test_a_token_that_the_servers_find_stale_is_renewed_once_for_both(
    box: Account, provider: Provider, signed: SignedIn
) -> None:
    ended = box.servers.token(box.user.address, time.time() - 60)
    signed.tokens().keep(signed.kept._replace(access_token=ended))

    async def work() -> None:
        async with opened(box, provider, signed) as channel:
            assert (await channel.check()).troubles == ()

    asyncio.run(work())
    assert provider.ledger == ["signed in", "refreshed"]


def test_the_smtp_server_alone_may_find_it_stale(box: Account, provider: Provider, signed: SignedIn) -> None:
    async def work() -> None:
        async with opened(box, provider, signed) as channel:
            await channel.check()
            ended = box.servers.token(box.user.address, time.time() - 60)
            signed.tokens().keep(signed.kept._replace(access_token=ended))
        async with opened(box, provider, signed) as channel:  # a mail is handed in before any is read
            await channel.perform(box.reply("after-a-renewal"))

    asyncio.run(work())
    assert box.servers.wait_for(box.customer, "after-a-renewal")
    assert provider.ledger == ["signed in", "refreshed"]


def test_a_sign_in_that_has_ended_is_said_and_no_token_is_tried_without_end(
    box: Account, provider: Provider, signed: SignedIn
) -> None:
    ended = box.servers.token(box.user.address, time.time() - 60)
    signed.tokens().keep(signed.kept._replace(access_token=ended))
    provider.revoke()

    async def work() -> None:
        async with opened(box, provider, signed) as channel:
            for _ in range(2):
                with pytest.raises(SignInNeeded, match=r"has ended the sign-in.*setup --login support"):
                    await channel.check()
            with pytest.raises(SignInNeeded):
                await channel.perform(box.reply("never"))

    asyncio.run(work())
    assert provider.redemptions == 0


def test_a_sign_in_of_somebody_else_is_renewed_once_and_then_refused(
    box: Account, provider: Provider, signed: SignedIn
) -> None:
    other = box.servers.new_user()
    provider.subject = other.address
    signed.sign_in(provider)

    async def work() -> str:
        async with opened(box, provider, signed) as channel:
            with pytest.raises(AuthFailed) as caught:
                await channel.check()
            return caught.value.reason

    said = asyncio.run(work())
    assert box.user.address in said
    assert "does not take the sign-in" in said
    assert signed.kept.access_token not in said
    assert provider.ledger == ["signed in", "signed in", "refreshed"]


def test_the_second_connection_comes_back_when_somebody_has_signed_in_again(
    box: Account, provider: Provider, signed: SignedIn
) -> None:
    signed.tokens().keep(signed.kept._replace(use_until=0))
    provider.revoke()
    clock = ManualClock()

    async def kept(waiting: Waiting, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not is_so():
                await waiting.rest(0.05)
                waiting.keep("INBOX")

    async def work() -> None:
        async with opened(box, provider, signed) as channel:
            waiting = Waiting(channel._open_connection, box.servers.host, 540.0, clock, idles=True)
            try:
                await kept(waiting, lambda: "Sign in again" in waiting.notice)
                await asyncio.to_thread(signed.sign_in, provider)
                clock.advance(301)
                await kept(waiting, lambda: not waiting.notice)
                await kept(waiting, waiting.woken)
            finally:
                waiting.stop()

    asyncio.run(work())


def test_who_has_a_password_loads_no_http() -> None:
    look = "import sys, tuidesk.channels.mail.channel; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0


# --- what a server says before it says no ---------------------------------------------------------

STALE = b'{"status": "invalid_token", "schemes": "bearer", "scope": "mail"}'
LACKS = b'{"status": "insufficient_scope", "scope": "imap.all"}'
GOOGLE = b'{"status": "400", "schemes": "Bearer", "scope": "https://mail.google.com/"}'
TOKEN = "the-token-canary"
FIRST = {
    "XOAUTH2": b"user=me@acme.example\1auth=Bearer the-token-canary\1\1",
    "OAUTHBEARER": b"n,a=me@acme.example,\1host=127.0.0.1\1port=%d\1auth=Bearer the-token-canary\1\1",
}
LAST = {"XOAUTH2": b"", "OAUTHBEARER": b"\1"}
REFUSALS = [
    ("XOAUTH2", STALE, ""),
    ("OAUTHBEARER", STALE, ""),
    ("XOAUTH2", GOOGLE, ""),
    ("OAUTHBEARER", LACKS, "imap.all"),
]


def line_of(sock: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n") and (sign := sock.recv(1)):
        line += sign
    return line.removesuffix(b"\r\n")


def test_a_mailbox_that_has_no_connection_left_costs_no_token(
    box: Account, provider: Provider, signed: SignedIn, loopback_tls: LoopbackTls
) -> None:
    async def work(port: int) -> None:
        async with opened(box, provider, signed, port=port, ca=loopback_tls.ca) as channel:
            with pytest.raises(Unavailable, match="Too many simultaneous connections"):
                await channel.check()

    said = b"[ALERT] Too many simultaneous connections. (Failure)"
    with imap(loopback_tls.server, "XOAUTH2", b"", [], said) as port:
        asyncio.run(work(port))
    assert provider.redemptions == 0


@contextmanager
def imap(
    context: ssl.SSLContext,
    method: str,
    challenge: bytes,
    heard: list[bytes],
    no: bytes = b"[AUTHENTICATIONFAILED] no",
) -> Iterator[int]:
    """A server that refuses every sign-in, with this challenge; "": with none."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        sock = context.wrap_socket(listener.accept()[0], server_side=True)
        with sock:
            sock.sendall(f"* OK [CAPABILITY IMAP4rev1 AUTH={method}] hello\r\n".encode())
            tag, *words = line_of(sock).split()
            while words == [b"CAPABILITY"]:
                sock.sendall(f"* CAPABILITY IMAP4rev1 AUTH={method}\r\n".encode() + tag + b" OK done\r\n")
                tag, *words = line_of(sock).split()
            heard.append(b" ".join(words))
            sock.sendall(b"+ \r\n")
            heard.append(b64decode(line_of(sock)))
            if challenge:
                sock.sendall(b"+ " + b64encode(challenge) + b"\r\n")
                heard.append(b64decode(line_of(sock)))
            sock.sendall(tag + b" NO " + no + b"\r\n")
            line_of(sock)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join(10)
        listener.close()


@pytest.mark.parametrize(("method", "challenge", "scope"), REFUSALS)
def test_an_imap_server_is_answered_and_quoted(
    loopback_tls: LoopbackTls, method: str, challenge: bytes, scope: str
) -> None:
    heard: list[bytes] = []
    with imap(loopback_tls.server, method, challenge, heard) as port:
        login = Login("127.0.0.1", port, True, "me@acme.example", tls(loopback_tls.ca), with_token=True)
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the desk knows it by its translation
            connect(login, TOKEN)
    first = FIRST[method] % port if b"%d" in FIRST[method] else FIRST[method]
    assert heard == [f"AUTHENTICATE {method}".encode(), first, LAST[method]]
    error = translated(caught.value, "127.0.0.1")
    assert isinstance(error, AuthFailed)
    assert (scope or "does not take the sign-in of me@acme.example") in error.reason
    assert TOKEN not in error.reason


@pytest.mark.parametrize(("method", "challenge", "scope"), REFUSALS)
def test_a_submission_server_is_answered_and_quoted(
    loopback_tls: LoopbackTls, method: str, challenge: bytes, scope: str
) -> None:
    heard: list[bytes] = []

    def refuse(talk: Talk) -> None:
        talk.say("334 ")
        heard.append(b64decode(line_of(talk.sock)))
        talk.say("334 " + b64encode(challenge).decode())
        heard.append(b64decode(line_of(talk.sock)))
        talk.say("535 5.7.8 no")

    with ScriptedSmtp(
        {"AUTH": refuse}, context=loopback_tls.server, features=(f"AUTH PLAIN {method}",)
    ) as server:
        where = Server("127.0.0.1", server.port, "tls", loopback_tls.ca)
        with pytest.raises(AuthFailed) as caught:
            Submission(where, SmtpLogin("me@acme.example", TOKEN, with_token=True)).check()
    first = FIRST[method] % server.port if b"%d" in FIRST[method] else FIRST[method]
    assert heard == [first, LAST[method]]
    assert server.talks[0].said[1:] == [f"AUTH {method}\r\n".encode()]
    assert (scope or "does not take the sign-in of me@acme.example") in caught.value.reason
    assert TOKEN not in caught.value.reason


def test_a_submission_server_that_is_not_able_now_has_not_refused(loopback_tls: LoopbackTls) -> None:
    script = {"AUTH": lambda talk: talk.say("454 4.7.0 later")}
    with ScriptedSmtp(script, context=loopback_tls.server, features=("AUTH XOAUTH2",)) as server:
        where = Server("127.0.0.1", server.port, "tls", loopback_tls.ca)
        with pytest.raises(Unavailable, match="later"):
            Submission(where, SmtpLogin("me@acme.example", TOKEN, with_token=True)).check()


def test_servers_that_take_no_sign_ins(loopback_tls: LoopbackTls) -> None:
    with ScriptedSmtp(context=loopback_tls.server) as server:
        where = Server("127.0.0.1", server.port, "tls", loopback_tls.ca)
        with pytest.raises(AuthFailed, match="takes no sign-ins"):
            Submission(where, SmtpLogin("me@acme.example", TOKEN, with_token=True)).check()
    assert not any(TOKEN.encode() in line for line in server.talks[0].said)


@pytest.mark.parametrize("sign", ["\r", "\n", "\0", "\1"])
def test_no_name_can_begin_a_field_of_its_own(sign: str) -> None:
    for user, token in ((f"me{sign}x", TOKEN), ("me", TOKEN + sign)):
        with pytest.raises(Rejected, match="no login can carry"):
            sasl.Exchange("XOAUTH2", user, token, "h", 1)
    named = sasl.Exchange("OAUTHBEARER", "a,b=c", TOKEN, "h", 1)
    assert named.first.startswith(b"n,a=a=2Cb=3Dc,\1")
