"""The desk's screen: queue, thread with composer, customer. Widgets report to it; it decides.

The list is painted first; `parts` follow. Keys are `pressing`'s, what is said above them `telling`'s, what is shown
`showing`'s.
"""

import asyncio
import warnings
import weakref
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import WorkType

from tuidesk.desk.desk import Desk
from tuidesk.domain import actions
from tuidesk.domain.actions import Action, Place
from tuidesk.errors import TuideskError
from tuidesk.tui.keyboard import written
from tuidesk.tui.screens.parts import Parts, build
from tuidesk.tui.screens.pressing import FIRST_RUN, WHILE_WRITING, Pressing, short
from tuidesk.tui.screens.showing import Showing
from tuidesk.tui.screens.telling import Telling
from tuidesk.tui.terminal import Burst
from tuidesk.tui.turnstile import Turnstile
from tuidesk.tui.widgets.hint_line import KeysLine, TalkLine
from tuidesk.tui.widgets.page import Page
from tuidesk.tui.widgets.preview import Preview
from tuidesk.tui.widgets.queue import Queue
from tuidesk.tui.widgets.status_line import Banner, StatusLine
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.widgets.composer import Composer
    from tuidesk.tui.widgets.customer import CustomerPane
    from tuidesk.tui.widgets.prompt import Prompt
    from tuidesk.tui.widgets.thread import ThreadPane

T = TypeVar("T")

TICK_S = 5.0
"""The one clock of the screen. It shows minutes."""
_PATIENCE_S = 1.0
"""What takes longer to be on disk is said, with who keeps it from that."""
_OFFERED = 40
"""Ways in which what is typed may go on; more fit no line."""
_LEAST = (40, 8)
_LOW = 16
"""Lines below which a composer has the whole pane."""
_THREE, _TWO = 120, 100
"""Columns from which on there are three panes, and two."""

Layout = Literal["three", "two", "one"]


