"""Where secrets come from: the keyring, a program, the environment, a file. Never a file of ours.

Every secret that was handed out is remembered for as long as the process lives, so that the log and the crash
report can blot it out (`redact`). No error's text holds one.
"""

import json
import os
import selectors
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, TypeVar

from tuidesk.config.paths import make_private, write_new, write_over
from tuidesk.config.tables import AccountFile, SecretSource
from tuidesk.errors import ConfigError, SecretError, SecretMissing
from tuidesk.words import say

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "tuidesk"
"""The service under which the keyring keeps our secrets."""

KEYRING_PROBE_S = 2.0
"""A session bus can accept and never answer."""
KEYRING_ASK_S = 120.0
"""For a person who types a passphrase into the keyring's own window."""
COMMAND_S = 10.0
_LINE_MAX = 65536
"""Bytes of the first line; a private key in PEM is not one line, an OAuth token is at most a few kB."""

KeyringState = Literal["ready", "locked"]

_handed_out: set[str] = set()


def known_secrets() -> frozenset[str]:
    """Every secret that this process has handed out."""
    return frozenset(_handed_out)


def remember(secret: str) -> str:
    """Note a secret that came another way (typed into `setup`), and give it back.

    One that is an object of JSON is noted with each token in it: they leave one by one.
    """
    if secret:
        _handed_out.add(secret)
        _handed_out.update(_tokens(secret))
    return secret


def _tokens(secret: str) -> list[str]:
    if not secret.startswith("{"):
        return []
    try:
        found = json.loads(secret)
    except ValueError:
        return []
    return [
        value for name, value in found.items() if name.endswith("_token") and isinstance(value, str) and value
    ]


def redact(text: str) -> str:
    """`text` with every known secret blotted out."""
    for secret in sorted(_handed_out, key=len, reverse=True):
        text = text.replace(secret, "•••")
    return text


class AccountSecrets:
    """One account's secrets, kept in memory once they were had. The port `wire.channel.Secrets`; blocking."""

    def __init__(self, account: AccountFile, *, ask: bool = False) -> None:
        """
        Args:
            ask: may a program or the keyring ask the person something? Not while the screen is up, which
                is why `prefetch` comes first.
        """
        self._account = account
        self._ask = ask
        self._had: dict[str, str] = {}
        self._lock = threading.Lock()

    def get(self, use: str = "", *, anew: bool = False) -> str:
        """The secret for `use` (`imap`, `smtp`), else the account's only one; `anew`: as it is kept now.

        Raises:
            SecretError: it cannot be had; the text says where it was looked for and what to do.
        """
        with self._lock:
            return self._get(use, self._ask, anew=anew)

    def put(self, value: str, use: str = "") -> None:
        """Keep `value` where `get` finds it: in the keyring, or in the secret's file, replaced whole.

        Raises:
            SecretError: a program or the environment cannot be written, or the place did not take it.
        """
        with self._lock:
            _put(self._account, self._source(use), remember(value), self._ask)
            self._had[self._kept(use)] = value

    def prefetch(self) -> None:
        """Get them all, asking where that is needed: before the screen starts.

        Raises:
            SecretError: the first that cannot be had.
        """
        with self._lock:
            for use in self._account.sources:
                self._get(use, ask=True)

    def _get(self, use: str, ask: bool, *, anew: bool = False) -> str:
        kept = self._kept(use)
        if anew or kept not in self._had:  # what was had stays where its place gives nothing now
            self._had[kept] = remember(_fetch(self._account, self._source(use), ask))
        return self._had[kept]

    def _kept(self, use: str) -> str:
        return use if use in self._account.sources else ""

    def _source(self, use: str) -> SecretSource:
        sources = self._account.sources
        source = sources.get(use, sources.get(""))
        if source is None and use and sources:
            raise SecretError(say("config.no_secret_for", file=self._account.file, use=use))
        if source is None:
            raise SecretError(say("config.no_secret", file=self._account.file, id=self._account.id))
        return source


def interactive(account: AccountFile) -> bool:
    """May getting this account's secrets ask the person something? Blocking: the keyring may be locked."""
    sources = account.sources.values()
    if any(source.command for source in sources):
        return True
    if not any(source.keyring for source in sources):
        return False
    try:
        return keyring_state() == "locked"
    except SecretError:
        return False


