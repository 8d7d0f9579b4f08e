"""Secrets from real programs, files, variables and buses; and a canary that no error may show."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.config.files import as_nobody, open_folder, write
from tests.nobody import NOBODY
from tuidesk.config import secrets
from tuidesk.config.secrets import AccountSecrets
from tuidesk.config.tables import AccountFile, AccountKeys, SecretSource
from tuidesk.errors import ConfigError, SecretError

CANARY = "hunter2-canary-☃"


def account(file: Path | str = "a.toml", **sources: SecretSource) -> AccountFile:
    """An account whose secret is in `secret`, and those of its uses where the other names say."""
    secret = sources.pop("secret", None)
    return AccountFile(str(file), "support", AccountKeys(kind="mail", secret=secret, secrets=sources), {})


def shell(script: str) -> SecretSource:
    return SecretSource(command=("/bin/sh", "-c", script))


def refused(source: SecretSource, *, ask: bool = False, file: Path | str = "a.toml") -> str:
    """The text of the refusal; the canary is nowhere in it, not in the chain behind it either."""
    with pytest.raises(SecretError) as caught:
        AccountSecrets(account(file, secret=source), ask=ask).get()
    whole = "".join(traceback.format_exception(caught.value))
    assert "hunter2" not in whole
    return str(caught.value)


@pytest.mark.parametrize("ask", [False, True])
def test_the_first_line_that_a_program_prints(ask: bool) -> None:
    source = shell(f"printf '{CANARY}\\r\\nlogin: ana\\n'")
    assert AccountSecrets(account(secret=source), ask=ask).get() == CANARY


def test_a_program_has_no_standard_input_and_no_shell(tmp_path: Path) -> None:
    assert AccountSecrets(account(secret=shell("cat; echo end"))).get() == "end"
    script = write(tmp_path / "program", '#!/bin/sh\nprintf "%s" "$1"\n', 0o700)
    source = SecretSource(command=(str(script), "a b; $(id)"))
    assert AccountSecrets(account(secret=source)).get() == "a b; $(id)"


@pytest.mark.parametrize("ask", [False, True])
def test_a_program_that_fails(ask: bool, capfd: pytest.CaptureFixture[str]) -> None:
    text = refused(shell("echo hunter2 >&2; echo hunter2; exit 3"), ask=ask)
    assert text == "support: /bin/sh ended with exit code 3: run it in a shell to see why"
    assert capfd.readouterr().err == ("hunter2\n" if ask else "")
    assert "No such file" in refused(SecretSource(command=("/nowhere/pass",)))
    assert "is empty" in refused(shell("true"))
    assert "is empty" in refused(shell(r"printf '\nhunter2\n'"))
    assert "not UTF-8" in refused(shell(r"printf 'hunter2\377\n'"))


def _ends(pid: str) -> bool:
    """A process that was killed is gone, or waits to be reaped, as soon as it has had the processor once more."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            if "State:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def test_a_program_that_never_ends_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "COMMAND_S", 0.3)
    pids = tmp_path / "pids"
    began = time.monotonic()
    assert "within 0 s" in refused(shell(f"sleep 60 & echo $! $$ > {pids}; echo hunter2; wait"))
    assert time.monotonic() - began < 5
    assert all(_ends(pid) for pid in pids.read_text().split())


def test_a_program_that_prints_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "COMMAND_S", 5)
    assert "too long" in refused(shell("tr '\\0' x < /dev/zero"))
    assert AccountSecrets(account(secret=shell("yes"))).get() == "y"


def test_an_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_SECRET", CANARY)
    assert AccountSecrets(account(secret=SecretSource(env="ACME_SECRET"))).get() == CANARY
    monkeypatch.delenv("ACME_SECRET")
    assert "ACME_SECRET is not set" in refused(SecretSource(env="ACME_SECRET"))