class DeskScreen(Parts, Screen[None], inherit_bindings=False):
    """What an agent works at."""

    AUTO_FOCUS: ClassVar[str | None] = None

    class Furnished(Message):
        """Everything is on the screen."""

    @dataclass
    class ToTerminal(Message):
        """To be written past the screen: what `outward` made."""

        sequence: str

    def __init__(self, desk: Desk, turnstile: Turnstile, hello: str = "") -> None:
        super().__init__()
        self.desk = desk
        self.turnstile = turnstile
        self.then = ""
        """The command that takes over when the screen has ended."""
        self._hello = hello
        self.queue = Queue(say("tui.opening"), id="queue")
        self.preview = Preview(id="preview")
        self.status = StatusLine(id="status")
        self.banner = Banner(id="banner")
        self.talk = TalkLine(id="talk")
        self.keys = KeysLine(id="keys")
        self.small = Page((((say("tui.too_small", columns=_LEAST[0], lines=_LEAST[1]), "alert"),),))
        self.small.id = "small"
        self.small.can_focus = False
        self.showing = Showing(self, desk)
        self.at: Place = "queue"
        """The pane that keys go to, apart from the composer."""
        self.keymap = desk.config.keymap
        self.pressing, self.telling = Pressing(self, self.keymap), Telling(self)
        self.up_at: float | None = None
        """Since when everything is on the screen; None: not yet."""

    def compose(self) -> ComposeResult:
        self.add_class("-at-queue")
        self._lay_out(*self.app.size)  # a class that is set later has everything styled again
        yield self.status
        yield self.banner
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield self.queue
                yield self.preview
            yield Vertical(id="middle")
            yield Vertical(id="right")
        yield self.talk
        yield self.keys
        yield self.small

    def on_mount(self) -> None:
        self.queue.focus()
        self.showing.start()

    async def furnish(self) -> None:
        """The list is on the screen: now the rest. What was typed before is not obeyed."""
        await build(self)
        self.up_at = self.desk.clock.monotonic()
        self.set_interval(TICK_S, self.showing.tick)
        self.work(self.acting.remember(), "remember")
        self.post_message(self.Furnished())
        self.say_keys()
        if self._hello:
            self.tell(self._hello)
        self.editing.find()

    def on_unmount(self) -> None:
        self.showing.stop()

    # Panes

    @property
    def panes(self) -> Layout:
        """How many there is room for."""
        return "three" if self.has_class("-three") else "two" if self.has_class("-two") else "one"

    @property
    def thread_in_view(self) -> bool:
        return self.panes == "three" or self.at == "thread" or (self.panes == "two" and self.at == "queue")

    @property
    def customer_in_view(self) -> bool:
        if self.panes == "three":
            return not self.has_class("-no-customer")
        return self.at == "customer"

    def on_resize(self, event: events.Resize) -> None:
        self._lay_out(*event.size)

    def _lay_out(self, columns: int, lines: int) -> None:
        self.set_class(columns < _LEAST[0] or lines < _LEAST[1], "-small")
        self.set_class(lines < _LOW, "-low")
        panes = "three" if columns >= _THREE else "two" if columns >= _TWO else "one"
        for name in ("three", "two", "one"):
            self.set_class(name == panes, f"-{name}")
        if self.is_up:
            self.showing.laid_out()

    def go(self, place: Place) -> None:
        """The keys go to this pane; where there is room for one only, it is the one that is seen."""
        self.at = place
        for name in actions.PANES:
            self.set_class(name == place, f"-at-{name}")
        self._pane(place).focus()
        if place == "queue":
            self.showing.follow()  # another conversation may be in the thread: the keys are about the one at the mark
        self.handling.look()
        self.say_keys()
        self.say_talk()

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        if not self.is_up:
            return
        for place in actions.PANES:
            if place != self.at and self._pane(place).has_focus_within:
                self.at = place  # a click; keys come here through `go`
                self.say_talk()
        if self.composer.is_after and not self.composer.has_focus_within:
            self.composer.close()  # its letters hold only while it is asked
        self.handling.look()
        self.say_keys()

    def on_screen_suspend(self) -> None:
        if self.is_up:
            self.handling.look()

    def on_screen_resume(self) -> None:
        if self.is_up:
            self.handling.look()

    def _pane(self, place: Place) -> Widget:
        return {"queue": self.queue, "thread": self.thread}.get(place, self.customer)

    @property
    def place(self) -> Place:
        """Where a key is typed."""
        if self.is_up and self.composer.slot is not None and self.composer.has_focus_within:
            return "composer"
        return self.at

    @property
    def is_idle(self) -> bool:
        """Nothing is being written or asked: something may come up that nobody called."""
        return self.is_current and self.place != "composer" and not self.prompt.is_open

    @property
    def target(self) -> int | None:
        """The conversation an action is about: the one on the screen, by its number, never by its row."""
        return self.queue.current if self.at == "queue" else self.thread.conversation

    # Keys

    @property
    def pressed(self) -> str:
        """The key, or pair of keys, that was pressed last."""
        return self.pressing.pressed

    @property
    def is_first_run(self) -> bool:
        """No account, and nothing of one: what was imported has no account file, and is worked on like the rest."""
        return not (self.desk.accounts or self.showing.accounts or len(self.queue.picture or ()))

    @property
    def is_up(self) -> bool:
        """Whether the list is there, and everything else."""
        return self.up_at is not None

    def on_key(self, event: events.Key) -> None:
        if self.is_up and self.prompt.is_open:
            return
        if self.place == "composer":
            action = actions.holding("composer", self.keymap).get(written(event))
            if action is not None and action.id in WHILE_WRITING:
                self._take(event)
                if isinstance(event, Burst):
                    self.tell(say(event.why), wrong=True)
                else:
                    self.obey(action)
            return
        self._take(event)
        self.pressing.take(event)

    def _take(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.tell(say("tui.pasted", key=self.key("reply")), wrong=True)

    def obey(self, action: Action, argument: str = "") -> None:
        """Do what an action says, to what is on the screen now. `argument`: what was typed behind its name."""
        self.pressing.obey(action, argument)

    # Leaving

    def end(self, code: int = 0) -> None:
        """Leave: what is typed is on disk. Work that had not begun is not missed, and says nothing to the shell."""
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        self.save_all()
        self.app.exit(code)

    def save_all(self) -> None:
        """What is typed, to disk, now; and for how long."""
        if self.is_up:
            self.composing.save_all()
            self.handling.pause()

    def sleep(self) -> None:
        """Ctrl+Z: somebody else may sync while we are stopped."""
        self.save_all()
        self.handling.settle()
        self.desk.pause()
        self.app.action_suspend_process()

    # Words

    def say_keys(self) -> None:
        """The keys of this place, in the last line. A text and a question name their own, and have that line."""
        if self.is_first_run:
            self.keys.say(tuple((key, say(f"tui.first_run_{to or 'quit'}")) for key, to in FIRST_RUN.items()))
            return
        self.keys.display = self.place != "composer" and not (self.is_up and self.prompt.is_open)
        self.keys.say(
            tuple((action.keys[0], short(action)) for action in actions.hints(self.at, self.keymap))
        )

    def put_question(self, question: str, words: str, **how: Any) -> None:
        """`Prompt.ask`. Its line is that of the keys at once: were there both for a moment, the list would move."""
        self.keys.display = False
        self.prompt.ask(question, words, **how)

    def key(self, id: str) -> str:
        """The key of an action in force here, for a sentence; that of the palette, where it has none."""
        return actions.key_of(id, self.at, self.keymap) or actions.key_of("palette", self.at, self.keymap)

    def tell(self, words: str, *, wrong: bool = False) -> None:
        """Answer a key, in the line above the keys. Text from outside is cleaned there."""
        self.telling.tell(words, wrong=wrong)

    def say_talk(self) -> None:
        self.telling.say()

    # Work that waits

    def work(self, job: Coroutine[Any, Any, None], group: str, *, exclusive: bool = False) -> None:
        """Run `job`; what the desk refuses is told, and loses nothing."""

        async def run() -> None:
            try:
                await job
            except TuideskError as error:
                self.tell(str(error), wrong=True)

        weakref.finalize(run, job.close)  # one that is cancelled before it has begun is missed by nobody
        started: WorkType[None] = run
        self.run_worker(started, group=group, exclusive=exclusive)

    async def outcome(self, future: Future[T]) -> T:
        """What becomes of work that goes on whether or not anybody still waits for it."""
        waiting = asyncio.wrap_future(future)
        waiting.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        said = ""
        while not (await asyncio.wait({waiting}, timeout=_PATIENCE_S))[0]:
            held_up = self.desk.waiting()
            if held_up is not None and held_up.seconds >= _PATIENCE_S:
                who = say("tui.waiting_other") if held_up.pid is None else say("tui.pid", pid=held_up.pid)
                said = say("tui.waiting", who=who, count=int(held_up.seconds))
                self.tell(said, wrong=True)
        if said:
            self.telling.take_back(said)
        return waiting.result()

    async def ask(self, query: Callable[..., Any], *values: Any) -> Any:
        """The answer of a query of `desk.read`."""
        return await asyncio.wrap_future(self.desk.read(query, *values))

    # What the widgets report

    def on_queue_moved(self) -> None:
        if self.is_up:
            self.showing.moved()

    def on_queue_marks_changed(self) -> None:
        self.say_talk()

    def on_queue_rows_wanted(self, event: Queue.RowsWanted) -> None:
        self.showing.fetch(event.numbers)

    def on_queue_pressed(self) -> None:
        if self.is_up:
            self.moving.open()

    def on_prompt_answered(self, event: "Prompt.Answered") -> None:
        self.go(self.at)
        if event.question == "pipe":
            self.carrying.piped(event.answer)
            return
        if event.question == "handling":
            self.handling.answered(event.answer)
            return
        self.acting.answered(event.question, event.answer)
        self.customers.answered(event.question, event.answer)

    def on_prompt_not_obeyed(self, event: "Prompt.NotObeyed") -> None:
        self.tell(say(event.why), wrong=True)

    def on_prompt_offered(self, event: "Prompt.Offered") -> None:
        self.tell("  ".join(event.choices[:_OFFERED]) or say("tui.nothing_fits"), wrong=not event.choices)

    def on_prompt_left(self) -> None:
        if self.composer.is_open:
            self.composing.focus()
        else:
            self.go(self.at)

    def on_thread_pane_earlier_wanted(self, event: "ThreadPane.EarlierWanted") -> None:
        self.showing.open_thread(event.conversation, event.newest)

    def on_thread_pane_link_wanted(self, event: "ThreadPane.LinkWanted") -> None:
        self.moving.open_conversation(event.conversation)

    def on_customer_pane_past_wanted(self, event: "CustomerPane.PastWanted") -> None:
        self.moving.open_past(event.conversation)

    def on_customer_pane_unfold_wanted(self, event: "CustomerPane.UnfoldWanted") -> None:
        self.customers.unfold_wanted(event.conversation)

    def on_customer_pane_chosen(self, event: "CustomerPane.Chosen") -> None:
        self.customers.chosen(event.at)

    def on_thread_pane_download_wanted(self, event: "ThreadPane.DownloadWanted") -> None:
        self.looking.save(event.message, event.ref, event.name)

    def on_thread_pane_whole_wanted(self, event: "ThreadPane.WholeWanted") -> None:
        self.looking.show_source(event.message)

    def on_thread_pane_ask_unknown(self, event: "ThreadPane.AskUnknown") -> None:
        self.replies.ask(event.conversation, event.key)

    def on_composer_draft_changed(self, event: "Composer.DraftChanged") -> None:
        self.composing.save(event)

    def on_composer_send_wanted(self, event: "Composer.SendWanted") -> None:
        self.sending.send(event)

    def on_composer_left(self) -> None:
        self.composing.left()

    def on_composer_strip_chosen(self, event: "Composer.StripChosen") -> None:
        self.replies.after(event)
        if event.key is not None:
            self.pressing.take(event.key)

    def on_composer_route_wanted(self, event: "Composer.RouteWanted") -> None:
        self.routing.choose(event.sheet)

    def on_composer_quote_wanted(self, event: "Composer.QuoteWanted") -> None:
        self.composing.quote(event.conversation)

    def on_composer_editor_wanted(self) -> None:
        self.editing.edit()

    def on_composer_attach_wanted(self) -> None:
        self.composing.ask_file()

    def on_composer_canned_wanted(self) -> None:
        self.canned.canned_writing(by_slash=True)

    def on_composer_keys_wanted(self) -> None:
        self.looking.help()
