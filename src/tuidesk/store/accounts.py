"""What the desk remembers of each account: cursor, capabilities, health."""

import json
from typing import Any

from tuidesk.domain.model import Caps, Offered, Person
from tuidesk.store import changes
from tuidesk.store.sql import Connection, Row, one


def ensure(connection: Connection, id_: str, kind: str, label: str) -> Row:
    """The account's row, made if it is new."""
    connection.execute(
        "INSERT INTO account (id, kind, label) VALUES (?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, label = excluded.label "
        "WHERE kind <> excluded.kind OR label <> excluded.label",
        (id_, kind, label),
    )
    row = get(connection, id_)
    assert row is not None
    return row


def get(connection: Connection, id_: str) -> Row | None:
    return one(connection, "SELECT * FROM account WHERE id = ?", id_)


def every(connection: Connection) -> list[Row]:
    return connection.execute("SELECT * FROM account ORDER BY id").fetchall()


def set_checked(
    connection: Connection,
    id_: str,
    identity: Person,
    caps: Caps,
    agents: tuple[Person, ...],
    canned: tuple[Offered, ...] = (),
) -> None:
    """Keep what a check found, so that everybody knows it while the channel is away."""
    from dataclasses import asdict

    people = json.dumps([person_dict(agent) for agent in agents])
    kept = json.dumps([asdict(one) for one in canned], ensure_ascii=False)
    connection.execute(
        "UPDATE account SET identity = ?, caps = ?, agents = ?, canned = ? WHERE id = ?",
        (person_json(identity), caps_json(caps), people, kept, id_),
    )
    changes.note(connection, "account", id_)


def set_health(connection: Connection, id_: str, health: str, detail: str = "") -> bool:
    """Say how the account is; False when that was known already."""
    row = get(connection, id_)
    if row is None or (row["health"], row["detail"]) == (health, detail):
        return False
    connection.execute("UPDATE account SET health = ?, detail = ? WHERE id = ?", (health, detail, id_))
    changes.note(connection, "account", id_)
    return True


def caps(connection: Connection, id_: str) -> Caps:
    """What the account's channel can do; nothing, where it was never reached."""
    row = get(connection, id_)
    kept = json.loads(row["caps"]) if row is not None else {}
    for name in ("performs",):
        kept[name] = frozenset(kept.get(name, ()))
    for name in ("visibility", "attachment_types", "media"):
        if name in kept:
            kept[name] = tuple(kept[name])
    return Caps(**kept)


def windows_kept(connection: Connection, id_: str) -> tuple[int | None, dict[str, int]] | None:
    """`Caps.window_s` and `Caps.windows` as the last check found them; None where none has looked for both."""
    row = get(connection, id_)
    kept = json.loads(row["caps"]) if row is not None else {}
    return (kept["window_s"], kept["windows"]) if "windows" in kept else None


def offered(connection: Connection, id_: str) -> tuple[Offered, ...]:
    """Canned replies and templates that the account's channel keeps, as the last check found them."""
    row = get(connection, id_)
    kept = json.loads(row["canned"]) if row is not None else []
    return tuple(Offered(**(one | {"media": tuple(one["media"])})) for one in kept)


def caps_json(caps_: Caps) -> str:
    from dataclasses import asdict

    return json.dumps({k: sorted(v) if isinstance(v, frozenset) else v for k, v in asdict(caps_).items()})


def person_dict(person: Person) -> dict[str, Any]:
    """A person as JSON people read: only what is said."""
    made: dict[str, Any] = {"name": person.name, "handle": person.handle}
    if person.me:
        made["me"] = True
    if person.kind != "person":
        made["kind"] = person.kind
    return made


def person_json(person: Person | None) -> str | None:
    return None if person is None else json.dumps(person_dict(person), ensure_ascii=False)


def person_from(text: str | None) -> Person | None:
    """The inverse of `person_json`."""
    return None if text is None else Person(**json.loads(text))