def test_a_file_that_only_its_owner_can_read(tmp_path: Path) -> None:
    file = write(tmp_path / "secret", f"{CANARY}\n")
    assert AccountSecrets(account(secret=SecretSource(file=str(file)))).get() == CANARY
    beside = account(tmp_path / "support.toml", secret=SecretSource(file="secret"))
    assert AccountSecrets(beside).get() == CANARY
    for mode in (0o640, 0o604, 0o620):
        file.chmod(mode)
        assert f"chmod 600 {file}" in refused(SecretSource(file=str(file)))
    file.unlink()
    assert "No such file" in refused(SecretSource(file=str(file)))
    os.mkfifo(file, 0o600)
    assert "not a file" in refused(SecretSource(file=str(file)))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_a_strangers_secret_file_is_refused_by_root_and_not_open_to_others(tmp_path: Path) -> None:
    file = write(tmp_path / "secret", CANARY)
    os.chown(file, NOBODY, NOBODY)
    assert "belongs to another user" in refused(SecretSource(file=str(file)))
    with open_folder() as folder:
        own = write(folder / "own", CANARY)
        os.chown(own, NOBODY, NOBODY)
        roots = write(folder / "roots", CANARY)
        code = f"""
from tuidesk.config.tables import AccountFile, AccountKeys, SecretSource
from tuidesk.config.secrets import AccountSecrets
from tuidesk.errors import SecretError
for path in ({str(own)!r}, {str(roots)!r}):
    keys = AccountKeys(kind="mail", secret=SecretSource(file=path))
    try:
        print(len(AccountSecrets(AccountFile("a.toml", "support", keys, {{}})).get()))
    except SecretError as error:
        print(error)
"""
        first, second = as_nobody(folder, code).splitlines()
    assert first == str(len(CANARY))
    assert second.endswith("cannot be read: Permission denied")


def test_each_use_has_its_own_and_each_is_had_once(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    two = account(
        secret=shell(f"echo main >> {ledger}; echo one"), smtp=shell(f"echo smtp >> {ledger}; echo two")
    )
    had = AccountSecrets(two)
    assert [had.get(use) for use in ("imap", "smtp", "", "imap", "smtp")] == [
        "one",
        "two",
        "one",
        "one",
        "two",
    ]
    assert ledger.read_text().split() == ["main", "smtp"]


def test_prefetch_gets_them_all_before_anybody_asks(tmp_path: Path) -> None:
    flag = write(tmp_path / "flag", "")
    had = AccountSecrets(account(secret=shell(f"cat {flag} && echo one"), smtp=shell("echo two")))
    had.prefetch()
    flag.unlink()
    assert (had.get("imap"), had.get("smtp")) == ("one", "two")


def test_an_account_that_says_nothing_says_how_to() -> None:
    with pytest.raises(SecretError, match=r'a.toml .* secret = \{ command = \["pass"'):
        AccountSecrets(account()).get("imap")
    with pytest.raises(SecretError, match=r"secrets\.imap"):
        AccountSecrets(account(smtp=shell("echo x"))).get("imap")


def test_what_was_handed_out_is_blotted_out() -> None:
    AccountSecrets(
        account(secret=shell("echo canary-short; echo"), smtp=shell("echo canary-short-long"))
    ).prefetch()
    assert {"canary-short", "canary-short-long"} <= secrets.known_secrets()
    assert secrets.redact("LOGIN ana canary-short-long, canary-short!") == "LOGIN ana •••, •••!"
    secrets.remember("")
    assert secrets.redact("nothing") == "nothing"


def test_which_sources_may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert secrets.interactive(account(secret=shell("true")))
    assert secrets.interactive(account(secret=SecretSource(env="A"), smtp=shell("true")))
    assert not secrets.interactive(account(secret=SecretSource(env="A")))
    assert not secrets.interactive(account(secret=SecretSource(keyring="x")))
    assert not secrets.interactive(account())


def test_a_secret_is_stored_in_a_new_file_of_ones_own(tmp_path: Path) -> None:
    source = SecretSource(file=str(tmp_path / "new" / "secret"))
    secrets.store(source, CANARY)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert AccountSecrets(account(secret=source)).get() == CANARY
    with pytest.raises(ConfigError, match="never overwrites") as caught:
        secrets.store(source, "hunter2-other")
    assert "hunter2" not in str(caught.value)
    assert AccountSecrets(account(secret=source)).get() == CANARY


@pytest.mark.parametrize("source", [SecretSource(env="A"), SecretSource(command=("pass",))])
def test_what_cannot_be_written_says_so(source: SecretSource) -> None:
    with pytest.raises(SecretError, match="put it there yourself") as caught:
        secrets.store(source, CANARY)
    assert CANARY not in str(caught.value)


# --- a token that rotates ------------------------------------------------------------------------------


def test_a_token_that_rotates_takes_the_place_of_the_other_in_its_file(tmp_path: Path) -> None:
    file = write(tmp_path / "secret", f"{CANARY}\nof the shop\n")
    link = tmp_path / "link"
    link.symlink_to(file)
    had = AccountSecrets(account(tmp_path / "a.toml", secret=SecretSource(file="link")))
    assert had.get() == CANARY
    before = file.stat().st_ino
    had.put("hunter2-next")
    assert had.get("imap") == had.get("imap", anew=True) == "hunter2-next"
    assert file.read_text() == "hunter2-next\nof the shop\n"
    assert file.stat().st_ino != before, "written over: a reader could have seen half of it"
    assert file.stat().st_mode & 0o777 == 0o600
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "secret"]
    assert secrets.redact("Bearer hunter2-next") == "Bearer •••"


