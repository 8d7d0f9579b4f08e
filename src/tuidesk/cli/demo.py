"""`demo --help`. The demo itself is a screen, which the shell does not open."""

import argparse

from tuidesk.cli.parser import Noun
from tuidesk.errors import UsageError
from tuidesk.words import say


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", metavar="N", type=int, help=say("main.demo_seed"))
    parser.add_argument("--size", metavar="N", type=int, help=say("main.demo_size"))


def _demo(given: argparse.Namespace) -> int:  # noqa: ARG001 - as every command's
    raise UsageError(say("main.no_terminal"))


NOUN = Noun(_arguments, _demo)
