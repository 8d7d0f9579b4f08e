"""Keys that come in one read, or a few milliseconds apart, act in the order they were typed. In a real terminal."""

import asyncio
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from textual.events import Key, Paste
from textual.message import Message
from textual.widget import Widget

from tests.terminal import Terminal
from tests.tui.desks import demo, demo_screen, until
from tests.tui.run import on_screen
from tuidesk.config.paths import Paths
from tuidesk.desk import read
from tuidesk.tui.terminal import BehindEsc, Burst, KeyReader, marked
from tuidesk.tui.turnstile import LIMIT_S

_RUN = """
import sys
from pathlib import Path
from random import Random
from tuidesk.config.paths import Paths
from tuidesk.desk.desk import Desk
from tuidesk.tui.app import run
home = Path(sys.argv[1])
sys.exit(run(Desk.open(Paths(home / "config", home / "data", home / "state"))))
"""
BACKSPACE, TAB, SHIFT_TAB, ESC = "\x7f", "\t", "\x1b[Z", "\x1b"
PAUSE = 0.4
"""Longer than it takes to be sure that an ESC was a key."""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return demo(tmp_path)


@pytest.fixture
def terminal(paths: Paths) -> Iterator[Terminal]:
    """The queue, in a real terminal."""
    with Terminal([sys.executable, "-c", _RUN, str(paths.config.parent)], columns=120, lines=36) as terminal:
        terminal.until(r"r reply")
        terminal.until(r"wait \d")
        yield terminal


def written_at_last(terminal: Terminal, paths: Paths, expected: str) -> None:
    """The one draft has become this text, and stays so."""
    until_then = time.monotonic() + 5
    while drafts(paths) != [expected] and time.monotonic() < until_then:
        terminal.pump(0.1)
    terminal.pump(0.6)
    assert drafts(paths) == [expected]


def rows(paths: Paths, query: str) -> list[tuple[str, ...]]:
    connection = read.connect(paths)
    try:
        return [tuple(row) for row in connection.execute(query)]
    finally:
        connection.close()


def drafts(paths: Paths) -> list[str]:
    return [text for (text,) in rows(paths, "SELECT text FROM draft WHERE archived_at IS NULL")]


def done(paths: Paths) -> list[str]:
    """What was done from the screen, as the journal of undo calls it."""
    return [words for (words,) in rows(paths, "SELECT words FROM step WHERE door = 'screen'")]


def compose(terminal: Terminal, key: str = "r", shown: str = "REPLY") -> None:
    terminal.send(key)
    terminal.until(shown)
    terminal.pump(PAUSE)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("teh" + 2 * BACKSPACE + "he", "the"),
        ("abc\x15de", "de"),  # Ctrl+U: to the start of the line
        ("abc\x1b[D\x1b[Dx", "axbc"),
        ("ab\x1b[Hc\x1b[Fd", "cabd"),
        ("aba\x1b[1;5Db", "baba"),  # Ctrl+Left: back by a word
        ("ab\x1a" + "c", "c"),  # Ctrl+Z: undo
        ("ab\rba\x1b[Ac", "abc\nba"),
        ("abab" * 60 + BACKSPACE * 59 + "b", "abab" * 45 + "ab"[:1] + "b"),
    ],
)
def test_one_read_in_a_reply(terminal: Terminal, paths: Paths, typed: str, expected: str) -> None:
    compose(terminal)
    terminal.send(typed)
    written_at_last(terminal, paths, expected)


def test_keys_a_few_milliseconds_apart(terminal: Terminal, paths: Paths) -> None:
    compose(terminal)
    for key in ("abab", "\x15", "t", "e", "h", BACKSPACE, BACKSPACE, "h", "e"):
        terminal.send(key)
        terminal.pump(0.002)
    written_at_last(terminal, paths, "the")


def test_a_burst_of_three_hundred_keys(terminal: Terminal, paths: Paths) -> None:
    """A word, a mistake, its correction, over and over: what a line that hung sends all at once."""
    compose(terminal)
    terminal.send(
        "the teh" + 2 * BACKSPACE + "he quick brown fo" + BACKSPACE + "ox, " + ("ab" + BACKSPACE) * 90
    )
    written_at_last(terminal, paths, "the the quick brown fox, " + "a" * 90)


def test_a_reply_typed_before_its_field_is_there(terminal: Terminal, paths: Paths) -> None:
    terminal.send("rteh" + 2 * BACKSPACE + "he")
    written_at_last(terminal, paths, "the")


def test_tab_and_what_is_typed_behind_it(terminal: Terminal, paths: Paths) -> None:
    compose(terminal, "f", "FORWARD")
    terminal.send("bo@x" + TAB + "c@x" + SHIFT_TAB + "b")
    terminal.pump(1.2)
    ((stored,),) = rows(paths, "SELECT recipients FROM draft WHERE archived_at IS NULL")
    recipients = json.loads(stored)
    assert (recipients["to"], recipients["cc"]) == ("bo@xb", "c@x")


