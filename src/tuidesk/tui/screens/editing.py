"""$EDITOR: the program gets the terminal, and the text comes back into the composer. Found again after a crash."""

import asyncio
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from textual.app import SuspendNotSupported

from tuidesk.desk import editing, read
from tuidesk.desk.desk import Desk
from tuidesk.desk.editing import EditedText, Leftover
from tuidesk.desk.picture import Draft
from tuidesk.desk.writing_on import keeping
from tuidesk.domain.commands import SaveDraft
from tuidesk.domain.text import clean, cut
from tuidesk.errors import TuideskError
from tuidesk.tui import when
from tuidesk.tui.widgets.draft_text import fit
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

_END_S = 0.6
"""How long an editor has to save and end when we are to end."""
_SHOWN = 40


class Editing:
    """Between the composer and the agent's editor."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk

    def edit(self) -> None:
        """What stands in the composer, in the editor."""
        self._screen.work(self._edit(), "editor", exclusive=True)

    async def _edit(self) -> None:
        """What is typed until the editor is up waits, and goes to the text that has come back."""
        self._screen.turnstile.shut()
        try:
            await self._edit_now()
        finally:
            self._screen.turnstile.open(forget=False)

    async def _edit_now(self) -> None:
        composer = self._screen.composer
        if not composer.is_open:
            return
        composer.flush()
        slot, before = composer.written().slot, composer.text
        for written in composer.unsaved():  # the loop will stand still, and whoever saves is asked on it
            await self._screen.outcome(self._desk.do(written.draft()))
        begun = await asyncio.to_thread(
            EditedText.begin, self._desk.paths.editor, slot.conversation, slot.mode, before
        )
        try:
            argv = editing.command(self._desk.config.file.editor, os.environ, begun.path)
            code = self._run(argv)
            text = fit(begun.read()) if code is not None else before
        except TuideskError:
            begun.leave()
            raise
        if code is None or code > 0:
            begun.close()
            if code is not None:
                self._screen.tell(say("editor.ended", code=code), wrong=True)
            return
        if text.rstrip("\n") != before.rstrip("\n"):
            composer.put(text)
            composer.flush()
            try:
                await self._screen.outcome(self._desk.do(composer.written().draft()))
            except TuideskError:
                begun.leave()
                raise
        begun.close()
        if code < 0:
            self._screen.tell(say("editor.killed", number=-code), wrong=True)

    def _run(self, argv: Sequence[str]) -> int | None:
        """The editor has the terminal until it ends: its exit code (negative: a signal), None where it did not start.

        The loop stands still meanwhile, so that nothing is drawn over the editor; accounts go on, on their own thread.
        """
        code, wrong = None, ""
        try:
            with self._screen.app.suspend():
                try:
                    process = subprocess.Popen(argv)
                except OSError as error:  # raised further, it would leave the terminal suspended
                    wrong = say("editor.cannot_run", command=argv[0], reason=error.strerror)
                else:
                    with self._signals(process):
                        code = process.wait()
        except SuspendNotSupported:
            wrong = say("editor.no_terminal")
        if wrong:
            self._screen.tell(wrong, wrong=True)
        return code

    @contextmanager
    def _signals(self, process: "subprocess.Popen[bytes]") -> Iterator[None]:
        """Ctrl+C is the editor's own; Ctrl+Z in it stops us as well; and if we are to end, it ends first."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def end(*_: Any) -> None:
            process.send_signal(signal.SIGHUP)
            killing = threading.Timer(_END_S, process.kill)
            killing.daemon = True
            killing.start()

        def stop(*_: Any) -> None:
            self._desk.pause()  # somebody else may sync while we are stopped
            os.kill(os.getpid(), signal.SIGSTOP)
            self._desk.start()

        def pass_over(*_: Any) -> None:
            """A handler, and not SIG_IGN: that one the editor would inherit."""

        ours = {
            signal.SIGINT: pass_over,
            signal.SIGQUIT: pass_over,
            signal.SIGTSTP: stop,
            signal.SIGHUP: end,
            signal.SIGTERM: end,
        }
        before = {number: signal.signal(number, handler) for number, handler in ours.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    # After a crash

    def find(self) -> None:
        """Texts that were open in an editor when the program ended become drafts again."""
        if not self._desk.read_only:
            self._screen.work(self._find(), "editor")

    async def _find(self) -> None:
        for leftover in await asyncio.to_thread(lambda: list(editing.leftovers(self._desk.paths.editor))):
            at = when.clock(leftover.at)
            try:
                kept = await self._keep(leftover)
            except TuideskError as error:
                path = clean(str(leftover.path), lines=False)
                self._screen.tell(say("editor.left", when=at, path=path, reason=error), wrong=True)
                continue
            await asyncio.to_thread(editing.forget, leftover)
            if kept:
                text = cut(" ".join(clean(leftover.text).split()), _SHOWN)
                name = "editor.found" if leftover.conversation else "editor.found_start"
                self._screen.tell(say(name, when=at, n=leftover.conversation, text=text))

    async def _keep(self, leftover: Leftover) -> bool:
        """Make it the draft; the one that was there is archived. Whether that was needed."""
        text, n, mode = fit(leftover.text), leftover.conversation, leftover.mode
        draft: Draft | None = await self._screen.ask(read.draft, n, mode)
        if not text.strip() or (draft is not None and draft.text.strip() == text.strip()):
            return False
        if n:
            await self._screen.ask(read.thread, n, self._screen.showing.now(), 1)  # it may be gone
        if draft is not None:
            await self._screen.outcome(self._desk.do(SaveDraft(conversation=n or None, mode=mode, text="")))
        await self._screen.outcome(self._desk.do(keeping(n, mode, text, draft)))
        return True
