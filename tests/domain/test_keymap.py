"""Keys from the config: how they are spelled, profiles, and every way in which a change cannot be."""

import pytest

from tuidesk.domain import actions
from tuidesk.domain.actions import ACTIONS, EVERYWHERE, STANDARD, holding
from tuidesk.domain.keymap import PROFILES, Profile, keymap, spelled


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("e", "e"),
        ("E", "E"),
        ("?", "?"),
        ("+", "+"),
        ("환", "환"),
        ("ctrl+d", "Ctrl+D"),
        ("Ctrl+Enter", "Ctrl+Enter"),
        ("shift+tab", "Shift+Tab"),
        ("pagedown", "PgDn"),
        ("escape", "Esc"),
        ("F5", "F5"),
        (" ", "Space"),
        ("g  o", "g o"),
        ("g ctrl+x", "g Ctrl+X"),
        ("", ""),
        ("hello", ""),
        ("Hyper+x", ""),
        ("Ctrl+", ""),
        ("a b c", ""),
        ("\x1b", ""),
    ],
)
def test_a_key_is_spelled_as_the_table_writes_it(word: str, key: str) -> None:
    assert spelled(word) == key


def test_the_table_spells_its_own_keys_so() -> None:
    assert all(spelled(key) == key for action in ACTIONS for key in action.keys)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_has_no_conflicts(profile: Profile) -> None:
    made, faults = keymap(profile, {})
    assert faults == ()
    for place in EVERYWHERE:
        keys = [key for held in made[place].values() for key in held]
        assert len(keys) == len(set(keys)), place
        assert not {key.split()[0] for key in keys if " " in key} & set(keys), place


def test_the_standard_profile_is_the_table() -> None:
    assert keymap("gmail", {})[0] == STANDARD


def test_helpscout_goes_the_other_way() -> None:
    made, _ = keymap("helpscout", {})
    held = holding("queue", made)
    assert (held["k"].id, held["j"].id) == ("next", "previous")
    assert (held["s c"].id, held["s a"].id, held["s p"].id) == ("complete", "reopen", "pending")
    assert [a.id for a in actions.after("s", "queue", made)] == ["complete", "pending", "reopen"]


def test_a_change_holds_in_its_place_only() -> None:
    made, faults = keymap("gmail", {("queue", "complete"): "F8"})
    assert faults == ()
    assert "e" not in holding("queue", made)
    assert holding("queue", made)["F8"].id == "complete"
    assert holding("thread", made)["e"].id == "complete"


def test_panes_are_three_and_the_narrower_goes_before_it() -> None:
    made, faults = keymap(
        "gmail", {("panes", "complete"): ["F6", "F8"], ("thread", "complete"): "F9", ("panes", "undo"): ""}
    )
    assert faults == ()
    assert made["queue"]["complete"] == made["customer"]["complete"] == ("F6", "F8")
    assert made["thread"]["complete"] == ("F9",)
    assert made["queue"]["undo"] == ()
    assert "undo" not in [action.id for action in actions.hints("queue", made)], "no key, no hint"


def test_two_keys_can_change_places() -> None:
    made, faults = keymap("gmail", {("queue", "complete"): "r", ("queue", "reply"): "e"})
    assert faults == ()
    assert (holding("queue", made)["r"].id, holding("queue", made)["e"].id) == ("complete", "reply")


@pytest.mark.parametrize(
    ("change", "value", "words"),
    [
        (("queue", "complte"), "e", "did you mean `complete`"),
        (("queue", "xyzzy"), "e", "no action is called so"),
        (("queue", "send"), "F8", "holds elsewhere: composer"),
        (("queue", "complete"), 5, "must be a key"),
        (("queue", "complete"), [5], "must be a key"),
        (("queue", "complete"), "hunter2", "is no key"),
        (("queue", "complete"), "Alt+e", "cannot be told from Esc"),
        (("queue", "complete"), "Ctrl+I", "is Tab to a terminal"),
        (("queue", "complete"), "Esc e", "leaves at once"),
        (("queue", "complete"), "Ctrl+Enter", "many terminals do not send"),
        (("composer", "send"), "Ctrl+Enter", "many terminals do not send"),
        (("composer", "send"), "Alt+s", "cannot be told from Esc"),
        (("composer", "send"), "Ctrl+E", "edits in a text"),
        (("composer", "send"), "s", "edits in a text"),
        (("composer", "attach"), "Enter", "edits in a text"),
        (("queue", "complete"), "d", "is the key of `download` in the queue"),
        (("panes", "complete"), "d", "is the key of `download`"),
        (("queue", "complete"), "g", "begins two keys in a row"),
        (("queue", "complete"), "r x", "begins two keys in a row"),
        (("queue", "complete"), "g o", "is the key of `view-open`"),
    ],
)
def test_what_cannot_be(change: tuple[str, str], value: object, words: str) -> None:
    made, (fault,) = keymap("gmail", {change: value})
    assert made == STANDARD, "such a change is not made at all"
    assert (fault.where, fault.id) == change
    assert words in fault.text
    assert "hunter2" not in fault.text, "a value may be anything"


def test_a_second_key_makes_one_that_is_seldom_sent_good() -> None:
    made, faults = keymap("gmail", {("composer", "send"): ["Ctrl+Enter", "F10"]})
    assert faults == ()
    assert made["composer"]["send"] == ("Ctrl+Enter", "F10")


def test_of_two_changes_that_want_one_key_the_later_goes() -> None:
    made, (fault,) = keymap("gmail", {("queue", "complete"): "F8", ("queue", "snooze"): "F8"})
    assert (fault.id, made["queue"]["complete"], made["queue"]["snooze"]) == ("snooze", ("F8",), ("b",))
