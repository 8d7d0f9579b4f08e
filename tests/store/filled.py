"""Stores with something in them."""

import subprocess
import sys
from pathlib import Path

from tuidesk.domain.outgoing import Outgoing
from tuidesk.store import db, drafts, outbox
from tuidesk.store.sql import insert

ROOT = Path(__file__).parents[2]


def conversation(connection: db.Connection, handle: str, subject: str) -> int:
    """A conversation with a contact of its own; its number."""
    contact = insert(connection, "contact", name=handle)
    return insert(
        connection, "conversation", account="support", contact=contact, handle=handle, subject=subject
    )


def queue(connection: db.Connection, number: int, text: str, key: str, kind: str = "reply") -> None:
    """A letter in the outbox."""
    out = Outgoing(key=key, type=kind, at=1, text=text, subject="Re: it")
    outbox.add(connection, "support", number, out)


def fill(connection: db.Connection, *, settled: int = 0) -> None:
    """Two drafts, a note being written, an archived draft, one unsent reply and `settled` sent ones."""
    dana = conversation(connection, "dana@ortiz.example", "Refund")
    kim = conversation(connection, "kim@seo.example", "Parcel")
    drafts.save(connection, dana, "reply", "Dear Dana, half a sentence", {}, 5)
    drafts.save(connection, dana, "note", "she sounds angry", {}, 5)
    drafts.save(connection, 0, "start", "Hello stranger", {"to": "new@customer.example", "subject": "Hi"}, 5)
    drafts.save(connection, kim, "reply", "long gone", {}, 5)
    drafts.archive(connection, kim, "reply", 6)
    for number in range(settled):
        queue(connection, kim, f"sent long ago {number} " * 20, f"td-old-{number}")
    connection.execute("UPDATE outbox SET state = 'sent'")
    queue(connection, kim, "Your parcel is on its way, Kim.", "td-unsent")


def make_store(folder: Path, *, settled: int = 0) -> Path:
    """A filled store, closed and folded in; its path."""
    path = folder / "data" / "store.sqlite3"
    connection = db.open_store(path)
    with db.transaction(connection):
        fill(connection, settled=settled)
    connection.close()
    return path


def in_child(program: str, *words: object) -> "subprocess.Popen[str]":
    """Python code in a process of its own; its stdin and stdout are pipes."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def hear(child: "subprocess.Popen[str]") -> str:
    """The child's next line."""
    assert child.stdout is not None
    return child.stdout.readline().strip()


def end(child: "subprocess.Popen[str]") -> None:
    """End a child that we started, and its pipes."""
    child.kill()
    child.communicate()
