"""`setup --login`, on a terminal with a browser here, and through a pipe with one elsewhere."""

import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Home
from tests.desk.test_sign_in import file_of
from tests.fakes.provider import Provider, running
from tests.servers.mail import MailServers, User
from tests.servers.plain import call

pytestmark = pytest.mark.servers


@pytest.fixture
def user(mail_servers: MailServers) -> User:
    return mail_servers.new_user()


@pytest.fixture
def provider(mail_servers: MailServers, user: User) -> Iterator[Provider]:
    with running(Provider(subject=user.address, sign=mail_servers.token)) as made:
        yield made


@pytest.fixture
def home(mail_servers: MailServers, user: User, provider: Provider, tmp_path: Path) -> Home:
    (tmp_path / "secrets").mkdir(mode=0o700)
    made = Home(tmp_path / "home")
    made.account("support", file_of(mail_servers, user, provider, tmp_path / "secrets" / "token"))
    return made


def begun(home: Home, stdin: int) -> "subprocess.Popen[str]":
    command = home.command("setup", "--login", "support")
    return subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def address(program: "subprocess.Popen[str]", provider: Provider) -> str:
    assert program.stderr is not None
    return next(line.strip() for line in program.stderr if line.startswith(provider.base))


def test_on_a_terminal_nobody_has_to_press_a_key_when_the_browser_comes_back(
    home: Home, provider: Provider, user: User
) -> None:
    outer, inner = pty.openpty()
    program = begun(home, inner)
    os.close(inner)
    try:
        assert call("GET", provider.says_yes(address(program, provider))).status == 200
        _, told = program.communicate(timeout=60)
    finally:
        os.close(outer)
    assert program.returncode == 0, told
    assert f"Logged in as {user.address}" in told or "Logged in as Ana" in told
    assert provider.ledger == ["signed in"]


def test_a_question_is_broken_between_words(home: Home) -> None:
    outer, inner = pty.openpty()
    command = home.command("setup", "rt")
    program = subprocess.Popen(
        command, stdin=inner, stdout=inner, stderr=inner, env={**os.environ, "COLUMNS": "40"}
    )
    os.close(inner)
    try:
        told = b""
        while not told.endswith(b"example: "):
            told += os.read(outer, 4096)
    finally:
        program.kill()
        program.wait()
        os.close(outer)
    assert told.endswith(b"\r\nserver: the address of RT, as in\r\nhttps://rt.acme.example: ")


def test_over_ssh_the_address_is_pasted(home: Home, provider: Provider) -> None:
    program = begun(home, subprocess.PIPE)
    pasted = provider.says_yes(address(program, provider))
    said, told = program.communicate(pasted + "\n", timeout=60)
    assert (program.returncode, said) == (0, ""), told
    assert provider.ledger == ["signed in"]
    assert home.json("doctor", code=0)


def test_who_gives_no_answer_has_not_signed_in(home: Home, provider: Provider) -> None:
    ended = home.run("setup", "--login", "support", code=1)
    assert "nobody was signed in" in ended.stderr
    assert "no account called other" in home.run("setup", "--login", "other", code=1).stderr
    assert "stands already" in home.run("setup", "mail", "--login", "support", code=2).stderr
    assert provider.ledger == []
