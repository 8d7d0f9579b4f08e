"""Subjects as threads know them."""

import re
import unicodedata

_PREFIXES = (
    "re", "fw", "fwd", "aw", "antw", "antwort", "wg", "tr", "réf", "ref", "rép", "rv", "res", "resp", "enc",
    "sv", "vs", "vb",
    "vl", "doorst", "r", "rif", "i", "ynt", "ilt", "odp", "pd", "ha", "отв", "ответ", "на", "пересл",
    "javob", "жавоб",
    "رد", "الرد", "إعادة توجيه", "תגובה", "답장", "회신", "전달", "返信", "転送", "回复", "回覆", "答复",
    "答覆", "转发", "轉寄", "轉發",
)  # fmt: skip
_PREFIX = re.compile(
    r"(?:" + "|".join(sorted(map(re.escape, _PREFIXES), key=len, reverse=True)) + r")"
    r"(?:\s?[\[(^*]\d{1,3}[\])]?)?\s?[:：]\s*",
    re.IGNORECASE,
)
_TAG = re.compile(r"\[[^\]\d]{1,40}\]\s*(?=\S)")
_FORWARDED = re.compile(r"\s*\(fwd?\)$", re.IGNORECASE)


def thread_subject(subject: str) -> str:
    """The subject without `Re:`, `AW:`, `답장:` and the like and without `[list tags]`; case folded.

    A bracket with a digit in it stays: `[#1234]` is what tells two conversations apart.
    """
    left = unicodedata.normalize("NFC", " ".join(subject[:2000].split()))
    while True:
        shorter = left
        for pattern in (_PREFIX, _TAG):
            if match := pattern.match(shorter):
                shorter = shorter[match.end() :]
        if shorter == left:
            return _FORWARDED.sub("", left).casefold()
        left = shorter
