"""Keys as the config may change them: how a key is spelled, which profiles there are, and what cannot be.

A change is named as in `config.toml`: `queue.complete` for `[keys.queue] complete = …`; `panes.…` is for queue, thread
and customer at once, and what is said of one of them goes before it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from tuidesk.domain.actions import BY_ID, EVERYWHERE, PANES, STANDARD, Keymap, Place
from tuidesk.words import say

Profile = Literal["gmail", "helpscout"]
PROFILES: Mapping[Profile, Mapping[str, tuple[str, ...]]] = {
    "gmail": {},
    # there the letters of the home row go the other way, and `s` is the status
    "helpscout": {
        "next": ("k", "Down"),
        "previous": ("j", "Up"),
        "next-conversation": ("K",),
        "previous-conversation": ("J",),
        "complete": ("s c", "e"),
        "reopen": ("s a", "O"),
        "pending": ("s p", "p"),
        "star": ("F",),
        "tag": ("t", "l"),
    },
}
"""What is other than in the table of actions, by profile and action."""

_NAMED = (
    "Down", "Up", "Left", "Right", "Enter", "Esc", "Space", "Tab", "PgDn", "PgUp", "Home", "End", "Backspace",
    "Delete", "Insert", *(f"F{n}" for n in range(1, 13)),
)  # fmt: skip
_NAMES = {name.casefold(): name for name in _NAMED} | {
    "escape": "Esc", "return": "Enter", "pagedown": "PgDn", "pageup": "PgUp", "del": "Delete", "ins": "Insert",
}  # fmt: skip
_MODIFIERS = {"ctrl": "Ctrl", "shift": "Shift", "alt": "Alt"}
_SAME = {"Ctrl+I": "Tab", "Ctrl+M": "Enter", "Ctrl+H": "Backspace"}
"""What a terminal cannot tell from another key."""
_SELDOM = re.compile(r"(Ctrl|Shift)\+(Enter|Esc|Space|Backspace|Tab)|Ctrl\+Shift\+.*")
"""What many terminals do not send at all."""
_EDITING = frozenset(f"Ctrl+{letter}" for letter in "AEKUWYDZ")
_COMMANDS = re.compile(r"Ctrl\+([A-Z]|Enter)|Esc|F\d+")
"""Keys that may be commands while a text is written: all others write or edit."""

Change = tuple[str, str]
"""(where, id of an action)."""


class Fault(NamedTuple):
    """Why a change does not hold."""

    where: str
    id: str
    text: str


def keymap(profile: Profile, changes: Mapping[Change, object]) -> tuple[Keymap, tuple[Fault, ...]]:
    """The keys in force, and what in `changes` cannot be: such a change counts as not made.

    A change is a key, a list of keys, or "" for none.
    """
    faults: list[Fault] = []
    wanted: dict[Change, tuple[str, ...]] = {}
    for (where, id), value in changes.items():
        keys, wrong = _read(where, id, value)
        if wrong:
            faults.append(Fault(where, id, wrong))
        else:
            wanted[where, id] = keys
    while True:
        made = _made(profile, wanted)
        fault = next(_quarrels(made, wanted), None)
        if fault is None:
            return made, tuple(faults)
        faults.append(fault)
        del wanted[fault.where, fault.id]


def spelled(word: str) -> str:
    """A key as the table of actions writes it, `ctrl+d` and `pagedown` too; "" where it is none."""
    parts = word.split()
    if len(parts) > 1:
        keys = [spelled(part) for part in parts]
        return " ".join(keys) if len(keys) == 2 and all(keys) else ""
    word = word.strip() or ("Space" if word else "")
    if len(word) == 1:
        return word if word.isprintable() else ""
    *before, last = word.casefold().replace("++", "+plus").split("+")
    if any(modifier not in _MODIFIERS for modifier in before):
        return ""
    name = _NAMES.get(last) or (last.upper() if before and len(last) == 1 and last.isalnum() else "")
    return "+".join([*(m for key, m in _MODIFIERS.items() if key in before), name]) if name else ""


def _read(where: str, id: str, value: object) -> tuple[tuple[str, ...], str]:
    """The keys of one change, or why they cannot be. A value that is no key is not named: it may be anything."""
    action = BY_ID.get(id)
    if action is None:
        return (), _unknown(id)
    places = _places(where)
    if not set(places) & set(action.places):
        return (), say("keymap.not_here", places=", ".join(action.places))
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return (), say("keymap.no_keys")
    keys = tuple(spelled(word) for word in words if word)
    if "" in keys:
        return (), say("keymap.no_key")
    writing = "composer" in places
    for key in keys:
        if wrong := _impossible(key, writing=writing):
            return (), wrong
    if keys and all(_SELDOM.fullmatch(key) for key in keys):
        return (), say("keymap.seldom", key=keys[0])
    return keys, ""


def _unknown(id: str) -> str:
    from difflib import get_close_matches  # only mistakes pay for it

    near = get_close_matches(id.replace("_", "-"), list(BY_ID), 1, 0.5)
    return say("keymap.unknown_near", near=near[0]) if near else say("keymap.unknown")


def _impossible(key: str, *, writing: bool) -> str:
    """Why a key cannot be anybody's; "" where it can."""
    for part in key.split():
        if "Alt+" in part:
            return say("keymap.alt", key=part)
        if part in _SAME:
            return say("keymap.same", key=part, other=_SAME[part])
        if part == "Esc" and part != key:
            return say("keymap.esc")
    if writing and (key in _EDITING or not _COMMANDS.fullmatch(key)):
        return say("keymap.edits", key=key)
    return ""


def _places(where: str) -> tuple[Place, ...]:
    if where == "panes":
        return PANES
    return tuple(place for place in EVERYWHERE if place == where)


def _made(profile: Profile, wanted: Mapping[Change, tuple[str, ...]]) -> Keymap:
    def keys(place: Place, id: str, standard: tuple[str, ...]) -> tuple[str, ...]:
        change = _in_force(wanted, place, id)
        return wanted[change] if change is not None else PROFILES[profile].get(id, standard)

    return {
        place: {id: keys(place, id, standard) for id, standard in held.items()}
        for place, held in STANDARD.items()
    }


def _in_force(wanted: Mapping[Change, object], place: Place, id: str) -> Change | None:
    """The change that says which keys an action has at a place."""
    changes = ((place, id), ("panes", id)) if place in PANES else ((place, id),)
    return next((change for change in changes if change in wanted), None)


def _quarrels(made: Keymap, wanted: Mapping[Change, tuple[str, ...]]) -> Iterator[Fault]:
    """Keys that two actions would have at one place; it is said of the change that stands last."""
    order = list(wanted)
    for place, held in made.items():
        owners: dict[str, str] = {}
        pairs = []
        for id, keys in held.items():
            for key in keys:
                other = owners.setdefault(key, id)
                if other != id:
                    pairs.append((id, other, "keymap.taken", key))
        for key, id in owners.items():
            first, _, second = key.partition(" ")
            if second and first in owners:
                pairs.append((owners[first], id, "keymap.prefix", first))
        for one, other, text, key in pairs:
            changes = [change for id in (one, other) if (change := _in_force(wanted, place, id))]
            if changes:
                where, id = max(changes, key=order.index)
                rival = other if id == one else one
                yield Fault(where, id, say(text, key=key, other=rival, place=place))
