"""What a path that is being typed may become. Looks at the disk, so never on an event loop."""

import os
from collections.abc import Iterator

_MOST = 2000
"""Entries of a folder that are looked at."""


def beginning(typed: str) -> tuple[int, tuple[str, ...]]:
    """(where the last part of `typed` begins, what may stand there): folders end with a slash; hidden names only where
    a dot was typed. Nothing where the folder cannot be read.

    A name that is no text, or that would act on a terminal, is not offered.
    """
    folder, _, last = typed.rpartition("/")
    start = len(typed) - len(last)
    if not start and last.startswith("~"):
        home = os.path.expanduser(last)
        return 0, (f"{last}/",) if home != last and os.path.isdir(home) else ()
    place = os.path.expanduser(f"{folder}/") if start else "."
    return start, tuple(sorted(_names(place, last)))


def _names(place: str, begins: str) -> Iterator[str]:
    try:
        with os.scandir(place) as found:
            for count, entry in enumerate(found):
                if count >= _MOST:
                    return
                name = entry.name
                hidden = name.startswith(".") and not begins.startswith(".")
                if name.startswith(begins) and name.isprintable() and not hidden:
                    yield f"{name}/" if _is_folder(entry) else name
    except (OSError, ValueError):
        return


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
