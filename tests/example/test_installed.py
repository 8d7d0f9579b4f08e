"""Once pip has installed it, the guestbook is a kind like any other: for `setup`, `doctor` and every command."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from fake_guestbook import DANA, FakeGuestbook
from tests.cli.program import Home
from tests.clock import ManualClock
from tests.desk.person import Person

from tuidesk.desk.doctor import examine
from tuidesk.desk.home import locate
from tuidesk.desk.setup import set_up

HERE = Path(__file__).parent
TOKEN = "canary-9b1f"
WHERE_THE_TOKEN_IS = "The secret is a token of yours: on the website, log in as an editor"


def project() -> dict[str, dict[str, str]]:
    """The entry points that the package declares, by group."""
    found: dict[str, dict[str, str]] = tomllib.loads((HERE / "pyproject.toml").read_text())["project"][
        "entry-points"
    ]
    return found


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder with what pip would put into one: the module, and a note of its entry points."""
    folder = tmp_path / "packages"
    note = folder / "tuidesk_guestbook-1.0.dist-info"
    note.mkdir(parents=True)
    shutil.copy(HERE / "tuidesk_guestbook.py", folder)
    (note / "METADATA").write_text("Metadata-Version: 2.1\nName: tuidesk-guestbook\nVersion: 1.0\n")
    lines = [
        f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in made.items()) for group, made in project().items()
    ]
    (note / "entry_points.txt").write_text("".join(lines))
    return folder


@pytest.fixture
def website() -> Iterator[FakeGuestbook]:
    with FakeGuestbook(TOKEN) as website:
        yield website


@pytest.fixture
def home(packages: Path, website: FakeGuestbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with one account of this kind, and a machine that has the package."""
    monkeypatch.syspath_prepend(str(packages))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(packages), *filter(None, sys.path)]))
    monkeypatch.setenv("GUESTBOOK_TOKEN", TOKEN)
    home = Home(tmp_path / "home")
    home.account(
        "book", f'kind = "guestbook"\nserver = "{website.base}"\nsecret = {{ env = "GUESTBOOK_TOKEN" }}\n'
    )
    return home


def test_it_is_built_as_the_other_tests_here_have_it(packages: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("setuptools") is None:
        pytest.skip("needs setuptools")
    source, built = tmp_path / "source", tmp_path / "built"
    shutil.copytree(HERE, source, ignore=shutil.ignore_patterns("__pycache__"))
    built.mkdir()
    steps = ["build_py", "--build-lib", str(built), "egg_info", "--egg-base", str(built)]
    build = [sys.executable, "-c", "import setuptools; setuptools.setup()", "-q", *steps]
    done = subprocess.run(build, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    points = ConfigParser(), ConfigParser()
    points[0].read(packages / "tuidesk_guestbook-1.0.dist-info" / "entry_points.txt")
    points[1].read(built / "tuidesk_guestbook.egg-info" / "entry_points.txt")
    assert points[0] == points[1]
    assert [path.name for path in built.glob("**/*.py")] == ["tuidesk_guestbook.py"]


def test_what_a_visitor_writes_is_in_the_queue_and_is_answered_from_the_shell(
    home: Home, website: FakeGuestbook
) -> None:
    website.happens("entry", DANA, text="My parcel came broken.")
    home.run("sync", "--once")
    (one,) = home.json("list")
    assert (one["account"], one["medium"], one["status"]) == ("book", "post", "open")
    home.run("reply", str(one["n"]), "A new one leaves today.")
    assert website.answers() == ["A new one leaves today."]
    home.run("complete", str(one["n"]))
    home.run("sync", "--once")
    assert [line["kind"] for line in website.log] == ["entry", "answer", "closed"]
    said = [message["text"] for message in home.messages(one["n"])]
    assert said == ["My parcel came broken.", "A new one leaves today."]
    assert [line["status"] for line in home.json("list", "complete")] == ["complete"]


@pytest.mark.usefixtures("home")
def test_setup_offers_it_behind_those_that_come_with_tuidesk(tmp_path: Path) -> None:
    person = Person({"What kind": ["guestbook"], "What now": ["quit"], "server": ["http://acme.example"]})
    person.answers |= {"Where is": ["command"], "The program": ["true"]}
    assert set_up(locate(str(tmp_path / "new")), person, ManualClock()) is None
    assert person.offered["What kind of account?"][-2:] == ["demo", "guestbook"]


@pytest.mark.usefixtures("home")
def test_setup_says_where_the_token_is_and_asks_for_what_has_no_default(
    website: FakeGuestbook, tmp_path: Path
) -> None:
    person = Person(
        {"server": [website.base], "Where is": ["env"], "Name of the variable": ["GUESTBOOK_TOKEN"]}
    )
    file = set_up(locate(str(tmp_path / "new")), person, ManualClock(), kind="guestbook")
    assert file is not None
    assert person.heard[0].startswith(WHERE_THE_TOKEN_IS)
    assert person.asked[0] == "server: the website, as in https://www.acme.example"
    assert not [question for question in person.asked if question.startswith(("days", "poll_s"))]
    assert person.heard[-2:] == ["Logged in as Ana.", "0 threads"]
    assert json.dumps(website.base) in file.read_text()


@pytest.mark.usefixtures("home")
def test_doctor_says_what_the_token_may_not_and_when_there_is_none(
    home: Home, website: FakeGuestbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    website.may_answer = False
    paths = locate(str(home.folder))
    said = [finding.what for finding in examine(paths, ManualClock()) if finding.what.startswith("book: ")]
    assert "book: This token may read, but not answer: make another" in said
    monkeypatch.setenv("GUESTBOOK_TOKEN", "another")
    (wrong,) = [one for one in examine(paths, ManualClock()) if one.what.startswith("book: ")]
    assert wrong.level == "bad"
    assert "no such token" in wrong.what
