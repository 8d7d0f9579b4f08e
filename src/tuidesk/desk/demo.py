"""The demo's homes: one for each sample desk, with its account, beside the agent's own."""

import argparse
from pathlib import Path
from typing import NoReturn

from tuidesk.config.paths import Paths, make_private, write_new
from tuidesk.errors import UsageError
from tuidesk.words import say


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"tuidesk demo: {message}")


def home_of(paths: Paths, words: list[str]) -> Paths:
    """A home of the demo's own for each seed and size: what one has stored does not fit another's script.

    Raises:
        UsageError: the words are wrong.
    """
    parser = _Parser(prog="tuidesk demo", description=say("main.demo"))
    parser.add_argument("--seed", type=int, default=7, help=say("main.demo_seed"))
    parser.add_argument("--size", type=int, default=0, help=say("main.demo_size"))
    given = parser.parse_args(words)
    if given.size < 0:
        raise UsageError(say("main.demo_size_negative"))
    demo = paths.demo()
    base = demo.config.parent / f"seed-{given.seed}-size-{given.size}"
    made = Paths(base / "config", base / "data", base / "state")
    make_private(made.accounts)
    account = f'kind = "demo"\nid = "demo"\nname = "demo"\nseed = {given.seed}\nsize = {given.size}\n'
    account += 'address = "support@acme.example"\n'
    _write_once(made.config_toml, '[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n')
    _write_once(made.accounts / "demo.toml", account)
    _write_once(made.canned, Path(__file__).with_name("demo_canned.toml").read_text("utf-8"))
    return made


def _write_once(path: Path, text: str) -> None:
    if not path.exists():
        write_new(path, text.encode())
