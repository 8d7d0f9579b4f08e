"""`follow`: what changes, as JSON lines, until it is ended."""

import argparse

from tuidesk.cli import forms, output
from tuidesk.cli.parser import Noun, whole
from tuidesk.desk.home import reading
from tuidesk.errors import UsageError
from tuidesk.words import say


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", metavar="SEQ", type=whole, help=say("cli.since_help"))
    parser.add_argument("--json", action="store_true", help=say("cli.follow_json_help"))


def _follow(given: argparse.Namespace) -> int:
    from tuidesk.desk import follow

    if given.since is not None and given.since < 0:
        raise UsageError(say("cli.bad_since"))
    with reading(given.home) as connection:
        since = follow.last(connection) if given.since is None else given.since
        oldest = follow.forgotten(connection, since)
        if oldest is not None:
            output.talk(say("cli.follow_gap", seq=oldest))
        try:
            for change in follow.follow(connection, since):
                if change.conversation is not None:
                    form = forms.conversation(change.conversation)
                elif change.message is not None:
                    form = forms.message(change.message)
                output.json_line(form | {"seq": change.seq})
        except KeyboardInterrupt:
            pass  # this is how it ends
    return 0


NOUN = Noun(_arguments, _follow)