def test_a_prompt_takes_what_is_typed_behind_its_key_and_no_more(terminal: Terminal, paths: Paths) -> None:
    compose(terminal)
    terminal.send("a\x06ab\x15cd")  # Ctrl+F: which file
    terminal.until(r"\bcd\b")
    terminal.send(ESC)
    terminal.pump(PAUSE)
    terminal.send("b")
    written_at_last(terminal, paths, "ab")


def test_ctrl_u_in_the_search(terminal: Terminal) -> None:
    terminal.send("/")
    terminal.until("Search:")
    terminal.send("abba\x15refun" + BACKSPACE + "nd\r")
    terminal.until(r"\[Search “refund”")


def test_a_paste_stays_between_its_neighbours(terminal: Terminal, paths: Paths) -> None:
    compose(terminal)
    terminal.send("ab" + BACKSPACE + "\x1b[200~pasted, whole\x1b[201~" + BACKSPACE + "a")
    written_at_last(terminal, paths, "apasted, whola")


def test_ctrl_s_and_a_letter(terminal: Terminal, paths: Paths) -> None:
    """The letter was typed at a text that is leaving: it is no part of it, and answers nothing."""
    compose(terminal)
    terminal.type("hello")
    terminal.send("\x13e")
    terminal.until("e complete, next")
    terminal.pump(0.6)
    (words,) = done(paths)
    assert words.startswith("reply")
    ((text,),) = rows(paths, "SELECT text FROM message WHERE direction = 'out' ORDER BY id DESC LIMIT 1")
    assert text.strip() == "hello"


def test_a_lone_key_and_a_key_held_down_are_not_slower(terminal: Terminal) -> None:
    """Two hundred `j` at once are through in less than the limit would take for a few of them."""
    began = time.monotonic()
    terminal.send("j" * 100 + "k" * 100 + "?")
    terminal.until("Keys")
    assert time.monotonic() - began < 200 * LIMIT_S / 10


# Esc and a letter


def test_esc_and_a_letter_leave_the_composer(terminal: Terminal, paths: Paths) -> None:
    compose(terminal)
    terminal.type("abc")
    terminal.send(ESC + "j")
    terminal.pump(PAUSE)
    assert "REPLY" not in terminal.text
    assert "look like Alt" not in terminal.text, "a letter that only moves is obeyed"
    assert drafts(paths) == ["abc"]


@pytest.mark.parametrize("letter", ["e", "b", "f", "1", "\r", "O"])
def test_what_changes_something_is_not_obeyed_behind_esc(
    terminal: Terminal, paths: Paths, letter: str
) -> None:
    """Alt and that letter look the same."""
    compose(terminal)
    terminal.type("abc")
    terminal.send(ESC + letter)
    terminal.until("does nothing here" if letter == "1" else "look like Alt")
    assert "REPLY" not in terminal.text
    assert "FORWARD" not in terminal.text
    assert drafts(paths) == ["abc"]
    assert done(paths) == []


def test_esc_and_letters_leave_the_help(terminal: Terminal) -> None:
    terminal.send("?")
    terminal.until("Keys")
    terminal.pump(PAUSE)
    terminal.send(ESC + "jj")
    terminal.until("r reply")


def heard(*reads: str, pause: bool = True) -> list[tuple[str, str | None, type[Message]]]:
    reader = KeyReader()
    found = [message for data in reads for message in marked(list(reader.messages(data)))]
    if pause:
        time.sleep(0.12)
        found += marked(list(reader.tick()))
    return [(m.key, m.character, type(m)) for m in found if isinstance(m, Key)]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (ESC, ["escape"]),
        (ESC + ESC, ["escape", "escape"]),
        ("\x1b[A", ["up"]),
        ("\x1bOA", ["up"]),
        ("\x1bOP", ["f1"]),
        ("\x1b[1;3D", ["alt+left"]),
        ("\x1b[1;5C", ["ctrl+right"]),
        ("\x1b[Z", ["shift+tab"]),
        ("\x1b\x7f", ["ctrl+w"]),
        ("\x1b[27u", ["escape"]),
        ("\x1b[106;3u", ["alt+j"]),
        ("\x1b[106;1;106u", ["j"]),
        ("\x1b[13;5u", ["ctrl+enter"]),
        ("\x1b[?9;9;9z", []),  # nobody knows it: no letter of it is text
    ],
)
def test_sequences_of_a_terminal_are_whole(typed: str, keys: list[str]) -> None:
    assert [key for key, _, _ in heard(typed)] == keys
    cut = [typed[:1], typed[1:]] if len(typed) > 1 else [typed]
    assert [key for key, _, _ in heard(*cut)] == keys, "also when it comes in two reads"


@pytest.mark.parametrize("letter", ["j", "b", "f", "1", "O", "[", "é", "환"])
def test_esc_and_a_character_are_two_keys(letter: str) -> None:
    escape, behind = heard(ESC + letter)
    assert escape == ("escape", ESC, Key)
    assert behind[1:] == (letter, BehindEsc)


