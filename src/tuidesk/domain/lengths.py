"""How long a text is, as each channel counts it (`Caps.unit`), and how many segments an SMS takes."""

import re
import unicodedata

from tuidesk.domain.model import Unit
from tuidesk.domain.text import graphemes

# 3GPP TS 23.038 §6.2.1: the default alphabet, and what needs an escape before it.
_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_ESCAPED = frozenset("\f^{}\\[~]|€")

_LONGEST = 40
"""Characters of a grapheme, and of a link that counts as few, that are reckoned with where a text is split."""
_X_URL_CELLS = 23
_X_URL = re.compile(
    r"https?://[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#](?:\S*[\w/=#&+-])?)?"
    r"|(?<![\w@./-])(?:[\w-]+\.)+(?:com|org|net|edu|gov|info|io|app|dev|co)\b(?![@-])(?:[/?#](?:\S*[\w/=#&+-])?)?",
    re.IGNORECASE,
)


def length(text: str, unit: Unit) -> int:
    """`text` in the unit a channel counts in.

    `gsm7` is septets, or UTF-16 units where one character is not in the GSM alphabet: then the whole SMS is
    sent as UCS-2. `x-weighted` is X's rule: NFC, most letters 1, CJK and emoji 2, any URL 23.
    """
    match unit:
        case "characters":
            return len(text)
        case "graphemes":
            return len(text) if text.isascii() and "\r" not in text else sum(1 for _ in graphemes(text))
        case "utf16":
            return len(text) + sum(char > "\uffff" for char in text)
        case "bytes":
            return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))
        case "gsm7":
            return sum(_sms_units(text)[0])
        case "x-weighted":
            return _x_weighted(text)


def split(text: str, unit: Unit, most: int) -> tuple[str, ...]:
    """`text` in parts of at most `most` units, in order; no grapheme is divided.

    Divided at the end of a paragraph, else of a line, a sentence, a word, if that leaves a part at least half full.
    """
    parts: list[str] = []
    rest = text.strip()
    while rest and length(rest, unit) > most:
        room = _fits(rest, unit, most)
        end = _break(rest[:room]) if rest[room : room + 1].strip() else room
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return (*parts, rest) if rest or not parts else tuple(parts)


def _fits(text: str, unit: Unit, most: int) -> int:
    """How many characters of `text` fit, in whole graphemes; one does, however long it is."""
    ends: list[int] = [0]
    for grapheme in graphemes(text[: most * _LONGEST]):
        ends.append(ends[-1] + len(grapheme))
    low, high = 1, len(ends) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(text[: ends[middle]], unit) <= most else (low, middle - 1)
    return ends[low]


def _break(text: str) -> int:
    """Where to divide what fits: behind the last good place in its second half."""
    half = len(text) // 2
    for sign in ("\n\n", "\n", ". ", "! ", "? ", "。", " "):
        at = text.rfind(sign, half)
        if at >= 0:
            return at + len(sign)
    return len(text)


def sms_segments(text: str) -> int:
    """Segments that an SMS of `text` is billed as: 160 septets or 70 UCS-2 units, 153 or 67 each where split.

    No character is divided between two segments.
    """
    units, is_gsm7 = _sms_units(text)
    if sum(units) <= (160 if is_gsm7 else 70):
        return 1 if units else 0
    room = 153 if is_gsm7 else 67
    segments, used = 1, 0
    for size in units:
        if used + size > room:
            segments, used = segments + 1, 0
        used += size
    return segments


def _sms_units(text: str) -> tuple[list[int], bool]:
    """Units of each character, and whether they are septets."""
    if _GSM7.issuperset(text) or all(char in _GSM7 or char in _GSM7_ESCAPED for char in text):
        return [2 if char in _GSM7_ESCAPED else 1 for char in text], True
    return [2 if char > "\uffff" else 1 for char in text], False


def _x_weighted(text: str) -> int:
    """Latin to Georgian and common punctuation 1, all else 2, an emoji 2, a URL 23.

    Ranges from version 3 of its text rules (developer documentation, "Counting characters"). A host without
    `https://` is taken for a URL only under the common generic domains.
    """
    text = unicodedata.normalize("NFC", text)
    rest, links = _X_URL.subn("", text)
    return links * _X_URL_CELLS + sum(_x_weight(part) for part in graphemes(rest))


def _x_weight(grapheme: str) -> int:
    if "\ufe0f" in grapheme or "\u20e3" in grapheme or "\U0001f000" <= grapheme[0] <= "\U0001faff":
        return 2
    return sum(1 if _is_light(char) else 2 for char in grapheme)


def _is_light(char: str) -> bool:
    return (
        char <= "\u10ff"
        or "\u2000" <= char <= "\u200d"
        or "\u2010" <= char <= "\u201f"
        or "\u2032" <= char <= "\u2037"
    )
