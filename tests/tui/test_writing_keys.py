"""Keys that stay the text's own while one is written, and those that lead about in it."""

from pathlib import Path

import pytest

from tests.tui.hand import Hand, Picture, hand
from tests.tui.run import on_screen
from tuidesk.tui.screens.canned_picker import Picker
from tuidesk.tui.widgets.composer_keys import EDITING

EDITS = {
    "Ctrl+A": ("one two", "x", "xone two"),
    "Ctrl+E": ("one two", "x", "one twox"),
    "Ctrl+K": ("one two", "x", "one twox"),
    "Ctrl+U": ("one two", "x", "x"),
    "Ctrl+W": ("one two", "x", "one x"),
    "Ctrl+D": ("one two", "x", "one twox"),
    "Ctrl+Z": ("one two", "x", "x"),
    "Ctrl+Y": ("one two", "x", "one twox"),
}
"""Key → a text, what is typed behind the key, what the text is then."""
FROM_THE_START = {"Ctrl+K": "", "Ctrl+D": "ne two"}
"""The same with the cursor at the start, where the key takes something away."""


def test_all_editing_keys_are_tried() -> None:
    assert set(EDITS) == EDITING


@pytest.mark.parametrize("mode", ["r", "n"])
@on_screen
async def test_editing_keys_only_edit(tmp_path: Path, mode: str) -> None:
    async with hand(tmp_path) as its:
        await its.go("thread")
        composer = its.desk.composer
        await its.press(mode)
        await its.comes(lambda: composer.is_open and composer.has_focus_within)
        slot, before = composer.slot, _but_drafts(its)
        for key, (typed, more, expected) in EDITS.items():
            composer._text.load_text("")
            await its.type(typed)
            await its.press(key)
            await its.type(more)
            assert composer.text == expected, key
        for key, left in FROM_THE_START.items():
            composer._text.load_text("")
            await its.type("one two")
            await its.press("Home", key)
            assert composer.text == left, key
        await its.settled()
        assert (composer.slot, its.desk.place, its.app.screen) == (slot, "composer", its.desk)
        assert its.app.desk.lock.held, "Ctrl+Z suspends nothing"
        assert _but_drafts(its) == before


def _but_drafts(its: Hand) -> Picture:
    return {table: rows for table, rows in its.contents().items() if table != "draft"}


@on_screen
async def test_a_slash_at_the_start_of_a_line_asks_which_reply_and_two_are_a_slash(tmp_path: Path) -> None:
    async with hand(tmp_path) as its:
        await its.go("composer")
        composer = its.desk.composer
        await its.type("a/b")
        assert composer.text == "a/b"
        await its.press("Enter", "/")
        await its.comes(lambda: isinstance(its.app.screen, Picker))
        assert composer.text == "a/b\n"
        await its.press("/")
        await its.comes(lambda: its.app.screen is its.desk)
        await its.comes(lambda: its.draft("reply") == "a/b\n/")
        await its.press("Enter", "/")
        await its.comes(lambda: isinstance(its.app.screen, Picker))
        await its.answer("Enter")
        await its.comes(lambda: its.draft("reply") == "a/b\n/\nHello from the shelf.")


@on_screen
async def test_tab_goes_round_the_fields_and_never_out(tmp_path: Path) -> None:
    async with hand(tmp_path) as its:
        await its.go("thread")
        composer = its.desk.composer
        await its.press("f")
        await its.comes(lambda: composer.is_open and composer.has_focus_within)
        ring = [*composer._fields.ring(), composer._text]
        at = ring.index(its.app.focused)  # type: ignore[arg-type]
        for step in range(1, 2 * len(ring) + 1):
            await its.press("Tab")
            assert its.app.focused is ring[(at + step) % len(ring)]
        for step in range(1, 2 * len(ring) + 1):
            await its.press("Shift+Tab")
            assert its.app.focused is ring[(at - step) % len(ring)]
        assert len(ring) >= 3
        await its.unchanged()
