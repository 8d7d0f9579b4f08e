"""What a query finds: `domain.query`'s tree → SQL over `conversation`.

Spam is found only by a query that says `spam` or `any`. What is merged into another conversation is found as that one.
"""

import json
import re
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from tuidesk.desk.shown import AWAKE
from tuidesk.domain import instants
from tuidesk.domain.instants import SECOND, Instant
from tuidesk.domain.model import Person
from tuidesk.domain.query import (
    VIEWS,
    Either,
    Every,
    Node,
    Not,
    Query,
    Span,
    Stamp,
    Term,
    Word,
    leaves,
    order,
    parse,
)
from tuidesk.domain.searchable import indexed, match
from tuidesk.store import accounts
from tuidesk.store import search as store_search
from tuidesk.store.sql import Connection, marks, scalar


class Sql(NamedTuple):
    """A condition and the values of its marks."""

    text: str
    values: tuple[Any, ...] = ()


_NOTHING = Sql("0")
_DRAFTING = "id IN (SELECT conversation FROM draft WHERE archived_at IS NULL)"
_PENDING_FIRST = "CASE trouble WHEN 'unknown' THEN 0 WHEN 'failed' THEN 1 ELSE 2 END"
_ORDERS = {
    "due": f"{_PENDING_FIRST}, rank, id",
    "wait": "waiting_since IS NULL, waiting_since, rank, id",
    "new": "last_at DESC, id DESC",
    "old": "last_at, id",
    "priority": f"CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'low' THEN 3 ELSE 2 END, "
    f"{_PENDING_FIRST}, rank, id",
    "back": "snoozed_until, id",
}
_TROUBLE = "id IN (SELECT id FROM conversation INDEXED BY conversation_trouble WHERE trouble <> '' AND trouble = '{}')"
_STATES: dict[str, str] = {
    "open": f"(status = 'open' OR trouble <> '' OR {AWAKE})",
    "pending": "status = 'pending'",
    "snoozed": "(status = 'snoozed' AND (snoozed_until IS NULL OR snoozed_until > ?))",
    "complete": "status = 'complete'",
    "late": "(due IS NOT NULL AND due <= ?)",
    "soon": "(due_soon IS NOT NULL AND due_soon <= ? AND due > ?)",
    "unread": "unread > 0",
    "mine": "owner = 'me'",
    "unassigned": "owner = ''",
    "draft": _DRAFTING,
    "failed": _TROUBLE.format("failed"),
    "unknown": _TROUBLE.format("unknown"),
    "starred": "starred <> 0",
    "muted": "muted <> 0",
    "spam": "spam <> 0",
    "any": "1",
}
"""`?` is now."""
_CLOSING = (
    "id IN (SELECT id FROM conversation INDEXED BY conversation_window "
    "WHERE window_ends IS NOT NULL AND window_ends > ? AND window_ends <= ?)"
)
_NEVER = 1 << 62
_PARTS = (
    "SELECT id FROM conversation WHERE id IN (SELECT value FROM json_each(?)) "
    "UNION ALL SELECT id FROM conversation WHERE merged_into IN (SELECT value FROM json_each(?))"
)
"""Conversations, and what is merged into them."""
_HANDLED = (
    "SELECT conversation FROM entry INDEXED BY entry_at WHERE at >= ? AND undone_by IS NULL "
    "AND what NOT IN ('undone', 'woke') AND json_extract(by, '$.me') "
    "UNION SELECT conversation FROM message INDEXED BY message_mine "
    "WHERE mine <> 0 AND at >= ? AND direction <> 'in'"
)


def query_of(wanted: "str | Query") -> Query:
    """The query of a view by its name; a query is its own."""
    return parse(VIEWS[wanted]) if isinstance(wanted, str) else wanted


def find(
    connection: Connection, wanted: "str | Query", now: Instant, limit: int | None = None
) -> "array[int]":
    """Numbers of the conversations that a view or query finds, in its order; at most `limit`.

    Free words alone come newest hit first, and a number alone has that conversation before all others.
    """
    query = query_of(wanted)
    words = _words_alone(query)
    if words:
        return _find_words(connection, words, limit)
    where = condition(connection, query, now)
    found = connection.execute(
        f"SELECT id FROM conversation WHERE {where.text} ORDER BY {_ORDERS[order(query)]} LIMIT ?",
        (*where.values, -1 if limit is None else limit),
    )
    return array("q", (row[0] for row in found))


