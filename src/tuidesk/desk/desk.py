"""The desk: one home's store, config and engine behind `open`, `do`, `read`, `listen`, `close`."""

from collections.abc import Callable, Collection, Coroutine, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from tuidesk.config.load import Config, load
from tuidesk.config.paths import Paths
from tuidesk.config.tables import AccountFile
from tuidesk.desk.changes import Feed
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.picture import Change
from tuidesk.desk.steps import step
from tuidesk.desk.threads import on_thread
from tuidesk.domain.model import Settings
from tuidesk.errors import ConfigError, SecretError, StoreFull, StoreReadOnly
from tuidesk.store import accounts as store_accounts
from tuidesk.store import db, outbox, place
from tuidesk.store.lock import SyncLock
from tuidesk.store.readers import Readers
from tuidesk.store.salvage import open_or_salvage
from tuidesk.store.writer import COMMAND, TYPED, Waiting, Writer

if TYPE_CHECKING:
    from tuidesk.config.passphrase import Passphrase
    from tuidesk.config.secrets import AccountSecrets
    from tuidesk.config.timing import Timing
    from tuidesk.desk.asking import Asking
    from tuidesk.desk.enclosing import Enclosed, Looked, WithFiles
    from tuidesk.desk.engine import Engine
    from tuidesk.desk.line import Line
    from tuidesk.desk.news import Tell
    from tuidesk.desk.picture import Customer
    from tuidesk.domain.commands import Command, Done
    from tuidesk.domain.outgoing import Outgoing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a command would do."""

    words: str
    letter: "Outgoing | None"
    """What would be sent."""
    warnings: tuple[str, ...] = ()
    """What the agent should know of it before it is done."""


class Desk:
    """The program without a face. Every face asks and acts through one of these."""

    def __init__(
        self, config: Config, door: str, writer: Writer | None, read_only: str, salvaged: str
    ) -> None:
        self.paths: Paths = config.paths
        self.config = config
        self.settings: Settings = config.settings
        self.problems = config.problems
        """What is wrong in the config, as far as it has been looked at; `str()` of each is a sentence."""
        self.read_only = read_only
        """Why nothing can be recorded; "" when all is well."""
        self.salvaged = salvaged
        """What happened to a damaged store when it was opened; "" when all is well."""
        self.clock = SystemClock()
        self._door = door
        self._writer = writer
        if writer is not None:
            writer.then = self._follow
        self._readers = Readers(self.paths.store)
        self._feed = Feed(lambda: db.open_reader(self.paths.store))
        self._accounts = {account.id: account for account in config.accounts if account.keys.enabled}
        self._keys = {account_id: account.keys for account_id, account in self._accounts.items()}
        self._lock = SyncLock(self.paths.store)
        self.passphrase: Passphrase | None = None
        """What opens a locked screen; None: Enter alone does."""
        self.tell: Tell | None = None
        """Rings for what is due, where this process has no screen that does; None: nobody does here."""
        self._engine: Engine | None = None
        self._secrets: dict[str, AccountSecrets] = {}

    @classmethod
    def open(cls, paths: Paths, *, door: str = "screen") -> "Desk":
        """Open a home; its store is made, migrated or salvaged as need be.

        Raises:
            StoreError: the store cannot be used (newer, unsafe, or unreadable). One that can only be read is opened;
                `read_only` says so.
        """
        config = load(paths)
        place.refuse(config.paths.store)
        try:
            config.paths.make()
            writer, salvaged = _open_writer(config)
        except (StoreReadOnly, StoreFull, ConfigError) as error:
            if not config.paths.store.exists():
                raise
            db.open_reader(config.paths.store).close()
            return cls(config, door, None, str(error), "")
        return cls(config, door, writer, "", salvaged)

    def examine(self) -> "Future[None]":
        """Look at the part of the config that is read no earlier than it is needed; `problems` are complete then."""

        def work() -> None:
            self.problems = (*self.config.problems, *self.config.timing.problems)

        return on_thread(work, "tuidesk-config")

    @property
    def accounts(self) -> dict[str, AccountFile]:
        """The configured accounts that are switched on, by id."""
        return self._accounts

    @property
    def timing(self) -> "Timing":
        """Hours, rules and targets, as the config says."""
        return self.config.timing

    def ours(self, account: str) -> tuple[str, ...]:
        """An account's own addresses, folded."""
        keys = self._keys.get(account)
        return tuple(a.casefold() for a in (keys.address, *keys.addresses) if a) if keys is not None else ()

    # --- act and ask -------------------------------------------------------------------------------

    def do(self, command: "Command") -> "Future[Done]":
        """Carry a command out; on disk when the future is done. Typed text goes before everything else.

        The future raises Refused, NotFound or StoreError; nothing has changed then.
        """
        from tuidesk.desk import enclosing  # who only looks does not load what can be done

        if self._writer is None:
            refused: Future[Done] = Future()
            refused.set_exception(StoreReadOnly(self.read_only))
            return refused
        if isinstance(command, enclosing.WithFiles) and command.files:
            return on_thread(partial(self._do_with_files, command), "tuidesk-files")
        return self._submit(command, enclosing.NOTHING)

    def _do_with_files(self, command: "WithFiles") -> "Done":
        """Copy what goes along, then carry the command out. Blocking."""
        from tuidesk.desk import enclosing, spool

        with enclosing.copied(self._looked(command), self.paths.spool) as enclosed:
            try:
                return self._submit(command, enclosed).result()
            except BaseException:
                if (self.paths.spool / enclosed.key).exists():
                    self.write(lambda connection: spool.discard(connection, self.paths.spool, enclosed.key))
                raise

    def _looked(self, command: "Command") -> "tuple[Looked, ...]":
        from tuidesk.desk import enclosing

        if not isinstance(command, enclosing.WithFiles) or not command.files:
            return ()
        return enclosing.look(command.files, *self.read(enclosing.takes, command).result(), command.alts)

    def _submit(self, command: "Command", enclosed: "Enclosed") -> "Future[Done]":
        from tuidesk.desk import spool
        from tuidesk.domain import commands

        assert self._writer is not None

        def job(connection: db.Connection) -> "Done":
            done = self._apply(connection, command, enclosed)
            if enclosed.files:
                spool.name(self.paths.spool, enclosed.key)
            if done.keys:
                step("outbox.queueing", done.keys[0])
            return done

        future = self._writer.submit(job, TYPED if isinstance(command, commands.SaveDraft) else COMMAND)
        future.add_done_callback(self._committed)
        return future

    def _apply(self, connection: db.Connection, command: "Command", enclosed: "Enclosed") -> "Done":
        from tuidesk.desk.apply import apply  # half of what the desk would load, and not needed to look

        return apply(
            connection,
            command,
            now=self.clock.now(),
            settings=self.settings,
            accounts=self._keys,
            door=self._door,
            enclosed=enclosed,
        )

    def rehearse(self, commands: "Sequence[Command]") -> "Future[tuple[Rehearsed, ...]]":
        """Carry these commands out, one after the other, and take everything back: what they would do.

        The future raises what `do` would.
        """

        from tuidesk.desk import enclosing

        def job(connection: db.Connection, enclosed: "Sequence[Enclosed]") -> tuple[Rehearsed, ...]:
            connection.execute("SAVEPOINT rehearsal")
            done = [self._apply(connection, *one) for one in zip(commands, enclosed, strict=True)]
            made = tuple(Rehearsed(one.words, _letter(connection, one), one.warnings) for one in done)
            connection.execute("ROLLBACK TO rehearsal")
            return made

        def work() -> tuple[Rehearsed, ...]:
            enclosed = [enclosing.as_they_lie(self._looked(command)) for command in commands]
            return self.write(partial(job, enclosed=enclosed)).result()

        return on_thread(work, "tuidesk-files")

    def _committed(self, future: "Future[Done]") -> None:
        if not future.cancelled() and future.exception() is None:
            if future.result().keys:
                step("outbox.queued", future.result().keys[0])
            self._feed.ring()
            if self._engine is not None:
                self._engine.bell()

    def read(self, query: Callable[..., T], *args: Any, lane: str = "quick") -> "Future[T]":
        """Run `query(connection, *args)` on a reader thread; `lane` keeps a long query out of the others' way."""
        return self._readers.submit(query, *args, lane=lane)

    def write(self, job: Callable[[db.Connection], T], urgency: int = COMMAND) -> "Future[T]":
        """A transaction of the desk's own rooms (import, recovery by hand, handling time).

        Raises:
            StoreReadOnly: nothing can be recorded.
        """
        if self._writer is None:
            raise StoreReadOnly(self.read_only)
        return self._writer.submit(job, urgency)

    def _follow(self, connection: db.Connection) -> None:
        """What is measured follows from what has happened."""
        from tuidesk.desk import figures

        figures.follow(connection, lambda: self.timing, self.clock.now())

    def waiting(self) -> Waiting | None:
        """What keeps the newest command from the disk; None where nothing does."""
        return self._writer.waiting() if self._writer is not None else None

    def listen(self, heard: Callable[[frozenset[Change]], None]) -> Callable[[], None]:
        """Hear what changes, here or in another process, on a thread of the feed's; the result stops that."""
        return self._feed.listen(heard)

    # --- the engine --------------------------------------------------------------------------------

    def engine(self, only: Collection[str] | None = None) -> "Engine":
        """A new engine for this desk's accounts, or for those named; whoever calls runs it.

        Raises:
            StoreReadOnly: nothing can be recorded, so nothing is pulled or sent.
        """
        from tuidesk.desk.engine import Engine

        if self._writer is None:
            raise StoreReadOnly(self.read_only)
        return Engine(
            [account for id_, account in self._accounts.items() if only is None or id_ in only],
            paths=self.paths,
            settings=self.settings,
            writer=self._writer,
            clock=self.clock,
            lock=self._lock,
            secrets=self.secrets,
            timing=self.timing,
            notify=self.config.file.notify,
            tell=self.tell,
            reads_sentiment=self.config.file.sentiment.on,
            asking=self._asking(),
        )

    def _asking(self) -> "Asking | None":
        """What sends surveys by itself, where the config asks for it."""
        from tuidesk.desk.asking import Asking

        table = self.config.file.survey
        if self._writer is None or not (table.canned and table.accounts):
            return None
        return Asking(self.config, self._writer, self.clock)

    def on_line(self, account: str, work: "Callable[[Line], Coroutine[Any, Any, T]]") -> T:
        """Run `work` on an account's line: the engine's where it runs here, so that no connection is added, else one
        of its own. Blocking."""
        import asyncio

        if self._engine is not None and (running := self._engine.on_line(account, work)) is not None:
            return running.result()

        async def alone() -> T:
            line = self._line(account)
            try:
                return await work(line)
            finally:
                await line.aclose()

        return asyncio.run(alone())

    def _line(self, account: str) -> "Line":
        from tuidesk.desk.line import Line

        if self._writer is None:
            raise StoreReadOnly(self.read_only)
        return Line(
            self._accounts[account],
            paths=self.paths,
            settings=self.settings,
            writer=self._writer,
            clock=self.clock,
            secrets=self.secrets(account),
        )

    def secrets(self, account: str) -> "AccountSecrets":
        """An account's secrets, the same for whoever asks, so that nothing is asked of the person twice."""
        from tuidesk.config.secrets import AccountSecrets

        if account not in self._secrets:
            self._secrets[account] = AccountSecrets(self._accounts[account])
        return self._secrets[account]

    def ask_secrets(self, only: Collection[str] | None = None) -> list[str]:
        """Get the secrets that may ask the person something (of all accounts, or those named), while there is a prompt
        to ask at; what failed, a sentence each."""
        from tuidesk.config.secrets import interactive

        failed = []
        for name, account in self._accounts.items():
            if (only is not None and name not in only) or not (account.keys.secret or account.keys.secrets):
                continue
            try:
                if interactive(account):
                    self.secrets(name).prefetch()
            except SecretError as error:
                failed.append(str(error))
        return failed

    def ask_passphrase(self) -> str:
        """Get what opens a locked screen, while there is a prompt to ask at; why it cannot be had, or ""."""
        source = self.config.file.lock.secret
        if source is None:
            return ""
        from tuidesk.config.passphrase import passphrase

        try:
            self.passphrase = passphrase(source, str(self.paths.config_toml))
        except SecretError as error:
            return str(error)
        return ""

    @property
    def lock(self) -> SyncLock:
        """The store's sync lock, as this process sees it."""
        return self._lock

    def start(self) -> None:
        """Sync, deliver and wake in the background, as soon as no other process does."""
        if self._writer is None or self._engine is not None:
            return
        self._engine = self.engine()
        self._engine.start()
        self._stop_hearing = self._feed.listen(lambda _: self._engine.bell() if self._engine else None)

    def pause(self) -> None:
        """Give up the sync lock (the program is being suspended)."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.stop()

    def nudge(self) -> None:
        """Try every account again now."""
        if self._engine is not None:
            self._engine.nudge()

    def close(self) -> None:
        """End within seconds: what is typed is on disk, the lock is given up."""
        self.pause()
        self._feed.close()
        self._readers.close()
        if self._writer is not None:
            self._writer.close()

    # --- what the user's own program knows ---------------------------------------------------------

    def lookup_due(self, customer: "Customer") -> bool:
        """Whether there is such a program, and what it said of this customer is too old."""
        from tuidesk.desk import lookup

        settings = self.config.file.lookup
        return bool(settings.command) and lookup.is_due(customer.answer, self.clock.now(), settings.minutes)

    def look_up(self, customer: "Customer") -> "Future[None]":
        """Ask it, and keep what it says; whoever shows the customer hears of the change.

        The future raises LookupFailed, or StoreReadOnly.
        """
        from tuidesk.desk import lookup

        def work() -> None:
            fields = lookup.ask(self.config.file.lookup.command, customer)
            self.write(
                lambda connection: lookup.keep(connection, customer.n, self.clock.now(), fields)
            ).result()
            self._feed.ring()

        return on_thread(work, "tuidesk-lookup")


def _open_writer(config: Config) -> tuple[Writer, str]:
    """The store's writer, once it has recorded the accounts; and what happened to a damaged store."""
    writer, salvaged = open_or_salvage(config.paths.store)

    def remember(connection: db.Connection) -> None:
        for account in config.accounts:
            if account.keys.enabled:
                store_accounts.ensure(connection, account.id, account.kind, account.name)

    try:
        writer.submit(remember).result()
    except BaseException:
        writer.close()
        raise
    return writer, salvaged


def _letter(connection: db.Connection, done: "Done") -> "Outgoing | None":
    row = outbox.by_key(connection, done.keys[0]) if done.keys and done.messages else None
    return None if row is None else outbox.outgoing(row)
