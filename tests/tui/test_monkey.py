"""Keys at random: nothing breaks, no text is lost, and the store holds together.

Every kind of key comes, the useful ones more often. What stood in the composer when it was left must be in the store
afterwards: a draft, or a message. The dice are loaded the same way each time; what fails names its seed and its keys.
"""

import asyncio
import random
import sqlite3
from collections import deque
from contextlib import closing
from pathlib import Path

import pytest
from textual import events

from tests.desk.invariants import broken
from tests.tui.desks import demo_screen, until
from tests.tui.run import on_screen
from tuidesk.desk.figures import Timing
from tuidesk.domain import actions
from tuidesk.domain.instants import Instant
from tuidesk.store.sql import Connection, scalar
from tuidesk.tui.app import DeskApp
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.screens.question import Question
from tuidesk.tui.widgets.writing import Slot

_NEVER = {"Ctrl+Z", "|"}
"""Stops the tests along with the program; runs whatever is typed next."""
_AS_TEXTUAL = {
    "Esc": "escape",
    "Space": "space",
    "PgDn": "pagedown",
    "PgUp": "pageup",
    "?": "question_mark",
    "/": "slash",
    ":": "colon",
    "!": "exclamation_mark",
    ".": "full_stop",
    "*": "asterisk",
    "|": "vertical_line",
    " ": "space",
}
_TABLE = sorted({part for action in actions.ACTIONS for key in action.keys for part in key.split()} - _NEVER)
_MOVES = ("j", "k", "J", "K", "Enter", "Esc", "Tab", "Space", "Down", "Up")
_LETTERS = tuple("abcdefghijklmnopqrstuvwxyz      -,.1234567890")
_DEAF_NO_MORE_S = DEAF_S + 0.05
"""Dialogs can be answered after this."""
_OFTEN = 200
"""Keys between two looks at the store."""


def _pressed(key: str) -> str:
    return _AS_TEXTUAL.get(key, key.lower() if len(key) > 1 else key)


class Monkey:
    """At one keyboard."""

    def __init__(self, app: DeskApp, seed: int) -> None:
        self._app = app
        self._dice = random.Random(seed)
        self.last: deque[str] = deque(maxlen=300)
        """What was typed last."""
        self.left: dict[Slot, str] = {}
        """What stood in the composer last, by what it was for. Going on with it makes another text of it."""

    async def play(self, count: int) -> None:
        for n in range(1, count + 1):
            await self.press(self._choice())
            if n % _OFTEN == 0:
                await self.look()

    def _choice(self) -> str:
        kind = self._dice.random()
        if kind < 0.35:
            return self._dice.choice(_MOVES)
        if kind < 0.7:
            return self._dice.choice(_TABLE)
        return self._dice.choice(_LETTERS)

    async def press(self, key: str) -> None:
        if isinstance(self._app.screen, Question) and _quits(self._app.screen):
            key = "Esc"  # else it would be home and away
        self.last.append(key)
        name = _pressed(key)
        await self._send(events.Key(name, " " if name == "space" else key if len(key) == 1 else None))
        await asyncio.sleep(_DEAF_NO_MORE_S if self._dice.random() < 0.02 else 0.003)
        composer = self._app.desk_screen.composer
        await (
            self._obeyed()
        )  # else the text may lack what this key does to it, or be closed before it was seen
        if composer.is_open and composer.slot is not None:
            self.left[composer.slot] = composer.text.strip()

    async def _send(self, event: events.Key) -> None:
        """As the terminal's driver does; then it is at the turnstile, and does not lie before it any more."""
        taken = asyncio.Event()
        event.set_sender(self._app)
        self._app.post_message(event)
        self._app.call_later(taken.set)
        await taken.wait()

    async def _obeyed(self) -> None:
        """No key waits any more: neither behind another one, nor for a field or a conversation on its way."""
        turnstile = self._app.turnstile
        await until(lambda: not (turnstile._waiting or turnstile._marker or turnstile._shut))

    async def look(self) -> None:
        """Everything put down; then what the store has of it."""
        app = self._app
        for _ in range(8):  # dialogs and the composer may lie one over the other
            await self.press("Esc")
            if app.screen is not app.desk_screen or app.desk_screen.composer.is_open:
                await asyncio.sleep(_DEAF_NO_MORE_S)
        await until(lambda: app.screen is app.desk_screen and not app.desk_screen.composer.is_open)
        desk = self._app.desk
        await until(lambda: not self._app.desk_screen.composer.unsaved())
        assert await asyncio.wrap_future(desk.read(_lost, dict(self.left))) == {}
        assert await asyncio.wrap_future(desk.read(_broken, desk.clock.now(), desk.timing)) == []


def _quits(question: Question) -> bool:
    return any(answer.result in ("quit", "now") for answer in question._answers.values())


def _broken(connection: Connection, now: Instant, timing: Timing) -> list[str]:
    """What does not hold, of a copy: the rules refresh what they compare."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    connection.backup(copy)
    copy.row_factory = sqlite3.Row
    with closing(copy):
        copy.execute("BEGIN")
        return broken(copy, now, timing)


_KEPT = "SELECT EXISTS (SELECT 1 FROM {0} WHERE instr(text, ?1))"


def _lost(connection: Connection, texts: dict[Slot, str]) -> dict[Slot, str]:
    return {
        slot: text
        for slot, text in texts.items()
        if text and not any(scalar(connection, _KEPT.format(table), text) for table in ("draft", "message"))
    }


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("seed", "count", "size"),
    [
        (1, 5_000, (80, 24)),
        (2, 5_000, (120, 36)),
        *(pytest.param(seed, 10_000, (120, 36), marks=pytest.mark.long) for seed in range(3, 8)),
        *(pytest.param(seed, 10_000, (80, 24), marks=pytest.mark.long) for seed in range(8, 13)),
    ],
)
@on_screen
async def test_keys_at_random_break_nothing_and_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, count: int, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # there is nothing that it could run
    async with demo_screen(tmp_path, size) as (app, _):
        monkey = Monkey(app, seed)
        try:
            await monkey.play(count)
        except BaseException as error:
            error.add_note(f"the last keys: {' '.join(monkey.last)}")
            raise
        assert monkey.left, "it wrote something"
