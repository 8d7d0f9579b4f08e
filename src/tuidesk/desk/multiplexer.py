"""What tmux and GNU screen do to a screen program, as they are set up, and the lines that change it."""

import subprocess
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tuidesk.words import say

ASK_S = 2.0
_ESCAPE_MS = 50
"""Longer after an Esc, and each one is felt."""
_TABLES = ("-s", "-g", "-gw")
"""Where tmux keeps its options: the server's, the sessions', the windows'."""


class Setting(NamedTuple):
    """One of them: whether it is well, what it does, and the line that mends it."""

    is_well: bool
    what: str
    line: str = ""


def settings(environ: Mapping[str, str], *, notifies: bool = False) -> Iterator[Setting]:
    """What is to be said of the one that this runs in, if any.

    Args:
        notifies: the agent wants notifications through the terminal, which need a way through.
    """
    if environ.get("TMUX"):
        options = tmux_options()
        if options:
            yield from of_tmux(options, environ, notifies=notifies)
        else:
            yield Setting(False, say("multiplexer.tmux_silent"))
    elif environ.get("STY"):
        yield from _of_screen(environ)


def tmux_options() -> dict[str, str]:
    """What tmux says of itself; {} where it does not answer."""
    found: dict[str, str] = {}
    for table in _TABLES:
        try:
            done = subprocess.run(
                ["tmux", "show-options", table],
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=ASK_S,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            return {}
        for line in done.stdout.decode("utf-8", "replace").splitlines():
            name, _, value = line.partition(" ")
            name = name.partition("[")[0]  # `terminal-features[0]`, and so on
            value = value.strip('"')
            found[name] = f"{found[name]} {value}" if name in found else value
    return found


def of_tmux(options: Mapping[str, str], environ: Mapping[str, str], *, notifies: bool) -> Iterator[Setting]:
    """One setting after the other."""
    wait = options.get("escape-time", "500")
    is_quick = wait.isdigit() and int(wait) <= _ESCAPE_MS
    yield Setting(is_quick, say("multiplexer.escape", ms=wait), "set -s escape-time 10")
    focus = options.get("focus-events", "off")
    yield Setting(focus == "on", say("multiplexer.focus", value=focus), "set -g focus-events on")
    clipboard, through = options.get("set-clipboard", "off"), options.get("allow-passthrough", "off")
    goes_through = through in ("on", "all")
    can_copy = clipboard == "on" or (clipboard == "external" and goes_through)
    said = say("multiplexer.clipboard", value=clipboard)
    yield Setting(can_copy, said, "set -s set-clipboard on")
    if notifies:
        said = say("multiplexer.through", value=through)
        yield Setting(goes_through, said, "set -g allow-passthrough on")
    term = environ.get("TERM", "")
    yield Setting(
        "256" in term or "direct" in term,
        say("multiplexer.term", term=term),
        'set -g default-terminal "tmux-256color"',
    )
    features = " ".join(options.get(name, "") for name in ("terminal-features", "terminal-overrides"))
    if environ.get("COLORTERM") not in ("truecolor", "24bit") and not any(
        f in features for f in ("RGB", "Tc")
    ):
        yield Setting(False, say("multiplexer.colours"), "set -as terminal-features ',*:RGB'")


def _of_screen(environ: Mapping[str, str]) -> Iterator[Setting]:
    term = environ.get("TERM", "")
    yield Setting("256" in term, say("multiplexer.screen_term", term=term), "term screen-256color")
    yield Setting(True, say("multiplexer.screen_escape"), "maptimeout 10")
