"""What a check found is kept, and what follows from it: by other caps, reply windows end at another time."""

from tuidesk.desk import windows
from tuidesk.desk.summary import rank
from tuidesk.store import accounts, changes
from tuidesk.store.sql import Connection, update
from tuidesk.wire.channel import Checked


def keep(connection: Connection, account: str, checked: Checked) -> None:
    """So that everybody knows it while the channel is away."""
    before = accounts.windows_kept(connection, account)
    accounts.set_checked(connection, account, checked.identity, checked.caps, checked.agents, checked.canned)
    if (checked.caps.window_s, checked.caps.windows) != before:
        _move_windows(connection, account)


def _move_windows(connection: Connection, account: str) -> None:
    """Of threads whose customer wrote last in this account."""
    caps = accounts.caps(connection, account)
    threads = connection.execute(
        "SELECT thread.id, thread.status, thread.due, thread.waiting_since, thread.last_at, thread.window_ends, "
        "part.medium, part.window_told, message.at FROM conversation AS part "
        "JOIN conversation AS thread ON thread.id = part.id OR thread.id = part.merged_into "
        "JOIN message ON message.id = thread.last_in AND message.conversation = part.id WHERE part.account = ?",
        (account,),
    ).fetchall()
    for thread in threads:
        ends = windows.ends(caps, thread, thread["at"])
        if ends != thread["window_ends"]:
            due = thread["due"] if thread["status"] != "complete" else None
            place = rank(due, thread["waiting_since"], thread["last_at"], ends)
            update(connection, "conversation", thread["id"], window_ends=ends, rank=place)
            changes.note(connection, "conversation", thread["id"])
