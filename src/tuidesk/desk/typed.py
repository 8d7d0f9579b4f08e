"""How a letter was typed, as the journal keeps it: taken back, it is the same draft again."""

import os
from dataclasses import dataclass

from tuidesk.desk import canned_use
from tuidesk.desk.enclosing import WithFiles
from tuidesk.domain import addresses


@dataclass(frozen=True, slots=True)
class Typed:
    """What a draft was, and whose."""

    mode: str
    draft: int
    """Number of the conversation whose draft it was; 0: of one that does not exist yet."""
    text: str
    recipients: dict[str, object]


def typed_to(command: WithFiles) -> dict[str, object]:
    """Recipients as a composer has them; those that the thread gives are not typed."""
    people = {"to": command.to, "cc": command.cc, "bcc": command.bcc}
    return {name: addresses.write(given) for name, given in people.items() if given}


def typed_besides(command: WithFiles, sender: str | None = None) -> dict[str, object]:
    """Alias, canned replies and files as a composer has them: the files are where they were, and may be others by
    then."""
    typed: dict[str, object] = {
        "sender": sender,
        "canned": canned_use.kept(command.canned),
        "files": whole(command.files),
        "alts": whole_alts(command.alts),
    }
    return {name: value for name, value in typed.items() if value}


def whole_alts(alts: tuple[tuple[str, str], ...]) -> list[list[str]]:
    """What pictures show, beside such paths."""
    return [
        [path, words] for (_, words), path in zip(alts, whole(tuple(path for path, _ in alts)), strict=True)
    ]


def whole(paths: tuple[str, ...]) -> list[str]:
    """Paths that mean the same file wherever the program is started next."""
    return [os.path.abspath(os.path.expanduser(path)) for path in paths]
