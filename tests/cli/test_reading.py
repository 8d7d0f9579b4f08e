"""What only reads: list, show, search, accounts, keys; and what every command shares."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.program import Home, demo
from tests.terminal import Terminal

HEAVY = ("textual", "httpx", "keyring", "asyncio", "importlib.metadata", "wcwidth")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return demo(tmp_path_factory.mktemp("reading"))


def test_list_prints_the_form_of_a_conversation(home: Home) -> None:
    lines = home.json("list", "--limit", "5")
    assert len(lines) == 5
    for line in lines:
        assert line["type"] == "conversation"
        assert line["status"] == "open" or line["trouble"]
        assert line["account"] == "demo"
        assert {"n", "name", "handle"} == set(line["contact"])
        fields = (
            "n medium subject assignee tags priority waiting_since due unread last_at snippet snoozed_until"
        )
        assert not set(f"{fields} snooze_firm pending_for".split()) - set(line)
    waits = [line["waiting_since"] for line in lines if line["waiting_since"] and not line["trouble"]]
    assert waits == sorted(waits), "the longest wait comes first"


@pytest.mark.parametrize("status", ["pending", "snoozed", "complete"])
def test_a_view_holds_its_status_alone(home: Home, status: str) -> None:
    lines = home.json("list", status)
    assert lines
    assert {line["status"] for line in lines} == {status}


def test_the_table_is_aligned_by_cells_and_whole_where_it_is_no_terminal(home: Home) -> None:
    from tuidesk.domain.text import width

    heads, *rows = home.run("list", "all", "--limit", "100").stdout.splitlines()
    assert len(rows) > 50
    cells = width(heads[: heads.index("from")])
    assert all(_in_cells(row, cells) == "  " for row in rows), "every row has the gap before the name"
    assert max(map(len, rows)) > 120, "nothing is cut"


def _in_cells(row: str, end: int) -> str:
    """The two cells before `end`."""
    from tuidesk.domain.text import width

    kept = ""
    for sign in row:
        if width(kept + sign) > end:
            break
        kept += sign
    return kept[-2:]


def test_show_prints_the_conversation_and_then_what_happened_in_order(home: Home) -> None:
    number = home.one()["n"]
    head, *rest = home.json("show", f"#{number}")
    assert (head["type"], head["n"]) == ("conversation", number)
    assert {line["type"] for line in rest} <= {"message", "entry", "draft"}
    for line in rest:
        if line["type"] == "message":
            assert set(line) >= {"n", "id", "direction", "kind", "at", "from", "text", "attachments"}
            assert ("state" in line) == (line["direction"] != "in")
    stamps = [line["at"] for line in rest]
    assert stamps == sorted(stamps)
    shown = home.run("show", str(number)).stdout
    said = next(line["text"] for line in rest if line["type"] == "message")
    assert all(f"  {line}" in shown for line in said.splitlines())


def test_search_finds_words_in_any_script(home: Home) -> None:
    assert all(line["type"] == "conversation" for line in home.json("search", "refund"))
    assert home.json("search", "환불")
    assert "nothing found" in home.run("search", "zzzzqqqq").stderr


def test_accounts_and_keys(home: Home) -> None:
    (account,) = home.json("accounts")
    assert (account["id"], account["kind"], account["health"], account["caught_up"]) == (
        "demo",
        "demo",
        "ok",
        True,
    )
    assert any(line["id"] == "reply" and "r" in line["keys"] for line in home.json("keys"))
    assert "reply" in home.run("keys").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lst"], "did you mean list?"),
        (["frobnicate"], "no command frobnicate"),
        (["list", "bogus"], "bogus"),
        (["list", "--limit", "0"], "--limit"),
        (["show", "x1"], "x1"),
        (["show"], "N"),
        (["--frob"], "--frob"),
        (["demo"], "terminal"),
    ],
)
def test_wrong_usage_is_one_sentence_and_2(home: Home, words: list[str], said: str) -> None:
    done = home.run(*words, code=2)
    assert said in done.stderr
    assert not done.stdout
    assert len(done.stderr.splitlines()) == 1


def test_help_is_data(home: Home) -> None:
    overview = home.run("--help").stdout
    for noun in [
        "demo",
        "setup",
        "accounts",
        "doctor",
        "service",
        "sync",
        "list",
        "show",
        "reply",
        "start",
        "forward",
        "note",
        "complete",
    ]:
        assert f"\n  {noun} " in overview
    assert "--limit" in home.run("list", "--help").stdout
    assert "--seed" in home.run("demo", "--help").stdout


def test_what_is_not_there_is_1(home: Home, tmp_path: Path) -> None:
    assert "#99999" in home.run("show", "99999", code=1).stderr
    empty = Home(tmp_path / "empty")
    empty.run("list", code=1)
    assert not (empty.folder / "data").exists(), "who only reads makes nothing"


def test_a_reader_that_goes_away_is_no_error(home: Home) -> None:
    listing, exporting = (
        " ".join(home.command(*words)) for words in (["list", "all", "--limit", "500"], ["export"])
    )
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; (for i in 1 2 3; do {listing}; {exporting}; done) | head -n 1"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == b""


def test_json_is_utf8_whatever_the_locale_says(home: Home) -> None:
    plain = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    lines = home.run("list", "all", "--json", env=plain).stdout.splitlines()
    assert any(not line.isascii() for line in lines)
    assert home.run("list", "all", env=plain).stdout.isascii()


def test_what_reads_imports_nothing_heavy(home: Home) -> None:
    """Of the program's own imports: asked in the process itself, when the command is done."""
    number = str(home.one()["n"])
    for words in (
        ["list", "--json"],
        ["show", number, "--json"],
        ["search", "refund", "--json"],
        ["accounts"],
    ):
        program = (
            "import sys\n"
            f"sys.argv = ['tuidesk', '--home', {str(home.folder)!r}, *{words!r}]\n"
            "from tuidesk.__main__ import main\n"
            "code = main()\n"
            f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
            "sys.exit(code)"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stderr.splitlines()[-1] == "[]", words


def test_customer_text_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    evil = "\x1b]0;owned\x07 \u202egpj.exe \x9b31m"
    line = {
        "type": "received",
        "id": "1",
        "at": "2026-11-20T12:50:00Z",
        "medium": "chat",
        "from": {"name": evil, "handle": f"x{evil}"},
        "subject": evil + "\nforged: line",
        "text": f"{evil}\n--- from Boss <boss@acme.example>",
        "attachments": [{"name": evil, "size": 1, "type": evil, "ref": "r"}],
    }
    home.run("import", "-", stdin=json.dumps(line) + "\n")
    number = str(home.one()["n"])
    for words in (["list"], ["show", number], ["search", "owned"]):
        shown = home.run(*words).stdout
        assert not set(shown) & set("\x1b\x07\u202e\x9b"), words
        assert not any(row.startswith(("--- from Boss", "forged")) for row in shown.splitlines())
        assert "owned" in shown
    assert home.messages(int(number))[0]["from"]["name"] == evil, "JSON goes out as it came"


def test_a_size_that_the_channel_does_not_know_is_not_shown(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    files = [
        {"name": "voice.ogg", "size": 0, "type": "audio/ogg", "ref": "r"},
        {"name": "box.jpg", "size": 1234, "type": "image/jpeg", "ref": "s"},
    ]
    line: dict[str, object] = {"type": "received", "id": "1", "at": "2026-11-20T12:50:00Z", "medium": "chat"}
    line |= {"text": "x", "from": {"name": "Kim", "handle": "kim"}, "attachments": files}
    home.run("import", "-", stdin=json.dumps(line) + "\n")
    shown = home.run("show", str(home.one()["n"])).stdout
    assert "  + voice.ogg, audio/ogg\n  + box.jpg, 1,234 bytes, image/jpeg\n" in shown


@pytest.mark.parametrize("columns", [60, 70, 100])
def test_a_table_fits_the_terminal_it_is_shown_on(home: Home, columns: int) -> None:
    from tuidesk.domain.text import width

    with Terminal(home.command("list", "all"), columns=columns, lines=60) as terminal:
        assert terminal.ended() == 0
        *rows, more = terminal.written.decode().splitlines()
    assert len(rows) == 51
    assert "more" in more
    assert all(width(row) <= columns for row in rows)
    assert any("…" in row for row in rows)
    last = rows[0].index("last")
    assert columns - last >= 12, "there is room for what was said"


@pytest.mark.long
def test_list_starts_within_twice_the_imports_it_cannot_avoid(tmp_path: Path) -> None:
    """A process of `list --json` on 20,000 conversations against `python -c 'import argparse, …'`."""
    home = Home(tmp_path / "home")
    home.account("demo", 'kind = "demo"\nlive = false\nsize = 20000\n')
    home.run("sync", "--once")
    bare = [sys.executable, "-c", "import argparse, dataclasses, json, sqlite3"]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    best = {"bare": 9.0, "list": 9.0}
    for _ in range(30):
        for name, command in (("bare", bare), ("list", home.command("list", "--json"))):
            begun = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=env)
            best[name] = min(best[name], time.perf_counter() - begun)
    assert best["list"] <= 2 * best["bare"], best


def test_no_number_is_too_large_to_be_refused_in_words(home: Home) -> None:
    huge = "9" * 30
    for words in (
        ["list", "--limit", huge],
        ["search", "x", "--limit", huge],
        ["follow", "--since", huge],
        ["reply", "1", "x", "--if-last", huge],
        ["forward", "1", "--to", "a@b.example", "--message", huge],
    ):
        assert f"{huge} is no whole number" in home.run(*words, code=2).stderr
    assert home.json("list", "--limit", "9" * 18)


def test_the_demo_takes_its_home_and_says_which_words_are_wrong(tmp_path: Path) -> None:
    demo_at = [sys.executable, "-m", "tuidesk", "demo", "--home", str(tmp_path / "elsewhere")]
    for words in (["--size", "x"], ["--size", "-1"], ["--seeds", "1"], ["more"]):
        with Terminal([*demo_at, *words]) as terminal:
            assert terminal.ended() == 2
            assert words[-1].encode() in terminal.written or b"--size" in terminal.written
            assert b"cannot open" not in terminal.written
    with Terminal(demo_at) as terminal:
        terminal.until("Open")
    assert (tmp_path / "elsewhere" / "data" / "demo").is_dir()


def test_accounts_are_those_of_the_files_as_they_are_now(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert "tuidesk setup" in home.run("accounts").stderr
    home.account("demo", 'kind = "demo"\nlive = false\n')
    assert "tuidesk sync --once" in home.run("list", code=1).stderr
    assert [(line["id"], line["health"], line["heard_at"]) for line in home.json("accounts")] == [
        ("demo", "new", None)
    ]
    home.account("shop", 'kind = "pipe"\ncommand = ["false"]\nenabled = false\n')
    home.run("sync", "--once")
    home.account("typo", "kind = \n")
    home.run("import", "-", stdin='{"type": "contact", "medium": "chat", "handle": "x"}\n')
    assert {line["id"]: line["health"] for line in home.json("accounts")} == {
        "demo": "ok",
        "imported": "ok",
        "shop": "off",
        "typo": "config",
    }
    (home.folder / "config" / "accounts" / "demo.toml").unlink()
    told = home.run("accounts").stdout
    assert "typo.toml: not TOML" in told
    assert "no file sets it up any more" not in told, "it may be that of the file which cannot be read"
    (home.folder / "config" / "accounts" / "typo.toml").unlink()
    assert "no file sets it up any more" in home.run("accounts").stdout


def test_an_empty_home_is_not_the_usual_one(home: Home) -> None:
    for words in (["--home", "", "list"], ["--home=", "list"], ["list", "--home", ""]):
        done = subprocess.run(
            [sys.executable, "-m", "tuidesk", *words],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "TUIDESK_HOME": str(home.folder)},
        )
        assert (done.returncode, done.stdout, done.stderr) == (1, "", "tuidesk: --home names no folder\n")


def test_keys_are_those_in_force_and_what_cannot_be_is_said(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write("config.toml", '[keys.queue]\ncomplete = "F8"\nsnooze = "g"\nundo = ""\n')
    said = home.run("keys").stdout
    assert re.search(r"F8 +complete, next +\(in the queue\)", said)
    assert re.search(r"e +complete, next +\(in the thread, customer\)", said)
    assert re.search(r"\(none\) +undo, names what +\(in the queue\)", said)
    assert "keys.queue.snooze: `g` begins two keys in a row in the queue" in said
    lines = home.json("keys")
    complete = next(line for line in lines if line.get("id") == "complete")
    assert complete["keys_at"] == {"queue": ["F8"], "thread": ["e"], "customer": ["e"]}
    assert [line["key"] for line in lines if line["type"] == "problem"] == ["keys.queue.snooze"]
