"""The queue's rows and how they are read: all that `list` needs, kept apart so that it starts quickly."""

from array import array
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from tuidesk.config.paths import Paths
from tuidesk.desk.shown import AWAKE, HIDDEN, MERGED
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Person, Status
from tuidesk.domain.status import now_reads
from tuidesk.store import accounts, db
from tuidesk.store.sql import Connection, marks
from tuidesk.store.sql import Row as Stored

if TYPE_CHECKING:
    from tuidesk.domain.query import Query

_WOKEN = f"id IN (SELECT id FROM conversation INDEXED BY conversation_snooze WHERE {AWAKE})"
"""`AWAKE` by the index of snoozes: those that are over are few, those in status snoozed may be many."""
_TROUBLED = "id IN (SELECT id FROM conversation INDEXED BY conversation_trouble WHERE trouble <> '')"
_SEEN = f"id NOT IN ({HIDDEN})"
_CALM = (
    "id NOT IN (SELECT id FROM conversation INDEXED BY conversation_trouble WHERE trouble <> '' "
    f"UNION ALL {HIDDEN})"
)
"""By the indexes of what is rare, so that what is none of it is read from the queue's index alone."""
_FIRST = "rank - (CASE trouble WHEN 'unknown' THEN 2 ELSE 1 END << 54) AS rank"
"""Before every rank there is."""


_WAIT = "waiting_since IS NULL AS unasked, waiting_since, rank"


def _waiting(owner: str) -> tuple[tuple[str, str], ...]:
    """Of one owner, or of all (`*`). `+`: by the index of what is rare, not by the owner's."""
    of, rarely = (f" AND owner = '{owner}'", f" AND +owner = '{owner}'") if owner != "*" else ("", "")
    return (
        (_FIRST, f"{_TROUBLED} AND {_SEEN}{rarely}"),
        ("rank", f"status = 'open' AND {_CALM}{of}"),
        ("rank", f"{_WOKEN} AND {_CALM}{rarely}"),
    )


def _which(condition: str, by_index: str = "") -> tuple[tuple[str, str], ...]:
    """Of one kind, what has trouble before the others. `by_index`: the same, as the queue's index has it."""
    return (
        (_FIRST, f"{_TROUBLED} AND {_SEEN} AND {condition}"),
        ("rank", f"{by_index or condition} AND {_CALM}"),
    )


_VIEWS = {
    "open": _waiting("*"),
    "mine": _waiting("me"),
    "unassigned": _waiting(""),
    "late": _which("due IS NOT NULL AND due <= ?"),
    "soon": _which("due_soon IS NOT NULL AND due_soon <= ? AND due > ?"),
    "pending": _which("+status = 'pending'", "status = 'pending'"),
    "snoozed": (
        (
            "snoozed_until",
            f"status = 'snoozed' AND (snoozed_until IS NULL OR snoozed_until > ?) AND {_SEEN}",
        ),
    ),
    "complete": (("last_at", f"status = 'complete' AND {_SEEN}"),),
    "check": ((_FIRST, f"{_TROUBLED} AND {_SEEN}"),),
    "drafts": ((_WAIT, f"id IN (SELECT conversation FROM draft WHERE archived_at IS NULL) AND {_SEEN}"),),
    "all": (("last_at", f"id NOT IN ({MERGED})"),),
}
"""What a view of `domain.query.VIEWS` holds: (what orders it, condition), for those that are read without asking what
their query finds. Several are several ordered reads that SQLite merges: no sort, so a first page costs the same
whatever the view's size. A reply that may have arrived, or was not sent, is the agent's next step whatever the
conversation's status says, so it is open, and first."""
_ORDERS = {
    "complete": "last_at DESC, id DESC",
    "all": "last_at DESC, id DESC",
    "snoozed": "snoozed_until, id",
    "drafts": "unasked, waiting_since, rank, id",
}


