"""Text from outside, made fit for a terminal: controls, bidi, zero width; its cells, graphemes and lines.

Whatever a customer, a server or a file name says is shown through `clean`, at the last step before a
widget, a title, a log or a terminal. Nothing is dropped in silence: what cannot be shown becomes a mark.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

from tuidesk.words import say

MAX_MARKS = 8
"""Combining marks, or letters joined into one, that a cluster may have."""
MAX_COLUMNS = 2_000
MAX_BYTES = 200_000
"""UTF-8 bytes of one text that are rendered; the rest is for a pager."""

FOLDED = "↵"
"""Stands where a line was too long and goes on below."""
_TAB = 8
_ONE_LINE_READ = 40_000  # characters looked at for one line of 2,000 columns: more than 8 marks a cell

# Extended_Pictographic of UTS #51: what may stand in an emoji cluster.
_PICTURE = (
    "©®‼⁉™ℹ\u2194-\u2199\u21a9\u21aa\u231a\u231b⌨⏏\u23e9-\u23f3\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0"
    "\u25fb-\u25fe\u2600-\u2604\u260e\u2611\u2614\u2615\u2618\u261d\u2620\u2622\u2623\u2626\u262a\u262e\u262f"
    "\u2638-\u263a\u2640\u2642\u2648-\u2653\u265f\u2660\u2663\u2665\u2666\u2668\u267b\u267e\u267f"
    "\u2692-\u2697\u2699\u269b\u269c\u26a0\u26a1\u26a7\u26aa\u26ab\u26b0\u26b1\u26bd\u26be\u26c4\u26c5\u26c8"
    "\u26ce\u26cf\u26d1\u26d3\u26d4\u26e9\u26ea\u26f0-\u26f5\u26f7-\u26fa\u26fd\u2702\u2705\u2708-\u270d\u270f"
    "\u2712\u2714\u2716\u271d\u2721\u2728\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757\u2763\u2764"
    "\u2795-\u2797\u27a1\u27b0\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f004\U0001f0cf\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f18e\U0001f191-\U0001f19a\U0001f201"
    "\U0001f202\U0001f21a\U0001f22f\U0001f232-\U0001f23a\U0001f250\U0001f251\U0001f300-\U0001f321"
    "\U0001f324-\U0001f393\U0001f396\U0001f397\U0001f399-\U0001f39b\U0001f39e-\U0001f3f0\U0001f3f3-\U0001f3f5"
    "\U0001f3f7-\U0001f3fa\U0001f400-\U0001f4fd\U0001f4ff-\U0001f53d\U0001f549-\U0001f54e\U0001f550-\U0001f567"
    "\U0001f56f\U0001f570\U0001f573-\U0001f57a\U0001f587\U0001f58a-\U0001f58d\U0001f590\U0001f595\U0001f596"
    "\U0001f5a4\U0001f5a5\U0001f5a8\U0001f5b1\U0001f5b2\U0001f5bc\U0001f5c2-\U0001f5c4\U0001f5d1-\U0001f5d3"
    "\U0001f5dc-\U0001f5de\U0001f5e1\U0001f5e3\U0001f5e8\U0001f5ef\U0001f5f3\U0001f5fa-\U0001f64f"
    "\U0001f680-\U0001f6c5\U0001f6cb-\U0001f6d2\U0001f6d5-\U0001f6e5\U0001f6e9\U0001f6eb-\U0001f6f0"
    "\U0001f6f3-\U0001f6ff\U0001f7e0-\U0001f7eb\U0001f7f0\U0001f90c-\U0001f93a\U0001f93c-\U0001f945"
    "\U0001f947-\U0001f9ff\U0001fa70-\U0001faff"
)
# What acts instead of being seen: controls, separators, bidi, zero width, fillers, tags, lone surrogates.
_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Where a joiner changes letters: Arabic, Syriac, N'Ko, Mandaic, Indic scripts, Myanmar, Khmer, Mongolian.
_JOINED = (
    "\u0600-\u061b\u061d-\u077f\u07c0-\u07ff\u0840-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u17ff"
    "\u1820-\u18aa\ufb50-\ufdff\ufe70-\ufefc"
)
_VIRAMA = (
    "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2\u1a60\u1b44\u1bab\ua9c0\uaaf6"
    "\U00010a3f\U00011133\U000113d0\U0001193e\U00011a3a\U00011a47\U00011a99\U00011f42"
)
_NUKTA = "\u093c\u09bc\u0a3c\u0abc\u0b3c\u0c3c\u0cbc"
_LEADING_JAMO = "\u1100-\u115e\ua960-\ua97c"
_OTHER_JAMO = "\u1161-\u11ff\ud7b0-\ud7fb"
_JOINERS_AT_END = "\u200c\u200d\ufe0f"

# Patterns stay strings: `re` compiles and keeps each when the first text asks for it, so that a command which
# shows only ASCII starts 5 ms sooner.
_ACTING_ASCII = "[\x00-\x09\x0b-\x1f\x7f]"
_ACTING = f"[\t{_UNSEEN}]"
_ELEMENT = f"[{_PICTURE}](?:\ufe0f|[\U0001f3fb-\U0001f3ff])?"
_MARKED = (
    f"{_ELEMENT}(?:\u200d{_ELEMENT}){{0,{MAX_MARKS}}}"  # an emoji cluster
    "|[0-9#*]\ufe0f\u20e3"  # a keycap
    f"|(?<=[{_JOINED}])[\u200c\u200d]"
    f"|([{_UNSEEN}])"
)
# Nine in a row that are no letters, digits or blanks: perhaps combining marks, which have no class in `re`.
_SIGN = r"[^\x00-\u02ff\w\s]"
_CROWD = f"{_SIGN}{_SIGN}{{{MAX_MARKS},}}"
_JAMO_CROWD = (
    f"((?:(?<![{_LEADING_JAMO}])[{_LEADING_JAMO}]{{{MAX_MARKS}}}(?=[{_LEADING_JAMO}]))"
    f"|(?:(?<![{_OTHER_JAMO}])[{_OTHER_JAMO}]{{{MAX_MARKS}}}(?=[{_OTHER_JAMO}])))"
    f"([{_LEADING_JAMO}]+|[{_OTHER_JAMO}]+)"
)
_CONJUNCT_CROWD = f"((?:[{_VIRAMA}]\u200d?\\w[{_NUKTA}]?){{{MAX_MARKS}}})([{_VIRAMA}])"


def clean(text: str, *, lines: bool = True) -> str:
    """`text` as it may stand on a terminal; the same object where nothing needs a change.

    LF stays and TAB becomes blanks; every other control, bidi or invisible character becomes a control
    picture (`␛`) or its number (`<U+202E>`). A cluster has at most 8 combining marks, a line 2,000 columns
    (then it is folded), the whole 200 kB, with a word on how much is missing. Without `lines` the result is
    one line: LF is shown as `␊` and what is beyond 2,000 columns as `…`. Cleaning what is clean changes
    nothing.
    """
    if not lines:
        return _one_line(text)
    beyond = 0
    if len(text) > MAX_BYTES:
        beyond = _bytes(text[MAX_BYTES:])
        text = text[:MAX_BYTES]
    shown = _visible(text)
    if len(shown) > MAX_COLUMNS // 2:
        shown = _folded(shown)
    if beyond or (len(shown) * 4 > MAX_BYTES and _bytes(shown) > MAX_BYTES):
        shown = _capped(shown, beyond)
    return shown


def _one_line(text: str) -> str:
    shown = _visible(text if len(text) <= _ONE_LINE_READ else text[:_ONE_LINE_READ])
    if "\n" in shown:
        shown = shown.replace("\n", "␊")
    if len(text) > _ONE_LINE_READ:
        return cut(shown, MAX_COLUMNS - 1, "") + "…"
    return cut(shown, MAX_COLUMNS) if len(shown) > MAX_COLUMNS // 2 else shown


def _visible(text: str) -> str:
    """Every acting character replaced by a mark, crowded clusters thinned, tabs expanded."""
    is_ascii = text.isascii()
    if not is_ascii:
        if re.search(_CROWD, text):
            text = re.sub(_CROWD, _thinned, text)
        if re.search(_JAMO_CROWD, text):
            text = re.sub(_JAMO_CROWD, lambda m: m[1] + say("text.marks", count=len(m[2])), text)
        if re.search(_CONJUNCT_CROWD, text):
            text = re.sub(_CONJUNCT_CROWD, lambda m: m[1] + _mark(m[2]), text)
    if not re.search(_ACTING_ASCII if is_ascii else _ACTING, text):
        return text
    text = re.sub(_MARKED, lambda m: _mark(m[1]) if m[1] else m[0], text)
    return _expanded(text) if "\t" in text else text


@cache
def _mark(char: str) -> str:
    """One acting character → what stands for it: the picture of a C0 control or DEL, else its number."""
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def _thinned(crowd: re.Match[str]) -> str:
    """Cut what is beyond eight combining marks, and say how many went."""
    kept: list[str] = []
    count = 0
    for char in crowd[0]:
        category = unicodedata.category(char)
        if category[0] == "M" or "\U0001f3fb" <= char <= "\U0001f3ff":
            count += 1
            if count <= MAX_MARKS:
                kept.append(char)
        elif category == "Cf":  # a joiner does not end the cluster
            if count <= MAX_MARKS:
                kept.append(char)
        else:
            if count > MAX_MARKS:
                kept.append(say("text.marks", count=count - MAX_MARKS))
            count = 0
            kept.append(char)
    if count > MAX_MARKS:
        kept.append(say("text.marks", count=count - MAX_MARKS))
    return "".join(kept)


def _expanded(text: str) -> str:
    """Tabs → blanks up to the next of the columns 8, 16, 24 …"""
    if text.isascii():
        return text.expandtabs(_TAB)
    return "\n".join(_expanded_line(line) if "\t" in line else line for line in text.split("\n"))


def _expanded_line(line: str) -> str:
    *fields, last = line.split("\t")
    parts: list[str] = []
    for field in fields:
        parts += (field, " " * (_TAB - width(field) % _TAB))
    return "".join([*parts, last])


def _folded(text: str) -> str:
    """Lines of more than 2,000 columns → several, each but the last ending in a mark."""
    lines = text.split("\n")
    if len(max(lines, key=len)) <= MAX_COLUMNS // 2:
        return text
    folded: list[str] = []
    for line in lines:
        if len(line) <= MAX_COLUMNS // 2 or width(line) <= MAX_COLUMNS:
            folded.append(line)
        else:
            pieces = _pieces(line, MAX_COLUMNS - 1)
            folded += [piece + FOLDED for piece in pieces[:-1]]
            folded.append(pieces[-1])
    return "\n".join(folded)


def _capped(text: str, beyond: int) -> str:
    """What fits into 200 kB, and how much more there is. `beyond`: bytes that were cut before."""
    data = text.encode()
    room = MAX_BYTES - 40
    shown = data[:room].decode(errors="ignore").rstrip(_JOINERS_AT_END)
    more = max(len(data) - room, 0) + beyond
    return shown + "\n" + say("text.more", kilobytes=-(-more // 1000))


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))


# Cells


# Where the cells of a text are not the sum of its characters': joiners, and scripts whose vowels take cells.
_CONTEXTUAL = (
    "[\x00\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0900-\u109f\u1700-\u1cff\u200d\u302e\u302f"
    "\ua800-\uabff\U00010a00-\U00011fff\U00016100-\U0001612f\U00016f00-\U00016fff\U0001d165-\U0001d172]"
)


# Letters that stand alone, whatever stands beside them: one cell, or two. Most names and words are made of these
# only, and need none of the tables of wcwidth, which cost a program's start 20 ms.
_WIDE = "\u3000-\u3029\u3041-\u3096\u309b-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60"
_NARROW = (
    "\x20-\x7e\xa1-\xac\xae-\u02ff\u0391-\u03a1\u03a3-\u0482\u048a-\u052f\u05d0-\u05ea\u060c\u061b\u061f\u0621-\u063f\u0641-\u064a\u0660-\u0669"
    "\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2605\u2606"
)
_PLAIN = f"[{_NARROW}{_WIDE}]*"


@cache
def _measure() -> Callable[[str], int]:
    """Cells of a text, or -1 for one with controls. Loaded for the first text that is not ASCII: 20 ms."""
    from wcwidth import wcswidth

    return wcswidth


def width(text: str) -> int:
    """Cells that a clean text takes on one line: the sum of its graphemes'.

    A control character, which clean text has none of, counts as one.
    """
    if text.isascii():
        return len(text)
    if re.fullmatch(_PLAIN, text):
        return len(text) + len(re.findall(f"[{_WIDE}]", text))
    measure = _measure()
    cells = -1 if re.search(_CONTEXTUAL, text) else measure(text)
    if cells < 0:
        cells = sum(len(part) if part.isascii() else abs(measure(part)) for part in graphemes(text))
    return cells


def graphemes(text: str) -> Iterator[str]:
    """What a reader takes for one character each (UAX #29, extended grapheme clusters)."""
    if text.isascii() and "\r" not in text:
        return iter(text)
    if re.fullmatch(_PLAIN, text):
        return iter(text)
    from wcwidth import iter_graphemes

    return iter_graphemes(text)


def cut(text: str, cells: int, ellipsis: str = "…") -> str:
    """`text` in at most `cells` cells; where it does not fit, cut between graphemes, with `ellipsis`."""
    if text.isascii() and ellipsis == "…":
        if len(text) <= cells:
            return text
        return text[: cells - 1] + ellipsis if cells > 0 else ""
    room = cells - width(ellipsis)
    if room < 0:
        ellipsis, room = "", max(cells, 0)
    used = kept = index = 0
    for grapheme in graphemes(text):
        used += width(grapheme)
        if used > cells:
            return text[:kept] + ellipsis
        index += len(grapheme)
        if used <= room:
            kept = index
    return text


def pad(text: str, cells: int) -> str:
    """`text` cut and filled with blanks to exactly `cells` cells."""
    shown = cut(text, cells)
    return shown + " " * (cells - width(shown))


def wrap(text: str, cells: int) -> list[str]:
    """Clean `text` → lines of at most `cells` cells each (at least one).

    Breaks at blanks, and between ideographs or kana; a longer word is folded between graphemes. What goes on
    below keeps the line's indentation, of which half of the room is the most.
    """
    cells = max(cells, 1)
    wrapped: list[str] = []
    for line in text.split("\n"):
        if len(line) * 2 <= cells or (len(line) <= cells and line.isascii()) or width(line) <= cells:
            wrapped.append(line)
        else:
            wrapped += _wrapped_ascii(line, cells) if line.isascii() else _wrapped_wide(line, cells)
    return wrapped


def _indented(line: str, cells: int) -> tuple[str, str]:
    """The blanks that each part of a wrapped line starts with, and the rest of it."""
    rest = line.lstrip(" ")
    return " " * min(len(line) - len(rest), cells // 2, max(cells - 2, 0)), rest


def _wrapped_ascii(line: str, cells: int) -> list[str]:
    indent, line = _indented(line, cells)
    room = cells - len(indent)
    at, end = 0, len(line)
    wrapped: list[str] = []
    while end - at > room:
        stop = line.rfind(" ", at, at + room + 1)
        if stop <= at:
            stop = at + room
        wrapped.append(indent + line[at:stop].rstrip(" "))
        at = stop
        while at < end and line[at] == " ":
            at += 1
    if at < end or not wrapped:
        wrapped.append(indent + line[at:])
    return wrapped


# No line starts with these (JIS X 4051, the common part).
_CLOSING = frozenset(
    "、。，．・：；？！）」』】〕〉》］｝ー…々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.;:?!)]}»”’"
)


def _breaks_after(grapheme: str) -> bool:
    """Whether a line may end here without a blank: ideographs, kana and their punctuation, but not hangul."""
    return (
        "\u2e80" <= grapheme[0] <= "\u9fff"
        or "\uff00" <= grapheme[0] <= "\uff60"
        or grapheme[0] >= "\U00020000"
    )


def _wrapped_wide(line: str, cells: int) -> list[str]:
    indent, line = _indented(line, cells)
    room = cells - len(indent)
    wrapped: list[str] = []
    held: list[str] = []  # the graphemes of the line under way
    used = 0
    chance = chance_used = 0  # where it may be broken: graphemes before, and their cells
    for grapheme, size in _sized(line, room):
        if grapheme == " ":
            if held:
                held.append(grapheme)
                used += 1
                chance, chance_used = len(held), used
            continue
        if held and grapheme not in _CLOSING and (_breaks_after(held[-1]) or _breaks_after(grapheme)):
            chance, chance_used = len(held), used
        while used + size > room:
            if not chance:
                chance, chance_used = len(held), used
            wrapped.append(indent + "".join(held[:chance]).rstrip(" "))
            held, used, chance, chance_used = held[chance:], used - chance_used, 0, 0
        held.append(grapheme)
        used += size
    last = "".join(held)
    wrapped.append(indent + (last if used <= room else last.rstrip(" ")))
    return wrapped


def _sized(line: str, room: int) -> Iterator[tuple[str, int]]:
    """Graphemes and their cells, none wider than `room`: one that is comes in parts, or as `?`."""
    for grapheme in graphemes(line):
        size = 1 if grapheme.isascii() else width(grapheme)
        if size <= room:
            yield grapheme, size
        elif room < 2:
            yield "?", 1
        else:
            yield from ((char, width(char) or 1) for char in grapheme)


def _pieces(line: str, cells: int) -> list[str]:
    """`line` in parts of at most `cells` cells, nothing lost."""
    if line.isascii():
        return [line[at : at + cells] for at in range(0, len(line), cells)]
    pieces: list[str] = []
    held: list[str] = []
    used = 0
    for grapheme, size in _sized(line, cells):
        if used + size > cells:
            pieces.append("".join(held))
            held, used = [], 0
        held.append(grapheme)
        used += size
    pieces.append("".join(held))
    return pieces
