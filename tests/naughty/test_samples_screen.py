"""Every sample mail, opened in the real program: it neither crashes nor waits, and nothing of the mails acts."""

import re
import time
from pathlib import Path

from tests.naughty.homes import Home, leave, press
from tests.naughty.stream import of_screen
from tests.shared import needs_samples, samples
from tests.terminal import Terminal

_MOST_S = 2.0
"""From the key to the thread on the screen."""


def maildir(home: Home) -> None:
    """An account with all the sample mails in its inbox."""
    inbox = home.path / "Maildir"
    for folder in ("new", "cur", "tmp"):
        (inbox / folder).mkdir(parents=True)
    mails = sorted(path for path in samples("mail/mikel-mail/emails").rglob("*") if path.is_file())
    for number, path in enumerate(mails):
        (inbox / "cur" / f"{1700000000 + number}.M{number}.host:2,").write_bytes(path.read_bytes())
    home.account(
        "local", f'kind = "maildir"\npath = "{inbox}"\naddress = "support@acme.example"\ndays = 100000\n'
    )


@needs_samples
def test_every_sample_mail_opens(tmp_path: Path) -> None:
    home = Home(tmp_path)
    maildir(home)
    synced = home.run("sync", "--once")
    assert (synced.returncode, "Traceback" in synced.stderr) == (0, False), synced.stderr
    numbers = set(home.numbers())
    with home.screen(120, 36) as terminal:
        terminal.until(r"\[?Open \d+")
        press(terminal, *"gA", "\x1b[H")
        seen = {opened(terminal, "\r", numbers)}
        while len(seen) < len(numbers):
            seen.add(opened(terminal, "J", numbers - seen))
        assert seen == numbers
        leave(terminal)
        assert of_screen(terminal.written, 120, 36).wrong == []


def opened(terminal: Terminal, key: str, wanted: set[int]) -> int:
    """The conversation that a key opens; its head and its newest message are on the screen within two seconds."""
    began = time.monotonic()
    terminal.send(key)
    while True:
        terminal.pump(0.02)
        found = re.search(r"│ #(\d+) .*│[^\n]*\n[^\n]*│ mail via local ", terminal.text)
        if found and int(found[1]) in wanted:
            return int(found[1])
        took = time.monotonic() - began
        assert took < _MOST_S, f"{took:.1f} s without a new thread:\n{terminal.text}"
