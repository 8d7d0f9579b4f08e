"""Copies, pipes, saved files."""

import base64
import json
import re
from pathlib import Path

import pytest

from tests.tui.desks import demo, demo_screen, keys, screen, text, until
from tests.tui.outside import written
from tests.tui.run import on_screen
from tuidesk.desk import outward
from tuidesk.tui.screens.output import Output


def copied(sequences: list[str]) -> str:
    found = re.match("\x1b\\]52;c;([A-Za-z0-9+/=]+)\x07", sequences[-1])
    assert found is not None
    return base64.b64decode(found[1]).decode()


@on_screen
async def test_number_and_text_are_copied_and_shown(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        out = written(app, "]52;")
        row = app.desk_screen.queue.row
        assert row is not None
        await keys(pilot, "y")
        await until(lambda: bool(out))
        assert copied(out) == f"#{row.n} {row.name} <{row.handle}>" if row.name else f"#{row.n} {row.handle}"
        assert f"copied, if your terminal takes it: #{row.n}" in text(app)
        await keys(pilot, "enter")
        await until(lambda: app.desk_screen.thread.current is not None)
        message = app.desk_screen.thread.current
        assert message is not None
        await keys(pilot, "Y")
        await until(lambda: len(out) == 2)
        assert copied(out) == message.text.strip("\n")


def test_a_copy_is_one_string_of_ours_whatever_is_in_it() -> None:
    text_ = "a\x1b\\\x07\x1b]0;x\x07\n환불"
    plain = outward.copied(text_, {"TERM": "xterm-256color"})
    assert re.fullmatch("\x1b\\]52;c;[A-Za-z0-9+/=]+\x07", plain)
    assert copied([plain]) == text_
    assert len(outward.copied("x" * 1_000_000, {})) < 75_000


def test_through_tmux_and_screen() -> None:
    sequence = "\x1b]9;hello\x07"
    assert outward.passed_through(sequence, {"TERM": "xterm"}) == ""
    assert outward.passed_through(sequence, {"TMUX": "x"}) == "\x1bPtmux;\x1b\x1b]9;hello\x07\x1b\\"
    assert outward.passed_through(sequence, {"STY": "x"}) == "\x1bP\x1b]9;hello\x07\x1b\\"
    long = outward.passed_through("\x1b]52;c;" + "A" * 2000 + "\x07", {"STY": "x"})
    pieces = re.findall("\x1bP(.*?)\x1b\\\\", long, re.S)
    assert "".join(pieces) == "\x1b]52;c;" + "A" * 2000 + "\x07"
    assert max(map(len, pieces)) < 768
    assert outward.copied("a", {"TMUX": "x"}) == "\x1b]52;c;YQ==\x07\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\"


def test_a_name_ends_no_notification() -> None:
    for kind in ("9", "777"):
        said = outward.notice("tuidesk: 1 new, a\x07b\x1b]0;x\x07;c\u202e", kind, {})
        assert said.count("\x07") == 1
        assert said.count("\x1b") == 1
        assert said.endswith("\x07")
        assert "\u202e" not in said
    assert outward.notice("a;b", "777", {}) == "\x1b]777;notify;tuidesk;a,b\x07"


@on_screen
async def test_a_conversation_goes_through_a_program(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        n = app.desk_screen.queue.current
        await keys(pilot, "|")
        assert f"Pipe #{n} to:" in text(app)
        await keys(pilot, *"head -c 20", "enter")
        await until(lambda: isinstance(app.screen, Output))
        await until(lambda: f"#{n} " in text(app) and "head -c 20" in text(app))
        await keys(pilot, "escape", "|")
        await until(lambda: "head -c 20 (Enter: once more)" in text(app))
        out = tmp_path / ("out" + "x" * 60)
        await keys(pilot, *f"json:sh -c 'cat > {out}'", "enter")
        await until(lambda: "…: done, it printed nothing." in text(app))
        lines = [json.loads(line) for line in out.read_text().splitlines()]
        assert lines[0]["type"] == "conversation"
        assert {line["type"] for line in lines} >= {"received"}
        assert lines[0]["desk"]["n"] == n


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("no-such-program-here", "cannot be started"),
        ("cat 'x", "cannot be read as a program"),
        ("sh -c 'printf \"\\033]0;owned\\007[b]x[/b]\"; exit 3'", "exit code 3"),
        ("echo $HOME; ls", "$HOME; ls"),
    ],
)
@on_screen
async def test_what_a_program_does_is_shown_and_nothing_of_it_acts(
    tmp_path: Path, typed: str, said: str
) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await keys(pilot, "|")
        app.desk_screen.prompt._line.value = typed
        await keys(pilot, "enter")
        await until(lambda: said in text(app))
        assert "\x1b" not in text(app)
        if "owned" in typed:
            assert "]0;owned" in text(app)
            assert "[b]x[/b]" in text(app)


@on_screen
async def test_a_saved_file_is_fetched_by_scp_and_opened_when_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 5000 192.0.2.2 22")
    paths = demo(tmp_path / "desk")
    paths.config_toml.write_text(
        f'download = "{tmp_path / "saved"}"\n[open]\ncommand = ["false"]\n'
        '[open.types]\n"application/*" = ["echo", "opened {} with this"]\n' + paths.config_toml.read_text()
    )
    async with screen(paths) as (app, pilot):
        desk = app.desk_screen
        await until(lambda: len(desk.queue.picture or ()) > 30)
        await keys(pilot, "D")
        assert "No file has been saved yet" in text(app)
        rows = await desk.ask(_with_file)
        desk.moving.open_conversation(rows)
        await until(lambda: desk.thread.conversation == rows)
        for _ in range(30):
            await keys(pilot, "d")
            if "No file at the cursor" not in text(app):
                break
            await keys(pilot, "k")
        await until(lambda: "saved as" in desk.telling.notice[0])
        (saved,) = (tmp_path / "saved").iterdir()
        assert "D says how to fetch it" in desk.telling.notice[0], "a line that is cut fetches nothing"
        assert "D opens it with echo" in desk.telling.notice[0]
        assert len(app.screen_stack) == 1, "nothing is opened by itself"
        out = written(app, "]52;")
        await keys(pilot, "D")
        await until(lambda: "open it here, with echo" in text(app))
        assert "scp " in text(app)
        await pilot.pause(0.4)
        await keys(pilot, "y")
        await until(lambda: bool(out))
        assert copied(out).startswith("scp ")
        assert copied(out).endswith(f":{saved} .")
        await keys(pilot, "D")
        await pilot.pause(0.4)
        await keys(pilot, "o")
        await until(lambda: isinstance(app.screen, Output))
        await until(lambda: f"opened {saved} with this" in text(app).replace("\n", ""))


def _with_file(connection: object) -> int:
    query = "SELECT m.conversation FROM attachment a JOIN message m ON m.id = a.message WHERE a.type LIKE ? LIMIT 1"
    return int(connection.execute(query, ("application/%",)).fetchone()[0])  # type: ignore[attr-defined]
