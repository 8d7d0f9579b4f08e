"""Help and palette tell of the table of actions, all of it and nothing else, at every place."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.desks import demo_screen, keys, text, until
from tests.tui.run import on_screen
from tuidesk.domain import actions
from tuidesk.domain.actions import ACTIONS, BY_ID, EVERYWHERE, Action, Place
from tuidesk.tui.app import DeskApp
from tuidesk.tui.screens.chooser import Chooser
from tuidesk.tui.screens.help import Help

_TALL = (120, 200)
"""All of the help at once."""
_NOT_IN_THE_PALETTE = {"palette", "palette-writing", "quit-hint", "send-hint", "send"}
"""The palette itself, hints to keys, and what must never be done by letters and an Enter."""
_CUT = 12
"""So much of a name is always shown."""
_LEADS = {"queue": (), "thread": ("enter",), "customer": ("shift+tab",), "composer": ("n",)}

Told = tuple[tuple[str, ...], str]
"""Keys, or how the palette calls it, and what it is called."""


async def _at(app: DeskApp, pilot: Pilot[int], place: Place) -> None:
    await until(lambda: app.desk_screen.thread.conversation == app.desk_screen.queue.current)
    await keys(pilot, *_LEADS[place])
    await until(lambda: app.desk_screen.place == place)


def _told(shown: Iterable[str]) -> list[Told]:
    """What a help screen says, entry by entry; keys may take several lines."""
    found: list[Told] = []
    for line in shown:
        if not line.startswith("    "):
            continue
        names, words = tuple(line[4:23].split("  ")), line[23:].strip()
        names = tuple(name.strip() for name in names if name.strip())
        if words:
            found.append((names, words))
        else:
            found[-1] = ((*found[-1][0], *names), found[-1][1])
    return found


def _entries(chosen: Iterable[Action]) -> list[Told]:
    return [(one.spoken, one.name) for members in actions.grouped(chosen).values() for one in members]


@pytest.mark.parametrize("place", EVERYWHERE)
@on_screen
async def test_help_tells_every_key_of_the_place_and_then_the_others(tmp_path: Path, place: Place) -> None:
    async with demo_screen(tmp_path, _TALL) as (app, pilot):
        await _at(app, pilot, place)
        await keys(pilot, "ctrl+g" if place == "composer" else "question_mark")
        await until(lambda: isinstance(app.screen, Help))
        await pilot.pause()
        told = _told(text(app).split("Signs of the queue")[0].splitlines())
        here = _entries(one for one in ACTIONS if place in one.places)
        others = _entries(one for one in ACTIONS if place not in one.places)
        assert told == [*here, *(others if place != "composer" else [])]


@pytest.mark.parametrize("place", EVERYWHERE)
@on_screen
async def test_the_palette_offers_every_action_of_the_place(tmp_path: Path, place: Place) -> None:
    async with demo_screen(tmp_path, _TALL) as (app, pilot):
        await _at(app, pilot, place)
        await keys(pilot, "ctrl+p")
        await until(lambda: isinstance(app.screen, Chooser))
        assert isinstance(app.screen, Chooser)
        offered = {(option.result[0].id, option.key) for option in app.screen._find("")}
        assert offered == {
            (one.id, "  ".join(one.keys))
            for one in ACTIONS
            if place in one.places and one.id not in _NOT_IN_THE_PALETTE
        }
        await pilot.pause()
        shown = text(app)
        assert [id for id, _ in offered if BY_ID[id].name[:_CUT] not in shown] == []
