"""Where the store may lie: a folder of the user's own, on a local disk, that nobody else can write."""

import os
import stat
from pathlib import Path

from tuidesk import errors
from tuidesk.words import say

_NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "afs",
        "9p",
        "ceph",
        "glusterfs",
        "lustre",
        "ncpfs",
        "coda",
        "sshfs",
    }
)
"""File systems on which SQLite's log is unsafe; see https://sqlite.org/wal.html, "does not work over a network"."""


def prepare(path: Path) -> None:
    """Make the store's folder (0700) and file (0600), whatever the umask, and refuse a place that is not safe.

    Raises:
        StoreUnsafe: others may write there, it belongs to somebody else, or it is a network file system.
        StoreReadOnly: it cannot be made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_network(path.parent)
        refuse_if_others_write(path.parent)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))
            os.chmod(path, 0o600)
        refuse_if_others_write(path)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            os.chmod(path, 0o600)
    except OSError as error:
        raise errors.StoreReadOnly(say("store.cannot_make", path=path, reason=error.strerror)) from error


def refuse_if_others_write(path: Path) -> None:
    """Raises:
    StoreUnsafe: group or others may write it, or it belongs to another user.
    """
    found = path.stat()
    if found.st_uid not in (os.geteuid(), 0):
        raise errors.StoreUnsafe(say("store.owner", path=path, uid=found.st_uid))
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise errors.StoreUnsafe(say("store.writable", path=path))


def refuse_network(folder: Path) -> None:
    """Raises:
    StoreUnsafe: the folder is on a network file system.
    """
    kind = file_system(folder)
    if kind.removeprefix("fuse.") in _NETWORK:
        raise errors.StoreUnsafe(say("store.network", path=folder, kind=kind))


def file_system(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """The type of the file system a path lies on, as the kernel names it; "" where it does not say.

    `mounts` is a table in the form of proc(5), `/proc/PID/mountinfo`.
    """
    try:
        table = mounts.read_text("utf-8", "replace")
    except OSError:
        return ""
    real = os.path.realpath(path)
    best, kind = "", ""
    for line in table.splitlines():
        left, _, right = line.partition(" - ")
        fields, kinds = left.split(), right.split()
        if len(fields) < 5 or not kinds:
            continue
        point = fields[4].replace("\\040", " ")
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, kinds[0]
    return kind
