"""What can still be read of a damaged store: texts that an agent wrote and that nobody else has."""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuidesk.errors import StoreBroken
from tuidesk.store import db
from tuidesk.store.schema import MIGRATIONS

_DRAFTS = "SELECT id, mode, text, recipients, conversation FROM draft NOT INDEXED WHERE archived_at IS NULL"
_UNSENT = (
    "SELECT id, type, out, conversation FROM outbox NOT INDEXED "
    "WHERE state IN ('queued', 'sending', 'unknown', 'failed') AND type IN ('reply', 'start', 'note')"
)
_PAGE = 4096
_VALID_FOR = slice(92, 96)
"""Bytes of the header: the change counter for which the size it gives is right; see https://sqlite.org/fileformat.html."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One text that was in the damaged file."""

    kind: str
    """`draft` or `reply`."""
    mode: str
    """`reply` or `note`: words for the team must not come back as words for the customer."""
    text: str
    handle: str
    subject: str


def pieces(path: Path) -> list[Piece]:
    """The open drafts and the unsent replies, in the order they were written.

    Where the table of contents cannot be read, a copy gets that of a new store: it and the tables of the first
    version begin on the same pages in every store. The file itself is not touched.
    """
    found = _read(path) if path.stat().st_size else None
    if found is None:
        found = _read_with_new_head(path)
    return [piece for piece in found or () if piece.text.strip()]


def _read_with_new_head(path: Path) -> list[Piece] | None:
    with tempfile.TemporaryDirectory(prefix=".salvage-", dir=path.parent) as folder:
        copy = Path(folder) / path.name
        for end in ("", "-wal"):
            file = path.with_name(path.name + end)
            if file.exists():
                shutil.copyfile(file, copy.with_name(copy.name + end))
        _put_new_head(copy)
        return _read(copy)


def _put_new_head(copy: Path) -> None:
    new = copy.with_name("new")
    with closing(sqlite3.connect(new, isolation_level=None)) as connection:
        db.migrate(connection, new, MIGRATIONS[:1])
        tables = {int(row[0]) for row in connection.execute("SELECT rootpage FROM sqlite_master")}
        connection.execute("PRAGMA journal_mode=WAL").fetchone()
    pages = bytearray(new.read_bytes())
    pages[_VALID_FOR] = b"\xff\xff\xff\xff"  # the size it gives is the new store's: the file's own counts
    size = copy.stat().st_size
    with copy.open("r+b") as file:
        for number in range(1, len(pages) // _PAGE + 1):
            at = (number - 1) * _PAGE
            if (
                number not in tables or at + _PAGE > size
            ):  # cut short, the file has lost what even a new one has
                file.seek(at)
                file.write(pages[at : at + _PAGE])


def _read(path: Path) -> list[Piece] | None:
    """None where not even the table of contents can be read."""
    try:
        with closing(db.connect(path, "mode=ro")) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'draft'").fetchone():
                return None
            return [*_drafts(connection), *_unsent(connection)]
    except (sqlite3.Error, StoreBroken):
        return None


def _drafts(connection: sqlite3.Connection) -> Iterator[Piece]:
    for row in _rows(connection, _DRAFTS):
        typed = _object(row["recipients"])
        handle, subject = _where(connection, row["conversation"])
        yield Piece(
            "draft",
            "note" if row["mode"] == "note" else "reply",
            str(row["text"]),
            str(typed.get("to") or handle),
            str(typed.get("subject") or subject),
        )


def _unsent(connection: sqlite3.Connection) -> Iterator[Piece]:
    for row in _rows(connection, _UNSENT):
        out = _object(row["out"])
        handle, subject = _where(connection, row["conversation"])
        to = ", ".join(str(p.get("handle", "")) for p in out.get("to") or () if isinstance(p, dict))
        mode = "note" if row["type"] == "note" else "reply"
        yield Piece(
            "reply",
            mode,
            str(out.get("text") or "").rstrip(),
            to or handle,
            str(out.get("subject") or subject),
        )


def _rows(connection: sqlite3.Connection, query: str) -> list[sqlite3.Row]:
    """The rows from both ends up to where the damage begins, oldest first.

    One at a time: an error on the way to the next row would take the last one with it.
    """
    found: dict[int, sqlite3.Row] = {}
    for beyond, order in (">", "ASC"), ("<", "DESC"):
        last = 0 if beyond == ">" else 1 << 62
        step = f"{query} AND id {beyond} ? ORDER BY id {order} LIMIT 1"
        try:
            while (row := connection.execute(step, (last,)).fetchone()) is not None and row[
                "id"
            ] not in found:
                last = row["id"]
                found[last] = row
        except sqlite3.Error:
            continue
    return [found[number] for number in sorted(found)]


def _where(connection: sqlite3.Connection, conversation: int) -> tuple[str, str]:
    query = "SELECT handle, subject FROM conversation NOT INDEXED WHERE id = ?"
    try:
        row = connection.execute(query, (conversation,)).fetchone()
    except sqlite3.Error:
        row = None
    return ("", "") if row is None else (str(row["handle"]), str(row["subject"]))


def _object(text: object) -> dict[str, Any]:
    try:
        made = json.loads(str(text))
    except ValueError:
        return {}
    return made if isinstance(made, dict) else {}