def matching(
    connection: Connection, wanted: "str | Query", numbers: Sequence[int], now: Instant
) -> frozenset[int]:
    """Those of these conversations that a view or query finds."""
    among = json.dumps(list(numbers))
    where = condition(connection, query_of(wanted), now, among)
    found = connection.execute(
        f"SELECT id FROM conversation WHERE id IN (SELECT value FROM json_each(?)) AND {where.text}",
        (among, *where.values),
    )
    return frozenset(int(row[0]) for row in found)


def count(connection: Connection, wanted: "str | Query", now: Instant) -> int:
    """How many a view or query finds."""
    where = condition(connection, query_of(wanted), now)
    return int(scalar(connection, f"SELECT count(*) FROM conversation WHERE {where.text}", *where.values))


def condition(connection: Connection, query: Query, now: Instant, among: str = "") -> Sql:
    """What a conversation must be, as SQL over its row; what is merged into another one is left out.

    Args:
        among: numbers as JSON, where only these are asked about: no others' messages are looked at.
    """
    said = _Condition(connection, now, among).of(query.where) if query.where is not None else Sql("1")
    if said is None:  # words without a letter or digit
        said = _NOTHING
    names_spam = any(leaf in (Term("is", "spam"), Term("is", "any")) for leaf in leaves(query.where))
    hidden = "merged_into IS NULL" if names_spam else "spam = 0 AND merged_into IS NULL"
    return Sql(f"{hidden} AND ({said.text})", said.values)


# --- free words alone -------------------------------------------------------------------------------


def _words_alone(query: Query) -> tuple[Word, ...]:
    """The words of a query that has nothing but words, side by side, and no order of its own."""
    where = query.where
    parts = where.parts if isinstance(where, Every) else (where,)
    words = tuple(part for part in parts if isinstance(part, Word))
    return words if len(words) == len(parts) and not query.sort else ()


def _find_words(connection: Connection, words: Sequence[Word], limit: int | None) -> "array[int]":
    """From the newest hit on, without looking at more than is asked for."""
    most = -1 if limit is None else limit
    expression = match(words)
    hits = store_search.conversations(connection, expression, most) if expression else {}
    for number, message in store_search.tagged(connection, _is_tag(words), most).items():
        hits[number] = max(message, hits.get(number, 0))
    found = sorted(hits, key=lambda number: hits[number], reverse=True)
    named = _named(connection, words)
    if named is not None:
        found = [named, *(number for number in found if number != named)]
    return array("q", found if limit is None else found[:limit])


def _named(connection: Connection, words: Sequence[Word]) -> int | None:
    """The conversation that a number alone (`#42`, `42`) names, if there is one."""
    digits = words[0].text.strip().removeprefix("#") if len(words) == 1 else ""
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        return None
    shown = scalar(connection, "SELECT coalesce(merged_into, id) FROM conversation WHERE id = ?", int(digits))
    return None if shown is None else int(shown)


def _is_tag(words: Sequence[Word]) -> Callable[[str], bool]:
    """Whether a tag is what was typed, all of it."""
    typed = _folded(" ".join(word.text for word in words))
    return lambda tag: bool(typed) and _folded(tag) == typed


def _folded(text: str) -> str:
    return " ".join(indexed(text).split())


# --- the tree ---------------------------------------------------------------------------------------