def store(source: SecretSource, value: str) -> None:
    """Put a secret where `source` says: the keyring, or a new file of mode 0600.

    Raises:
        SecretError: the place does not take it, or is one that tuidesk cannot write.
        ConfigError: the file exists.
    """
    remember(value)
    if source.keyring:
        keyring_state()
        name = source.keyring
        backend = _backend()
        _keyring(
            lambda: backend.set_password(SERVICE, name, value), KEYRING_ASK_S, "config.keyring_not_stored"
        )
    elif source.file:
        path = Path(os.path.expanduser(source.file))
        make_private_parent(path)
        write_new(path, value.encode() + b"\n")
    else:
        place = "command" if source.command else "env"
        raise SecretError(say("config.cannot_store", place=place))


def make_private_parent(path: Path) -> None:
    """Make the folder of a secret's file where it is missing; one that stands is the user's own business."""
    if not path.parent.exists():
        make_private(path.parent)


def _fetch(account: AccountFile, source: SecretSource, ask: bool) -> str:
    if source.command:
        return _line(account, _from_command(account, source.command, ask), source.command[0])
    if source.env:
        value = os.environ.get(source.env)
        if value is None:
            raise SecretError(say("config.env_missing", account=account.id, name=source.env))
        return _line(account, value.encode(errors="surrogateescape"), source.env)
    if source.file:
        path = _path(account, source.file)
        return _line(account, _from_file(account, path), path)
    return _from_keyring(account, source.keyring or "", ask)


def _put(account: AccountFile, source: SecretSource, value: str, ask: bool) -> None:
    if not value or "\n" in value:
        raise SecretError(say("config.not_one_line", account=account.id))
    if source.keyring:
        _into_keyring(account, source.keyring, value, ask)
    elif source.file:
        _into_file(account, _path(account, source.file), value)
    else:
        place = source.env or (source.command or ("",))[0]
        raise SecretError(say("config.cannot_rotate", account=account.id, place=place, file=account.file))


def _line(account: AccountFile, data: bytes, where: object) -> str:
    """The first line, without its end."""
    line = data.split(b"\n", 1)[0].removesuffix(b"\r")
    if not line:
        raise SecretError(say("config.secret_empty", account=account.id, where=where))
    try:
        return line.decode()
    except UnicodeDecodeError:
        # the error itself quotes the bytes: it must not stand in any chain
        raise SecretError(say("config.secret_not_text", account=account.id, where=where)) from None


# --- a file ---------------------------------------------------------------------------------------


def _from_file(account: AccountFile, path: Path) -> bytes:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        text = say("config.file_missing", account=account.id, path=path, reason=error.strerror)
        raise (SecretMissing if isinstance(error, FileNotFoundError) else SecretError)(text) from error
    if stat.S_ISDIR(os.fstat(fd).st_mode):  # which `fdopen` would not take, with words of its own
        os.close(fd)
        raise SecretError(say("config.not_a_file", path=path))
    with os.fdopen(fd, "rb") as file:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            raise SecretError(say("config.not_a_file", path=path))
        if found.st_uid not in (os.geteuid(), 0):
            raise SecretError(say("config.file_owner", account=account.id, path=path, user=os.geteuid()))
        if found.st_mode & 0o077:
            raise SecretError(say("config.file_open", account=account.id, path=path))
        return file.read(_LINE_MAX)


def _path(account: AccountFile, file: str) -> Path:
    return Path(account.file).parent / os.path.expanduser(file)


def _into_file(account: AccountFile, path: Path, value: str) -> None:
    """The first line is the secret; what the user has written under it stays."""
    rest = _from_file(account, path).partition(b"\n")[2] if path.exists() else b""
    try:
        make_private_parent(path)
        write_over(Path(os.path.realpath(path)), value.encode() + b"\n" + rest)
    except ConfigError as error:
        raise SecretError(str(error)) from error


# --- a program ------------------------------------------------------------------------------------


def _from_command(account: AccountFile, command: tuple[str, ...], ask: bool) -> bytes:
    """What the program prints. It gets no shell, no standard input, and ten seconds.

    Where it may not ask, it gets no terminal either: a passphrase prompt would be drawn into the screen.
    """
    program = command[0]
    environ = {k: v for k, v in os.environ.items() if ask or k != "GPG_TTY"}
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if ask else subprocess.DEVNULL,
            start_new_session=not ask,
            env=environ,
        )
    except OSError as error:
        values = {"account": account.id, "program": program, "reason": error.strerror, "file": account.file}
        raise SecretError(say("config.command_missing", **values)) from error
    until = time.monotonic() + COMMAND_S
    with process:
        try:
            assert process.stdout is not None
            data = _read_until(process.stdout, until)
            code = process.wait(max(0.0, until - time.monotonic())) if len(data) <= _LINE_MAX else 0
        except (TimeoutError, subprocess.TimeoutExpired):
            text = say("config.command_slow", account=account.id, program=program, seconds=int(COMMAND_S))
            raise SecretError(text) from None
        finally:
            _end(process, group=not ask)
    if code:
        raise SecretError(say("config.command_failed", account=account.id, program=program, code=code))
    if len(data) > _LINE_MAX and b"\n" not in data:
        raise SecretError(say("config.command_long", account=account.id, program=program))
    return data


