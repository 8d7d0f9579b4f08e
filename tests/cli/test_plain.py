"""The desk in lines: a morning's work, nothing lost, nothing but lines."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.program import Home, demo
from tests.terminal import Terminal
from tests.tui.outside import Talking


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return demo(tmp_path / "home")


def said(home: Home, *lines: str) -> str:
    """What is said to these lines."""
    done = home.run("--plain", stdin="".join(line + "\n" for line in lines))
    assert "\x1b" not in done.stdout + done.stderr, "no colour, no cursor"
    return done.stdout


def test_a_list_is_read_a_line_a_conversation(home: Home) -> None:
    out = said(home, "list pending", "more", "list nowhere", "xyzzy", "quit")
    assert re.search(r"(?m)^open: \d+$", out)
    assert re.search(r"(?m)^#\d+ .+, waits .+\. .+", out)
    assert re.search(r"(?m)^pending: \d+$", out)
    assert "There is no list nowhere. There are: open, " in out
    assert "There is no command xyzzy" in out


def test_a_morning(home: Home) -> None:
    one, two, three = (line["n"] for line in home.json("list", "--limit", "3"))
    out = said(
        home,
        str(one),
        "tag refund -nothing",
        "take",
        "note",
        "looked at it",
        ".",
        "complete",
        f"snooze #{two} 2h",
        f"pending {three} billing",
        "assign me",
        "undo",
        "undo",
        "search refund",
    )
    assert f"complete #{one}\nNext:\n#" in out
    assert "Taken back: " in out
    assert re.search(r"(?m)^found: \d+$", out)
    rows = {line["n"]: line for line in home.json("list", "all", "--limit", "1000")}
    assert rows[one]["status"] == "complete"
    assert "refund" in rows[one]["tags"]
    assert rows[two]["status"] == "snoozed"
    assert rows[three]["status"] == "open", "taken back"
    assert "looked at it" in [message["text"].strip() for message in home.messages(one)]


def test_a_reply_is_asked_about_and_held_back(home: Home) -> None:
    mail = next(line for line in home.json("list") if line["medium"] == "mail")
    out = said(home, str(mail["n"]), "reply", "Hello,", "", "it is on its way.", ".", "yes", "undo")
    assert re.search(r"(?m)^To .+@.+, by mail\.$", out)
    assert "It leaves in 10 s; undo takes it back." in out
    assert f"Taken back: reply to #{mail['n']}" in out
    out = said(home, f"reply {mail['n']}", "and more", ".", "no")
    assert "There is a draft; what you type is added to it:" in out
    assert "  Hello," in out
    assert "Not sent. The draft is kept." in out
    shown = home.run("show", str(mail["n"])).stdout
    assert "Hello,\n\n  it is on its way.\n  and more" in shown


def test_a_canned_reply_is_asked_about_and_sent_with_what_it_does(home: Home) -> None:
    home.write(
        "canned.toml",
        '[late]\nshortcut = "rl"\ntitle = "It is late"\n'
        'body = "Order {{ask:order number}}: {{choose:refund,replacement}}."\nthen = { tag = ["sorry"] }\n'
        '[junk]\nthen = { tag = ["junk"] }\n',
    )
    mail = next(line for line in home.json("list") if line["medium"] == "mail")
    n = str(mail["n"])
    lines = (n, "canned", "canned rl", "8841", "neither", "refund", "Ana", ".", "yes", "canned gone")
    done = home.run("--plain", stdin="".join(f"{line}\n" for line in lines))
    out, asked = done.stdout, done.stderr
    assert "\nrl: It is late\n" in out
    assert "order number? " in asked
    assert asked.count("Which one: refund, replacement? ") == 2, "until it is one of them"
    assert "There is a draft; what you type is added to it:\n  Order 8841: refund.\n" in out
    assert f"reply to #{n}; tag sorry on #{n}\n" in out
    assert "there is no canned reply gone" in out
    assert home.json("show", n)[0]["tags"].count("sorry") == 1
    assert next(one["uses"] for one in home.json("canned", "list", "late")) == 1
    said(home, f"canned {n} junk")
    assert "junk" in home.json("show", n)[0]["tags"], "a macro is done at once"


def test_what_a_draft_says_besides_its_text_stays(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "bill.txt"
    file.write_text("42")
    mail = next(line for line in home.json("list") if line["medium"] == "mail")
    n = mail["n"]
    home.run("reply", str(n), "Here it is.", "--attach", str(file), "--if-last", "1", code=1)
    out = said(home, str(n), "reply", "Ana", ".", "yes")
    assert f"With: {file}" in out
    sent = home.messages(n)[-1]
    assert (sent["text"].split("\n")[:2], [one["name"] for one in sent["attachments"]]) == (
        ["Here it is.", "Ana"],
        ["bill.txt"],
    )


def test_every_line_is_on_disk_before_the_next(home: Home) -> None:
    n = home.one()["n"]
    with Terminal([*home.command("--plain")], columns=80, lines=24, env={"TERM": "dumb"}) as terminal:
        terminal.until(r"\[-\]")
        terminal.send(f"reply {n}\n")
        terminal.until("End with a line that is a dot")
        terminal.send("the first line\n")
        time.sleep(0.3)
        terminal.signal(signal.SIGKILL)
        terminal.ended()
    assert "the first line" in home.run("show", str(n)).stdout


def test_a_thread_that_moved_keeps_its_reply(tmp_path: Path) -> None:
    """The customer wrote while the text was typed."""
    talking = Talking(tmp_path)
    home = str(talking.paths.config.parent)
    with Terminal(
        [sys.executable, "-m", "tuidesk", "--home", home, "--plain"], columns=100, lines=50
    ) as terminal:
        terminal.until(r"\[-\]")
        for _ in range(50):
            terminal.send("list\n")
            terminal.pump(0.2)
            if "#1 Dana" in terminal.text:
                break
        terminal.send("reply 1\n")
        terminal.until("End with a line that is a dot")
        talking.write("second")
        terminal.pump(1.5)
        terminal.send("hello\n.\n")
        terminal.until("Send it")
        terminal.send("yes\n")
        terminal.until("newer")
        terminal.until(r"New: #1 Dana Ortiz")
        terminal.send("1\nreply\n")
        terminal.until("There is a draft; what you type is added to it:")
        terminal.until(r"(?m)^  hello")
        terminal.send(".\nyes\n")
        terminal.until(r"reply to #1\n")
        terminal.send("quit\n")
        assert terminal.ended() == 0


def test_ctrl_c_leaves_a_text_and_ctrl_d_the_program(home: Home) -> None:
    n = home.one()["n"]
    with Terminal([*home.command("--plain")], columns=100, lines=50) as terminal:
        terminal.until(r"\[-\]")
        terminal.send(f"note #{n}\nhalf\n")
        terminal.pump(0.5)
        terminal.send("\x03")
        terminal.until("The draft is kept")
        terminal.send("help\n")
        terminal.until("snooze: put away")
        terminal.send("\x04")
        assert terminal.ended() == 0
    assert "half" in home.run("show", str(n)).stdout


def test_it_loads_no_screen() -> None:
    code = "import sys, tuidesk.cli.plain; print(sorted({m.split('.')[0] for m in sys.modules} & {'textual', 'rich'}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
