"""Every command of the shell that shows what strangers wrote, on a terminal: nothing of theirs acts there."""

import json
from pathlib import Path

import pytest

from tests.naughty.canaries import ALL, CANARIES, events
from tests.naughty.homes import Home, at, leave, settle
from tests.naughty.stream import of_screen

_COUNT = len(CANARIES)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Canaries in every field, an account that is refused in canaries, and a program that answers in them."""
    home = Home(tmp_path_factory.mktemp("canaries"))
    home.pipe("shop", events(_COUNT, at), ALL)
    home.pipe("locked", [], ALL, "--no-login")
    synced = home.run("sync", "--once")
    assert synced.returncode == 3, synced.stderr
    assert len(home.numbers()) == _COUNT
    return home


@pytest.mark.parametrize(
    ("words", "code", "holds"),
    [
        (("list", "all"), 0, "␛[?1049lDana 0"),
        (("list", "pending"), 0, "<U+202E>canary"),
        (("list", "check"), 0, "␛[8;77m"),
        (("search", "canary"), 0, "␛]0;canary"),
        (("accounts",), 0, "␛[?1049l"),
        (("doctor",), 1, "␛]52;c;Y2FuYXJ5␛\\"),
        (("sync", "--once"), 3, "<U+009B>777;777H"),
        (("list", "all", "--json"), 0, "\\u009d0;canary"),
        (("search", "canary", "--json"), 0, "\\u202ecanary"),
        (("show", "10", "--json"), 0, "\\u2066canary"),
        (("accounts", "--json"), 0, "\\u009b777;777H"),
        (("doctor", "--json"), 1, "\\u2028canary"),
        (("export",), 0, "\\u2029canary"),
        (("report", "--by", "medium", "--compare"), 0, "␛[8;77m"),
        (("report", "--pictures"), 0, "␛]0;canary"),
        (("report", "--by", "tag", "--format", "csv"), 0, "␛[?1049l"),
        (("report", "--pictures", "--format", "markdown"), 0, "\\<U+202E\\>canary"),
        (("report", "--by", "person", "--format", "html"), 0, "␛]52;c;Y2FuYXJ5␛"),
        (("report", "--by", "person", "--json", "--pictures"), 0, "\\u2066canary"),
    ],
)
def test_what_strangers_wrote(home: Home, words: tuple[str, ...], code: int, holds: str) -> None:
    ended, text, verdict = home.on_terminal(*words)
    assert (ended, verdict.wrong) == (code, [])
    assert holds in text


def test_every_conversation(home: Home) -> None:
    for number in home.numbers():
        if number % 5:
            continue  # each takes a process; every canary stands in the tenth
        code, text, verdict = home.on_terminal("show", str(number))
        assert (code, verdict.wrong) == (0, []), number
        assert f"Html {number - 1}" in text


def test_json_on_a_terminal_is_the_same_json(home: Home) -> None:
    _, text, _ = home.on_terminal("show", "10", "--json")
    plain = home.run("show", "10", "--json").stdout
    assert [json.loads(line) for line in text.split("\n") if line] == [
        json.loads(line) for line in plain.split("\n") if line
    ]


def test_what_is_typed_comes_back_harmless(home: Home) -> None:
    typed = ALL.encode(errors="replace").decode().replace("\0", "")
    for words in (("search", f'{typed}"'), (f"frob{typed}",), ("show", typed), ("list", typed)):
        _, _, verdict = home.on_terminal(*words)
        assert verdict.wrong == [], words


def test_what_the_service_answers(home: Home) -> None:
    for words, code, holds in (
        (("reply", "1", "reject this"), 1, "␛]0;canary␇"),
        (("reply", "4", "lose this"), 5, "␛]0;canary␇"),
        (("reply", "1", "a fine answer"), 3, "␛]0;canary␇"),  # a copy that was not taken
        (("note", "1", ALL.encode(errors="replace").decode().replace("\0", "")), 3, ""),
        (("complete", "3"), 1, "␛]0;canary␇"),
        (("tag", "1", "+\x1b[8;77m"), 0, "␛[8;77m"),
        (("reply", "10", "hello", "--dry-run"), 0, "␛]0;canary␇"),
        (("undo",), None, ""),
    ):
        ended, text, verdict = home.on_terminal(*words)
        assert verdict.wrong == [], words
        assert code in (None, ended), (words, text)
        assert holds in text, words


@pytest.mark.parametrize(
    "written",
    [
        {"accounts/shop.toml": '"\\u001b[8;77m\\u009b" = 1\nkind = "\\u202e\\u001b]0;x\\u0007"\n'},
        {"accounts/shop.toml": 'kind = "pipe"\ncommand = ["/nowhere/\\u001b[8;77m\\u009b"]\n'},
        {"config.toml": '"\\u001b[8;77m\\u009b\\u202e" = 1\n[agent'},
        {"config.toml": '[agent]\nname = "Ana"\n"\\u001b[8;77m\\u009b\\u202e" = 1\n'},
    ],
    ids=["kind", "command", "broken", "unknown"],
)
def test_a_config_that_is_wrong(tmp_path: Path, written: dict[str, str]) -> None:
    home = Home(tmp_path)
    home.account("fine", 'kind = "demo"\nlive = false\n')
    for name, text in written.items():
        path = tmp_path / "config" / name
        path.write_text(text)
        path.chmod(0o600)
    for words in (("sync", "--once"), ("accounts",), ("doctor",)):
        _, _, verdict = home.on_terminal(*words)
        assert verdict.wrong == [], words
    with home.screen() as terminal:
        settle(terminal, 1.0)
        if terminal.process.poll() is None:
            leave(terminal)
        assert of_screen(terminal.written, 80, 24).wrong == []
        assert "crashed" not in terminal.text
