"""Text as a cell of a CSV file: a spreadsheet that opens it runs nothing."""

import unicodedata

_ACTS = frozenset("=+-@\u2212")
"""What a formula begins with; full-width forms are folded to these before they are compared."""
_SPLITS = frozenset("\t\r\n")
_UNSEEN = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))


def quoted(text: str) -> str:
    """`text`, with an apostrophe before it where a spreadsheet would take it for a formula, also behind blanks."""
    return f"'{text}" if _acts(text) else text


def unquoted(cell: str) -> str:
    """What `quoted` made a cell of."""
    return cell[1:] if cell[:1] == "'" and _acts(cell) else cell


def _acts(text: str) -> bool:
    text = text.lstrip(
        "'"
    )  # what has its apostrophe already gets one more, and is itself again when it is read
    if text[:1] in _SPLITS:
        return True
    first = next((sign for sign in text if unicodedata.category(sign) not in _UNSEEN), "")
    return unicodedata.normalize("NFKC", first)[:1] in _ACTS
