"""Each finding, in a place that has the fault; and that a sound place has none."""

import os
import pty
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.clock import ManualClock
from tests.config.files import account, home, write
from tests.desk.stranger import RIGHT, installed
from tuidesk.config.paths import Paths
from tuidesk.desk.doctor import Finding, Level, examine
from tuidesk.store import db

READY = '{"type": "ready", "identity": {"name": "Shop", "handle": "shop"}, "caps": {"performs": ["reply"]}}'


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    found = home(tmp_path / "home")
    found.make()
    return found


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(installed(tmp_path / "packages")))


def found(paths: Paths, *levels: Level) -> list[Finding]:
    """The findings of these levels, all but what depends on this machine's disk."""
    findings = [finding for finding in examine(paths, ManualClock()) if not finding.what.startswith("disk:")]
    return [finding for finding in findings if finding.level in levels]


def bad(paths: Paths) -> list[Finding]:
    return found(paths, "bad")


def pipe(paths: Paths, name: str, script: str) -> None:
    file = write(paths.data / f"{name}.sh", f"#!/bin/sh\n{script}\n", 0o700)
    account(paths, name, f'kind = "pipe"\ncommand = ["{file}"]\nready_s = 5.0\n')


def test_a_sound_home_has_nothing_bad(paths: Paths) -> None:
    db.open_store(paths.store).close()
    pipe(paths, "shop", f"read hello; echo '{READY}'; read end")
    account(paths, "off", 'kind = "pipe"\ncommand = ["/nowhere"]\nenabled = false\n')
    assert found(paths, "warn", "bad") == []
    said = [finding.what for finding in found(paths, "ok")]
    assert "shop: logged in as shop" in said
    assert "off: switched off (`enabled = false`)" in said
    assert any(text.startswith(f"store: {paths.store} is sound (version ") for text in said)
    assert "keyring: none answers here, and no account needs one" in said


def test_an_empty_home_says_how_to_begin(paths: Paths) -> None:
    remedy = "run `tuidesk setup`, or `tuidesk demo` to look around"
    assert found(paths, "warn", "bad") == [
        Finding("warn", f"store: there is none yet at {paths.store}", remedy),
        Finding("warn", "accounts: none yet", remedy),
    ]
    pipe(paths, "shop", f"read hello; echo '{READY}'; read end")
    (store,) = found(paths, "warn", "bad")
    assert "tuidesk sync --once" in store.remedy


def test_a_canned_reply_that_cannot_be_read_is_a_warning(paths: Paths) -> None:
    write(paths.canned, '[late]\nbody = "{{contact.frist_name}}"\n')
    (one,) = [finding for finding in found(paths, "warn") if "canned.toml" in finding.what]
    assert "late.body: line 1" in one.what
    assert "contact.first_name" in one.what


def test_every_problem_of_the_config_is_a_finding(paths: Paths) -> None:
    write(paths.config_toml, "[agnet]\n[hold]\nmail = -1\n")
    account(paths, "shop", 'kind = "pipe"\ncomand = ["x"]\n')
    assert [
        (finding.what.rpartition("/")[2], finding.remedy.rpartition("/")[2]) for finding in bad(paths)
    ] == [
        ("config.toml: agnet: unknown key; did you mean `agent`?", "config.toml"),
        ("config.toml: hold.mail: must be seconds, from 0 to 3600", "config.toml"),
        ("shop.toml: comand: unknown key; did you mean `command`?", "shop.toml"),
        ("shop.toml: command: is missing", "shop.toml"),
    ]


def test_hours_and_targets_that_are_wrong_are_findings(paths: Paths) -> None:
    write(
        paths.config_toml,
        '[hours]\nzone = "Europe/Belrin"\nweek = { mon = ["09:00-17:00"] }\n[[targets]]\nreply = "soon"\n',
    )
    assert [finding.what.rpartition("/config/")[2] for finding in bad(paths)] == [
        "config.toml: hours.zone: there is no such time zone; did you mean Europe/Berlin?",
        'config.toml: targets.1.reply: must be a length of time such as "90m", "4h" or "2d"',
    ]
    assert {finding.remedy for finding in bad(paths)} == {f"edit {paths.config_toml}"}
    assert [finding for finding in found(paths, "ok") if finding.what.startswith("config:")] == []


