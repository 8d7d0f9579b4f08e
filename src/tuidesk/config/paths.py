"""Where files live, and who may touch them.

Folders are ours alone (0700) and new files too (0600), whatever the umask. What we read because we trust it
(config, accounts) must not be writable by anybody else: `command` runs programs.
"""

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tuidesk.errors import ConfigError
from tuidesk.words import say

_CONFIG_MAX = 4_000_000
"""Bytes of a config file that are read; nobody writes as much by hand."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Every place of one home. Nothing is made by asking for a path."""

    config: Path
    data: Path
    state: Path
    layers: tuple[Path, ...] = ()
    """The machine's config folders, the first is read first (XDG_CONFIG_DIRS, weakest first)."""

    @property
    def config_toml(self) -> Path:
        """The user's own; tuidesk never writes it."""
        return self.config / "config.toml"

    @property
    def accounts(self) -> Path:
        """A folder: one file an account."""
        return self.config / "accounts"

    @property
    def canned(self) -> Path:
        """Canned replies."""
        return self.config / "canned.toml"

    @property
    def store(self) -> Path:
        """The SQLite file."""
        return self.data / "store.sqlite3"

    @property
    def raw(self) -> Path:
        """A folder: raw mail and large bodies."""
        return self.data / "raw"

    @property
    def spool(self) -> Path:
        """A folder: copies of files that go out."""
        return self.data / "spool"

    @property
    def files(self) -> Path:
        """A folder: attachments that were fetched."""
        return self.data / "files"

    def account_folder(self, account: str) -> Path:
        """The folder of the account with this id, for its adapter's own files and sockets."""
        return self.data / "account" / account

    @property
    def log(self) -> Path:
        """The log file; its older turns lie beside it."""
        return self.state / "tuidesk.log"

    @property
    def crashes(self) -> Path:
        """A folder: crash reports."""
        return self.state / "crashes"

    @property
    def editor(self) -> Path:
        """A folder: texts that are open in $EDITOR."""
        return self.state / "editor"

    def demo(self) -> "Paths":
        """The demo's own places, inside the data folder; it reads nobody's config."""
        return _under(self.data / "demo")

    def make(self) -> None:
        """Make the folders that tuidesk itself writes to.

        Raises:
            ConfigError: one cannot be made, or is somebody else's.
        """
        for folder in (self.data, self.raw, self.spool, self.files, self.state, self.crashes, self.editor):
            make_private(folder)


def _under(home: Path) -> Paths:
    return Paths(home / "config", home / "data", home / "state")


def may_say(paths: Paths, *keys: bytes) -> bool:
    """May a config.toml of this home have one of these keys? Its bytes cost a tenth of reading it as TOML."""
    return any(
        key in _bytes(folder / "config.toml") for folder in (*paths.layers, paths.config) for key in keys
    )