def test_what_another_process_has_put_there_is_had_when_asked_anew(tmp_path: Path) -> None:
    source = SecretSource(file=str(write(tmp_path / "secret", "one")))
    mine, other = AccountSecrets(account(secret=source)), AccountSecrets(account(secret=source))
    assert mine.get() == "one"
    other.put("two")
    assert (mine.get(), mine.get(anew=True), mine.get()) == ("one", "two", "two")


def test_what_was_had_stays_where_its_place_gives_nothing_any_more(tmp_path: Path) -> None:
    file = write(tmp_path / "secret", "one")
    had = AccountSecrets(account(secret=SecretSource(file=str(file))))
    assert had.get() == "one"
    file.unlink()
    with pytest.raises(SecretError):
        had.get(anew=True)
    assert had.get() == "one"


def test_each_use_is_put_where_it_is_kept(tmp_path: Path) -> None:
    one, two = (write(tmp_path / name, name) for name in ("one", "two"))
    had = AccountSecrets(account(secret=SecretSource(file=str(one)), smtp=SecretSource(file=str(two))))
    had.put("for imap", "imap")
    had.put("for smtp", "smtp")
    assert (one.read_text(), two.read_text()) == ("for imap\n", "for smtp\n")
    assert (had.get(), had.get("imap"), had.get("smtp")) == ("for imap", "for imap", "for smtp")


@pytest.mark.parametrize("source", [SecretSource(env="ACME_TOKEN"), shell("echo one")])
def test_a_token_that_rotates_is_refused_where_it_cannot_be_written_back(
    source: SecretSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "one")
    had = AccountSecrets(account(secret=source))
    with pytest.raises(SecretError, match=r"name a file or the keyring in `secret` of a\.toml") as caught:
        had.put(CANARY)
    assert CANARY not in str(caught.value)
    assert source.env is None or "ACME_TOKEN" in str(caught.value)
    assert had.get() == "one"


@pytest.mark.parametrize("value", ["", "two\nlines"])
def test_what_could_not_be_read_again_is_not_put(tmp_path: Path, value: str) -> None:
    file = write(tmp_path / "secret", CANARY)
    with pytest.raises(SecretError, match="one line"):
        AccountSecrets(account(secret=SecretSource(file=str(file)))).put(value)
    assert file.read_text() == CANARY


def test_a_file_that_cannot_be_replaced_stays_and_says_why(tmp_path: Path) -> None:
    nowhere = SecretSource(file=str(write(tmp_path / "file", "") / "secret"))
    with pytest.raises(SecretError, match="cannot be written: Not a directory") as caught:
        AccountSecrets(account(secret=nowhere)).put(CANARY)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    open_to_all = write(tmp_path / "secret", "one", 0o644)
    with pytest.raises(SecretError, match="chmod 600"):
        AccountSecrets(account(secret=SecretSource(file=str(open_to_all)))).put(CANARY)
    assert open_to_all.read_text() == "one"


# --- the keyring, on buses that are absent, deaf, empty -----------------------------------------------


@pytest.fixture(params=["accepts only", "authenticates"])
def deaf_bus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    """A session bus that accepts, or says that we may come in, and then never answers."""
    path = tmp_path / "bus"
    kept: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            kept.append(peer)
            if request.param == "authenticates":
                peer.recv(4096)
                peer.sendall(b"OK 1234deadbeef1234deadbeef1234dead\r\n")

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen(4)
        thread = threading.Thread(target=serve)
        thread.start()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={path}")
        yield
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
    for peer in kept:
        peer.close()