def test_a_program_of_the_users_own_that_is_not_there(paths: Paths) -> None:
    write(
        paths.config_toml,
        '[lookup]\ncommand = ["/nowhere/orders"]\n[notify]\ncommand = ["true"]\n'
        '[open]\ntypes = { "image/*" = ["nosuchviewer", "{}"] }\n',
    )
    said = [
        (finding.what, finding.remedy) for finding in found(paths, "warn") if finding.what.startswith("[")
    ]
    remedy = f"edit {paths.config_toml}"
    assert said == [
        ("[lookup]: there is no program /nowhere/orders, or it cannot be run", remedy),
        ("[open.types image/*]: there is no program nosuchviewer, or it cannot be run", remedy),
    ]


def test_folders_and_files_that_others_can_read(paths: Paths) -> None:
    db.open_store(paths.store).close()
    paths.store.chmod(0o644)
    paths.state.chmod(0o755)
    assert [finding.remedy for finding in bad(paths)] == [
        f"run `chmod 700 {paths.state}`",
        f"run `chmod 600 {paths.store}`",
    ]


def test_a_store_that_is_no_database_and_one_that_is_newer(paths: Paths) -> None:
    write(paths.store, "this is no database, however long it is\n" * 200)
    assert bad(paths)[0].what.startswith(f"store: {paths.store} is damaged: ")
    paths.store.unlink()
    db.open_store(paths.store).close()
    with sqlite3.connect(paths.store) as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()
    assert "written by a newer tuidesk" in bad(paths)[0].what


def test_a_store_with_a_torn_page(paths: Paths) -> None:
    connection = db.open_store(paths.store)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'message'").fetchone()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with paths.store.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    (finding, *_) = bad(paths)
    assert finding.what.startswith(f"store: {paths.store} is damaged")
    assert "copy the file" in finding.remedy


