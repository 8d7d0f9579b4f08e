"""Handing mail to a program, with programs of the tests' own."""

import json
import sys
import threading
import time
from pathlib import Path

import pytest

from tuidesk.errors import Rejected, Unavailable, Unconfirmed
from tuidesk.wire.smtp import Letter, Sendmail

LETTER = Letter(
    b"To: dana@o.example\r\n\r\nHello\r\n",
    "<k@a>",
    "support@a.example",
    ("dana@o.example", "eve@x.example"),
    ("eve@x.example",),
)
KEEPS = "import json, sys; json.dump([sys.argv[2:], sys.stdin.read()], open(sys.argv[1], 'w'))"


def _kept(tmp_path: Path, *words: str) -> tuple[list[str], str]:
    kept = tmp_path / "kept"
    Sendmail((sys.executable, "-c", KEEPS, str(kept), *words)).submit(LETTER)
    arguments, mail = json.loads(kept.read_text())
    return arguments, mail


def test_recipients_are_arguments(tmp_path: Path) -> None:
    arguments, mail = _kept(tmp_path, "-i")
    assert arguments == ["-i", "-f", "support@a.example", "dana@o.example", "eve@x.example"]
    assert mail == "To: dana@o.example\n\nHello\n"


@pytest.mark.parametrize("words", [("-t", "-i"), ("-ti",), ("-it",), ("-i", "--read-recipients")])
def test_or_stand_in_the_mail(tmp_path: Path, words: tuple[str, ...]) -> None:
    arguments, mail = _kept(tmp_path, *words, "-fbounces@a.example")
    assert arguments == [*words, "-fbounces@a.example"]
    assert mail == "Bcc: eve@x.example\nTo: dana@o.example\n\nHello\n"


@pytest.mark.parametrize("word", ["-fsupport", "-FSupport", "-odt"])
def test_a_word_that_ends_in_t_is_not_that_option(tmp_path: Path, word: str) -> None:
    arguments, mail = _kept(tmp_path, word)
    assert arguments[-2:] == ["dana@o.example", "eve@x.example"]
    assert "Bcc" not in mail


@pytest.mark.parametrize(
    ("code", "error", "why"),
    [
        ("import sys; sys.exit('first\\nno such user')", Rejected, "no such user"),
        ("import sys; sys.stderr.write('queue full\\n'); sys.exit(75)", Unavailable, "queue full"),
        ("import os; os.kill(os.getpid(), 9)", Unconfirmed, "killed"),
    ],
)
def test_how_it_ends(code: str, error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why):
        Sendmail((sys.executable, "-c", code)).submit(LETTER)


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(Unavailable, match="No such file"):
        Sendmail(("/nonexistent/sendmail",)).submit(LETTER)


def test_nothing_goes_through_a_shell(tmp_path: Path) -> None:
    assert _kept(tmp_path, "$(touch x); `id` | cat")[0][0] == "$(touch x); `id` | cat"


def test_an_address_is_never_an_option() -> None:
    odd = Letter(LETTER.raw, "<k@a>", "support@a.example", ("-oQ/tmp@o.example",))
    with pytest.raises(Rejected, match="dash"):
        Sendmail((sys.executable, "-c", "")).submit(odd)


def test_a_program_that_hangs_is_killed_with_its_children() -> None:
    begun = time.monotonic()
    hangs = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    with pytest.raises(Unconfirmed, match="1 second"):
        Sendmail((sys.executable, "-c", hangs), whole_s=1).submit(LETTER)
    assert time.monotonic() - begun < 10


def test_cut_from_another_thread() -> None:
    program = Sendmail((sys.executable, "-c", "import time; time.sleep(60)"))
    timer = threading.Timer(0.5, program.cut)
    timer.start()
    with pytest.raises(Unconfirmed, match="killed"):
        program.submit(LETTER)
    timer.join()
