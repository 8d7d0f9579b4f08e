"""What the README says of accounts, of servers, and of how an adapter is written is so."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.config.files import home
from tests.servers.installing import SERVERS
from tuidesk.desk.setup import write_account
from tuidesk.wire import registry

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLE = ROOT / "tests" / "example"
SERVICES = ("mastodon", "bluesky", "matrix", "telegram", "twilio", "chatwoot", "rt")


def section(heading: str) -> str:
    """From a heading to the next of its rank or above."""
    rank = heading.partition(" ")[0]
    rest = README.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"\n#{{2,{len(rank)}}} ", rest, maxsplit=1)[0]


def code(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


# --- accounts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SERVICES)
def test_an_account_file_of_the_readme_reads_well_with_everything_in_it(kind: str, tmp_path: Path) -> None:
    """Once as it stands, and once with all that is commented out."""
    (text,) = code(section(f"### {kind}"), "toml")
    whole = re.sub(r"^# (\w+ = (?:\[.*?\]|\S+)).*$", r"\1", text, flags=re.MULTILINE)
    assert "\n# " not in whole
    for name, table in (("short", tomllib.loads(text)), ("long", tomllib.loads(whole))):
        assert table["kind"] == kind
        assert write_account(home(tmp_path / name), name, table).exists()


def test_the_mailboxes_of_the_readme_read_well(tmp_path: Path) -> None:
    blocks = code(section("## Setting up a mailbox"), "toml")
    for text in blocks:
        name = text.partition(".toml")[0].rpartition("/")[2]
        assert write_account(home(tmp_path / name), name, tomllib.loads(text)).stem == name
    assert len(blocks) == 3


def test_every_kind_of_the_registry_is_told_of() -> None:
    for kind in registry.KINDS:
        assert f'kind = "{kind}"' in README or kind == "demo", kind
    table = section("## Setting up the other services")
    assert re.findall(r"^\| \[`(\w+)`\]", table, re.MULTILINE) == list(SERVICES)


def test_every_server_that_can_be_installed_is_named() -> None:
    shown = {"rt": "Request Tracker", "synapse": "Synapse", "atproto": "atproto", "prism": "Prism"}
    for name in SERVERS:
        assert shown.get(name, name) in README.partition("\n## ")[0], name


# --- the guide ------------------------------------------------------------------------------------


def test_what_the_guide_quotes_stands_in_the_example() -> None:
    guide = section("## A channel of your own: an adapter")
    files = ("tuidesk_guestbook.py", "test_guestbook.py")
    source = "\n\n".join((EXAMPLE / name).read_text("utf-8") for name in files)
    quoted = code(guide, "python")
    assert len(quoted) == 7
    for snippet in quoted:
        assert snippet in source, snippet
    for snippet in code(guide, "toml"):
        assert snippet in (EXAMPLE / "pyproject.toml").read_text("utf-8")


def test_the_guide_counts_the_examples_lines() -> None:
    lines = len((EXAMPLE / "tuidesk_guestbook.py").read_text("utf-8").splitlines())
    assert f"one module of {lines} lines" in " ".join(README.split())
    assert lines <= 200


def test_the_guide_names_every_error_and_every_method() -> None:
    guide = section("## A channel of your own: an adapter")
    for name in ("AuthFailed", "Rejected", "RateLimited", "Unavailable", "Unconfirmed", "Unsupported"):
        assert re.search(rf"^\| `{name}\W", guide, re.MULTILINE), name
    for name in ("check", "events", "perform", "find", "fetch", "aclose"):
        assert re.search(rf"^\| `{name}` \|", guide, re.MULTILINE), name


def test_a_stranger_has_the_contract_with_a_checkout_on_the_path(tmp_path: Path) -> None:
    theirs = tmp_path / "tuidesk-guestbook"
    shutil.copytree(EXAMPLE, theirs, ignore=shutil.ignore_patterns("__pycache__", "test_installed.py"))
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "recorded or reply"],
        cwd=theirs,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"^[5-9]\d* passed", done.stdout, re.MULTILINE), done.stdout
