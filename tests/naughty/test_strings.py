"""Naughty strings as name, subject, text, tag, file name, search, draft, reply: shown by the table, sent as typed."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.desk.home import desk_at, sync_once
from tests.domain.naughty import NAUGHTY
from tests.naughty.homes import Home, at, leave, press
from tests.naughty.stream import of_screen, without_sequences
from tests.naughty.table import FILES, TABLE
from tests.shared import SHARED
from tuidesk.config.paths import find
from tuidesk.desk import download, read
from tuidesk.desk.download import safe_name
from tuidesk.domain.commands import Reply, SaveDraft
from tuidesk.domain.query import parse
from tuidesk.errors import BadQuery

_LIST = None if SHARED is None else SHARED / "samples" / "unicode" / "blns" / "blns.json"
STRINGS: tuple[str, ...] = (
    *(string for string, *_ in TABLE),
    *(string for string, _ in NAUGHTY),
    *(name for name, _ in FILES),
    *(json.loads(_LIST.read_text("utf-8")) if _LIST is not None else ()),
)


def imported(folder: Path, strings: Sequence[str]) -> Home:
    """A home where each string is everything in a conversation of its own; `#n` is the n-th."""
    home = Home(folder)
    lines = []
    for number, string in enumerate(strings):
        of_it = {"at": at(number), "conversation": f"c{number}"}
        lines += [
            of_it
            | {
                "type": "received",
                "id": f"m{number}",
                "medium": "chat",
                "from": {"name": string, "handle": f"h{number}@x.example"},
                "subject": string,
                "text": string,
                "attachments": [{"name": string, "size": 1, "type": "text/plain", "ref": "r"}],
            },
            of_it | {"type": "tagged", "id": f"t{number}", "add": [string]},
        ]
    file = folder / "in.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    taken = home.run("import", str(file))
    assert taken.returncode == 0, taken.stderr
    assert taken.stderr == f"{len(lines):,} lines taken in, 0 skipped\n"
    return home


@pytest.fixture(scope="module")
def of_table(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return imported(tmp_path_factory.mktemp("table"), [string for string, *_ in TABLE])


@pytest.fixture(scope="module")
def of_all(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return imported(tmp_path_factory.mktemp("all"), STRINGS)


def test_the_list_shows_what_the_table_says(of_table: Home) -> None:
    listed = of_table.run("list", "all", "--limit", "1000")
    rows = {row.split()[0]: row for row in listed.stdout.split("\n") if row[:1].isdigit()}
    for number, (string, line, _) in enumerate(TABLE, 1):
        row = rows[str(number)]
        assert f"  chat    {line} " in row
        snippet = line if " ".join(string.split()) == string else ""  # blanks of any kind are one blank there
        assert f"[{line}] {line}: {snippet}" in row or "\t" in string  # whose stops are the row's


def test_a_thread_shows_what_the_table_says(of_table: Home) -> None:
    for number, (_, line, lines) in enumerate(TABLE, 1):
        if number % 4:
            continue  # a process each; the screen below shows them all
        shown = of_table.run("show", str(number)).stdout
        head, who, tags, blank, sender, *rest = shown.split("\n")
        assert head.startswith(f"#{number} {line}  open")
        assert who == f"{line} <h{number - 1}@x.example>, chat to imported"
        assert (tags, blank) == (f"tags: {line}", "")
        assert line.replace('"', '\\"').replace("\\", "\\\\") in sender or line in sender
        assert rest[: len(lines)] == [f"  {body}" for body in lines]
        assert rest[len(lines)] == f"  + {line}, 1 bytes, text/plain"


def test_the_screen_shows_what_the_table_says(of_table: Home) -> None:
    with of_table.screen() as terminal:
        terminal.until(rf"Open {len(TABLE)}\b")
        press(terminal, *"gA", "\x1b[H", "\r")
        seen: dict[str, str] = {}
        for _ in range(3 * len(TABLE)):  # once more where the machine is slow
            before = len(terminal.written)
            press(terminal, "\x0c")  # all of the screen is drawn again
            drawn = without_sequences(terminal.written[before:])
            heads = re.findall(r"#(\d+) ", drawn)
            if heads and heads[0] not in seen:
                seen[heads[0]] = drawn
                press(terminal, "J")
            if len(seen) == len(TABLE):
                break
        leave(terminal)
        assert of_screen(terminal.written, 80, 24).wrong == []
    for number, (_, line, lines) in enumerate(TABLE, 1):
        for wanted in (f"#{number} {line}", *lines):
            assert wanted in seen[str(number)], number


def _meant_as_text(string: str) -> str:
    """The string; in quotes where the language of queries has another use for it."""
    try:
        parse(string)
    except BadQuery:
        return '"' + string.replace('"', " ") + '"'
    return string


def test_every_string_can_be_searched_and_is_found(of_all: Home) -> None:
    with desk_at(find(str(of_all.path))) as desk:
        for number, string in enumerate(STRINGS, 1):
            found = desk.read(read.search, _meant_as_text(string), desk.clock.now(), 10_000).result()
            leaves_out = re.search(r"(?:^|\s)-\S", string)  # `-word` asks for what does not have it
            if re.search(r"[^\W_]", string) and not leaves_out:
                assert number in found, string


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("every", [50, pytest.param(1, marks=pytest.mark.long)])
def test_the_shell_searches_and_tags(of_all: Home, every: int) -> None:
    tags = set()
    for string in STRINGS[::every]:
        typed = string.encode(errors="replace").decode().replace("\0", "")
        searched = of_all.run("search", "--", typed)
        assert "Traceback" not in searched.stderr, string
        assert searched.returncode == (0 if typed == _meant_as_text(typed) else 2), string
        tagged = of_all.run("tag", "1", f"+{every} {typed}.")
        assert tagged.returncode == 0 or f"{every} {typed}." in tags, (string, tagged.stderr)
        tags.add(f"{every} {typed}.")
    shown = json.loads(of_all.run("show", "1", "--json").stdout.partition("\n")[0])
    assert tags <= set(shown["tags"])


def test_the_screen_searches(of_all: Home) -> None:
    with of_all.screen() as terminal:
        terminal.until(r"(?m)^> ")
        for string, *_ in TABLE[::5]:
            press(
                terminal, "/", f"\x1b[200~{string.encode(errors='replace').decode()}\x1b[201~", "\r", "\x1b"
            )
        leave(terminal)
        assert of_screen(terminal.written, 80, 24).wrong == []


@pytest.mark.parametrize(("name", "file"), FILES)
def test_a_safe_name(name: str, file: str) -> None:
    assert safe_name(name) == file


def test_every_string_makes_a_safe_name() -> None:
    for string in STRINGS:
        name = safe_name(string)
        assert name
        assert len(name.encode()) <= 120
        assert not re.search(r"[\x00-\x1f\x7f-\x9f/\\\u202a-\u202e\u2066-\u2069]|^[.-]|[ .]$", name), string
        assert safe_name(name) == name


def test_files_of_every_name_are_saved_in_their_folder(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    message = {
        "type": "received",
        "id": "a",
        "at": at(1),
        "medium": "chat",
        "conversation": "c",
        "text": "files",
    }
    files = [{"name": name, "size": 1, "type": "x/y", "ref": f"r{n}"} for n, (name, _) in enumerate(FILES)]
    home.pipe("shop", [message | {"from": {"name": "Dana", "handle": "dana"}, "attachments": files}], "fine")
    folder = tmp_path / "deep" / "down" / "Downloads"
    with desk_at(find(str(home.path))) as desk:
        assert sync_once(desk) == {}
        saved = [
            download.save(desk, 1, f"r{n}", name, folder).result(20) for n, (name, _) in enumerate(FILES)
        ]
    assert {path.parent for path in saved} == {folder}
    assert {path.name for path in saved} == {file for _, file in FILES} | {"attachment (2)"}
    assert sorted(
        path.name for path in tmp_path.rglob("*") if path.is_file() and path.parent == folder
    ) == sorted(path.name for path in saved)
    assert {path.stat().st_mode & 0o777 for path in saved} == {0o600}


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.long)])
def test_what_is_typed_is_what_is_kept_and_sent(tmp_path: Path, every: int) -> None:
    home = Home(tmp_path)
    message = {
        "type": "received",
        "id": "a",
        "at": at(1),
        "medium": "chat",
        "conversation": "c",
        "text": "hello",
    }
    home.pipe("shop", [message | {"from": {"name": "Dana", "handle": "dana"}}], "fine")
    texts = [
        string
        for string in STRINGS[::every]
        if string.strip() and not re.search("reject|lose|[\ud800-\udfff]", string)
    ]
    with desk_at(find(str(home.path))) as desk:
        assert sync_once(desk) == {}
        for text in texts:
            desk.do(SaveDraft(conversation=1, mode="reply", text=text)).result()
            kept = desk.read(read.thread, 1, desk.clock.now()).result().drafts
            assert [draft.text for draft in kept] == [text]
            desk.do(Reply(conversation=1, text=text)).result()
        sync_once(desk)
    done = [json.loads(line) for line in home.ledger.read_text().split("\n") if line]
    sent = [command["text"] for command in done if command["type"] == "reply"]
    assert sent == texts
