"""Surveys: what one asks, and whether a customer's words are its answer.

To take an answer for a message costs a glance; to take a message for an answer loses it. So only what can hardly be
anything else is an answer: one number on the scale, at the start or on a line of its own, among few and known words.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["csat", "nps", "ces"]
Scale = Literal["1-5", "1-10", "0-10"]

SCALES: dict[Scale, tuple[int, int]] = {"1-5": (1, 5), "1-10": (1, 10), "0-10": (0, 10)}
"""The least and the most."""
FITS: dict[Kind, tuple[Scale, ...]] = {
    "csat": ("1-5", "1-10", "0-10"),
    "nps": ("0-10",),
    "ces": ("1-5", "1-10", "0-10"),
}
"""Scales on which each is worked out: NPS is defined on one alone."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a canned reply asks for."""

    kind: Kind = "csat"
    scale: Scale = "1-5"
    every_days: int = 30
    """Nobody is asked again before so many days have passed."""
    within_days: int = 14
    """For so long a number is an answer."""


class Asked(NamedTuple):
    """A survey, and the canned reply that asks it."""

    canned: str
    survey: Survey


class Answer(NamedTuple):
    """What a customer said to a survey."""

    score: int
    comment: str = ""
    """What else they said."""
    asks: bool = False
    """The comment wants somebody: it is a message as well."""


MOST_WORDS = 12
"""A comment of more words is a message as well."""
_LONGEST = 4000
"""Characters of what may be an answer."""

_LEAD_WORDS = """
i'd i’d id i ill i'll i’ll would will say give rate it this that's it's it’s its is the a an my our
rating score answer mark grade vote definitely maybe probably absolutely about around solid strong
clear well hi hello hey dear ok okay yes sure thanks thank you so much very happy great good perfect
excellent 네 예 저는 제 점수 점수는 평점 평점은 별점 별점은 만족도 만족도는 감사합니다 고맙습니다 ha
men menimcha bahom bahoyim baho baholayman rahmat katta raxmat mening ҳа мен бахо баҳо рахмат раҳмат
"""
_LEAD = frozenset(_LEAD_WORDS.split())
"""Words that may stand before the number."""
_TAIL_WORDS = """
thanks thank you so much please for everything your help and best regards kind cheers bye very happy
감사합니다 고맙습니다 입니다 이에요 예요 드립니다 드려요 줄게요 줍니다 요 rahmat raxmat katta
beraman рахмат раҳмат
"""
_TAIL = frozenset(_TAIL_WORDS.split())
"""Words that may follow it and say nothing more."""
_UNITS = (
    r"(?:stars?|points?|pts?|점(?:이요|입니다|이에요|이예요|요)?|개|ball(?:ga|lik)?|baho|балл|баҳо|yulduz)"
)
_ASKS_WORDS = """
please can could would will need needs want where when why who how still waiting call contact refund
help but not never nothing didn't doesn't don't hasn't isn't won't wrong broken missing cancel 환불
언제 왜 어디 아직 안 연락 qachon nega qayerda hali iltimos kerak yoq yoʻq yo'q emas қачон нега
қаерда ҳали илтимос керак йўқ эмас
"""
_ASKS = frozenset(_ASKS_WORDS.split())
"""Words in a comment after which somebody should read it."""
_QUESTION = re.compile("[?？؟¿⸮\u037e]")
_BECAUSE = ("because", "since", "as", "chunki", "чунки")