def _read_until(pipe: IO[bytes], until: float) -> bytes:
    """Everything up to the end, or a little more than any secret can be.

    Raises:
        TimeoutError: the pipe is still open at `until`.
    """
    data = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(data) <= _LINE_MAX:
            if not selector.select(max(0.0, until - time.monotonic())):
                raise TimeoutError
            piece = os.read(pipe.fileno(), _LINE_MAX)
            if not piece:
                break
            data += piece
    return data


def _end(process: subprocess.Popen[bytes], group: bool) -> None:
    """End the program, and what it started where that is a group of its own."""
    if process.poll() is not None:
        return
    if group:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


# --- the keyring ----------------------------------------------------------------------------------


def keyring_state() -> KeyringState:
    """Does a keyring service answer, and is it open? At most two seconds.

    Raises:
        SecretError: none answers; the text says so and offers the other places.
    """
    if sys.platform == "darwin":
        return "ready"  # the Keychain is part of the system and asks by itself
    return _within(KEYRING_PROBE_S, _probe)


def _probe() -> KeyringState:
    try:
        import secretstorage
    except ImportError as error:
        raise SecretError(_none(say("config.keyring_package"))) from error
    try:
        if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            raise SecretError(_none(say("config.keyring_no_dbus")))
        with closing(secretstorage.dbus_init()) as bus:
            if not secretstorage.check_service_availability(bus):
                raise SecretError(_none(say("config.keyring_no_service")))
            try:
                default = secretstorage.get_collection_by_alias(bus, "default")
            except secretstorage.ItemNotFoundException:
                return "ready"  # nothing is stored yet: the first secret makes it
            return "locked" if default.is_locked() else "ready"
    except (secretstorage.SecretStorageException, OSError, EOFError) as error:
        raise SecretError(_none(f"{type(error).__name__}: {error}")) from error


def _none(reason: str) -> str:
    return say("config.keyring_none", reason=reason)


def _within(seconds: float, work: Callable[[], T]) -> T:
    """What `work` gives, or SecretError after so many seconds.

    A thread that waits on a dead bus cannot be ended; it is a daemon, so it holds up nobody.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits, whatever it is
            errors.append(error)

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise SecretError(_none(say("config.keyring_hangs", seconds=f"{seconds:g}")))
    return results[0]


def _backend() -> "KeyringBackend":
    """The one backend for this system, by name: never a plain-text one that happens to be installed."""
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring
    else:
        from keyring.backends.SecretService import Keyring
    chosen: type[KeyringBackend] = Keyring
    return chosen()


def _keyring(work: Callable[[], T], seconds: float, text: str, **values: object) -> T:
    """A call of the keyring, with its errors as ours."""
    from keyring.errors import KeyringError

    try:
        return _within(seconds, work)
    except SecretError:
        raise
    except KeyringError as error:
        raise SecretError(say(text, reason=type(error).__name__, **values)) from None
    except Exception as error:  # noqa: BLE001 - D-Bus bindings raise what they like
        raise SecretError(say(text, reason=type(error).__name__, **values)) from None


def _from_keyring(account: AccountFile, name: str, ask: bool) -> str:
    if keyring_state() == "locked" and not ask:
        raise SecretError(say("config.keyring_locked", account=account.id))
    backend = _backend()
    value = _keyring(
        lambda: backend.get_password(SERVICE, name),
        KEYRING_ASK_S if ask else KEYRING_PROBE_S,
        "config.keyring_failed",
        account=account.id,
    )
    if not value:
        raise SecretMissing(say("config.keyring_missing", account=account.id, name=name))
    return value


def _into_keyring(account: AccountFile, name: str, value: str, ask: bool) -> None:
    if keyring_state() == "locked" and not ask:
        raise SecretError(say("config.keyring_locked", account=account.id))
    backend = _backend()
    _keyring(
        lambda: backend.set_password(SERVICE, name, value),
        KEYRING_ASK_S if ask else KEYRING_PROBE_S,
        "config.keyring_not_stored",
    )
