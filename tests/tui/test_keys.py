"""The table of actions, and keys that become actions."""

from pathlib import Path

import pytest
from textual.events import Key

from tuidesk.domain import actions
from tuidesk.domain.actions import ACTIONS, BY_ID, EVERYWHERE, Action, holding
from tuidesk.tui.keyboard import Keyboard, Unknown, Waiting, written
from tuidesk.tui.screens.acting import Acting
from tuidesk.tui.screens.canned import CannedReplies
from tuidesk.tui.screens.carrying import Carrying
from tuidesk.tui.screens.choosing import Choosing
from tuidesk.tui.screens.composing import Composing
from tuidesk.tui.screens.customers import Customers
from tuidesk.tui.screens.handling import Handling
from tuidesk.tui.screens.leaving import Leaving
from tuidesk.tui.screens.looking import Looking
from tuidesk.tui.screens.marking import Marking
from tuidesk.tui.screens.moving import Moving
from tuidesk.tui.screens.sorting import Sorting
from tuidesk.tui.terminal import Burst, marked

README = Path(__file__).resolve().parents[2] / "README.md"


def test_no_key_means_two_things_in_one_place() -> None:
    for place in EVERYWHERE:
        keys = [key for action in ACTIONS if place in action.places for key in action.keys]
        assert len(keys) == len(set(keys)), place


def test_a_prefix_is_no_action_of_its_own() -> None:
    for place in EVERYWHERE:
        held = holding(place)
        assert not {key.split()[0] for key in held if " " in key} & held.keys()


def test_every_action_has_a_name_and_somebody_who_does_it() -> None:
    assert len(BY_ID) == len(ACTIONS)
    for action in ACTIONS:
        assert action.name
        if action.group != "writing":  # the composer's own, by its own table
            name = action.id.replace("-", "_")
            parts = (
                Moving,
                Marking,
                Acting,
                Choosing,
                Sorting,
                Looking,
                Leaving,
                Handling,
                Composing,
                Customers,
                CannedReplies,
                Carrying,
            )
            assert any(hasattr(part, name) for part in parts), action.id


def test_keys_are_written_as_a_person_reads_them() -> None:
    for event, expected in {
        Key("j", "j"): "j",
        Key("J", "J"): "J",
        Key("upper_j", "J"): "J",
        Key("question_mark", "?"): "?",
        Key("slash", "/"): "/",
        Key("colon", ":"): ":",
        Key("space", " "): "Space",
        Key("enter", "\r"): "Enter",
        Key("ctrl+d", None): "Ctrl+D",
        Key("ctrl+enter", None): "Ctrl+Enter",
        Key("shift+tab", None): "Shift+Tab",
        Key("pagedown", None): "PgDn",
        Key("escape", "\x1b"): "Esc",
        Key("f5", None): "F5",
    }.items():
        assert written(event) == expected


def test_two_keys_in_a_row() -> None:
    keyboard = Keyboard()
    waiting = keyboard.press("g", "queue")
    assert isinstance(waiting, Waiting)
    assert keyboard.prefix == "g"
    assert {action.keys[0] for action in waiting.choices} >= {"g o", "g r", "g a", "g A"}
    assert keyboard.press("A", "queue") is BY_ID["view-all"]
    assert keyboard.press("A", "queue") == "A", "the first key was forgotten"


def test_a_pair_that_means_nothing_does_nothing() -> None:
    keyboard = Keyboard()
    keyboard.press("g", "queue")
    unknown = keyboard.press("f", "queue")
    assert isinstance(unknown, Unknown), "g f must not forward anything"
    assert unknown == "g f"
    assert isinstance(keyboard.press("f", "queue"), Action)


def test_places() -> None:
    keyboard = Keyboard()
    assert keyboard.press("o", "queue") is BY_ID["open-row"]
    assert isinstance(keyboard.press("o", "thread"), Unknown)
    assert keyboard.press("Ctrl+S", "composer") is BY_ID["send"]
    assert keyboard.press("Ctrl+S", "queue") is BY_ID["send-hint"]


@pytest.mark.parametrize(
    ("typed", "is_burst"),
    [
        ("abcdefg", True),
        ("abcdef", False),
        ("jjjjjjjjjjjjjjjj", False),
        ("jkjkjkjkjk", False),
        ("hello world", True),
    ],
)
def test_more_than_six_different_letters_in_one_read_were_not_typed(typed: str, is_burst: bool) -> None:
    found = marked([Key(letter, letter) for letter in typed])
    assert [isinstance(key, Burst) for key in found] == [is_burst] * len(typed)
    assert "".join(key.character or "" for key in found if isinstance(key, Key)) == typed


def test_the_readme_has_the_table() -> None:
    assert README.is_file(), "the README comes with the program"
    assert actions.table() in README.read_text("utf-8")


def test_the_table_names_every_key() -> None:
    table = actions.table()
    for action in ACTIONS:
        for key in action.keys:
            escaped = key.replace("|", "\\|")
            assert f"`{escaped}`" in table
