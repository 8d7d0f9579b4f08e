"""What becomes of what was sent: the line after sending follows it, and what failed is asked about."""

from typing import TYPE_CHECKING, Literal

from tuidesk.desk import read
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import ShownMessage, Thread
from tuidesk.desk.writing_on import keeping
from tuidesk.domain.commands import Mode, Settle
from tuidesk.domain.text import clean, cut
from tuidesk.errors import NotFound
from tuidesk.tui.screens.question import Answer, Question
from tuidesk.tui.widgets.after_send import Choice
from tuidesk.tui.widgets.composer import Composer
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

How = Literal["check", "again", "sent", "back"]

_WENT_WRONG = ("failed", "unknown")
_LEFT = ("sending", "sent", "unknown")
_SHOWN = 200
"""Characters of a reply's text that a question about it shows."""


class Replies:
    """Knows the reply that the line after sending is about, and those that are being looked for."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._key = ""
        self._mode: Mode = "reply"
        self._conversation = 0
        self._looked_for: dict[str, int] = {}
        """Key of a reply that the agent had looked for → its conversation."""

    # The line after sending

    def sent(self, key: str, mode: Mode, n: int) -> None:
        """This is on disk as queued, and the line after sending is up: about conversation `n`."""
        self._key, self._mode, self._conversation = key, mode, n

    async def follow(self) -> None:
        """Something has changed: perhaps what became of a reply."""
        composer = self._screen.composer
        if self._key and composer.is_after:
            composer.became(*await self._work())
        for key, n in list(self._looked_for.items()):
            await self._answer_check(key, n)

    async def _work(self) -> tuple[str, str]:
        """(state, reason) of what was sent last."""
        try:
            state, reason = await self._screen.ask(read.work, self._key)
        except NotFound:
            return "", ""
        return state, reason

    def after(self, event: Composer.StripChosen) -> None:
        """The line after sending was answered.

        What the agent has seen is asked before that line goes: the room it leaves may show more.
        """
        seen = self._screen.acting.seen(self._conversation)
        self._screen.composer.close()
        self._screen.go("thread")
        match event.choice:
            case "back":
                self._screen.work(self._take_back(event.conversation), "commands")
            case "complete" | "pending" | "snooze":
                self._screen.work(self._go_on(event.choice, seen), "commands")
            case _:
                self._screen.work(self._stay(), "commands")

    async def _stay(self) -> None:
        """In the thread; where the reply went wrong, at it."""
        if (await self._work())[0] in _WENT_WRONG:
            self._screen.thread.go_to(self._key)

    async def _go_on(self, choice: Choice, seen: tuple[tuple[int, int], ...]) -> None:
        """What may follow a reply, unless that went wrong: then the conversation stays open."""
        screen, n = self._screen, self._conversation
        state, reason = await self._work()
        if state in _WENT_WRONG:
            screen.tell(say(f"tui.stays_{state}", reason=reason), wrong=True)
            screen.thread.go_to(self._key)
            return

        def on() -> None:
            screen.moving.other_conversation(1)

        match choice:
            case "complete":
                screen.acting.complete_this(n, seen)
            case "pending":
                screen.acting.ask_pending(n, on)
            case _:
                screen.acting.ask_snooze(n, on)

    async def _take_back(self, n: int) -> None:
        """Out of the outbox, and back into the composer it came from."""
        screen = self._screen
        state, _ = await self._work()
        if state in _LEFT:
            screen.tell(say("tui.has_left"), wrong=True)
            return
        done = await screen.acting.do(Settle(key=self._key, how="back"))
        screen.tell(say("tui.taken_back"))
        if self._mode == "start":
            await screen.showing.forget(done.conversations)
        screen.composing.open_again(n, self._mode)

    # Replies that failed, or may have arrived

    def ask(self, conversation: int, key: str) -> None:
        """What is to become of this reply: the letters of the answer hold in this dialog only."""
        shown = self._screen.thread.thread
        message = _by_key(shown, key)
        if message is None or message.state not in _WENT_WRONG:
            self._screen.tell(say("tui.settled_already"))
            return
        self._screen.choosing.ask_whether(self._ask(conversation, message, key))

    async def _ask(self, n: int, message: ShownMessage, key: str) -> None:
        state, _ = await self._screen.ask(read.work, key)
        if state == "failed":
            await self._settle(n, key, "back", message.reason or say("tui.failed_why"))
            return
        came_back = state == "sent"

        def answered(how: str | None) -> None:
            match how:
                case "check" | "again" | "sent":
                    self._screen.work(self._settle(n, key, how), "commands")
                case "rewrite":
                    why = "" if came_back else say("tui.unknown_line")
                    self._screen.work(self._rewrite(n, message.text, why), "commands")

        self._screen.app.push_screen(_question(n, message, came_back), answered)

    async def bring_back(self, thread: Thread) -> str:
        """The newest reply of a thread that certainly did not leave: its text is the draft. Why it failed, or ""."""
        for message in reversed(thread.items):
            if not isinstance(message, ShownMessage) or message.direction != "out" or not message.key:
                continue
            if message.state == "failed" and (await self._screen.ask(read.work, message.key))[0] == "failed":
                await self._screen.acting.do(Settle(key=message.key, how="back"))
                return message.reason or say("tui.failed_why")
        return ""

    async def _settle(self, n: int, key: str, how: How, failed: str = "") -> None:
        done = await self._screen.acting.do(Settle(key=key, how=how))
        self._screen.tell(say(f"tui.settled_{how}", n=n))
        if how == "check":
            self._looked_for[key] = n
        elif how == "back":
            await self._screen.showing.forget(done.conversations)
            self._screen.composing.open_again(*(done.draft or (n, "reply")), failed)

    async def _rewrite(self, n: int, text: str, why: str) -> None:
        """The words of a reply that came back, or may have arrived, are the draft again, before what stands there. What
        is written of them leaves behind the one that may have arrived: when the agent has said what became of it."""
        draft = await self._screen.ask(read.draft, n, "reply")
        typed = draft.text if draft is not None else ""
        whole = text.strip() if not typed.strip() else f"{text.strip()}\n\n{typed}"
        if text.strip() not in typed:
            await self._screen.acting.do(keeping(n, "reply", whole, draft))
        self._screen.composing.open_again(n, "reply", why)

    async def _answer_check(self, key: str, n: int) -> None:
        """Say what looking once more has found, once it has found something."""
        try:
            message = _by_key(await self._screen.ask(read.thread, n, self._screen.showing.now()), key)
        except NotFound:
            message = None
        if message is not None and (
            message.state == "sending" or (message.state == "unknown" and not message.asked)
        ):
            return
        del self._looked_for[key]
        if message is not None and message.state in ("sent", "queued", "failed", "unknown"):
            self._screen.tell(say(f"tui.looked_{message.state}", n=n), wrong=message.state in _WENT_WRONG)


def _by_key(thread: Thread | None, key: str) -> ShownMessage | None:
    items = thread.items if thread is not None else ()
    return next((item for item in items if isinstance(item, ShownMessage) and item.key == key), None)


def _question(n: int, message: ShownMessage, came_back: bool) -> Question:
    """The reply is named by its words: a thread may have several that wait for an answer."""
    words = cut(" ".join(clean(message.text).split()), _SHOWN)
    text = say("tui.question_text", text=words) if words else say("tui.question_no_text")
    reason = message.reason or ""
    if came_back:
        return Question(
            say("tui.bounced_title", n=n),
            (text, reason or say("tui.bounced_why")),
            (Answer("b", say("tui.bounced_back"), "rewrite"),),
        )
    return Question(
        say("tui.unknown_title", n=n),
        (text, say("tui.unknown_line"), say("tui.unknown_why")),
        (
            Answer("c", say("tui.unknown_check"), "check"),
            Answer("a", say("tui.unknown_again"), "again"),
            Answer("m", say("tui.unknown_sent"), "sent"),
            Answer("w", say("tui.unknown_rewrite"), "rewrite"),
        ),
    )
