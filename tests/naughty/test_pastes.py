"""What is pasted is text: it sends nothing, presses nothing, and does not act on the terminal."""

from pathlib import Path

import pytest
from textual.events import Key, Paste

from tests.naughty.canaries import ALL
from tests.naughty.homes import Home, at, leave, press
from tests.naughty.stream import of_screen
from tuidesk.tui.terminal import KeyReader

PRESSES = "hi \x1b[1\x13 \x1b\x13 \x1b\x1b\x13\r\x13 \x1bOP\x13 \x1b[13;5u there"
"""Ctrl+S in every way that a terminal knows, between the letters of a text."""


def said(*reads: str) -> list[str]:
    """What the reader says to these reads: keys as themselves, a paste in quotes."""
    reader = KeyReader()
    return [
        repr(message.text) if isinstance(message, Paste) else message.key
        for data in reads
        for message in reader.messages(data)
        if isinstance(message, Paste | Key)
    ]


@pytest.mark.parametrize(
    ("reads", "expected"),
    [
        (("j\x1b[200~text\x1b[201~k",), ["j", "'text'", "k"]),
        (("\x1b[200~a \x1b[1\x13 \x1b[8;77m b\x1b[201~",), [r"'a \x1b[1\x13 \x1b[8;77m b'"]),
        (("\x1b[200~one\x1b[201~\x1b[200~two\x1b[201~",), ["'one'", "'two'"]),
        (("\x1b[20", "0~te", "xt\x1b[2", "01~j"), ["'text'", "j"]),
        (("\x1b", "[200~\x1b[1\x13\x1b[201", "~", "j"), [r"'\x1b[1\x13'", "j"]),
        (("\x1b[200~\x1b[201~j",), ["''", "j"]),
        (("\x1b[A", "\x1b[200~\x1b[201", "x\x1b[201~"), ["up", r"'\x1b[201x'"]),
        (("\x1b[200~nu\x00l\x1b[201~",), ["'nul'"]),
    ],
)
def test_a_paste_is_one_text(reads: tuple[str, ...], expected: list[str]) -> None:
    assert said(*reads) == expected


def home_of_one(path: Path) -> Home:
    """A home with one conversation."""
    home = Home(path)
    customer = {"name": "Dana", "handle": "dana"}
    message = {"type": "received", "id": "a", "at": at(1), "medium": "chat", "conversation": "c"}
    home.pipe("shop", [message | {"from": customer, "text": "hello"}], "fine")
    return home


def pasted(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


def test_a_paste_sends_nothing_and_stays_whole(tmp_path: Path) -> None:
    home = home_of_one(tmp_path)
    with home.screen() as terminal:
        terminal.until(r"(?m)^> .*Dana")
        press(terminal, "\r")
        terminal.until("via shop")
        press(terminal, "r")
        terminal.until("REPLY")
        terminal.send(pasted(PRESSES))
        terminal.until("there")
        terminal.pump(0.5)
        assert "REPLY" in terminal.text
        assert "hi ␛[1␓" in terminal.text
        assert "not obeyed" not in terminal.text
        terminal.send("typed in one read as a burst\x13")
        terminal.until("as a burst")
        terminal.pump(0.5)
        assert "REPLY" in terminal.text
        terminal.send("\x10leave; the draft\r")
        terminal.until("not obeyed")
        terminal.pump(0.5)
        assert "REPLY" in terminal.text
        press(terminal, "\x10")
        terminal.until("attach a file")
        press(terminal, "send")
        terminal.until("No command is called that")
        terminal.send("\r")
        terminal.pump(0.5)
        assert not home.ledger.exists()
        leave(terminal)


def test_what_is_pasted_does_not_act_on_the_terminal(tmp_path: Path) -> None:
    home = home_of_one(tmp_path)
    text = pasted(ALL.encode(errors="replace").decode())
    with home.screen(120, 36) as terminal:
        terminal.until(r"(?m)^> .*Dana")
        press(terminal, "\r")
        terminal.until("via shop")
        for opens in ("/", ":", "p", "b", "r", "n", "f", "c", "r\x12", "r\x06"):
            press(terminal, *opens, text, "\x1b", "\x1b")
        for searched in (text, pasted("\u202ehello")):
            press(terminal, "/", searched, "\r")
        leave(terminal)
        assert of_screen(terminal.written, 120, 36).wrong == []
