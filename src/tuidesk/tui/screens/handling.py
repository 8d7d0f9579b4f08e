"""The agent's own clock: which conversation has the focus, for how long by now, and breaks. Methods are named after
the actions.

It hears of keys, and of whatever moves the focus; nothing ticks. What runs is on its way to the disk every few seconds
while keys come, and whenever it ends.
"""

from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING

from tuidesk.desk import handling as desk_handling
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import Break
from tuidesk.desk.stretches import Stretches
from tuidesk.domain.commands import CorrectHandling
from tuidesk.domain.handling import Stopwatch, Stretch, change
from tuidesk.domain.instants import MINUTE, SECOND, Instant
from tuidesk.errors import TuideskError, UsageError
from tuidesk.tui import when
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

_SAVE: Instant = 5 * SECOND
"""What is lost at most when the machine goes down while an agent types."""


class Handling:
    """Measures for this agent alone."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._watch = Stopwatch(desk.config.file.timers.idle_after_s)
        self._stretches = Stretches(desk)
        self._saved: Future[int | None] | None = None
        self._kept: Stretch | None = None
        """What was saved last."""
        self._before: tuple[int, Instant] = 0, 0
        """(conversation, ms): what it had come to without the stretch that runs, and what has ended since."""
        self._is_looked_at = True
        """The terminal has the focus, as far as it says."""
        self._about = 0
        """The conversation whose time is asked for."""
        self._on_break: Break | None = None
        self._is_leaving = False

    # What it hears

    def key(self) -> None:
        """The agent is at the keyboard."""
        now, beat = self._desk.clock.now(), self._desk.clock.monotonic()
        self._is_looked_at = True  # a terminal need not say so
        self.look()
        self._ended(self._watch.key(now, beat))
        running = self._watch.running
        if running is not None and self._unsaved(running) >= _SAVE:
            self._save(running)
        self._say()

    def looked_at(self, *, is_so: bool) -> None:
        """The terminal has got the focus, or lost it."""
        self._is_looked_at = is_so
        self.look()

    def breaks(self, running: Break | None) -> None:
        """The agent is away, or is not."""
        if running != self._on_break:
            self._on_break = running
            self.look()
            self._screen.say_talk()

    def look(self) -> None:
        """Something may have moved the focus."""
        self._turn_to(self._in_focus())

    def pause(self) -> None:
        """The screen is left, for now or for good: what has run is on its way to the disk, before other work."""
        self._is_leaving = True
        self._turn_to(None)
        self._is_leaving = False

    def settle(self) -> None:
        """Wait half a second at most for what is on its way: a process must not stop in the middle of a
        transaction."""
        if self._saved is not None:
            with suppress(TuideskError, TimeoutError):
                self._saved.result(0.5)

    # What has the focus

    def _in_focus(self) -> int | None:
        """The conversation that is on the screen, with its history or what is written to it."""
        screen = self._screen
        if not self._is_looked_at or self._on_break is not None:
            return None
        if any(getattr(one, "hides_conversation", False) for one in screen.app.screen_stack):
            return None
        slot = screen.composer.slot
        if screen.place == "composer" and slot is not None and not slot.conversation:
            return None  # what is written to somebody new is in none yet
        if screen.at == "queue" and not screen.thread_in_view:
            return None
        return screen.thread.conversation

    def _turn_to(self, conversation: int | None) -> None:
        before = self._watch.conversation
        if conversation == before:
            return
        self._ended(self._watch.focus(conversation, self._desk.clock.now(), self._desk.clock.monotonic()))
        if conversation is not None and conversation != self._before[0]:
            self._before = conversation, 0
            self.ask()
        self._say()

    def _ended(self, stretch: Stretch | None) -> None:
        if stretch is None:
            return
        self._save(stretch)
        if stretch.conversation == self._before[0]:
            self._before = stretch.conversation, self._before[1] + stretch.ms

    def _unsaved(self, running: Stretch) -> Instant:
        kept = self._kept
        return running.ms - (kept.ms if kept is not None and kept[:2] == running[:2] else 0)

    def _save(self, stretch: Stretch) -> None:
        self._kept = stretch
        self._saved = self._stretches.save(stretch, at_once=self._is_leaving) or self._saved

    # What it comes to

    def ask(self) -> None:
        """How much there was before, and what was corrected by hand."""
        self._screen.work(self._ask(self._before[0]), "handling", exclusive=True)

    async def _ask(self, conversation: int) -> None:
        before, but, known = 0, None, False
        while not known:
            if self._saved is not None:  # what has just ended is among what there was before
                with suppress(TuideskError):
                    await self._screen.outcome(self._saved)
            but = self._begun(conversation)
            before = await self._screen.ask(desk_handling.spent, conversation, but)
            known = but == self._begun(conversation)
        if self._before[0] == conversation:
            self._before = conversation, before
            self._say()

    def _begun(self, conversation: int) -> Instant | None:
        """Since when the stretch runs that is not among what there was before."""
        running = self._watch.running
        return running.start if running is not None and running.conversation == conversation else None

    def words(self) -> str:
        """`on this one 3m`, of what is on the screen; below a minute nothing. On a break, that it does not run."""
        conversation = self._screen.thread.conversation
        if self._on_break is not None:
            return say("tui.not_counted") if conversation is not None else ""
        running, (of, ms) = self._watch.running, self._before
        if running is not None and running.conversation == of:
            ms += running.ms
        return say("tui.on_this_one", span=when.span(ms)) if of == conversation and ms >= MINUTE else ""

    def away_words(self, now: Instant) -> str:
        """`away 12m`, for the status line."""
        began = self._on_break
        return say("tui.on_break", span=when.span(now - began.began)) if began is not None else ""

    def _say(self) -> None:
        if self._screen.talk.talk.spent != self.words():
            self._screen.say_talk()

    # Corrected by hand

    def handling(self, typed: str = "") -> None:
        """`+5m was on the phone`, to the conversation that is on the screen."""
        n = self._screen.target
        if n is None:
            self._screen.tell(say("tui.no_conversation"), wrong=True)
            return
        self._about = n
        if typed:
            self.answered(typed)
        else:
            self._put_question()

    def _put_question(self, typed: str = "") -> None:
        words, hint = say("tui.ask_handling", n=self._about), say("tui.ask_handling_hint")
        self._screen.put_question("handling", words, typed=typed, placeholder=hint)

    def answered(self, typed: str) -> None:
        """How much, and why."""
        amount, _, reason = typed.strip().partition(" ")
        try:
            changed = change(amount)
            if not reason.strip():
                raise UsageError(say("desk.handling_reason"))
        except UsageError as error:
            self._screen.tell(str(error), wrong=True)
            self._put_question(typed)
            return
        self._screen.acting.obey(
            CorrectHandling(
                conversation=self._about, ms=changed.ms, is_sum=changed.is_sum, reason=reason.strip()
            )
        )
