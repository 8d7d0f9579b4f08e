"""The spool: a folder of file copies for every letter that was queued, and for no other."""

import shutil
from pathlib import Path

from tuidesk.store import outbox
from tuidesk.store.sql import Connection


def sweep(connection: Connection, spool: Path) -> None:
    """Remove copies made for letters that were never queued: the disk was full, or the program was killed.

    Runs in a transaction: copies are made in one, so nobody is at it meanwhile.
    """
    for folder in spool.iterdir():
        if outbox.by_key(connection, folder.name) is None:
            shutil.rmtree(folder, ignore_errors=True)
