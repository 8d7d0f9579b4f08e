"""When the time for replies is over, some channels still take a template: nothing else is queued for those."""

from collections.abc import Sequence

from tuidesk.desk import windows
from tuidesk.desk.doing import Doing
from tuidesk.domain import channel_canned
from tuidesk.domain.model import Inserted
from tuidesk.errors import Refused
from tuidesk.store import accounts, messages
from tuidesk.store.sql import Connection, Row
from tuidesk.words import say

_NAMED = 3


def names(connection: Connection, account: str, medium: str) -> tuple[str, ...]:
    """The templates that can be sent by a medium of an account."""
    offered = accounts.offered(connection, account)
    return tuple(one.name for one in offered if one.template and one.fits(medium))


def refuse_free_text(doing: Doing, row: Row, root: int, text: str, within: Sequence[Inserted]) -> None:
    """The last door before a text leaves.

    Args:
        row: of the conversation that it leaves by, which is shown in `root`.

    Raises:
        Refused: the channel takes nothing but its templates now, and this is none.
    """
    newest = messages.newest_inbound_of(doing.connection, int(row["id"]))
    ends = windows.ends(doing.caps(row["account"]), row, None if newest is None else newest["at"])
    if ends is None or ends > doing.now or channel_canned.left_as(text, within) is not None:
        return
    if known := names(doing.connection, row["account"], row["medium"]):
        named = ", ".join(known[:_NAMED]) + (", …" if len(known) > _NAMED else "")
        raise Refused(say("desk.only_templates", n=root, names=named))
