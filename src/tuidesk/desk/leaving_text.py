"""A text as it leaves: signed, in as many pieces as its channel needs."""

import re

from tuidesk.desk.doing import Doing
from tuidesk.domain.lengths import length, split
from tuidesk.store.sql import Row


def parts(doing: Doing, row: Row, text: str) -> tuple[str, ...]:
    """The text, signed, as the channel takes it: in one piece, or in several."""
    caps, whole = doing.caps(row["account"]), signed(text, doing.accounts[row["account"]].signature)
    most = caps.length(row["medium"])
    if most is None or length(whole, caps.unit) <= most:
        return (text,)
    return split(whole, caps.unit, most)


def signed(text: str, signature: str) -> str:
    """As it was typed, but for a signature that follows."""
    signature = re.sub(r"\A--[ \t]*\n", "", signature.strip()).strip()
    return f"{text.rstrip()}\n\n-- \n{signature}\n" if signature and signature not in text else text
