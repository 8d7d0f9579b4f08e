"""The unit: read by systemd's own checker, and right about where things are."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.config.files import account, home, write
from tuidesk.config.paths import Paths
from tuidesk.desk import service
from tuidesk.errors import ConfigError


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return home(tmp_path / "home")


def environ(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(tmp_path), **more}


def test_it_starts_this_very_program_with_this_very_home(paths: Paths, tmp_path: Path) -> None:
    file, told = service.install(
        paths, environ(tmp_path, TUIDESK_HOME="/srv/ana's 100% desk", XDG_DATA_HOME="/d")
    )
    assert file == tmp_path / ".config/systemd/user/tuidesk.service"
    lines = file.read_text().splitlines()
    assert 'Environment="TUIDESK_HOME=/srv/ana\'s 100%% desk"' in lines
    assert "Environment=XDG_DATA_HOME=/d" in lines
    (start,) = (line.removeprefix("ExecStart=") for line in lines if line.startswith("ExecStart="))
    program, last = start.rsplit(" ", 1)
    assert last == "sync"
    assert os.path.isabs(program.strip('"').split(" ")[0])
    assert "Restart=on-failure" in lines
    assert "systemctl --user enable --now tuidesk" in told[0]
    assert "loginctl enable-linger" in told[1]


def test_it_is_written_anew_but_never_over_somebody_elses(paths: Paths, tmp_path: Path) -> None:
    file, _ = service.install(paths, environ(tmp_path))
    before = file.read_text()
    service.install(paths, environ(tmp_path, TUIDESK_HOME="/srv"))
    assert file.read_text() != before
    write(file, "[Service]\nExecStart=/bin/true\n")
    with pytest.raises(ConfigError, match="was not written by tuidesk"):
        service.install(paths, environ(tmp_path))
    assert os.listdir(file.parent) == ["tuidesk.service"]


def test_a_setgid_sendmail_still_works_where_an_account_runs_programs(paths: Paths, tmp_path: Path) -> None:
    assert "NoNewPrivileges=yes" in service.text_for(paths, environ(tmp_path))
    account(paths, "local", 'kind = "maildir"\n')
    assert "NoNewPrivileges" not in service.text_for(paths, environ(tmp_path))


def test_secrets_that_a_service_cannot_have_are_named(paths: Paths, tmp_path: Path) -> None:
    account(paths, "a", 'kind = "mail"\nsecret = { env = "ACME" }\n')
    account(
        paths, "b", 'kind = "mail"\nsecret = { keyring = "b" }\nsecrets = { smtp = { command = ["pass"] } }\n'
    )
    account(paths, "c", 'kind = "mail"\nsecret = { file = "c" }\n')
    _, told = service.install(paths, environ(tmp_path))
    assert [text.partition(":")[0] for text in told[2:]] == ["a", "b", "b"]
    assert "ACME" in told[2]


def test_a_word_that_would_be_a_line_of_its_own_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot stand"):
        service.unit(("/bin/x",), environ(tmp_path, TUIDESK_HOME="/srv\nExecStartPre=/bin/evil"))
    with pytest.raises(ConfigError, match="cannot stand"):
        service.unit(('/home/ana "b"/tuidesk',), environ(tmp_path))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
@pytest.mark.parametrize("hardened", [True, False])
def test_systemd_itself_has_nothing_to_say_against_it(tmp_path: Path, hardened: bool) -> None:
    program = write(tmp_path / "odd $HOME 100% name", "#!/bin/sh\n", 0o755)
    unit = tmp_path / "tuidesk.service"
    unit.write_text(
        service.unit((str(program),), environ(tmp_path, TUIDESK_HOME="/srv/a b"), hardened=hardened)
    )
    done = subprocess.run(
        ["systemd-analyze", "--user", "--man=no", "verify", unit],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
