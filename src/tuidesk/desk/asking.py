"""Surveys that go out by themselves, `[survey]` of the config: to whom this agent has answered and completed.

A while after the completion, so that it can be taken back, and by the command that the agent would give.
"""

import asyncio
import logging
from functools import partial
from typing import NamedTuple

from tuidesk.config.canned import Library, Shelf
from tuidesk.config.load import Config
from tuidesk.desk import canned as desk_canned
from tuidesk.desk.apply import apply
from tuidesk.desk.history import ANSWERS
from tuidesk.desk.line import ring
from tuidesk.domain import canned
from tuidesk.domain.canned import Canned
from tuidesk.domain.commands import Reply
from tuidesk.domain.instants import DAY, MINUTE, Instant
from tuidesk.domain.model import Inserted
from tuidesk.errors import NotFound, Refused, UsageError
from tuidesk.store import merged
from tuidesk.store.sql import Connection, marks
from tuidesk.store.writer import DELIVERY, Writer
from tuidesk.wire.channel import Clock

DOOR = "survey"
"""Nobody takes such a step back by `undo`: a key that takes back the newest would take what nobody did."""
_LATEST = DAY
"""A completion that is older is not asked about any more."""
_log = logging.getLogger("tuidesk.survey")


class Completion(NamedTuple):
    """Of a conversation."""

    conversation: int
    at: Instant


class Due(NamedTuple):
    """Whom to ask now, and when the next one may be asked; None: nobody waits for that."""

    now: tuple[Completion, ...]
    next: Instant | None


class Asking:
    """Asks for one desk."""

    def __init__(self, config: Config, writer: Writer, clock: Clock) -> None:
        self._config = config
        self._writer = writer
        self._clock = clock
        self._shelf = Shelf(config)
        self._seen_to: set[Completion] = set()
        """Who may not be asked now, may not be within the day either: it is not found out anew at each change."""

    async def follow(self, changed: asyncio.Event) -> None:
        """Ask whoever is to be asked, for ever. `changed` is set when there may be somebody."""
        while True:
            changed.clear()
            due = await self.once()
            pause = None if due is None else max((due - self._clock.now()) / 1000, 1.0)
            await ring(changed, 3600.0 if pause is None else min(pause, 3600.0))

    async def once(self) -> Instant | None:
        """Ask whoever is to be asked by now; when the next one is."""
        due = await asyncio.wrap_future(self._writer.submit(self.due, DELIVERY))
        if due.now:
            library = await asyncio.to_thread(self._shelf.load)
            for one in due.now:
                ask = partial(self._ask, one.conversation, library)
                await asyncio.wrap_future(self._writer.submit(ask, DELIVERY))
                self._seen_to.add(one)
        return due.next

    def due(self, connection: Connection) -> Due:
        """By what this agent has completed in the accounts that are named, and had answered; never in public, where
        all would read it: there an agent asks by hand."""
        table, now = self._config.file.survey, self._clock.now()
        found = connection.execute(
            "SELECT conversation.id, max(entry.at) AS at FROM entry "
            "JOIN conversation ON conversation.id = entry.conversation "
            "WHERE what = 'completed' AND entry.at > ? AND undone_by IS NULL AND json_extract(by, '$.me') "
            "AND coalesce(json_extract(data, '$.why'), 'reply') = 'reply' "
            "AND status = 'complete' AND merged_into IS NULL AND visibility = 'direct' "
            f"AND account IN ({marks(table.accounts)}) AND NOT EXISTS (SELECT 1 FROM entry AS asked "
            "WHERE asked.conversation = conversation.id AND asked.what = 'surveyed' AND asked.at >= entry.at) "
            "GROUP BY conversation.id ORDER BY at",
            (now - _LATEST, *table.accounts),
        )
        completed = [Completion(int(row["id"]), int(row["at"])) for row in found]
        left = [one for one in completed if one not in self._seen_to]
        answered = [one for one in left if _is_answered(connection, one.conversation)]
        after = round(table.after_min * MINUTE)
        ended = now - after
        return Due(
            tuple(one for one in answered if one.at <= ended),
            min((one.at + after for one in answered if one.at > ended), default=None),
        )

    def _ask(self, number: int, library: Library, connection: Connection) -> None:
        """Queue the survey for one conversation; where it may not go, or says what nobody knows, nothing."""
        settings, now = self._config.settings, self._clock.now()
        accounts = {file.id: file for file in self._config.accounts if file.keys.enabled}
        customer = desk_canned.customer(connection, settings.agent, accounts, number, now)
        reply = named(self._config.file.survey.canned, library, customer.language)
        if reply is None or reply.survey is None or customer.why_no_survey(reply.survey):
            return
        try:
            filled = canned.filled(reply, customer.values, {}, canned.bodies(library.with_shipped()))
            written = Reply(
                conversation=number, text=filled.text, canned=(Inserted(reply.name, filled.text),)
            )
            command = desk_canned.meant(written, library, customer, settings.agent)
            keys = {file.id: file.keys for file in accounts.values()}
            connection.execute("SAVEPOINT survey")
            try:
                apply(connection, command, now=now, settings=settings, accounts=keys, door=DOOR)
            except BaseException:
                connection.execute("ROLLBACK TO survey")
                raise
            finally:
                connection.execute("RELEASE survey")
        except (NotFound, Refused, UsageError) as error:
            _log.info("#%d is not asked: %s", number, error)


def named(name: str, library: Library, language: str) -> Canned | None:
    """The survey of this name; else, of those called `name.en`, `name.ko` …, the one in the customer's language."""
    replies = [reply for reply in library.with_shipped() if reply.survey is not None]
    exact = next((reply for reply in replies if reply.name == name), None)
    those = [reply for reply in replies if name and reply.name == f"{name}.{reply.language}"]
    return exact or next(iter((*canned.in_language(those, language), *those)), None)


def _is_answered(connection: Connection, number: int) -> bool:
    """Whether a person has answered in public: who was not served is not asked how it was."""
    parts = merged.parts(connection, number)
    found = connection.execute(
        f"SELECT 1 FROM message WHERE conversation IN ({marks(parts)}) AND direction = 'out' AND kind = 'person' "
        f"AND state IN ({marks(ANSWERS)}) LIMIT 1",
        (*parts, *ANSWERS),
    ).fetchone()
    return found is not None
