"""A home with accounts, opened as the program opens it."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tuidesk.config.paths import Paths, find, make_private
from tuidesk.desk.desk import Desk
from tuidesk.store import db


def make_home(folder: Path, config: str = "", **accounts: str) -> Paths:
    """The places of a home in `folder`, with `config.toml` and an account file for each keyword."""
    paths = find(str(folder))
    for place in (paths.config, paths.accounts):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(paths.config_toml, config or '[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n')
    for name, text in accounts.items():
        _write(paths.accounts / f"{name}.toml", text)
    return paths


def furnish(paths: Paths) -> None:
    """A store as it is when it has just been made, unless one is there: thousands of tests begin with it."""
    if not paths.store.exists():
        make_private(paths.store.parent)
        descriptor = os.open(paths.store, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_new_store())


@cache
def _new_store() -> bytes:
    import tempfile  # the programs that tests start have a store, and begin sooner without this

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made" / "store"
        db.open_store(path).close()
        return path.read_bytes()


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


@contextmanager
def desk_at(paths: Paths, door: str = "screen") -> Iterator[Desk]:
    """The desk of a home, closed at the end."""
    desk = Desk.open(paths, door=door)
    try:
        yield desk
    finally:
        desk.close()


def sync_once(desk: Desk, *, pull: bool = True) -> dict[str, str]:
    """Pull every account until it has caught up and deliver what is due; what failed, by account."""
    assert desk.lock.take()
    try:
        return asyncio.run(desk.engine().once(pull=pull, give_up_s=0.5))
    finally:
        desk.lock.release()