BACK = ("", "time", "customer", "answer")
"""What each number in the column `woke` stands for."""


class Row(NamedTuple):
    """A conversation as the queue shows it."""

    n: int
    account: str
    medium: str
    status: Status
    """As it reads now: a snooze whose time is past is open."""
    contact: int
    name: str
    handle: str
    subject: str
    snippet: str
    waiting_since: Instant | None
    last_at: Instant
    unread: int
    assignee: Person | None
    priority: str
    tags: tuple[str, ...]
    pending_for: str | None
    snoozed_until: Instant | None
    snooze_firm: bool
    visibility: str
    woke: bool
    """Back from a snooze, and not looked at since."""
    draft: bool
    trouble: str
    """`unknown` or `failed` while a reply is; else ""."""
    last_in: int
    """Number of the newest customer message; 0: there is none."""
    last_message: int
    also_open: int
    """The same customer's other open conversations."""
    parent: int | None
    starred: bool = False
    muted: bool = False
    spam: bool = False
    drafts: tuple[str, ...] = ()
    """Modes of its drafts: `reply`, `note`, `forward`."""
    back: str = ""
    """Why it is back, until somebody looks: from a snooze `time` (that is over) or `customer`; from wherever it waited
    `answer` (of whom it was passed on to). "" where it is not."""
    due: Instant | None = None
    """When something is to be there at the latest; None: nothing is, or its clock stands still."""
    due_soon: Instant | None = None
    due_for: str = ""
    """What: `first_response`, `reply`, `resolution`."""
    window_ends: Instant | None = None
    """When the channel takes no reply any more; None: it always does."""
    refuses: str = ""
    """Why no reply can be sent, in the channel's word."""
    sentiment: str = ""
    """How the customer sounds, where it was read: `positive`, `neutral`, `negative`."""


def connect(paths: Paths) -> Connection:
    """A reader of the home's store.

    Raises:
        NotFound: there is none yet.
        StoreError: it cannot be read.
    """
    return db.open_reader(paths.store)


def queue(connection: Connection, wanted: "str | Query", now: Instant) -> "array[int]":
    """Numbers of the conversations of a view, by its name, or of a query, in its order."""
    if isinstance(wanted, str) and wanted in _VIEWS:
        query, values = _queue_query(wanted, now)
        return array("q", (row[0] for row in connection.execute(query, values)))
    from tuidesk.desk import finding  # who lists a view need not know how to search

    return finding.find(connection, wanted, now)


def page(connection: Connection, wanted: "str | Query", now: Instant, limit: int) -> list[Row]:
    """The first conversations of the same, whole."""
    if isinstance(wanted, str) and wanted in _VIEWS:
        query, values = _queue_query(wanted, now)
        numbers = [int(row[0]) for row in connection.execute(f"{query} LIMIT ?", (*values, limit))]
    else:
        from tuidesk.desk import finding

        numbers = list(finding.find(connection, wanted, now, limit))
    found = rows(connection, numbers, now)
    return [found[number] for number in numbers]


def _queue_query(view: str, now: Instant) -> tuple[str, tuple[Any, ...]]:
    order = _ORDERS.get(view, "rank, id")
    reads = " UNION ALL ".join(
        f"SELECT {by}, id FROM conversation WHERE {where}" for by, where in _VIEWS[view]
    )
    if not reads:
        return "SELECT id FROM conversation WHERE 0", ()
    return f"SELECT id FROM ({reads} ORDER BY {order})", (now,) * reads.count("?")


def rows(connection: Connection, numbers: Sequence[int], now: Instant) -> dict[int, Row]:
    """The rows of these conversations, by number; one that is gone is missing."""
    made: dict[int, Row] = {}
    for start in range(0, len(numbers), 500):
        part = list(numbers[start : start + 500])
        made.update((row.n, row) for row in _rows(connection, part, now))
    return made


