"""The few statements that every table shares. Column names come from our code, never from outside."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

Connection = sqlite3.Connection
Row = sqlite3.Row


def insert(connection: Connection, table: str, **values: Any) -> int:
    """Insert a row; its rowid."""
    cursor = connection.execute(_inserting(table, *values), tuple(values.values()))
    return int(cursor.lastrowid or 0)


@lru_cache(maxsize=200)
def _inserting(table: str, *names: str) -> str:
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def update(connection: Connection, table: str, id_: int | str, **values: Any) -> None:
    """Set columns of the row whose `id` is given."""
    connection.execute(_updating(table, *values), (*values.values(), id_))


@lru_cache(maxsize=200)
def _updating(table: str, *names: str) -> str:
    return f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?"


def one(connection: Connection, query: str, *values: Any) -> Row | None:
    """The first row, or None."""
    row: Row | None = connection.execute(query, values).fetchone()
    return row


def scalar(connection: Connection, query: str, *values: Any) -> Any:
    """The first column of the first row, or None."""
    row = connection.execute(query, values).fetchone()
    return None if row is None else row[0]


@contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """Whatever is read in the block is as of one moment, whoever writes meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def at_hand(connection: Connection, kilobytes: int) -> Iterator[None]:
    """For what is walked over several times in the block: so much of the file is kept in memory, and let go after."""
    (usual,) = connection.execute("PRAGMA cache_size").fetchone()
    connection.execute(f"PRAGMA cache_size = {-kilobytes}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size = {usual}")
        connection.execute("PRAGMA shrink_memory")


def marks(values: Iterable[object]) -> str:
    """`?, ?, ?` for an IN list."""
    return ", ".join("?" for _ in values)
