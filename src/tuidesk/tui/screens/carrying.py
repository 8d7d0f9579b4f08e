"""What leaves the screen: copies, a conversation through a program, a saved file in another. Methods are named after
the actions (`domain.actions`)."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tuidesk.desk import outward
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import ShownMessage
from tuidesk.domain.text import clean, cut, width
from tuidesk.tui.screens.question import Answer, Question
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.desk.programs import Ran
    from tuidesk.tui.screens.desk import DeskScreen

_PIPE_S, _OPEN_S = 30.0, 60.0
_AS_JSON = "json:"
"""In front of a program that is to get the lines of the vocabulary."""
_SHOWN = 60
_NAMED = 40
"""Cells of a program in a sentence that goes on behind it."""


class Carrying:
    """Copies, pipes, opens."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._about = 0
        """The conversation that is to go through a program."""
        self._last_program = ""
        self._saved: Path | None = None
        self._saved_type = ""

    # Copies

    def copy_number(self) -> None:
        """`#42 Dana Ortiz <dana@ortiz.example>`."""
        shown, n = self._screen.thread.thread, self._screen.target
        row = shown.row if shown is not None and shown.row.n == n else self._screen.queue.row
        if n is None or row is None or row.n != n:
            self._screen.tell(say("tui.no_conversation"), wrong=True)
            return
        who = f"{row.name} <{row.handle}>" if row.name and row.handle else row.name or row.handle
        self._copy(" ".join(filter(None, (f"#{row.n}", clean(who, lines=False)))))

    def copy_text(self) -> None:
        """What the message at the cursor says."""
        message = self._screen.thread.current if self._screen.thread_in_view else None
        if message is None:
            self._screen.tell(say("tui.no_message"))
        else:
            self._copy(clean(message.text).strip("\n"))

    def _copy(self, text: str) -> None:
        self._screen.post_message(self._screen.ToTerminal(outward.copied(text, os.environ)))
        shown = cut(" ".join(text.split()), _SHOWN)
        self._screen.tell(say("tui.copied", text=shown))

    # A conversation through a program

    def pipe(self) -> None:
        n = self._screen.target
        if n is None:
            self._screen.tell(say("tui.no_conversation"), wrong=True)
            return
        self._about = n
        hint = (
            say("tui.ask_pipe_again", program=self._last_program)
            if self._last_program
            else say("tui.ask_pipe_hint")
        )
        self._screen.put_question("pipe", say("tui.ask_pipe", n=n), placeholder=clean(hint, lines=False))

    def piped(self, typed: str) -> None:
        """The program was named; nothing typed: the one before."""
        line = typed.strip() or self._last_program
        as_json = line.startswith(_AS_JSON)
        self._screen.work(self._pipe(self._about, line, as_json=as_json), "pipe")

    async def _pipe(self, n: int, line: str, *, as_json: bool) -> None:
        from tuidesk.desk import piping, programs  # a start does not pay for them

        command = programs.words(line.removeprefix(_AS_JSON) if as_json else line)
        self._last_program = line
        now = self._screen.showing.now()
        text = await (
            self._screen.ask(piping.json_lines, n) if as_json else self._screen.ask(piping.plain, n, now)
        )
        self._screen.tell(say("tui.piping", program=cut(clean(command[0], lines=False), _NAMED)))
        ran = await self._screen.outcome(programs.run(command, text.encode(), _PIPE_S))
        self._show(line, ran)

    def _show(self, line: str, ran: "Ran") -> None:
        from tuidesk.tui.screens.output import Output

        how = _how(ran)
        if ran.output.strip() or ran.code != 0:
            self._screen.app.push_screen(Output(cut(clean(line, lines=False), _SHOWN), ran.output, how))
        else:
            self._screen.tell(say("tui.ran_silently", program=cut(clean(line, lines=False), _NAMED)))

    # A saved file

    def type_of(self, message: int, ref: str) -> str:
        """What a file on the screen is, as its sender says."""
        shown = self._screen.thread.thread
        items = shown.items if shown is not None else ()
        files = (
            file
            for item in items
            if isinstance(item, ShownMessage) and item.n == message
            for file in item.attachments
        )
        return next((file.type for file in files if file.ref == ref), "")

    def saved(self, path: Path, type: str) -> None:
        """A file lies there now: how to fetch it, and what opens it. Nothing is opened by itself."""
        self._saved, self._saved_type = path, type
        words = [say("tui.downloaded", path=_short(path))]
        key = self._screen.key("open-saved")
        if _is_far():
            line = say("tui.fetch_it", line=fetching(path))
            fits = width(f" {words[0]}  {line}") < self._screen.size.width
            words.append(line if fits else say("tui.fetch_how", key=key))
        if self._hook():
            words.append(say("tui.open_it", key=key, program=self._hook()[0]))
        self._screen.tell("  ".join(words))

    def _hook(self) -> tuple[str, ...]:
        """The program for the file that was saved last."""
        return self._desk.config.file.open.program(self._saved_type)

    def open_saved(self) -> None:
        """At the machine itself it is opened; over SSH it is said how to fetch it, and asked."""
        path, hook = self._saved, self._hook()
        if path is None:
            self._screen.tell(say("tui.nothing_saved", key=self._screen.key("download")))
        elif _is_far():
            self._screen.app.push_screen(
                _fetch_or_open(path, hook), lambda how: self._decided(how, path, hook)
            )
        elif hook:
            self._screen.work(self._open(path, hook), "open")
        else:
            self._screen.tell(say("tui.no_hook"))

    def _decided(self, how: str | None, path: Path, hook: tuple[str, ...]) -> None:
        if how == "copy":
            self._copy(fetching(path))
        elif how == "open":
            self._screen.work(self._open(path, hook), "open")

    async def _open(self, path: Path, hook: tuple[str, ...]) -> None:
        from tuidesk.desk import programs

        command = programs.filled(hook, str(path))
        self._screen.tell(say("tui.opening_file", program=hook[0], path=_short(path)))
        ran = await self._screen.outcome(programs.run(command, b"", _OPEN_S, leave=True))
        if ran.code is not None:
            self._show(f"{hook[0]} {_short(path)}", ran)


def _how(ran: "Ran") -> str:
    if ran.was_cut:
        return say("tui.ran_cut", most=len(ran.output))
    if ran.code is None:
        return say("tui.ran_late", seconds=int(_PIPE_S))
    return say("tui.ran_code", code=ran.code) if ran.code else ""


def _is_far() -> bool:
    """Whether the agent sits at another machine than this one."""
    return "SSH_CONNECTION" in os.environ


def _fetch_or_open(path: Path, hook: tuple[str, ...]) -> Question:
    answers = [Answer("y", say("tui.fetch_copy"), "copy")]
    if hook:
        answers.append(Answer("o", say("tui.open_here", program=hook[0]), "open"))
    return Question(_short(path), (fetching(path),), answers)


def fetching(path: Path) -> str:
    """The line that fetches a file to the machine in front of the agent."""
    import getpass
    import shlex
    import socket

    return f"scp {getpass.getuser()}@{socket.gethostname()}:{shlex.quote(shlex.quote(str(path)))} ."


def _short(path: Path) -> str:
    home, shown = os.path.expanduser("~"), str(path)
    return shown.replace(home, "~", 1) if home != "/" and shown.startswith(f"{home}/") else shown