class _Condition:
    """Tree → SQL, asking the store what it has of accounts, tags and people."""

    def __init__(self, connection: Connection, now: Instant, among: str) -> None:
        self._connection = connection
        self._now = now
        self._among = among

    def of(self, node: Node) -> Sql | None:
        """None: nothing that could be looked for was said."""
        match node:
            case Not(inner):
                said = self.of(inner)
                return None if said is None else Sql(f"NOT ({said.text})", said.values)
            case Every(parts):
                words = tuple(part for part in parts if isinstance(part, Word))
                rest = [self.of(part) for part in parts if not isinstance(part, Word)]
                return _joined(" AND ", [*rest, *([self._words(words)] if words else [])])
            case Either(parts):
                return _joined(" OR ", [self.of(part) for part in parts])
            case Word():
                return self._words((node,))
            case Term():
                return self._term(node)
            case Span("waiting", is_more, ms):
                sign = "<" if is_more else ">"
                return Sql(f"waiting_since IS NOT NULL AND waiting_since {sign} ?", (self._now - ms,))
            case Span():
                return self._window(node)
            case Stamp():
                return Sql(f"last_at {'<' if node.key == 'before' else '>='} ?", (self._stamp(node),))

    def _words(self, words: Sequence[Word]) -> Sql | None:
        expression = match(words)
        if not expression:
            return None
        ways = [
            _in_thread(
                f"SELECT message.conversation FROM message CROSS JOIN search ON search.rowid = message.id "
                f"WHERE message.conversation IN ({_PARTS}) AND search MATCH ?",
                self._among,
                self._among,
                expression,
            )
            if self._among
            else _in_thread(
                "SELECT message.conversation FROM search JOIN message ON message.id = search.rowid "
                "WHERE search MATCH ?",
                expression,
            ),
            self._tagged(_is_tag(words)),
        ]
        if (named := _named(self._connection, words)) is not None:
            ways.append(Sql("id = ?", (named,)))
        return _joined(" OR ", ways)

    def _tagged(self, is_meant: Callable[[str], bool]) -> Sql:
        meant = store_search.tags(self._connection, is_meant)
        return Sql(f"id IN (SELECT conversation FROM tag WHERE tag IN ({marks(meant)}))", tuple(meant))

    def _term(self, term: Term) -> Sql:
        value = term.value
        match term.key:
            case "is":
                return self._is(value)
            case "from":
                return self._from(value)
            case "to":
                return self._to(value)
            case "in":
                return self._account(value)
            case "medium":
                return Sql("lower(medium) = ?", (value.lower(),))
            case "tag":
                return self._tagged(lambda tag: _folded(tag) == _folded(value))
            case "priority":
                return Sql("priority = ?", (value,))
            case "sentiment":
                return Sql("sentiment <> '' AND sentiment = ?", (value,))
            case "assignee":
                return self._assignee(value)
        return self._has(value)

    def _is(self, state: str) -> Sql:
        if state == "handled":
            since = midnight(self._now)
            return _in_thread(_HANDLED, since, since)
        text = _STATES[state]
        return Sql(text, (self._now,) * text.count("?"))

    def _has(self, what: str) -> Sql:
        match what:
            case "attachment":
                return self._with_message("id IN (SELECT message FROM attachment)")
            case "note":
                return self._with_message("direction = 'note'")
        return Sql(_DRAFTING)

    def _with_message(self, where: str) -> Sql:
        """One of its messages is so."""
        if self._among:  # `+`: by the conversations, and not by what all messages are like
            text = f"SELECT conversation FROM message WHERE conversation IN ({_PARTS}) AND +{where}"
            return _in_thread(text, self._among, self._among)
        return _in_thread(f"SELECT conversation FROM message WHERE {where}")

    def _account(self, value: str) -> Sql:
        known = accounts.every(self._connection)
        wanted = value.casefold()
        meant = [row["id"] for row in known if wanted in (row["id"].casefold(), row["label"].casefold())]
        meant = meant or [row["id"] for row in known if row["id"].casefold().startswith(wanted)]
        return Sql(f"account IN ({marks(meant)})", tuple(meant))

    def _assignee(self, value: str) -> Sql:
        if value.casefold() in ("me", "nobody", "-"):
            return Sql("owner = ?", ("me" if value.casefold() == "me" else "",))
        known = self._connection.execute(
            "SELECT DISTINCT assignee FROM conversation INDEXED BY conversation_owner WHERE owner > ''"
        )
        meant = [row[0] for row in known if _is_person(value, accounts.person_from(row[0]))]
        return Sql(f"assignee IN ({marks(meant)}) AND assignee IS NOT NULL", tuple(meant))

    def _window(self, span: Span) -> Sql:
        """How long a reply is still taken."""
        least = self._now + span.ms if span.is_more else self._now
        most = _NEVER if span.is_more else self._now + span.ms
        return Sql(_CLOSING, (least, most))

    def _stamp(self, stamp: Stamp) -> Instant:
        if not stamp.day:
            return self._now - stamp.ago
        today = midnight(self._now)
        if stamp.day == "today":
            return today
        if stamp.day == "yesterday":
            return midnight(today - SECOND)
        return _begins(date.fromisoformat(stamp.day))

    # people

    def _from(self, value: str) -> Sql:
        """Who wrote one of the messages."""
        if value.casefold() == "me":
            return self._with_message("mine <> 0")
        wanted = _tokens(value)
        if self._among:
            rows = self._connection.execute(
                f"SELECT conversation, name, handle FROM message WHERE conversation IN ({_PARTS})",
                (self._among, self._among),
            )
        else:
            rows = self._connection.execute(
                "SELECT message.conversation, message.name, message.handle FROM search "
                "JOIN message ON message.id = search.rowid WHERE search MATCH ? "
                # ours are not indexed by name
                "UNION ALL SELECT conversation, name, handle FROM message WHERE mine <> 0",
                (match((Word(value, is_phrase=True, grows=True),)) or '""',),
            )
        return _in_these(_having(wanted, ((row[0], (row[1], row[2])) for row in rows)))

    def _to(self, value: str) -> Sql:
        """To whom one of the messages went: To, Cc, Bcc."""
        wanted = _tokens(value)
        longest = max(wanted, key=len, default="")
        among = f"conversation IN ({_PARTS}) AND " if self._among else ""
        rows = self._connection.execute(
            # where more than plain letters stand, folding may make the word of them
            f"SELECT conversation, people FROM message WHERE {among}people <> '{{}}' "
            "AND (people LIKE ? OR people GLOB '*[^ -&(-_a-~]*')",
            (*(2 * (self._among,) if among else ()), f"%{longest}%" if longest.isascii() else "%"),
        )
        return _in_these(_having(wanted, ((row[0], who) for row in rows for who in _recipients(row[1]))))