def test_a_full_disk(paths: Paths) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    options = ["-o", "size=64k,mode=0700"]
    if subprocess.run(["mount", "-t", "tmpfs", *options, "none", paths.data], check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        findings = [finding for finding in examine(paths, ManualClock()) if finding.what.startswith("disk:")]
    finally:
        subprocess.run(["umount", paths.data], check=True)
    assert [(finding.level, finding.remedy[:9]) for finding in findings] == [("bad", "free some")]


def test_an_account_whose_secret_is_out_of_reach_does_not_stop_the_others(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACME_SECRET", raising=False)
    account(paths, "acme", 'kind = "pipe"\ncommand = ["true"]\nsecret = { env = "ACME_SECRET" }\n')
    account(paths, "keyed", 'kind = "pipe"\ncommand = ["true"]\nsecret = { keyring = "k" }\n')
    pipe(paths, "shop", f"read hello; echo '{READY}'; read end")
    whats = [finding.what for finding in bad(paths)]
    assert len(whats) == 2
    assert "ACME_SECRET is not set" in whats[0]
    assert whats[1].startswith("keyed: no keyring service answers here")
    assert "shop: logged in as shop" in [finding.what for finding in found(paths, "ok")]


@pytest.mark.usefixtures("stranger")
def test_logins_that_fail_in_every_way_are_tried_at_once_and_show_no_secret(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tuidesk.desk.doctor._LOGIN_S", 0.5)
    for name, secret, fails in (
        ("away", "wrong-canary", "away"),
        ("crash", "wrong-canary", "crash"),
        ("hang", RIGHT, "hang"),
        ("refused", "wrong-canary", "never"),
        ("right", RIGHT, "never"),
    ):
        file = write(paths.data / f"secret-{name}", secret)
        text = f'kind = "stranger"\nserver = {{ host = "h" }}\nfails = "{fails}"\nsecret = {{ file = "{file}" }}\n'
        account(paths, name, text)
    began = time.monotonic()
    findings = found(paths, "bad", "ok")
    assert time.monotonic() - began < 5
    assert "canary" not in str(findings)
    by_account = {f.what.partition(":")[0]: f.what for f in findings if f.level == "bad"}
    assert sorted(by_account) == ["away", "crash", "hang", "refused"]
    assert by_account["hang"].startswith("hang: no answer within")
    assert "ZeroDivisionError: with •••" in by_account["crash"]
    assert "right: Two folders." in [finding.what for finding in findings]


def test_a_kind_that_nobody_serves(paths: Paths) -> None:
    account(paths, "bird", 'kind = "pigeon"\n')
    assert 'no adapter for kind "pigeon"' in bad(paths)[0].what


# --- the terminal ---------------------------------------------------------------------------------

_LOOK = """
import os, sys
from tuidesk.desk import doctor
for finding in doctor._terminal_findings(os.environ):
    print(finding.level, finding.what, "|", finding.remedy)
"""


def in_terminal(columns: int = 80, lines: int = 24, **environ: str) -> dict[str, str]:
    """What is found inside a real pseudo-terminal: level → what, by subject."""
    ours, theirs = pty.openpty()
    try:
        size = {"COLUMNS": str(columns), "LINES": str(lines)}
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
        done = subprocess.run(
            [sys.executable, "-c", _LOOK],
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.PIPE,
            env={**keep, "PYTHONUTF8": "1", **size, **environ},
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        os.set_blocking(ours, False)
        text = os.read(ours, 65536).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    return dict(line.split(" ", 1)[::-1] for line in text.splitlines())


def levels(findings: dict[str, str]) -> list[str]:
    return list(findings.values())


def test_a_good_terminal() -> None:
    shown = in_terminal(TERM="xterm-256color", LANG="en_GB.UTF-8")
    assert levels(shown) == ["ok", "ok", "ok"]
    assert any(
        "16 million" in what for what in in_terminal(TERM="xterm", COLORTERM="truecolor", LANG="C.utf8")
    )
    assert any("NO_COLOR" in what for what in in_terminal(TERM="xterm", NO_COLOR="1", LANG="C.UTF-8"))


@pytest.mark.skipif(shutil.which("infocmp") is None, reason="needs terminfo")
def test_colours_are_what_terminfo_says() -> None:
    assert any("linux, 8 colours" in what for what in in_terminal(TERM="linux", LANG="C.UTF-8"))
    assert any("vt100, 2 colours" in what for what in in_terminal(TERM="vt100", LANG="C.UTF-8"))


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_can_draw_nothing(term: str) -> None:
    assert levels(in_terminal(TERM=term, LANG="C.UTF-8")) == ["bad", "ok", "ok"]


def test_a_terminal_that_nobody_knows_is_too_small_and_has_an_old_locale() -> None:
    shown = in_terminal(40, 10, TERM="no-such-terminal", LC_ALL="ko_KR.EUC-KR")
    assert levels(shown) == ["warn", "warn", "warn"]
    assert any("ncurses-term" in what for what in shown)
    assert levels(in_terminal(TERM="xterm", LC_ALL="C", LANG="C.UTF-8"))[1] == "warn"


def test_no_remedy_sends_to_what_is_not_wrong(paths: Paths) -> None:
    account(paths, "shop", 'kind = "pipe"\ncommand = ["/nowhere/shop"]\n')
    account(paths, "box", 'kind = "maildir"\naddress = "a@b.example"\npath = "/nowhere/Maildir"\n')
    for finding in bad(paths):
        assert "/nowhere" in finding.what
        assert not {"host", "port", "server"} & set(finding.what.replace(",", "").split())
    assert len(bad(paths)) == 2


def test_what_is_wrong_with_a_file_itself_is_not_mended_by_editing_it(paths: Paths) -> None:
    account(paths, "shop", 'kind = "pipe"\ncommand = ["x"]\n')
    (paths.accounts / "shop.toml").chmod(0o666)
    (paths.config / "config.toml").mkdir()
    first, second = bad(paths)
    assert (first.remedy, second.remedy) == ("", "")
    assert "move it away" in first.what
    assert "run `chmod go-w " in second.what


def test_accounts_that_cannot_be_read_are_not_none(paths: Paths) -> None:
    account(paths, "shop", "kind = \n")
    told = [finding.what + finding.remedy for finding in found(paths, "warn", "bad")]
    assert not any(text.startswith("accounts: ") for text in told)
    assert not any("tuidesk setup" in text for text in told)


def test_a_keyring_that_does_not_answer_is_said_once_for_each_account_that_asks_it(paths: Paths) -> None:
    for name in ("one", "two"):
        account(
            paths,
            name,
            'kind = "mail"\naddress = "a@b.example"\nsecret = { keyring = "x" }\n'
            'imap = { host = "127.0.0.1", port = 1 }\nsmtp = { host = "127.0.0.1", port = 1 }\n',
        )
    assert [finding.what.partition(" answers here")[0] for finding in bad(paths)] == [
        "one: no keyring service",
        "two: no keyring service",
    ]
