"""How customers sound, read behind everything else: a few messages at a time, their newest of each conversation.

With VADER, a lexicon of English words; it is an extra, and nothing else here knows of it.
"""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from tuidesk.domain import fold
from tuidesk.domain.sentiment import COURTESY, is_english, sentiment
from tuidesk.store import changes
from tuidesk.store.sql import Connection, marks
from tuidesk.store.writer import INGEST, Writer

_AT_ONCE = 20
"""Messages that are read between two looks at what else there is to do."""
_LOOKED_AT = 5000
"""Conversations that are looked at for them."""
_PAUSE_S = 0.05
_LONGEST = 2000
"""Characters that are read of a message."""

Reader = Callable[[str], str]
"""A text → `positive`, `neutral`, `negative`; "" where nothing can be told."""


class Unread(NamedTuple):
    """A customer's message whose sound nobody has read."""

    conversation: int
    message: int
    text: str


def is_there() -> bool:
    """Whether the extra is installed."""
    try:
        import vader  # noqa: F401 - it is asked whether it can be
    except ImportError:
        return False
    return True


def reader() -> Reader:
    """What tells how a text sounds: a word, or "" for what is not English. Loads the lexicon."""
    from vader import SentimentIntensityAnalyzer

    vader = SentimentIntensityAnalyzer()
    vader.lexicon = {word: score for word, score in vader.lexicon.items() if word not in COURTESY}

    def read(text: str) -> str:
        new = fold.new_in(text)[:_LONGEST]
        return sentiment(vader.polarity_scores(new)["compound"]) if is_english(new) else ""

    return read


async def follow(writer: Writer, changed: asyncio.Event) -> None:
    """Read what is there, then whatever comes. `changed` is set when something may have."""
    read = await asyncio.to_thread(reader)
    seq = await asyncio.wrap_future(writer.submit(changes.last, INGEST))
    behind: int | None = 0
    while behind is not None:
        behind = await _some(writer, read, behind)
    while True:
        await changed.wait()
        changed.clear()
        seq, numbers = await asyncio.wrap_future(writer.submit(partial(_touched, since=seq), INGEST))
        await _these(writer, read, numbers)


async def _some(writer: Writer, read: Reader, behind: int) -> int | None:
    """Those of the next conversations behind one; how far that went, None: there are no more."""
    at, found = await asyncio.wrap_future(writer.submit(partial(unread_behind, behind=behind), INGEST))
    await _keep(writer, read, found)
    return at


async def _these(writer: Writer, read: Reader, numbers: list[int]) -> None:
    for start in range(0, len(numbers), _AT_ONCE):
        part = numbers[start : start + _AT_ONCE]
        found = await asyncio.wrap_future(writer.submit(partial(unread, numbers=part), INGEST))
        await _keep(writer, read, found)


async def _keep(writer: Writer, read: Reader, found: list[Unread]) -> None:
    if found:
        said = await asyncio.to_thread(lambda: [(one, read(one.text)) for one in found])
        await asyncio.wrap_future(writer.submit(partial(keep, said=said), INGEST))
        await asyncio.sleep(_PAUSE_S)


_UNREAD = (
    "SELECT conversation.id, message.id AS message, substr(text, 1, 20000) AS text "
    "FROM conversation JOIN message ON message.id = last_in WHERE sentiment_of <> last_in AND conversation.id "
)


def unread_behind(connection: Connection, behind: int) -> tuple[int | None, list[Unread]]:
    """How far was looked, and what was found there; None: there is nothing behind that."""
    ends = connection.execute(
        "SELECT max(id) FROM (SELECT id FROM conversation WHERE id > ? ORDER BY id LIMIT ?)",
        (behind, _LOOKED_AT),
    ).fetchone()[0]
    if ends is None:
        return None, []
    query = f"{_UNREAD} > ? AND conversation.id <= ? ORDER BY conversation.id LIMIT ?"
    found = [Unread(*row) for row in connection.execute(query, (behind, ends, _AT_ONCE))]
    return (found[-1].conversation if len(found) == _AT_ONCE else int(ends)), found


def unread(connection: Connection, numbers: list[int]) -> list[Unread]:
    """What there is to read in these conversations."""
    return [Unread(*row) for row in connection.execute(f"{_UNREAD} IN ({marks(numbers)})", numbers)]


def keep(connection: Connection, said: Iterable[tuple[Unread, str]]) -> None:
    """Store how messages sound, each once; the screen hears of what is another word now."""
    for one, word in said:
        found = connection.execute(
            "UPDATE conversation SET sentiment = ?1 WHERE id = ?2 AND sentiment <> ?1",
            (word, one.conversation),
        )
        connection.execute(
            "UPDATE conversation SET sentiment_of = ? WHERE id = ?", (one.message, one.conversation)
        )
        if found.rowcount:
            changes.note(connection, "conversation", one.conversation)


def _touched(connection: Connection, since: int) -> tuple[int, list[int]]:
    """The newest change, and the conversations that changed."""
    rows = changes.since(connection, since)
    numbers = {int(row["id"]): None for row in rows if row["kind"] == "conversation"}
    return (int(rows[-1]["seq"]) if rows else since), list(numbers)
