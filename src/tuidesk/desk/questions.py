"""From an adapter's Options to questions, and from answers to the account's table.

A field without a default is asked for, and its `help` is the question. `asked` in its metadata says otherwise: True,
also where it has a default; False, never.
"""

import shlex
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from typing import Any, Literal, Protocol, TypeVar

from tuidesk.words import say

N = TypeVar("N", int, float)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to a question."""

    value: str
    label: str


class Asker(Protocol):
    """A face, as far as questions need one. What it is given may hold text from a server: clean it."""

    def text(self, question: str, default: str = "") -> str:
        """A line; the default where the person just presses Enter."""

    def secret(self, question: str) -> str:
        """A line that is not shown."""

    def choose(self, question: str, choices: tuple[Choice, ...], default: str) -> str:
        """The value of one of the choices."""

    def until(self, question: str, done: Callable[[], bool]) -> str | None:
        """A line, or None as soon as `done()`."""

    def tell(self, text: str) -> None:
        """Say something."""


def ask_options(asker: Asker, options: type[Any], table: Mapping[str, Any], *, every: bool) -> dict[str, Any]:
    """The adapter's own keys, as the person wants them. What stays at its default is left out.

    A host is guessed from the account's address: `imap.acme.example` for the field `imap`.

    Args:
        table: the answers so far, which are the defaults.
        every: ask for what has a default as well.
    """
    domain = str(table.get("address", "")).rpartition("@")[2]
    answers: dict[str, Any] = {}
    for field, wanted in _askable(options, every):
        known = table.get(field.name)
        if not is_dataclass(wanted):
            _ask_field(asker, field, wanted, known, "", answers)
            continue
        inner = dict(known) if isinstance(known, Mapping) else {}
        for part, part_wanted in _askable(wanted, every):
            guess = f"{field.name}.{domain}" if part.name == "host" and domain else None
            _ask_field(asker, part, part_wanted, inner.get(part.name, guess), f"{field.name}.", inner)
        answers[field.name] = inner
    return answers


def ask_filled(asker: Asker, question: str, default: str = "") -> str:
    """A line that is not empty."""
    while not (answer := asker.text(question, default).strip()):
        asker.tell(say("setup.nothing"))
    return answer


def ask_words(asker: Asker, question: str, default: str = "") -> tuple[str, ...]:
    """A command line, as the words that a shell would make of it; no shell sees it."""
    while True:
        try:
            return tuple(shlex.split(ask_filled(asker, question, default)))
        except ValueError:
            asker.tell(say("setup.quotes"))


def ask_number(asker: Asker, question: str, known: N | None, wanted: type[N]) -> N:
    """A number."""
    while True:
        try:
            return wanted(asker.text(question, "" if known is None else str(known)).strip())
        except ValueError:
            asker.tell(say("setup.not_a_number"))


def _askable(target: Any, every: bool) -> Iterator[tuple[Field[Any], Any]]:
    """The fields to ask for, each with its type. Free tables are left to the file."""
    hints = typing.get_type_hints(target)
    for field in fields(target):
        required = field.default is MISSING and field.default_factory is MISSING
        wanted = hints[field.name]
        if typing.get_origin(wanted) in (types.UnionType, typing.Union):
            wanted = next(t for t in typing.get_args(wanted) if t is not types.NoneType)
        plain = wanted in (str, int, float, bool) or typing.get_origin(wanted) in (tuple, Literal)
        asked = field.metadata.get("asked", required or every)
        if asked and (plain or (required and is_dataclass(wanted))):
            yield field, wanted


def _ask_field(
    asker: Asker, field: Field[Any], wanted: Any, known: Any, at: str, answers: dict[str, Any]
) -> None:
    """Ask for one plain field; its answer goes into `answers` unless it is the default."""
    required = field.default is MISSING and field.default_factory is MISSING
    default = None if field.default is MISSING else field.default
    help_text = field.metadata.get("help", "")
    question = f"{at}{field.name}: {help_text}" if help_text else f"{at}{field.name}"
    answer = _answer(asker, wanted, question, default if known is None else known, required)
    if required or answer not in (default, "", []):
        answers[field.name] = answer
    else:
        answers.pop(field.name, None)


def _answer(asker: Asker, wanted: Any, question: str, known: Any, required: bool) -> Any:
    if wanted is bool:
        both = (Choice("yes", say("setup.yes")), Choice("no", say("setup.no")))
        return asker.choose(question, both, "yes" if known else "no") == "yes"
    if typing.get_origin(wanted) is Literal:
        values = typing.get_args(wanted)
        choices = tuple(Choice(value, value) for value in values)
        return asker.choose(question, choices, known if known in values else values[0])
    if known and not required and wanted not in (int, float):
        question += say("setup.or_none")
    if typing.get_origin(wanted) is tuple:
        line = shlex.join(known or ())
        return list(ask_words(asker, question, line)) if required else shlex.split(asker.text(question, line))
    if wanted is str:
        return (
            ask_filled(asker, question, known or "")
            if required
            else asker.text(question, known or "").strip()
        )
    return ask_number(asker, question, known, wanted)
