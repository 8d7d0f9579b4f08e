"""Where the store may lie: a folder of the user's own, on a local disk, that nobody else can write."""

import os
import stat
import time
from pathlib import Path

from tuidesk import errors
from tuidesk.words import say

MOUNTS = Path("/proc/self/mountinfo")
"""The kernel's table of mounts, in the form of proc(5)."""

_NETWORK = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "davfs2",
        "gfs2",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
    }
    | {"nfs", "nfs4", "ocfs2", "orangefs", "pvfs2", "rclone", "s3fs", "smb2", "smb3", "smbfs", "sshfs"}
)
"""File systems on which SQLite's log is unsafe; see https://sqlite.org/wal.html, "does not work over a network"."""

_ESCAPES = (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\"))


def refuse(path: Path) -> None:
    """Say no to a place where the store cannot be kept safely. Touches nothing.

    Raises:
        StoreUnsafe: others may write there, it belongs to somebody else, it is no file in a folder, or it lies on a
            network file system.
        StoreError: it cannot be looked at.
    """
    try:
        refuse_network(_standing(path.parent))
        if path.parent.exists():
            _refuse_folder(path.parent)
            if path.is_symlink() or path.exists():
                _refuse_file(path)
    except OSError as error:
        raise errors.StoreError(say("store.closed", path=path, reason=error.strerror)) from error


def prepare(path: Path) -> None:
    """Make the store's folder (0700) and keep its file to ourselves (0600), whatever the umask.

    Raises:
        StoreUnsafe, StoreError: see `refuse`; nothing has been touched then.
        StoreReadOnly: it cannot be written.
    """
    refuse(path)
    try:
        _make_private(path.parent)
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise errors.StoreReadOnly(say("store.cannot_make", path=path, reason=error.strerror)) from error
    # SQLite would open such a file for reading and fail at the first write; its log needs the folder
    if not os.access(path if path.exists() else path.parent, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise errors.StoreReadOnly(say("store.read_only"))


def open_private(path: Path, flags: int) -> int:
    """Open a file of ours, made if need be, for ourselves alone (0600) whatever the umask; a descriptor.

    Raises:
        OSError: as open(2); a link is never followed.
    """
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _standing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _make_private(folder: Path) -> None:
    missing = [folder]
    while not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    for part in reversed(missing):
        try:
            part.mkdir(0o700)
            part.chmod(0o700)  # an odd umask may have taken bits of ours away
        except FileExistsError:
            continue


def _refuse_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise errors.StoreUnsafe(say("store.no_folder", path=folder))
    refuse_if_others_write(folder)


def _refuse_file(path: Path) -> None:
    if path.is_symlink():  # its log would lie beside what it leads to, and two links would be two sync locks
        word = "store.link" if path.exists() else "store.dangling"
        raise errors.StoreUnsafe(say(word, path=path, target=os.readlink(path)))
    if not path.is_file():
        raise errors.StoreUnsafe(say("store.no_file", path=path))
    refuse_if_others_write(path)


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
    kind = file_system(folder, MOUNTS)
    if kind.removeprefix("fuse.") in _NETWORK:
        raise errors.StoreUnsafe(say("store.network", path=folder, kind=kind))


def file_system(path: Path, mounts: Path = MOUNTS) -> str:
    """The type of the file system a path lies on, as the kernel names it; "" where it does not say.

    `mounts` is a table in the form of proc(5), `/proc/PID/mountinfo`.
    """
    try:
        table = mounts.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""
    real = os.path.realpath(path)
    best, kind = "", ""
    for line in table.splitlines():
        left, _, right = line.partition(" - ")
        fields, kinds = left.split(" "), right.split(" ")
        if len(fields) < 5 or not kinds[0]:
            continue
        point = _plain(fields[4])
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):  # the later of two mounts on one point covers the earlier
            best, kind = point, kinds[0]
    return kind


def _plain(field: str) -> str:
    if "\\" in field:
        for escape, char in _ESCAPES:
            field = field.replace(escape, char)
    return field


def aside(path: Path, why: str) -> Path:
    """A name beside the store that nothing has yet, with a time stamp: where a file is moved that must not be lost."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    made = path.with_name(f"{path.name}.{why}-{stamp}")
    count = 1
    while any(made.with_name(made.name + end).exists() for end in ("", "-wal", "-shm")):
        count += 1
        made = path.with_name(f"{path.name}.{why}-{stamp}-{count}")
    return made