def _bytes(file: Path) -> bytes:
    """What is in it; nothing where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


def find(home: str | None = None, environ: Mapping[str, str] = os.environ) -> Paths:
    """The places of this home: `home` (`--home`), else TUIDESK_HOME, else what the XDG variables say.

    Source: XDG Base Directory Specification 0.8 (a relative path in a variable is ignored).

    Raises:
        ConfigError: nothing says where home is, or `home` is "" (a script's unset variable, not the usual place).
    """
    if home == "":
        raise ConfigError(say("config.home_empty"))
    layers = tuple(
        Path(folder) / "tuidesk"
        for folder in reversed((environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":"))
        if os.path.isabs(folder)
    )
    chosen = home or environ.get("TUIDESK_HOME", "")
    if chosen:
        places = _under(Path(os.path.abspath(os.path.expanduser(chosen))))
        return Paths(places.config, places.data, places.state, layers)

    def base(variable: str, default: str) -> Path:
        value = environ.get(variable, "")
        if os.path.isabs(value):
            return Path(value) / "tuidesk"
        own = environ.get("HOME") or os.path.expanduser("~")
        if not os.path.isabs(own):
            raise ConfigError(say("config.no_home"))
        return Path(own) / default / "tuidesk"

    return Paths(
        base("XDG_CONFIG_HOME", ".config"),
        base("XDG_DATA_HOME", ".local/share"),
        base("XDG_STATE_HOME", ".local/state"),
        layers,
    )


def make_private(folder: Path) -> None:
    """Make `folder` and what is missing above it, 0700; tighten it where it stands and is ours.

    Raises:
        ConfigError: it cannot be made, or belongs to somebody else.
    """
    try:
        missing = [folder]
        while not missing[-1].parent.exists():
            missing.append(missing[-1].parent)
        for part in reversed(missing):
            try:
                part.mkdir(0o700)
                part.chmod(0o700)  # an odd umask may have taken bits of ours away
            except FileExistsError:
                continue
        found = folder.stat()
        if not stat.S_ISDIR(found.st_mode):
            raise ConfigError(say("config.not_a_folder", path=folder))
        if found.st_uid != os.geteuid():
            raise ConfigError(say("config.folder_not_ours", path=folder, owner=found.st_uid))
        if stat.S_IMODE(found.st_mode) != 0o700:
            folder.chmod(0o700)
    except OSError as error:
        raise ConfigError(say("config.cannot_make", path=folder, reason=error.strerror)) from error


def private(path: Path) -> BinaryIO:
    """A new file, 0600, open for writing. Never follows a link, never takes a file that stands.

    Raises:
        OSError: FileExistsError where something is there already, whatever it is.
    """
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(fd, 0o600)
        return os.fdopen(fd, "wb")
    except BaseException:
        os.close(fd)
        raise


def write_new(path: Path, data: bytes) -> None:
    """Write a file that does not stand yet: whole and on disk, or not at all. 0600.

    Raises:
        ConfigError: something is there already, or the disk refuses.
    """
    _write(path, data, os.link)  # unlike a rename, a link never takes the place of another file


def write_over(path: Path, data: bytes) -> None:
    """Write a file, in the place of what stands there: whole and on disk, or as it was. 0600.

    Raises:
        ConfigError: the disk refuses.
    """
    _write(path, data, os.replace)


def _write(path: Path, data: bytes, put: Callable[[Path, Path], None]) -> None:
    draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}")  # `secrets` costs 9 ms to import
    try:
        try:
            with private(draft) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            put(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(path.parent)
    except FileExistsError as error:
        raise ConfigError(say("config.exists", path=path)) from error
    except OSError as error:
        raise ConfigError(say("config.cannot_write", path=path, reason=error.strerror)) from error


def sync_folder(folder: Path) -> None:
    """What was renamed in a folder is on disk."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def trusted_owners(*also: int) -> frozenset[int]:
    """User ids whose files we believe: this user, root, and `also`."""
    return frozenset((os.geteuid(), 0, *also))


def refuse_unsafe(path: Path, allowed_owners: frozenset[int]) -> None:
    """Say no to a file or folder that somebody else may change, or whose folder somebody else may change.

    The folder counts because who may write it can put another file in the place of this one; for a link, the
    folder where the file really lies counts as well.

    Raises:
        ConfigError: names the file and the command that mends it.
        OSError: it cannot be looked at.
    """
    _refuse(path, path.stat(), allowed_owners)
    real = Path(os.path.realpath(path))
    for folder in dict.fromkeys((path.parent, real.parent)):
        _refuse(folder, folder.stat(), allowed_owners)


def _refuse(path: Path, found: os.stat_result, allowed_owners: frozenset[int]) -> None:
    if found.st_uid not in allowed_owners:
        raise ConfigError(say("config.wrong_owner", path=path, owner=found.st_uid, user=os.geteuid()))
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigError(say("config.others_write", path=path))


def read_trusted(path: Path, allowed_owners: frozenset[int]) -> bytes:
    """The bytes of a config file that nobody else may change.

    What is judged is the open file, so that it cannot be exchanged between the look and the reading.

    Raises:
        ConfigError: see `refuse_unsafe`; also for what is no file, or larger than any config.
        OSError: it cannot be read.
    """
    refuse_unsafe(path, allowed_owners)
    # non-blocking: a named pipe in its place must not hang us
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(fd, "rb") as file:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            raise ConfigError(say("config.not_a_file", path=path))
        _refuse(path, found, allowed_owners)
        data = file.read(_CONFIG_MAX + 1)
    if len(data) > _CONFIG_MAX:
        raise ConfigError(say("config.too_large", path=path))
    return data