def _program(stack: ExitStack, *command: str, **settings: Any) -> subprocess.Popen[bytes]:
    """A daemon for the length of a test."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} on this machine")
    process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, **settings))
    stack.callback(process.terminate)
    return process


@pytest.fixture
def empty_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real session bus on which nobody serves secrets."""
    config = write(
        tmp_path / "bus.conf",
        f"""<busconfig><type>session</type><listen>unix:path={tmp_path}/bus</listen>
        <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/>
        <allow own="*"/></policy></busconfig>""",
    )
    with ExitStack() as stack:
        command = ("dbus-daemon", f"--config-file={config}", "--nofork", "--print-address")
        daemon = _program(stack, *command)
        assert daemon.stdout is not None
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.stdout.readline().decode().strip())
        yield


@pytest.fixture
def keyring(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """A real keyring service, open, with a collection of its own, on that bus."""
    request.getfixturevalue("empty_bus")
    run = tmp_path / "run"
    run.mkdir(0o700)
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(run), "XDG_DATA_HOME": str(tmp_path)}
    with ExitStack() as stack:
        command = ("gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock")
        daemon = _program(stack, *command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ)
        assert daemon.stdin is not None
        daemon.stdin.write(b"the login password")
        daemon.stdin.close()
        until = time.monotonic() + 10
        while True:
            try:
                secrets.keyring_state()
                break
            except SecretError:
                assert time.monotonic() < until
                time.sleep(0.05)
        yield


KEYRING = SecretSource(keyring="support")


def test_no_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert "no session bus" in refused(KEYRING)
    with pytest.raises(SecretError, match="another place") as caught:
        secrets.store(KEYRING, CANARY)
    assert CANARY not in str(caught.value)


def test_a_bus_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nowhere")
    assert "no keyring service answers" in refused(KEYRING)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "nonsense")
    assert "no keyring service answers" in refused(KEYRING)


@pytest.mark.usefixtures("deaf_bus")
def test_a_bus_that_never_answers_costs_two_seconds_and_does_not_hold_up_the_end() -> None:
    code = """
import time
from tuidesk.config.secrets import keyring_state
from tuidesk.errors import SecretError
began = time.monotonic()
try:
    keyring_state()
except SecretError as error:
    print(time.monotonic() - began, error)
"""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=10, check=True
    )
    assert time.monotonic() - began < 4
    seconds, _, text = done.stdout.partition(" ")
    assert 0.9 < float(seconds) < 2.5
    assert "no keyring service answers" in text


@pytest.mark.usefixtures("empty_bus")
def test_a_bus_on_which_nobody_keeps_secrets() -> None:
    assert "nothing serves secrets" in refused(KEYRING)


@pytest.mark.usefixtures("empty_bus")
def test_no_other_backend_is_ever_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert "nothing serves secrets" in refused(KEYRING)


@pytest.mark.usefixtures("keyring")
def test_a_secret_goes_into_the_keyring_and_comes_back() -> None:
    assert secrets.keyring_state() == "ready"
    assert "has no secret called support" in refused(KEYRING)
    secrets.store(KEYRING, CANARY)
    assert AccountSecrets(account(secret=KEYRING)).get() == CANARY
    secrets.store(KEYRING, "changed")
    assert AccountSecrets(account(secret=KEYRING)).get() == "changed"
    AccountSecrets(account(secret=KEYRING)).put("rotated")
    assert AccountSecrets(account(secret=KEYRING)).get() == "rotated"


@pytest.mark.usefixtures("keyring")
def test_a_locked_keyring_is_not_asked_to_open_while_the_screen_is_up() -> None:
    import secretstorage

    secrets.store(KEYRING, CANARY)
    bus = secretstorage.dbus_init()
    try:
        secretstorage.get_default_collection(bus).lock()
    finally:
        bus.close()
    assert secrets.keyring_state() == "locked"
    assert secrets.interactive(account(secret=KEYRING))
    assert "keyring is locked" in refused(KEYRING)
    with pytest.raises(SecretError, match="keyring is locked"):
        AccountSecrets(account(secret=KEYRING)).put("rotated")