def _rows(connection: Connection, numbers: list[int], now: Instant) -> Iterable[Row]:
    query = (
        "SELECT conversation.*, contact.root AS root, "
        "coalesce(nullif(contact.name, ''), "
        "(SELECT name FROM contact AS eldest WHERE eldest.id = contact.root)) AS name, "
        "(SELECT shown FROM identity WHERE identity.contact = contact.id AND identity.handle = conversation.handle) "
        f"AS shown FROM conversation LEFT JOIN contact ON contact.id = conversation.contact "
        f"WHERE conversation.id IN ({marks(numbers)})"
    )
    found = connection.execute(query, numbers).fetchall()
    tags = _grouped(
        connection, f"SELECT conversation, tag FROM tag WHERE conversation IN ({marks(numbers)})", numbers
    )
    drafting = _grouped(
        connection,
        f"SELECT conversation, mode FROM draft WHERE archived_at IS NULL AND conversation IN ({marks(numbers)})",
        numbers,
    )
    others = _also_open(connection, {int(row["root"] or 0) for row in found}, now)
    for row in found:
        yield _row(row, now, tags, drafting, others)


def _grouped(connection: Connection, query: str, values: Sequence[Any]) -> dict[int, tuple[str, ...]]:
    made: dict[int, tuple[str, ...]] = {}
    for key, value in connection.execute(query, values):
        made[int(key)] = (*made.get(int(key), ()), str(value))
    return made


def _also_open(connection: Connection, roots: Collection[int], now: Instant) -> dict[int, int]:
    known = [root for root in roots if root]
    counted = connection.execute(
        # CROSS JOIN keeps SQLite from reading every open conversation: a customer has a few, the queue has many
        "SELECT contact.root, count(*) FROM contact CROSS JOIN conversation ON conversation.contact = contact.id "
        f"WHERE contact.root IN ({marks(known)}) AND (+status = 'open' OR +{AWAKE}) "
        "AND +spam = 0 AND +merged_into IS NULL GROUP BY contact.root",
        (*known, now),
    )
    return {int(root): int(count) for root, count in counted}


def _row(
    row: Stored,
    now: Instant,
    tags: dict[int, tuple[str, ...]],
    drafting: dict[int, tuple[str, ...]],
    others: dict[int, int],
) -> Row:
    status = now_reads(row["status"], row["snoozed_until"], now)
    asleep = status == "snoozed"
    number = int(row["id"])
    is_counted = bool(row["root"]) and status == "open" and not row["spam"] and row["merged_into"] is None
    return Row(
        n=number,
        account=row["account"],
        medium=row["medium"],
        status=status,
        contact=row["root"] or row["contact"],
        name=row["name"] or "",
        handle=row["shown"] or row["handle"],
        subject=row["subject"],
        snippet=row["snippet"],
        waiting_since=row["waiting_since"],
        last_at=row["last_at"],
        unread=row["unread"],
        assignee=accounts.person_from(row["assignee"]),
        priority=row["priority"],
        tags=tags.get(number, ()),
        pending_for=row["pending_for"],
        snoozed_until=row["snoozed_until"] if asleep else None,
        snooze_firm=bool(row["snooze_firm"]) and asleep,
        visibility=row["visibility"],
        woke=bool(row["woke"]) or (row["status"] == "snoozed" and not asleep),
        draft=number in drafting,
        drafts=drafting.get(number, ()),
        trouble=row["trouble"],
        last_in=row["last_in"],
        last_message=row["last_message"],
        also_open=others.get(int(row["root"] or 0), 0) - is_counted,
        parent=row["parent"],
        starred=bool(row["starred"]),
        muted=bool(row["muted"]),
        spam=bool(row["spam"]),
        due=row["due"],
        due_soon=row["due_soon"],
        due_for=row["due_for"],
        window_ends=row["window_ends"],
        refuses=row["refuses"],
        sentiment=row["sentiment"],
        back="time" if row["status"] == "snoozed" and not asleep else BACK[row["woke"]],
    )