_SIGNS = "\"'“”‘’«»()[]*_~ \t"
_NUMBER = re.compile(
    rf"(?P<lead>[^\d]*?)"
    rf"(?:(?P<of>\d+)\s*(?:dan|дан|점\s*(?:만점\s*)?(?:중에?|에)?)\s+(?P<at>\d+)|(?P<score>\d+))"
    rf"(?:\s*(?:/|out\s+of|of|von|van|sur|de|su|из)\s*(?P<most>\d+))?"
    rf"(?:\s*{_UNITS})?"
    rf"(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_PARTED = re.compile(r"(?:\s*[,.;!:—–-]+(?:\s+|$)|\s+[—–-]+\s+|\s*\()")


def answer(text: str, scale: Scale) -> Answer | None:
    """A customer's words as an answer to a survey; None: they are a message like any other.

    Args:
        text: what is new in it, without quotes and signature.
    """
    if len(text) > _LONGEST:
        return None
    lines = [line for raw in text.splitlines() if (line := _plain(raw))]
    numbered = [at for at, line in enumerate(lines) if re.search(r"\d", line)]
    if len(numbered) != 1:
        return None
    at = numbered[0]
    found = _line(lines[at], scale)
    if found is None or (at and found.comment):
        return None  # behind other lines the number stands alone
    said = " ".join([*lines[:at], found.comment, *lines[at + 1 :]]).strip()
    comment = said if any(sign.isalnum() for sign in said) else ""
    return Answer(found.score, comment, _wants_somebody(comment))


def _plain(line: str) -> str:
    """A line with digits as ASCII has them, and without signs that nobody sees."""
    kept = []
    for sign in line:
        if unicodedata.category(sign) == "Nd":
            kept.append(str(unicodedata.decimal(sign)))
        elif sign == "\uff0f":
            kept.append("/")
        elif sign not in "\ufe0e\ufe0f\u20e3" and unicodedata.category(sign) not in ("Cf", "Cc"):
            kept.append(sign)
        elif sign == "\t":
            kept.append(" ")
    return "".join(kept).strip()


def _line(line: str, scale: Scale) -> Answer | None:
    """The line with the number, as an answer."""
    found = _NUMBER.fullmatch(line)
    if found is None or re.search(r"\d", found["rest"]):
        return None
    least, most = SCALES[scale]
    written = found["at"] or found["score"]
    whole = found["of"] or found["most"]
    if (whole is not None and int(whole) != most) or (found["of"] and found["most"]):
        return None
    if written != str(int(written)) or not least <= int(written) <= most:
        return None
    if not _leads(found["lead"]):
        return None
    rest = _behind(found["rest"])
    return None if rest is None else Answer(int(written), rest)


def _leads(lead: str) -> bool:
    """Whether what stands before the number belongs to it: known words, and no sign that makes it another number."""
    if lead[-1:] not in ("", " ", "(", '"', "“", "‘", "'", "«", "[", "*", "_", ":", "는", "은"):
        return False
    words = re.split(r"[\s,.!:;—–]+", lead.strip(_SIGNS + ",.!:;—–").casefold())
    return all(word in _LEAD or _is_picture(word) for word in (one.strip(_SIGNS) for one in words) if word)


def _is_picture(word: str) -> bool:
    return all(unicodedata.category(sign) in ("So", "Sk") and sign > "\u2190" for sign in word)


def _behind(rest: str) -> str | None:
    """The comment behind the number; None where the words belong to it (`4 parcels`)."""
    bare = rest.strip(_SIGNS)
    if not _has_words(bare):
        return None if re.match(r"\s*[^\s.!,)\]\"'”’»*_~]", rest) and not _is_picture(bare) else ""
    if (parted := _PARTED.match(rest)) is not None:
        return rest[parted.end() :].strip(_SIGNS)
    if not rest[0].isspace() and rest[0].isalpha() and not _is_tail(bare):
        return None
    if _is_tail(bare):
        return ""
    first = bare.split()[0].casefold()
    return bare if first in _BECAUSE or _is_picture(first) else None


def _has_words(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def _is_tail(text: str) -> bool:
    words = re.split(r"[\s,.!:;—–]+", text.casefold())
    return all(word in _TAIL for word in (one.strip(_SIGNS) for one in words) if _has_words(word))


def _wants_somebody(comment: str) -> bool:
    words = re.findall(r"[^\s,.!:;—–()\"“”]+", comment.casefold())
    return bool(_QUESTION.search(comment)) or len(words) > MOST_WORDS or any(word in _ASKS for word in words)
