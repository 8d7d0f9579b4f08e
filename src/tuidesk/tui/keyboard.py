"""Keys as they come from the terminal → actions. No widget: what is typed, and what was meant."""

from dataclasses import dataclass, field

from textual.events import Key

from tuidesk.domain import actions, layouts
from tuidesk.domain.actions import Action, Keymap, Place

DEAF_S = 0.3
"""A dialog younger than this is not answered: the key was on its way to what was there before."""

_NAMES = {
    "down": "Down",
    "up": "Up",
    "left": "Left",
    "right": "Right",
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "backspace": "Backspace",
}


def written(event: Key) -> str:
    """A key as the table of actions writes it: `j`, `G`, `?`, `Ctrl+D`, `PgDn`."""
    if event.key in _NAMES:
        return _NAMES[event.key]
    if event.is_printable and event.character is not None:
        return event.character
    *modifiers, last = event.key.split("+")
    name = _NAMES.get(last, last.upper() if len(last) == 1 else last.capitalize())
    return "+".join([*(modifier.capitalize() for modifier in modifiers), name])


def meant(event: Key) -> str:
    """The same outside a field, where a letter of another keyboard is the key that it lies on: `ㄷ` is `e`."""
    key = written(event)
    return layouts.key_of(key) or key


def one_by_one(event: Key) -> list[Key]:
    """A syllable that came as one, as the keys it was typed with; [] where it is one key."""
    letters = layouts.letters_of(event.character or "")
    return [type(event)(letter, letter) for letter in letters] if len(letters) > 1 else []


@dataclass(slots=True)
class Waiting:
    """The first of two keys was typed: what may come next."""

    prefix: str
    choices: tuple[Action, ...] = field(default=())


class Unknown(str):
    """A key that does nothing here, or a pair of keys."""


class Keyboard:
    """Knows the keys in force, and remembers the first of two."""

    def __init__(self, keymap: Keymap = actions.STANDARD) -> None:
        self._keymap = keymap
        self._prefix = ""

    @property
    def prefix(self) -> str:
        """The key that waits for another one, or ""."""
        return self._prefix

    def forget(self) -> None:
        self._prefix = ""

    def press(self, key: str, place: Place) -> Action | Waiting | Unknown:
        """What `key` means at `place`, after what was typed before it."""
        held = actions.holding(place, self._keymap)
        prefix, self._prefix = self._prefix, ""
        if prefix:
            found = held.get(f"{prefix} {key}")
            return found if found is not None else Unknown(f"{prefix} {key}")
        if key in held:
            return held[key]
        choices = actions.after(key, place, self._keymap)
        if choices:
            self._prefix = key
            return Waiting(key, choices)
        return Unknown(key)
