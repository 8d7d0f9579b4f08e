"""Which commands there are, and the words each one takes. Only the parser of the command that is asked for is built."""

import argparse
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from tuidesk.cli import output
from tuidesk.errors import UsageError
from tuidesk.words import say

NOUNS = (
    "demo",
    "setup",
    "accounts",
    "doctor",
    "service",
    "sync",
    "list",
    "show",
    "search",
    "contact",
    "why",
    "reply",
    "start",
    "forward",
    "note",
    "complete",
    "reopen",
    "pending",
    "snooze",
    "assign",
    "tag",
    "priority",
    "star",
    "mute",
    "spam",
    "merge",
    "split",
    "handover",
    "away",
    "undo",
    "timers",
    "canned",
    "report",
    "follow",
    "import",
    "export",
    "backup",
    "keys",
)
"""In the order of the help."""


class _Formatter(argparse.HelpFormatter):
    """argparse's own, told how wide the terminal is: finding out by itself costs each command 4 ms of imports."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=output.columns() - 2)

    def _split_lines(self, text: str, width: int) -> list[str]:
        from tuidesk.domain.text import wrap  # by cells: a syllable of Korean has two

        return wrap(" ".join(text.split()), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in self._split_lines(text, width - len(indent)))


class Parser(argparse.ArgumentParser):
    """argparse, but for a mistake being one sentence of ours."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(say("cli.usage", why=message, prog=self.prog))

    def format_help(self) -> str:
        from tuidesk.domain.text import width

        usage, rest = super().format_help().split("\n\n", 1)
        head = say("cli.usage_head")
        deeper = " " * (width(head) - len("usage:"))
        return head + usage.removeprefix("usage:").replace("\n", "\n" + deeper) + "\n\n" + rest


class Noun(NamedTuple):
    """One command: what it takes, and what does it (its result is the exit code)."""

    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    prepare: Callable[[list[str]], list[str]] = list
    """What its words become before argparse sees them."""


def parse(noun: str, words: list[str], home: str | None) -> tuple[Noun, argparse.Namespace]:
    """The command and what it was given.

    Raises:
        UsageError: the words are wrong.
        SystemExit: they asked for help, which has been printed.
    """
    found = _noun(noun)
    parser = Parser(
        prog=f"tuidesk {noun}",
        description=say(f"cli.{noun}_help"),
        epilog=say("cli.codes"),
        allow_abbrev=False,
        formatter_class=_Formatter,
        add_help=False,
    )
    parser._positionals.title = say("cli.takes_head")
    parser._optionals.title = say("cli.options_head")
    parser.add_argument("-h", "--help", action="help", help=say("cli.help_help"))
    parser.add_argument("--home", metavar="DIR", default=home, help=say("cli.home_help"))
    found.arguments(parser)
    given = found.prepare(words)
    if "--" in given:  # which the other one forgets: what begins with a dash behind it would be an option
        return found, parser.parse_args(given)
    return found, parser.parse_intermixed_args(given)


def _noun(noun: str) -> Noun:
    match noun:
        case "list" | "search":
            from tuidesk.cli import conversations

            return conversations.NOUNS[noun]
        case "show":
            from tuidesk.cli import thread

            return thread.NOUN
        case "why":
            from tuidesk.cli import why

            return why.NOUN
        case "timers":
            from tuidesk.cli import timers

            return timers.NOUN
        case "contact":
            from tuidesk.cli import contacts

            return contacts.NOUN
        case "reply" | "start" | "forward" | "note":
            from tuidesk.cli import letters

            return letters.NOUNS[noun]
        case "import" | "export" | "backup":
            from tuidesk.cli import exchange

            return exchange.NOUNS[noun]
        case "follow":
            from tuidesk.cli import follow

            return follow.NOUN
        case "sync":
            from tuidesk.cli import sync

            return sync.NOUN
        case "accounts" | "setup" | "doctor" | "service":
            from tuidesk.cli import accounts

            return accounts.NOUNS[noun]
        case "canned":
            from tuidesk.cli import canned

            return canned.NOUN
        case "report":
            from tuidesk.cli import report

            return report.NOUN
        case "keys":
            from tuidesk.cli import keys

            return keys.NOUN
        case "demo":
            from tuidesk.cli import demo

            return demo.NOUN
        case "handover" | "away":
            from tuidesk.cli import leaving

            return leaving.NOUNS[noun]
        case _ if noun in NOUNS:
            from tuidesk.cli import states

            return states.NOUNS[noun]
    raise UsageError(unknown(noun))


def unknown(noun: str) -> str:
    """What is said of a command that does not exist, with the nearest that does."""
    import difflib

    near = difflib.get_close_matches(noun, NOUNS, n=1)
    if near:
        return say("cli.unknown_near", noun=noun, near=near[0])
    return say("cli.unknown", noun=noun)


def overview() -> str:
    """`tuidesk --help`."""
    wide = max(map(len, NOUNS))
    lines = [f"  {noun:{wide}}  {say(f'cli.{noun}_help')}" for noun in NOUNS]
    return "\n".join([say("cli.overview"), *lines, "", say("cli.overview_end"), "", say("cli.codes")])


def takes_json(parser: argparse.ArgumentParser) -> None:
    """`--json`."""
    parser.add_argument("--json", action="store_true", help=say("cli.json_help"))


def takes_dry_run(parser: argparse.ArgumentParser) -> None:
    """`--dry-run`."""
    parser.add_argument("--dry-run", action="store_true", help=say("cli.dry_run_help"))


def takes_number(parser: argparse.ArgumentParser) -> None:
    """One conversation."""
    parser.add_argument("number", metavar="N", help=say("cli.number_help"))


def takes_numbers(parser: argparse.ArgumentParser) -> None:
    """Some conversations."""
    parser.add_argument("numbers", metavar="N", nargs="+", help=say("cli.numbers_help"))


def whole(word: str) -> int:
    """A whole number that the store can hold, as argparse's `type`.

    Raises:
        ArgumentTypeError: it is none.
    """
    digits = word.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise argparse.ArgumentTypeError(say("cli.not_whole", word=word[:40]))
    return int(word)


def number(word: str) -> int:
    """`42` or `#42` → 42.

    Raises:
        UsageError: it is neither.
    """
    digits = word.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise UsageError(say("cli.not_a_number", word=word))
    return int(digits)


def numbers(words: list[str]) -> list[int]:
    """Numbers of conversations, each once; `-` stands for those on stdin, separated by blanks.

    Raises:
        UsageError: one of them is none, or there is none at all.
    """
    found: dict[int, None] = {}
    for word in words:
        if word == "-":
            found |= dict.fromkeys(map(number, read_stdin().split()))
        else:
            found[number(word)] = None
    if not found:
        raise UsageError(say("cli.no_numbers"))
    return list(found)


def text(word: str) -> str:
    """A text argument; `-` is what stands on stdin."""
    return read_stdin() if word == "-" else word


def read_stdin() -> str:
    """All of stdin, which is UTF-8 whatever the locale says.

    Raises:
        UsageError: it is not.
    """
    import sys

    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(say("cli.stdin_not_utf8", at=error.start)) from None