def _joined(word: str, parts: Sequence[Sql | None]) -> Sql | None:
    said = [part for part in parts if part is not None]
    if len(said) < 2:
        return said[0] if said else None
    text = word.join(f"({part.text})" for part in said)
    return Sql(text, tuple(value for part in said for value in part.values))


def _in_thread(conversations: str, *values: Any) -> Sql:
    """It is one of these, or one of these is merged into it."""
    return Sql(
        "id IN (SELECT coalesce(part.merged_into, part.id) FROM conversation AS part "
        f"WHERE part.id IN ({conversations}))",
        values,
    )


def _in_these(numbers: Collection[int]) -> Sql:
    return _in_thread("SELECT value FROM json_each(?)", json.dumps(sorted(numbers)))


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", indexed(text))


def _having(wanted: Sequence[str], rows: Iterable[tuple[int, tuple[str, str]]]) -> set[int]:
    """The conversations of those whose name or handle has these words, side by side; the last may go on."""
    known: dict[tuple[str, str], bool] = {}
    found: set[int] = set()
    for conversation, who in rows:
        if who not in known:
            known[who] = any(_stands_in(wanted, _tokens(text)) for text in who)
        if known[who]:
            found.add(int(conversation))
    return found


def _stands_in(wanted: Sequence[str], tokens: Sequence[str]) -> bool:
    size = len(wanted)
    return bool(size) and any(
        tokens[at : at + size - 1] == list(wanted[:-1]) and tokens[at + size - 1].startswith(wanted[-1])
        for at in range(len(tokens) - size + 1)
    )


def _recipients(people: str) -> list[tuple[str, str]]:
    kept = json.loads(people)
    found = [one for name in ("to", "cc", "bcc") for one in kept.get(name) or ()]
    return [(str(one.get("name", "")), str(one.get("handle", ""))) for one in found]


def _is_person(value: str, person: Person | None) -> bool:
    wanted = _tokens(value)
    texts = () if person is None else (person.name, person.handle)
    return any(_stands_in(wanted, _tokens(text)) for text in texts)


# --- days -------------------------------------------------------------------------------------------


def midnight(now: Instant) -> Instant:
    """When the agent's day began, where this machine is."""
    return _begins(instants.as_datetime(now).astimezone().date())


def _begins(day: date) -> Instant:
    try:
        return instants.of(datetime.combine(day, datetime.min.time()).astimezone())
    except (OverflowError, ValueError, OSError):  # the first and the last days of all
        return instants.clamp((day - date(1970, 1, 1)) // timedelta(days=1) * instants.DAY)
