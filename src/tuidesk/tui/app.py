"""The screen's program: wiring only."""

import asyncio
import gc
import os
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.driver import Driver
from textual.events import (
    AppBlur,
    AppFocus,
    Event,
    InputEvent,
    Key,
    MouseDown,
    MouseScrollDown,
    MouseScrollUp,
    Paste,
)
from textual.filter import NoColor
from textual.theme import Theme
from textual.widget import AwaitMount
from textual.worker import WorkerFailed

from tuidesk.desk.desk import Desk
from tuidesk.tui import themes
from tuidesk.tui.ending import Ending
from tuidesk.tui.screens.desk import DeskScreen
from tuidesk.tui.terminal import Ground, Terminal
from tuidesk.tui.turnstile import Turnstile
from tuidesk.tui.widgets.strips import Drawn
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.alarm import Alarm


_AT_WORK = (Key, Paste, MouseDown, MouseScrollDown, MouseScrollUp)
"""What an agent does who is at the keyboard; a mouse that moves may have been pushed."""


class DeskApp(App[int], inherit_bindings=False):
    """One desk on one terminal."""

    CSS_PATH = "screens/desk.tcss"  # a default screen's own is not read
    TITLE = "tuidesk"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, desk: Desk, driver_class: type[Driver] | None = None, *, hello: str = "") -> None:
        config, environ = desk.config.file, os.environ
        self._known: dict[str, Theme | None] = {theme.name: theme for theme in themes.OURS}
        self.set_reactive(App.theme, themes.choose(environ, config.theme))  # later, all CSS is parsed again
        plain = themes.without_colour(environ, config.theme)
        super().__init__(driver_class, ansi_color=plain or None)
        if plain and not self.no_color:
            self.no_color = True
            self._filters.append(NoColor())
        self.desk = desk
        self._follows_ground = config.theme == "auto" and self.theme != themes.ANSI
        for theme in themes.OURS:
            self.register_theme(theme)
        if themes.in_ascii(environ, config.ascii):
            self.add_class("-ascii")
            if not themes.is_utf8(environ):
                hello = say("tui.not_utf8")
        self._asks_signs = config.ascii is None and not self.has_class("-ascii")
        self.has_title = bool(desk.config.file.notify.title and desk.config.file.notify.on)
        self.alarm: Alarm | None = None
        self._lock_s = desk.config.file.lock.after_min * 60
        self._touched = desk.clock.monotonic()
        self.is_locked = False
        self._behind: list[Callable[[], object]] = []
        """Opens what is to be asked, once the blank screen has gone."""
        self.ending = Ending(self, desk)
        self.turnstile = Turnstile(self, super().on_event)
        self.desk_screen = DeskScreen(desk, self.turnstile, hello)

    def get_default_screen(self) -> DeskScreen:
        return self.desk_screen

    async def on_event(self, event: Event) -> None:
        if isinstance(event, InputEvent | Paste) and not event.is_forwarded:
            self._touched = self.desk.clock.monotonic()
            if self.alarm is not None:
                self.alarm.seen()
            if isinstance(event, _AT_WORK) and self.desk_screen.is_up:
                self.desk_screen.handling.key()
            await self.turnstile.take(event)
        else:
            await super().on_event(event)

    def on_app_focus(self, _: AppFocus) -> None:
        if self.desk_screen.is_up:
            self.desk_screen.handling.looked_at(is_so=True)

    def on_app_blur(self, _: AppBlur) -> None:
        if self.desk_screen.is_up:
            self.desk_screen.handling.looked_at(is_so=False)

    async def on_load(self) -> None:
        self.ending.listen(asyncio.get_running_loop())

    def get_theme(self, theme_name: str) -> Theme | None:
        """Textual asks for every line that is drawn, and would put all themes into one table each time."""
        if theme_name not in self._known:
            self._known[theme_name] = super().get_theme(theme_name)
        return self._known[theme_name]

    def write_out(self, sequence: str) -> None:
        """To the terminal, past the screen: what `outward` made."""
        if self._driver is not None and sequence:
            self._driver.write(sequence)

    def on_desk_screen_to_terminal(self, message: DeskScreen.ToTerminal) -> None:
        self.write_out(message.sequence)

    def on_ready(self) -> None:
        self.app_resume_signal.subscribe(self, lambda _: self.wake())

    def on_desk_screen_furnished(self) -> None:
        """Everything is on the screen: now the accounts, the alarm, and memory."""
        from tuidesk.tui.alarm import Alarm

        self.alarm = Alarm(self, self.desk)
        self.run_worker(self.alarm.start(), group="alarm")
        self._lock_when_idle()
        self._start_desk()
        gc.collect()
        gc.freeze()  # what stands at the start is never looked at again: the worst key is four times faster
        gc.enable()

    def _start_desk(self) -> None:
        threading.Thread(target=self.desk.start, name="tuidesk-start", daemon=True).start()

    def _build_driver(
        self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None
    ) -> Driver:
        driver = super()._build_driver(headless, inline, mouse, size)
        if isinstance(driver, Terminal):
            driver.asks_signs, driver.asks_ground = self._asks_signs, self._follows_ground
            driver.has_title = self.has_title
        return driver

    def on_ground(self, message: Ground) -> None:
        """A light terminal that did not say so, and is asked, gets the light theme."""
        if self._follows_ground and (fits := themes.fitting(self.theme, dark=message.dark)) != self.theme:
            self.theme = fits

    def on_terminal_signs_are_wide(self) -> None:
        """Lines would push what is beside them aside."""
        self.add_class("-ascii")
        for widget in self.screen.walk_children():
            if isinstance(widget, Drawn):
                widget.forget_signs()
        self.refresh(layout=True)

    # The blank screen

    def push_screen(self, screen: Any, *args: Any, **kwargs: Any) -> Any:
        """As always; but over the blank screen nothing opens: it waits until somebody is there."""
        if not self.is_locked:
            return super().push_screen(screen, *args, **kwargs)
        self._behind.append(lambda: super(DeskApp, self).push_screen(screen, *args, **kwargs))
        return AwaitMount(screen, ())

    def _lock_when_idle(self) -> None:
        if self._lock_s:
            self.set_timer(self._lock_s, self._lock_if_idle)

    def _lock_if_idle(self) -> None:
        """Nobody has been at the keyboard for long enough, or will not have been in so many seconds."""
        left = self._touched + self._lock_s - self.desk.clock.monotonic()
        if left > 0.05:
            self.set_timer(left, self._lock_if_idle)
        else:
            self.lock()

    def lock(self) -> None:
        """Blank, until somebody opens it. What is typed is on disk first."""
        from tuidesk.tui.screens.locked import Locked

        if self.is_locked:
            return
        self.turnstile.forget()
        self.desk_screen.save_all()
        self.push_screen(Locked(self.desk), lambda _: self._unlocked())
        self.is_locked = True
        self._say_title()

    def _unlocked(self) -> None:
        self.is_locked = False
        self._touched = self.desk.clock.monotonic()
        self.desk_screen.handling.look()
        self._lock_when_idle()
        self._say_title()
        behind, self._behind = self._behind, []
        for open_it in behind:
            self.call_later(open_it)

    def _say_title(self) -> None:
        if self.alarm is not None:
            self.alarm.say_title()

    def on_terminal_gone(self) -> None:
        self.ending.hang_up()

    def on_terminal_failed(self, message: Terminal.Failed) -> None:
        self._handle_exception(message.error)

    def end(self, code: int = 0) -> None:
        """Leave: what is typed is saved, the terminal is as it was."""
        self.desk_screen.end(code)

    def wake(self) -> None:
        """Back from Ctrl+Z."""
        if self.desk_screen.is_up:
            self.desk_screen.handling.look()
        self._start_desk()
        if self.alarm is not None:
            self.alarm.say_title(again=True)
        self.refresh(layout=True)

    def _handle_exception(self, error: Exception) -> None:
        """Textual would print local variables, and secrets with them; our report has neither."""
        if isinstance(error, WorkerFailed):
            error = error.error if isinstance(error.error, Exception) else error
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.ending.crashed(error)
        self._close_messages_no_wait()


def run(desk: Desk, *, demo: bool = False) -> int:
    """The screen, until the agent leaves it. The result is the exit code."""
    app = DeskApp(desk, Terminal, hello=say("tui.demo") if demo else "")
    try:
        app.run()
    finally:
        app.ending.last_words()
        desk.close()
    if app.desk_screen.then:
        os.execv(sys.executable, [sys.executable, "-m", "tuidesk", *sys.argv[1:], app.desk_screen.then])
    return app.ending.code or app.return_value or app.return_code or 0
