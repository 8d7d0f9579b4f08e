"""TOML tables → dataclasses, read strictly, and every way in which one does not fit.

The same reading serves `config.tables` and the Options of an adapter. A problem names file and key,
never a value: a value may be a password in the wrong place.
"""

import types
import typing
from collections.abc import Collection, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from tuidesk.words import say

T = TypeVar("T")
Table = Mapping[str, object]


class Problem(NamedTuple):  # a tenth of a dataclass's price, which every command pays
    """One thing that is wrong in a file. `str()` is the line for the person."""

    file: str
    key: str
    """Dotted (`hold.mail`); empty where the whole file is meant."""
    text: str
    written: bool = True
    """What stands in the file is wrong; else the file itself is (its place, or who may touch it)."""

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.text}" if self.key else f"{self.file}: {self.text}"


class Written(NamedTuple):
    """What a file says under a key that is read no earlier than it is needed (`config.timing`)."""

    file: Path
    owners: frozenset[int]
    """Whose files are believed where this one names another."""
    value: object


# --- tables → dataclasses -------------------------------------------------------------------------


def convert(
    target: type[T], table: Table, *, file: str, also: Collection[str] = ()
) -> tuple[T | None, tuple[Problem, ...]]:
    """A table as a `target`, or None and every problem in it.

    Fields may be `str`, `int`, `float`, `bool`, `Literal`, `tuple[X, ...]`, `dict[str, X]`, `X | None`,
    dataclasses of such, and `Any` (handed on as it is). A ValueError of a dataclass's `__post_init__` is a problem
    of its table.

    Args:
        also: keys of other readers that a mistyped key may have meant.
    """
    reading = _Reading(file)
    made = reading.table(target, table, "", also)
    return (None if reading.problems else made), tuple(reading.problems)


def take_out(table: dict[str, Any], key: str) -> None:
    """Remove a dotted key, or the entry that holds it (`agent.addresses.2` → `agent.addresses`)."""
    first, _, rest = key.partition(".")
    inner = table.get(first)
    if rest and isinstance(inner, dict):
        take_out(inner, rest)
    else:
        table.pop(first, None)


class _Wrong(Exception):
    """This value cannot be read; the problem is noted already."""


class _Reading:
    """One walk through one table, noting what is wrong as it goes."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.problems: list[Problem] = []

    def _note(self, key: str, text: str) -> None:
        self.problems.append(Problem(self._file, key, text))

    def table(self, target: type[T], table: Table, at: str, also: Collection[str] = ()) -> T | None:
        """A dataclass made from `table`; None where something in it is wrong."""
        before = len(self.problems)
        hints = typing.get_type_hints(target)
        known: dict[str, Field[Any]] = {f.name: f for f in fields(target) if f.init}  # type: ignore[arg-type]  # T is a dataclass, which the checker cannot say of a type variable
        for key in table:
            if key not in known:
                self._note(at + key, unknown_key(key, (*known, *also)))
        values: dict[str, object] = {}
        for name, known_field in known.items():
            if name in table:
                try:
                    values[name] = self._value(hints[name], table[name], at + name)
                except _Wrong:
                    continue
            elif known_field.default is MISSING and known_field.default_factory is MISSING:
                self._note(at + name, say("config.missing"))
        if len(self.problems) > before:
            return None
        try:
            return target(**values)
        except ValueError as error:
            self._note(at.rstrip("."), str(error))
            return None

    def _value(self, wanted: Any, value: object, key: str) -> object:
        if wanted is Any:
            return value
        origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
        if origin in (types.UnionType, typing.Union):
            return self._value(_meant(inner, value), value, key)
        if origin is Literal:
            return self._one_of(inner, value, key)
        if origin is tuple:
            items = self._of(list, value, key)
            return tuple(self._value(inner[0], item, f"{key}.{n}") for n, item in enumerate(items, 1))
        if origin is dict:
            entries = self._of(dict, value, key)
            return {name: self._value(inner[1], entry, f"{key}.{name}") for name, entry in entries.items()}
        if is_dataclass(wanted) and isinstance(wanted, type):
            made = self.table(wanted, self._of(dict, value, key), f"{key}.")
            if made is None:
                raise _Wrong
            return made
        if wanted is float and type(value) is int:
            return float(value)
        if wanted in _NAMES:
            return self._of(wanted, value, key)
        raise TypeError(f"{key}: {wanted!r} is no type that a TOML table can fill")

    def _one_of(self, choices: tuple[str, ...], value: object, key: str) -> object:
        if value not in choices:
            self._note(key, say("config.one_of", known=", ".join(choices)))
            raise _Wrong
        return value

    def _of(self, wanted: type[Any], value: object, key: str) -> Any:
        # `bool` is a kind of `int` to Python, not to a person
        if type(value) is not wanted:
            given = _NAMES.get(type(value), "config.type_time")
            self._note(key, say("config.wrong_type", wanted=say(_NAMES[wanted]), given=say(given)))
            raise _Wrong
        return value


def _meant(choices: tuple[Any, ...], value: object) -> Any:
    """Which of the types of a union a value is to be: a list where it is one, else the first."""
    kinds = [kind for kind in choices if kind is not types.NoneType]
    lists = [kind for kind in kinds if typing.get_origin(kind) is tuple]
    return lists[0] if lists and isinstance(value, list) else kinds[0]


_NAMES: dict[type[Any], str] = {
    str: "config.type_text",
    int: "config.type_integer",
    float: "config.type_number",
    bool: "config.type_bool",
    list: "config.type_list",
    dict: "config.type_table",
}
"""What a person calls a TOML type; whatever else TOML has is a time."""


def unknown_key(key: str, known: Collection[str]) -> str:
    """The sentence about a key that nobody reads, with the nearest one that somebody does."""
    from difflib import get_close_matches  # only mistakes pay for it

    near = get_close_matches(key, list(known), 1, 0.6)
    if near:
        return say("config.unknown_near", near=near[0])
    return say("config.unknown", known=", ".join(sorted(known)))
