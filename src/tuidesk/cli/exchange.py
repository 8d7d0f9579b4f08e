"""`import`, `export` and `backup`."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tuidesk.cli import output
from tuidesk.cli.acting import DONE, FAILED, PARTLY, opened
from tuidesk.cli.parser import Noun, takes_dry_run
from tuidesk.desk.home import back_up, reading
from tuidesk.errors import ConfigError, NotFound
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.desk.importing import Taken

_SAY_EVERY_S = 0.2


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=say("cli.import_file_help"))
    parser.add_argument("--account", metavar="NAME", help=say("cli.import_account_help"))
    takes_dry_run(parser)


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", nargs="?", default="-", help=say("cli.export_file_help"))
    parser.add_argument("--account", metavar="NAME", help=say("cli.export_account_help"))


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=say("cli.backup_file_help"))
    takes_dry_run(parser)


def _import(given: argparse.Namespace) -> int:
    told = _Told("cli.import_progress")
    with _source(given.file) as source:
        try:
            taken = _taken(given, source, told)
        finally:
            told.progress.end()
    words = "cli.import_would" if given.dry_run else "cli.import_done"
    output.talk(say(words, stored=taken.read - taken.skipped, skipped=taken.skipped))
    if not taken.skipped:
        return DONE
    return PARTLY if taken.skipped < taken.read else FAILED


def _taken(given: argparse.Namespace, source: BinaryIO, told: "_Told") -> "Taken":
    from tuidesk.desk.importing import look_through, take_in

    if given.dry_run:
        return look_through(source, report=told.skipped, progress=told.so_far)
    with opened(given.home) as desk:
        return take_in(desk, source, account=given.account, report=told.skipped, progress=told.so_far)


def _export(given: argparse.Namespace) -> int:
    from tuidesk.desk.export import lines

    told = _Told("cli.export_progress")
    with (
        reading(given.home) as connection,
        closing(lines(connection, given.account)) as everything,
        _target(given.file) as target,
    ):
        on_terminal = target.isatty()
        for count, line in enumerate(everything, 1):
            target.write(output.as_json(line, on_terminal=on_terminal) + b"\n")
            if not count % 500:
                told.so_far(count)
    told.progress.end()
    return DONE


def _backup(given: argparse.Namespace) -> int:
    target = Path(given.file).expanduser()
    if given.dry_run:
        with reading(given.home):
            output.data(say("cli.would_write", path=target))
        return DONE
    back_up(given.home, target)
    output.data(str(target))
    return DONE


class _Told:
    """How far it is, and what was skipped."""

    def __init__(self, progress: str) -> None:
        self.progress = output.Progress()
        self._words = progress
        self._at = time.monotonic()

    def so_far(self, lines: int) -> None:
        if time.monotonic() - self._at > _SAY_EVERY_S:
            self._at = time.monotonic()
            self.progress.say(say(self._words, lines=lines))

    def skipped(self, line: int, why: str) -> None:
        self.progress.end()
        output.talk(say("cli.import_line", number=line, why=why))


@contextmanager
def _source(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        opened_file = Path(file).expanduser().open("rb")
    except OSError as error:
        raise NotFound(say("cli.no_file", path=file, reason=error.strerror)) from error
    with opened_file:
        yield opened_file


@contextmanager
def _target(file: str) -> Iterator[BinaryIO]:
    """A new file of ours alone, never over another one; or stdout."""
    if file == "-":
        with output.to_stdout():
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    path = Path(file).expanduser()
    try:
        made = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    except FileExistsError as error:
        raise ConfigError(say("config.exists", path=file)) from error
    except OSError as error:
        raise _unwritable(file, error) from error
    try:
        with os.fdopen(made, "wb") as target:
            yield target
    except BaseException as error:
        with suppress(OSError):
            path.unlink()  # half of it would pass for the whole
        if isinstance(error, OSError):
            raise _unwritable(file, error) from error
        raise


def _unwritable(file: str, error: OSError) -> ConfigError:
    return ConfigError(say("cli.cannot_write", path=file, reason=error.strerror))


NOUNS = {
    "import": Noun(_import_arguments, _import),
    "export": Noun(_export_arguments, _export),
    "backup": Noun(_backup_arguments, _backup),
}
