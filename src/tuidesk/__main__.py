"""`tuidesk` opens the desk, `tuidesk demo` a sample one; anything else is a command of the shell.

The only module that knows both faces. It imports neither before it knows which one is wanted.
"""

import sys
from collections.abc import Mapping


def main() -> int:
    """The console script; its result is the exit code."""
    _fill_gaps()
    _keep_to_ourselves()
    argv = sys.argv[1:]
    rest, home = _home(argv)
    _speak(home)
    plain = [word for word in rest if word != "--plain"]
    if plain != rest and (not plain or plain[0] == "demo") and {"-h", "--help"}.isdisjoint(plain):
        return _face(plain, home, plain=True)
    if (not rest or rest[0] == "demo") and {"-h", "--help"}.isdisjoint(rest):
        return _face(rest, home, plain=False)
    from tuidesk.cli.main import run

    return run(argv)


def _fill_gaps() -> None:
    """A stream that a shell closed (`>&-`) is an empty one: else the next file we open would have its number."""
    import os

    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            empty = os.open(os.devnull, os.O_RDWR)
            if empty != number:
                os.dup2(empty, number)
                os.close(empty)
            os.set_inheritable(number, True)
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8"))  # noqa: SIM115 - as Python's own


def _keep_to_ourselves() -> None:
    """New files are ours alone; a crash leaves no core file in which customers' words could be read."""
    import os
    import resource

    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _speak(home: str | None) -> None:
    """As the locale asks; a config that names a language has the last word, in what needs no config as well."""
    import os
    from contextlib import suppress

    from tuidesk.config.paths import find, may_say
    from tuidesk.errors import TuideskError
    from tuidesk.words import of_locale, speak

    speak(of_locale(os.environ))
    with suppress(TuideskError):  # whoever needs the config says what is wrong with it
        paths = find(home)
        if may_say(paths, b"language", b"team"):
            from tuidesk.config.load import load

            load(paths)


def _home(argv: list[str]) -> tuple[list[str], str | None]:
    """`--home DIR`, before or behind a command, and the other words."""
    for at, word in enumerate(argv):
        if word == "--":
            break
        if word == "--home" and at + 1 < len(argv):
            return argv[:at] + argv[at + 2 :], argv[at + 1]
        if word.startswith("--home="):
            return argv[:at] + argv[at + 1 :], word.removeprefix("--home=")
    return argv, None


def _face(rest: list[str], home: str | None, *, plain: bool) -> int:
    """The screen, or with `plain` the desk in lines."""
    import gc
    import os

    gc.disable()  # a start makes little garbage; the screen switches it on again when it is up

    from tuidesk.errors import TuideskError, UsageError
    from tuidesk.words import say

    refusal = "" if plain else _no_screen(os.environ)
    if refusal:
        sys.stderr.write(refusal + "\n")
        return 2
    from tuidesk.desk.opening import open_screen

    try:
        desk = open_screen(rest, home, "plain" if plain else "screen")
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except TuideskError as error:
        sys.stderr.write(say("main.cannot_open", why=error) + "\n")
        return 1
    if plain:
        from tuidesk.cli import plain as lines

        gc.enable()
        return lines.run(desk)
    from tuidesk.tui.app import run

    return run(desk, demo=rest[:1] == ["demo"])


def _no_screen(environ: Mapping[str, str]) -> str:
    """Why no screen can be drawn here; "" where it can."""
    from tuidesk.words import say

    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):  # Textual draws on stderr
        return say("main.no_terminal")
    if environ.get("TERM", "dumb") in ("", "dumb", "unknown"):
        return say("main.dumb_terminal", term=environ.get("TERM", ""))
    return ""


if __name__ == "__main__":
    sys.exit(main())
