"""`accounts`, and what sets them up and looks after them: `setup`, `doctor`, `service`."""

import argparse
import os
import select
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tuidesk.cli import forms, output
from tuidesk.cli.parser import Noun, takes_dry_run, takes_json
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.home import locate
from tuidesk.errors import UsageError
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.desk.questions import Choice

_LOOK_S = 0.2

# --- accounts -------------------------------------------------------------------------------------


def _accounts(given: argparse.Namespace) -> int:
    from tuidesk.cli.times import moment
    from tuidesk.desk import standing

    found = standing.accounts(given.home)
    if given.json:
        output.json_lines(map(forms.account, found))
        return 0
    if not found:
        output.talk(say("cli.accounts_none"))
        return 0
    output.table(
        say("cli.accounts_heads").split("|"),
        (
            (
                state.id,
                state.kind,
                state.health,
                say("cli.never") if state.heard_at is None else moment(state.heard_at),
                str(state.going_out),
                state.detail,
            )
            for state in found
        ),
    )
    return 0


# --- setup ----------------------------------------------------------------------------------------


def _setup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", nargs="?", default="", help=say("cli.kind_help"))
    parser.add_argument("--name", metavar="NAME", default="", help=say("cli.name_help"))
    parser.add_argument("--login", metavar="ACCOUNT", default="", help=say("cli.login_help"))


def _setup(given: argparse.Namespace) -> int:
    from tuidesk.desk.setup import set_up

    if given.login:
        return _login(given)
    try:
        file = set_up(locate(given.home), _Terminal(), SystemClock(), kind=given.kind, name=given.name)
    except EOFError:
        output.talk(say("cli.setup_no_answer"))
        return 1
    except KeyboardInterrupt:
        output.talk("\n" + say("cli.setup_nothing"))
        raise
    if file is None:
        output.talk(say("cli.setup_nothing"))
        return 1
    output.data(str(file))
    output.talk(say("cli.setup_done"))
    return 0


def _login(given: argparse.Namespace) -> int:
    """Sign in again to an account that stands."""
    from tuidesk.desk.sign_in import sign_in_again

    if given.kind or given.name:
        raise UsageError(say("cli.login_alone"))
    try:
        checked = sign_in_again(locate(given.home), _Terminal(), SystemClock(), given.login)
    except EOFError:
        output.talk(say("cli.login_no_answer"))
        return 1
    output.talk(say("setup.logged_in", who=checked.identity.name or checked.identity.handle or given.login))
    for text in (*checked.findings, *checked.troubles):
        output.talk(text)
    return 0


class _Terminal:
    """Asks on the terminal; questions are talk, so that stdout stays data. The port `desk.questions.Asker`."""

    def text(self, question: str, default: str = "") -> str:
        return self._line(f"{question} [{default}]:" if default else f"{question}:") or default

    def secret(self, question: str) -> str:
        import getpass

        if sys.stdin.isatty():
            return getpass.getpass(f"{question}: ", stream=sys.stderr)
        return self._line(f"{question}:")

    def choose(self, question: str, choices: "tuple[Choice, ...]", default: str) -> str:
        output.talk(question)
        for place, choice in enumerate(choices, 1):
            output.talk(f"  {place} {choice.label}")
        values = [choice.value for choice in choices]
        while True:
            answer = self.text(say("cli.setup_choose"), str(values.index(default) + 1))
            if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(values):
                return values[int(answer) - 1]
            if answer in values:
                return answer
            self.tell(say("cli.setup_which", most=len(values)))

    def until(self, question: str, done: Callable[[], bool]) -> str | None:
        if (
            not sys.stdin.isatty()
        ):  # what is piped in may lie in a buffer already, where nobody can wait for it
            return self.text(question)
        self._ask(f"{question}:")
        while not select.select([sys.stdin], [], [], _LOOK_S)[0]:
            if done():
                output.talk("")
                return None
        return self._heard()

    def tell(self, text: str) -> None:
        output.talk("\n".join(_laid(text)))

    def _line(self, prompt: str) -> str:
        """A line of the answer, without its end.

        Raises:
            EOFError: nobody answers any more.
        """
        self._ask(prompt)
        return self._heard()

    def _ask(self, prompt: str) -> None:
        *above, last = _laid(prompt)
        for line in above:
            output.talk(line)
        output.ask(f"{last} ")

    def _heard(self) -> str:
        """Raises EOFError, as `_line`."""
        line = sys.stdin.readline()
        if not line:
            output.talk("")
            raise EOFError
        return line.rstrip("\r\n")


def _laid(text: str) -> list[str]:
    """The text in lines of the terminal's width, broken between words; one that holds a long address stays whole."""
    from tuidesk.domain.text import wrap

    columns = shutil.get_terminal_size().columns
    if not sys.stderr.isatty() or any(len(word) > columns for word in text.split()):
        return [text]
    return [part for line in text.splitlines() for part in wrap(line, columns)]


# --- doctor ---------------------------------------------------------------------------------------


def _doctor_arguments(parser: argparse.ArgumentParser) -> None:
    takes_json(parser)
    parser.add_argument("--recompute", action="store_true", help=say("cli.recompute_help"))


def _recompute(home: str | None) -> int:
    """Make all figures anew from the whole history. 1: some were not what that comes to."""
    from tuidesk.desk.desk import Desk
    from tuidesk.desk.recompute import recompute

    desk, progress = Desk.open(locate(home), door="shell"), output.Progress()
    try:
        done, wrong = recompute(
            desk, lambda done, total: progress.say(say("cli.recompute_progress", done=done, total=total))
        )
    finally:
        progress.end()
        desk.close()
    output.data(say("cli.recomputed", count=done))
    if wrong:
        output.data(say("cli.recomputed_wrong", count=wrong))
    return 1 if wrong else 0


def _doctor(given: argparse.Namespace) -> int:
    if given.recompute:
        return _recompute(given.home)
    from tuidesk.desk.doctor import examine

    findings = examine(locate(given.home), SystemClock())
    if given.json:
        output.json_lines(
            {"type": "finding", "level": one.level, "what": one.what, "remedy": one.remedy or None}
            for one in findings
        )
    else:
        for one in findings:
            for line in _behind(f"{say(f'cli.level_{one.level}')} ", one.what):
                output.data(line)
            if one.remedy:  # as it is: a command that is copied must not have a line's end in it
                output.data(say("cli.remedy", remedy=one.remedy))
    return 1 if any(one.level == "bad" for one in findings) else 0


def _behind(head: str, text: str) -> list[str]:
    """The text behind `head`, and below itself where a terminal is too narrow for it."""
    from tuidesk.domain.text import width, wrap

    if not sys.stdout.isatty():
        return [f"{head}{text}"]
    lines = wrap(" " * width(head) + text, output.columns())
    return [head + lines[0][width(head) :], *lines[1:]]


# --- service --------------------------------------------------------------------------------------


def _service(given: argparse.Namespace) -> int:
    from tuidesk.desk import service

    paths = locate(given.home)
    environ = dict(os.environ)
    if given.home:
        environ["TUIDESK_HOME"] = str(Path(given.home).expanduser().absolute())
    if given.dry_run:
        output.words(service.text_for(paths, environ).rstrip("\n"))
        return 0
    file, told = service.install(paths, environ)
    output.data(str(file))
    for line in told:
        output.talk(line)
    return 0


NOUNS = {
    "accounts": Noun(takes_json, _accounts),
    "setup": Noun(_setup_arguments, _setup),
    "doctor": Noun(_doctor_arguments, _doctor),
    "service": Noun(takes_dry_run, _service),
}
