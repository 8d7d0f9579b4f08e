"""The shell's face: one command, one exit code.

0 done, 1 failed, 2 wrong usage, 3 not all of it done, 4 queued but not yet delivered, 5 unknown (it may have arrived).
"""

import gc

from tuidesk.cli import output, parser
from tuidesk.errors import TuideskError, UsageError
from tuidesk.words import say

_SELDOM = 20_000
"""Objects made between two looks for garbage. A start makes many and drops none: to look for them while it imports,
and once more when all is over, would be a tenth of what a short command costs."""
FAILED, USAGE, INTERRUPTED = 1, 2, 130


def run(argv: list[str]) -> int:
    """Carry out one command; `argv` is without the program's name. The result is the exit code."""
    gc.set_threshold(_SELDOM)
    code = _caught(argv)
    gc.freeze()
    return code


def _caught(argv: list[str]) -> int:
    try:
        code = _run(argv)
        output.flush()
        return code
    except BrokenPipeError:
        output.discard()
        return 0
    except UsageError as error:
        output.talk(str(error))
        return USAGE
    except TuideskError as error:
        output.talk(say("cli.error", why=error))
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(argv: list[str]) -> int:
    words, home = _home(argv)
    if any("\udc80" <= sign <= "\udcff" for word in argv for sign in word):
        raise UsageError(say("cli.not_utf8"))
    if not words or words[0] in ("-h", "--help", "help"):
        output.words(parser.overview())
        return 0
    noun, given = words[0], words[1:]
    if noun.startswith("-"):
        raise UsageError(say("cli.unknown_option", option=noun))
    try:
        found, arguments = parser.parse(noun, given, home)
    except SystemExit:  # argparse has printed the help
        return 0
    return found.run(arguments)


def _home(argv: list[str]) -> tuple[list[str], str | None]:
    """`--home DIR` before the command, and the words after it."""
    if argv and argv[0] == "--home":
        if len(argv) < 2:
            raise UsageError(say("cli.home_where"))
        return argv[2:], argv[1]
    if argv and argv[0].startswith("--home="):
        return argv[1:], argv[0].removeprefix("--home=")
    return argv, None
