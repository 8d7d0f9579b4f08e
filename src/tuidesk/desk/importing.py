"""JSON lines into the store: events of any origin, and the lines of an export, which come back as the rows they were.

What a file says is taken in as history: nothing of it is sent, and nothing moves a channel. A letter that was still
on its way when it was exported comes in as *unknown*, for the desk it came from may have sent it.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from tuidesk.config.load import is_id
from tuidesk.desk.desk import Desk
from tuidesk.desk.exported import Group, Loose
from tuidesk.desk.ingest import finish, take_or_keep
from tuidesk.desk.intake import Intake
from tuidesk.desk.restore import Restorer
from tuidesk.desk.summary import refresh
from tuidesk.domain import events, vocabulary
from tuidesk.domain.events import ChannelEvent
from tuidesk.errors import BadEvent, NotFound
from tuidesk.store import accounts
from tuidesk.store import exchange as rows
from tuidesk.store.sql import Connection, update
from tuidesk.words import say

IMPORTED = "imported"
"""The account of lines that name none. It is configured nowhere, so it sends nothing."""
BATCH = 500
"""Lines of a transaction; a conversation of an export is never cut."""

Report = Callable[[int, str], None]
"""(line, why): this line was skipped."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did, in lines."""

    read: int
    skipped: int


@dataclass(frozen=True, slots=True)
class _Plain:
    """An event of the vocabulary."""

    line: int
    account: str
    event: ChannelEvent


_Item = _Plain | Group | Loose


def take_in(
    desk: Desk,
    source: Iterable[bytes],
    *,
    account: str | None,
    report: Report,
    progress: Callable[[int], None],
) -> Taken:
    """Store lines, in transactions of 500. Blocking; one batch is read while the last one is stored.

    Args:
        account: where everything goes; None: where an exported line says, else to `imported`.
        progress: told how many lines have been read.

    Raises:
        NotFound: there is no such account.
        StoreError: the store cannot serve; what was stored before stays.
    """
    if account is not None and not desk.write(lambda c: accounts.get(c, account)).result():
        raise NotFound(say("exchange.no_account", account=account))
    reading = _Reading(source, account, report)
    storing = _Storing(desk, desk.write(rows.is_fresh).result())
    under_way: Future[list[tuple[int, str]]] | None = None

    def settle() -> None:
        for line, why in under_way.result() if under_way is not None else ():
            reading.skip(line, why)

    for batch in _batches(reading.items()):
        settle()
        under_way = desk.write(storing.job(batch))
        progress(reading.read)
    settle()
    desk.write(storing.finish).result()
    return Taken(reading.read, reading.skipped)


def look_through(source: Iterable[bytes], *, report: Report, progress: Callable[[int], None]) -> Taken:
    """Read lines as `take_in` does, and store nothing."""
    reading = _Reading(source, None, report)
    for _ in _batches(reading.items()):
        progress(reading.read)
    return Taken(reading.read, reading.skipped)


def _batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    batch: list[_Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += 1 + len(item.lines) if isinstance(item, Group) else 1
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Reading:
    """Lines → items; what cannot be read is reported and left out."""

    def __init__(self, source: Iterable[bytes], account: str | None, report: Report) -> None:
        self._source = source
        self._account = account
        self._report = report
        self._group: Group | None = None
        self.read = 0
        self.skipped = 0

    def skip(self, line: int, why: str) -> None:
        self.skipped += 1
        self._report(line, why)

    def items(self) -> Iterator[_Item]:
        for number, line in enumerate(self._source, 1):
            if not line.strip():
                continue
            self.read += 1
            try:
                yield from self._items(number, vocabulary.load(line))
            except BadEvent as error:
                self.skip(number, str(error))
        if self._group is not None:
            yield self._group

    def _items(self, number: int, obj: dict[str, Any]) -> Iterator[_Item]:
        if not isinstance(obj.get("desk"), dict):
            yield from self._plain(number, obj, self._account or IMPORTED)
            return
        account = self._account or _account(obj.pop("account", None))
        if obj.get("type") == "conversation":
            before, self._group = self._group, Group(number, account, obj)
            if before is not None:
                yield before
        elif self._group is not None and self._group.holds(obj):
            self._group.add(number, obj)
        elif not obj["desk"]:
            del obj["desk"]
            yield from self._plain(number, obj, account)
        else:
            yield Loose(number, account, obj)

    def _plain(self, number: int, obj: dict[str, Any], account: str) -> Iterator[_Item]:
        event = vocabulary.parse(obj)
        if not isinstance(event, events.Cursor | events.Idle):  # a file has no cursor to keep
            yield _Plain(number, account, event)


def _account(named: object) -> str:
    if named is None:
        return IMPORTED
    if not isinstance(named, str) or not is_id(named):
        raise BadEvent(say("exchange.bad_account"))
    return named


@dataclass(slots=True)
class _Storing:
    """Stores batches, one transaction each."""

    desk: Desk
    fresh: bool
    restorer: Restorer = field(init=False)

    def __post_init__(self) -> None:
        self.restorer = Restorer(fresh=self.fresh, spool=self.desk.paths.spool)

    def job(self, batch: list[_Item]) -> Callable[[Connection], list[tuple[int, str]]]:
        """A transaction that stores `batch`; its result is what had to be skipped."""

        def store(connection: Connection) -> list[tuple[int, str]]:
            skipped: list[tuple[int, str]] = []
            intakes: dict[str, Intake] = {}
            for item in batch:
                intake = intakes.get(item.account)
                if intake is None:
                    intake = intakes[item.account] = self._intake(connection, item.account)
                if isinstance(item, _Plain):
                    take_or_keep(intake, item.event)
                else:
                    skipped.extend(self.restorer.put(intake, item))
            for intake in intakes.values():
                finish(intake)
            return skipped

        return store

    def finish(self, connection: Connection) -> None:
        """The last transaction: what points from one conversation to another."""
        touched = self.restorer.finish(connection)
        refresh(connection, touched, self.desk.clock.now())

    def _intake(self, connection: Connection, account: str) -> Intake:
        if accounts.get(connection, account) is None:
            accounts.ensure(connection, account, "import", "")
            update(connection, "account", account, caught_up=1, health="ok")
        return Intake(
            connection=connection,
            account=account,
            settings=self.desk.settings,
            now=self.desk.clock.now(),
            first_sync=False,
            sources=self.desk.paths.raw,
            history=True,
        )