def test_all_of_a_read_behind_an_esc_is_marked_and_nothing_of_the_next() -> None:
    found = heard("a" + ESC + "jk\x13" + ESC, "e", pause=False)
    kinds = [(key, kind) for key, _, kind in found]
    assert kinds[:5] == [
        ("a", Key),
        ("escape", Key),
        ("j", BehindEsc),
        ("k", BehindEsc),
        ("ctrl+s", BehindEsc),
    ]
    reader = KeyReader()
    list(reader.messages(ESC))
    time.sleep(0.12)
    assert [m.key for m in reader.tick() if isinstance(m, Key)] == ["escape"]
    (later,) = marked(list(reader.messages("e")))
    assert type(later) is Key


def test_a_burst_is_a_burst_whatever_is_in_it() -> None:
    assert {kind for _, _, kind in heard("abc" + ESC + "defgh")} == {Burst}


# Without a terminal


@on_screen
async def test_keys_posted_at_once(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, _):
        composer = app.desk_screen.composer
        for key in ("r", "t", "e", "h", "backspace", "backspace", "h", "e"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        app.post_message(Paste(" end"))
        app.post_message(Key("backspace", None))
        await until(lambda: composer.is_open and composer.text == "the en")


@on_screen
async def test_what_hangs_does_not_take_the_keyboard_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await pilot.press("enter")
        await until(lambda: app.desk_screen.thread.has_focus_within)
        field = app.focused
        hung = asyncio.Event()

        async def hang(_: Widget, __: Key) -> None:
            await hung.wait()

        monkeypatch.setattr(type(field), "on_key", hang, raising=False)
        app.post_message(Key("j", "j"))
        app.post_message(Key("k", "k"))
        await asyncio.sleep(0.05)
        app.desk_screen.queue.focus()
        await asyncio.sleep(LIMIT_S + 0.1)
        app.post_message(Key("question_mark", "?"))
        await until(lambda: len(app.screen_stack) == 2)
        hung.set()


CONTACT_SHEET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:?!|*.,;'#[]-+"


def test_a_contact_sheet_of_esc_and_each_letter_cut_anywhere(terminal: Terminal, paths: Paths) -> None:
    """Alt and a letter, on a line that cuts its bytes at random: Esc, and at most the letter's own move."""
    random = Random(20261128)
    before = rows(paths, "SELECT id, status, assignee, priority FROM conversation ORDER BY id")
    for letter in CONTACT_SHEET:
        typed = ESC + letter
        at = random.choice((None, 1))  # whole, or cut between the two; then as fast as a slow line brings it
        terminal.send(typed[:at] if at else typed)
        if at:
            terminal.pump(random.choice((0.001, 0.02, 0.06)))
            terminal.send(typed[at:])
        terminal.pump(0.18)
        terminal.send(ESC)  # out of what the letter alone may have opened, where the cut made it one
        terminal.pump(0.2)
    assert "crashed" not in terminal.text
    assert done(paths) == []
    assert drafts(paths) == []
    assert rows(paths, "SELECT id, status, assignee, priority FROM conversation ORDER BY id") == before
    assert rows(paths, "SELECT key FROM outbox") == []


BEHIND_A_PREFIX = {"g": "omulswbpdkencAra10", "*": "anuslomc"}


def test_a_prefix_and_esc_and_a_letter_are_no_pair_however_they_are_cut(
    terminal: Terminal, paths: Paths
) -> None:
    """Esc takes the prefix away; what comes with it opens no view, marks nothing and takes nothing."""
    random = Random(20261129)
    for prefix, letters in BEHIND_A_PREFIX.items():
        for letter in letters:
            for piece in random.choice(
                ((prefix + ESC + letter,), (prefix, ESC + letter), (prefix + ESC, letter))
            ):
                terminal.send(piece)
                terminal.pump(random.choice((0.001, 0.02)))
            terminal.pump(0.25)
            assert "[Open " in terminal.text, (prefix, letter)
            assert "marked" not in terminal.text, (prefix, letter)
    assert done(paths) == []
    assert drafts(paths) == []


def test_esc_and_o_open_nothing(terminal: Terminal) -> None:
    """No more than Esc and Enter do: what is typed next would be for what was opened."""
    terminal.send(ESC + "o")
    terminal.until("look like Alt")
    assert re.search(r"^>", terminal.text, re.MULTILINE), "the keys are at the queue"


def test_esc_and_a_letter_say_the_same_however_they_are_cut() -> None:
    for expects in (False, True):
        for letter in (*CONTACT_SHEET, "é", "환", "ㄷ", "у"):
            for reads in ([ESC + letter], [ESC, letter]):
                reader = KeyReader()
                reader.expects_ground = expects
                found = [m for data in reads for m in marked(list(reader.messages(data)))]
                if (
                    letter in "[O]" and len(found) < 2
                ):  # these begin a terminal's own sequences: a pause decides
                    for _ in range(3):
                        time.sleep(0.11)
                        found += marked(list(reader.tick()))
                keys = [m for m in found if isinstance(m, Key)]
                assert [m.key for m in keys][:1] == ["escape"], (reads, expects)
                assert [(m.character, type(m)) for m in keys[1:]] == [(letter, BehindEsc)], (reads, expects)
