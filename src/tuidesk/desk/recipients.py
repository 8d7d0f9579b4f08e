"""Who a reply goes to unless the agent says otherwise."""

import json
from collections.abc import Collection

from tuidesk.desk.picture import Recipients
from tuidesk.domain.model import Person
from tuidesk.domain.visibility import narrower
from tuidesk.errors import NotFound
from tuidesk.store import accounts, messages
from tuidesk.store.sql import Connection, Row, one
from tuidesk.words import say


def of(
    connection: Connection,
    conversation: Row,
    ours: Collection[str],
    answers: int | None = None,
    agent: Collection[str] = (),
) -> Recipients:
    """Reply-all: Reply-To, else From, of the message answered; its To and Cc without ourselves are the Cc.

    Args:
        ours: the account's own addresses, folded. The first that the customer wrote to is the one to answer from.
        agent: the agent's own, folded: nobody sends themselves a copy.
    """
    message = _answered(connection, conversation, answers)
    people = json.loads(message["people"]) if message is not None else {}
    to = _first(connection, conversation, message, people)
    taken = {person.handle.casefold() for person in to} | set(ours) | set(agent)
    cc: list[Person] = []
    via = ""
    if conversation["medium"] == "mail" and message is not None:
        for given in (*people.get("to", ()), *people.get("cc", ())):
            folded = given["handle"].casefold()
            if folded in ours and not via:
                via = folded
            if folded and folded not in taken:
                taken.add(folded)
                cc.append(Person(given["name"], given["handle"]))
    return Recipients(
        to=to,
        cc=tuple(cc),
        via=via,
        medium=conversation["medium"],
        visibility=_visibility(connection, conversation, message),
        conversation=int(conversation["id"]),
    )


def _visibility(connection: Connection, conversation: Row, message: Row | None) -> str:
    """As the conversation is seen; what fewer people could read is answered to no more, where the channel can."""
    whole = str(conversation["visibility"])
    if message is None or message["direction"] != "in":
        return whole
    wanted = narrower(whole, message["visibility"])
    return wanted if wanted in accounts.caps(connection, conversation["account"]).visibility else whole


def _answered(connection: Connection, conversation: Row, answers: int | None) -> Row | None:
    if answers is not None:
        row = messages.get(connection, answers)
        if row is None or row["conversation"] != conversation["id"]:
            raise NotFound(say("desk.no_message", n=answers))
        return row
    return messages.newest_inbound(connection, conversation["id"]) or one(
        connection,
        "SELECT * FROM message WHERE conversation = ? AND direction <> 'note' AND kind IN ('person', 'unreadable') "
        "ORDER BY at DESC, id DESC LIMIT 1",
        conversation["id"],
    )


def _first(
    connection: Connection, conversation: Row, message: Row | None, people: dict[str, list[dict[str, str]]]
) -> tuple[Person, ...]:
    if message is not None and message["direction"] == "out" and people.get("to"):
        return tuple(Person(given["name"], given["handle"]) for given in people["to"])
    if message is not None and message["direction"] == "in":
        address = people.get("reply_address") or message["handle"]
        assert isinstance(address, str)
        return (Person(message["name"], address),) if address else ()
    name = one(connection, "SELECT name FROM contact WHERE id = ?", conversation["contact"])
    handle = conversation["handle"]
    return (Person(name["name"] if name is not None else "", handle),) if handle else ()
