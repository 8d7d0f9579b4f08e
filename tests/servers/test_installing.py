"""What is there is not installed again; what broke off is not taken for whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import installing
from tests.servers.installing import Needs

_NPM = """\
#!/bin/sh
echo "$@" >>"{calls}"
[ -e "{broken}" ] && mkdir half && exit 1
mkdir node_modules
"""


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an npm that writes to `calls`, and breaks off while `broken` exists."""
    script = tmp_path / "bin" / "npm"
    script.parent.mkdir()
    script.write_text(_NPM.format(calls=tmp_path / "calls", broken=tmp_path / "broken"))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(installing, "BASE", tmp_path / "servers")
    monkeypatch.setattr(installing, "SERVERS", {"shop": Needs(npm=("shop@1.2.3",))})
    return tmp_path


def test_it_is_installed_once(npm: Path) -> None:
    assert "installing shop" in (installing.missing("shop") or "")
    assert installing.install(["shop"]) == []
    assert installing.missing("shop") is None
    assert installing.install(["shop"]) == []
    assert (npm / "calls").read_text().splitlines() == [
        "install --no-audit --no-fund --loglevel=error shop@1.2.3"
    ]


def test_what_broke_off_is_installed_from_the_beginning(
    npm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (npm / "broken").touch()
    assert installing.install(["shop"]) == ["shop"]
    assert "npm install" in capsys.readouterr().out
    assert installing.missing("shop")
    (npm / "broken").unlink()
    assert installing.install(["shop"]) == []
    assert installing.missing("shop") is None
    assert not (npm / "servers" / "shop" / "half").exists()


def test_another_version_is_another_server(npm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installing.install(["shop"])
    monkeypatch.setattr(installing, "SERVERS", {"shop": Needs(npm=("shop@1.2.4",))})
    assert installing.missing("shop")
    installing.install(["shop"])
    assert len((npm / "calls").read_text().splitlines()) == 2


def test_a_package_of_debians_must_be_there(npm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installing.install(["shop"])
    needs = Needs(npm=("shop@1.2.3",), apt=("no-such-package",))
    monkeypatch.setattr(installing, "SERVERS", {"shop": needs})
    (npm / "servers" / "shop" / "installed").write_text("no-such-package\nshop@1.2.3\n")
    assert installing.missing("shop")


def test_an_unknown_name_is_refused() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.servers.installing", "nothing"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout.split(";")[0]) == (2, "servers: not known: nothing")
