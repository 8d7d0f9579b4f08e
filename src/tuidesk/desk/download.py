"""Attachments and sources: saved on demand, under safe names, for the user alone."""

import asyncio
import os
import re
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from tuidesk.desk.desk import Desk
from tuidesk.desk.threads import on_thread
from tuidesk.domain.text import clean
from tuidesk.errors import ConfigError, NotFound, Refused
from tuidesk.store import messages
from tuidesk.store.sql import Connection, Row, one
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.desk.line import Line

MOST = 60_000_000
"""Bytes of an attachment that are fetched."""

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?\Z")


def safe_name(name: str) -> str:
    """A file name that cannot leave its folder, hide, or pass for an option: at most 120 bytes, its ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    if len(last) > 500:  # what is cut is the middle, so that the ending stays the real one
        last = last[:250] + last[-250:]
    plain = clean(last, lines=False)
    plain = re.sub(r'[\x00-\x1f<>:"/\\|?*\u2400-\u2426]', "_", plain).strip(" .")
    if plain.startswith("-") or _RESERVED.match(plain):
        plain = "_" + plain
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 16:
        stem, ending = plain, ""
    room = 120 - len(ending.encode()) - len(dot)
    stem = stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .")
    return (f"{stem}.{ending}" if ending else stem) or "attachment"


def save(desk: Desk, message: int, ref: str, name: str, folder: Path | None = None) -> "Future[Path]":
    """Save an attachment, by default where the config says: 0600, under a safe name, never over another file. The
    future has its path."""
    into = folder if folder is not None else desk.config.download

    def work() -> Path:
        row, account = desk.read(_where, message).result()
        known = desk.read(_attachment, message, ref).result()
        if known is None:
            raise NotFound(say("download.no_attachment", name=clean(name, lines=False)))
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        path, descriptor = _fresh(into, safe_name(name))
        try:
            with os.fdopen(descriptor, "wb") as file:
                _fetch(desk, account, row, ref, file.write)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    return on_thread(work, "tuidesk-fetch")


def keep(desk: Desk, name: str, data: bytes) -> Path:
    """A file of our own making, where attachments are saved: 0600, never over another one. Waits for the disk.

    Raises:
        ConfigError: the disk refuses.
        Refused: there are too many of that name.
    """
    folder = desk.config.download
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path, descriptor = _fresh(folder, safe_name(name))
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(say("config.cannot_write", path=folder, reason=error.strerror)) from error
    return path


def source(desk: Desk, message: int) -> "Future[bytes]":
    """A message's raw source: the bytes that were kept, else fetched from the channel."""

    def work() -> bytes:
        row, account = desk.read(_where, message).result()
        if row["source"]:
            return (desk.paths.raw / str(row["source"])).read_bytes()
        if not row["body_ref"]:
            raise NotFound(say("download.no_source"))
        parts: list[bytes] = []
        _fetch(desk, account, row, row["body_ref"], parts.append)
        return b"".join(parts)

    return on_thread(work, "tuidesk-fetch")


def _where(connection: Connection, message: int) -> tuple[Row, str]:
    row = messages.get(connection, message)
    if row is None:
        raise NotFound(say("desk.no_message", n=message))
    conversation = one(connection, "SELECT account FROM conversation WHERE id = ?", row["conversation"])
    assert conversation is not None
    return row, str(conversation["account"])


def _attachment(connection: Connection, message: int, ref: str) -> Row | None:
    return one(connection, "SELECT * FROM attachment WHERE message = ? AND ref = ?", message, ref)


def _fresh(folder: Path, name: str) -> tuple[Path, int]:
    """A file that did not exist before: `box.jpg`, else `box (2).jpg` …"""
    stem, dot, ending = name.rpartition(".")
    for count in range(1, 10_000):
        again = name if count == 1 else f"{stem or ending} ({count}){dot}{ending if stem else ''}"
        try:
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW
            return folder / again, os.open(folder / again, flags, 0o600)
        except FileExistsError:
            continue
    raise Refused(say("download.too_many", name=name))


def _fetch(desk: Desk, account: str, row: Row, ref: str, take: Callable[[bytes], object]) -> None:
    """Bring the bytes from the channel, or from our own spool for what we attached ourselves."""
    if ref.startswith("spool:"):
        path = Path(ref.removeprefix("spool:"))
        inside = path.is_relative_to(desk.paths.spool) and ".." not in path.parts
        if row["direction"] != "out" or not inside:
            raise NotFound(say("download.no_source"))
        take(path.read_bytes())
        return
    if account not in desk.accounts:
        raise Refused(say("desk.account_gone", account=account))

    async def bring(line: "Line") -> None:
        taken = 0
        async with asyncio.timeout(600):
            async for part in line.channel.fetch(ref):
                taken += len(part)
                if taken > MOST:
                    raise Refused(say("download.too_large", most=MOST // 1_000_000))
                take(part)

    desk.on_line(account, bring)
