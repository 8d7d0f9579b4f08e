"""The text that is searched: what goes into the full-text index, and the query made of what a person typed.

Both sides pass through `indexed`, so that whatever it folds together is found either way. The index is FTS5
with its `unicode61` tokenizer, which takes letters and digits for words and everything else for gaps.
"""

import re
import unicodedata
from collections.abc import Iterable

from tuidesk.domain.query import Word
from tuidesk.domain.text import cut

MAX_TERMS = 32
"""Words of a query that count; FTS5 limits the depth of an expression."""
_MAX_TYPED = 2_000
_MIN_PREFIX = 3
_MAX_SNIPPET_READ = 20_000

# Patterns stay strings: `re` compiles and keeps each when it is first asked for, which keeps the start quick.
_APOSTROPHES = "'`´ʹʻʼʽʾʿˈˊˋ‘’‛′＇ꞌ"
_FOREIGN_APOSTROPHE = f"[{_APOSTROPHES[1:]}]"
_WORD_APOSTROPHE = r"(?<=[^\W_])'+"
# French and Italian write an article or a pronoun to the next word; Uzbek oʻ and gʻ are letters.
_ELISION = r"\b(c|d|j|l|m|n|qu|s|t|all|dall|dell|nell|sull|un)'(?=[aeiouyh])"
_MARKS = "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
_INVISIBLE = (
    "[\xad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_SINGLE = str.maketrans(
    {"ı": "i", "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th"}
)
# Scripts written without blanks between words, and Korean, whose words grow endings: a token each character.
_UNSPACED = (
    "([\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3131-\u318e\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\U00020000-\U0003ffff])"
)
_NOT_TEXT = r'["\x00\ud800-\udfff]'


def indexed(text: str) -> str:
    """`text` as the index keeps it: folded, and cut per character where a script has no blanks.

    Folded are case, compatibility forms, accents, harakat and apostrophes (`toʻlov`, `to'lov` → `tolov`), the
    dotless and the dotted i. Han, kana, hangul, Thai, Lao, Khmer and Burmese come one character a token, so
    that `환불` is found in 전액환불.
    """
    if text.isascii():
        folded = text.replace("`", "'").lower()
    else:
        text = re.sub(_INVISIBLE, "", re.sub(_FOREIGN_APOSTROPHE, "'", text))
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
        folded = unicodedata.normalize("NFC", re.sub(_MARKS, "", folded)).translate(_SINGLE)
    if "'" in folded:
        folded = re.sub(_WORD_APOSTROPHE, "", re.sub(_ELISION, r"\1 ", folded))
    if not folded.isascii():
        folded = " ".join(re.split(_UNSPACED, folded))  # three times as fast as a substitution
    return re.sub(_NOT_TEXT, " ", folded)


def match(words: Iterable[Word]) -> str:
    """Words of a query → an FTS5 expression that no input can make invalid; empty where they have no letter or digit.

    All must occur in one text. A word that grows may go on, if it has three letters or more.
    """
    terms = [_term(word.text[:_MAX_TYPED], grows=word.grows) for word in words]
    return " AND ".join([term for term in terms if term][:MAX_TERMS])


def _term(text: str, *, grows: bool) -> str:
    words = " ".join(indexed(text).split())
    if not any(char.isalnum() for char in words):
        return ""
    last = words.rpartition(" ")[2]
    is_prefix = grows and sum(map(str.isalnum, last)) >= _MIN_PREFIX
    return f'"{words}"*' if is_prefix else f'"{words}"'


def snippet(text: str, cells: int) -> str:
    """The first words of a message on one line of at most `cells` cells, as they came (not cleaned).

    Quoted lines, the line that introduces them, lines without a letter or digit, and what follows `-- ` are
    left out, unless nothing else is there.
    """
    lines = [" ".join(line.split()) for line in text[:_MAX_SNIPPET_READ].splitlines()]
    own: list[str] = []
    for at, line in enumerate(lines):
        if line == "--":
            break
        quote_follows = line.endswith(":") and "".join(lines[at + 1 : at + 3]).startswith(">")
        if not line.startswith(">") and not quote_follows and any(char.isalnum() for char in line):
            own.append(line)
        if sum(map(len, own)) > cells * 4:
            break
    return cut(" ".join(own or filter(None, lines)), cells)
