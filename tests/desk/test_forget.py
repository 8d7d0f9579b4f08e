"""The schema can forget one customer wholly: every row of theirs is found from the contact, and nothing is left."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.desk.bench import Bench, at, bench_at, received, sent
from tuidesk.domain.commands import Note, Reply, SaveDraft, Snooze, Tag, Undo, WriteContactNote
from tuidesk.domain.events import ContactSeen, Delivered, Edited, Rated, Tagged
from tuidesk.domain.model import Attachment, Person
from tuidesk.store import db

CANARY = "kanarienvogel"
GONE = Person(f"{CANARY} Ortiz", f"{CANARY}@ortiz.example")
THEIR_CONVERSATIONS = (
    "SELECT id FROM conversation WHERE contact IN (SELECT id FROM contact WHERE root = :contact)"
)
THEIR_MESSAGES = f"SELECT id FROM message WHERE conversation IN ({THEIR_CONVERSATIONS})"
MEASURED = ("sample", "run", "cycle", "handling")
FORGET = (
    "INSERT INTO search (search, rowid, text) "
    f"SELECT 'delete', message, text FROM indexed WHERE message IN ({THEIR_MESSAGES})",
    f"DELETE FROM indexed WHERE message IN ({THEIR_MESSAGES})",
    f"DELETE FROM attachment WHERE message IN ({THEIR_MESSAGES})",
    f"DELETE FROM remote_id WHERE message IN ({THEIR_MESSAGES})",
    "DELETE FROM step WHERE EXISTS (SELECT 1 FROM json_each(step.prior) "
    f"WHERE json_extract(value, '$.conversation') IN ({THEIR_CONVERSATIONS}))",
    "DELETE FROM step WHERE EXISTS (SELECT 1 FROM json_each(step.prior) "
    "WHERE json_extract(value, '$.contact') IN (SELECT id FROM contact WHERE root = :contact))",
    *(
        f"DELETE FROM {table} WHERE conversation IN ({THEIR_CONVERSATIONS})"
        for table in ("awaited", "entry", "tag", "told", "draft", "outbox", *MEASURED, "message")
    ),
    "DELETE FROM conversation WHERE contact IN (SELECT id FROM contact WHERE root = :contact)",
    "DELETE FROM identity WHERE contact IN (SELECT id FROM contact WHERE root = :contact)",
    "DELETE FROM contact_link WHERE a IN (SELECT id FROM contact WHERE root = :contact)",
    *(
        f"DELETE FROM {table} WHERE contact IN (SELECT id FROM contact WHERE root = :contact)"
        for table in ("contact_note", "lookup")
    ),
    "DELETE FROM contact WHERE root = :contact",
)
"""What `tuidesk forget` will do; the keys of the tables lead everywhere."""


def _lived(bench: Bench, who: Person, name: str) -> int:
    """A customer with all that a customer can have; the conversation's number."""
    mail = {"sender": who, "conversation": f"c-{name}", "subject": f"{who.name} asks"}
    file = Attachment(f"{who.name}.pdf", 9, "application/pdf", "r")
    bench.take(
        ContactSeen(medium="mail", handle=who.handle, name=who.name, fields=(("city", who.name),)),
        received(f"{name}-1", at("10:00"), f"{who.name} writes", attachments=(file,), **mail),
        sent(f"{name}-2", at("10:05"), f"Hello {who.name}", conversation=f"c-{name}", to=(who,)),
        received(f"{name}-3", at("10:10"), f"{who.name} writes again", refs=(f"{name}-lost",), **mail),
        received(
            f"{name}-4",
            at("10:12"),
            f"it is me, {who.name}",
            medium="dm",
            sender=Person(who.name, f"@{name}"),
        ),
        ContactSeen(medium="dm", handle=f"@{name}", same_as=(("mail", who.handle),)),
        Tagged(conversation=f"c-{name}", at=at("10:15"), add=(f"their-{who.name}",)),
        Edited(message=f"{name}-3", at=at("10:11"), text=f"{who.name} wrote otherwise"),
        Delivered(message=f"{name}-2", at=at("10:06"), state="delivered"),
        Rated(conversation=f"c-{name}", at=at("10:20"), score=2, scale=5, text=f"{who.name} is not content"),
    )
    number = bench.conversation_of(f"{name}-1")
    for command in (
        Note(conversation=number, text=f"{who.name} is a vip"),
        Tag(conversations=(number,), add=(f"tag-{who.name}",)),
        Snooze(conversations=(number,), until=at("18:00")),
        SaveDraft(conversation=number, mode="reply", text=f"Dear {who.name}"),
        Reply(conversation=number, text=f"Dear {who.name}, it is on its way", to=(who,)),
        Reply(conversation=number, text=f"{who.name}, once more", to=(who,)),
    ):
        bench.do(command)
    bench.do(Undo(door="screen"))
    contact = bench.row(number).contact
    bench.do(WriteContactNote(contact=contact, text=f"{who.name} pays late"))
    bench.desk.write(
        lambda c: c.execute(
            "INSERT INTO lookup (contact, fields) VALUES (?, ?)", (contact, f'{{"a":"{name}"}}')
        )
    ).result()
    return number


def test_nothing_of_a_customer_is_left_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Person("Dana", "dana@ortiz.example")
    with bench_at(tmp_path, monkeypatch) as bench:
        gone, stays = _lived(bench, GONE, "gone"), _lived(bench, other, "stays")
        bench.deliver()
        contact = bench.query("SELECT root FROM contact WHERE id = ?", bench.row(gone).contact)[0][0]
        before = bench.thread(stays)
        store = bench.desk.paths.store
    with closing(db.open_store(store)) as connection:
        assert CANARY.encode() in _bytes(store), "the canary was never there"
        for statement in FORGET:
            connection.execute(statement, {"contact": contact})
        connection.execute("INSERT INTO search (search) VALUES ('optimize')")
        connection.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
        connection.commit()
        connection.execute("VACUUM")
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert CANARY.encode() not in _bytes(store).lower()
    with bench_at(tmp_path, monkeypatch) as bench:
        assert bench.thread(stays) == before
        assert {row.contact for row in bench.rows()} == {bench.row(stays).contact}


def _bytes(store: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(store.parent.glob(f"{store.name}*")))
