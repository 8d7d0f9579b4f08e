"""The spool: a folder of file copies for every letter that was queued, and for no other."""

from pathlib import Path

from tuidesk.config.paths import make_private
from tuidesk.store import outbox
from tuidesk.store.sql import Connection


def sweep(connection: Connection, spool: Path) -> None:
    """Put aside copies made for letters that this store does not know: the disk was full, the program was killed.

    They are not deleted: a store that was salvaged, or an older backup, does not know letters whose files are here.
    Runs in a transaction: copies are made in one, so nobody is at it meanwhile.

    Raises:
        OSError: the folder cannot be read or written.
    """
    for folder in spool.iterdir():
        if outbox.by_key(connection, folder.name) is None:
            aside = spool.with_name("spool-orphaned")
            make_private(aside)
            folder.rename(aside / folder.name)
