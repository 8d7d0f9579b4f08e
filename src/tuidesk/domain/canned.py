"""Canned replies: what one is, which fits what was typed and whom it is for, and what has become of it in a text."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tuidesk.domain import template
from tuidesk.domain.model import Inserted, Person
from tuidesk.domain.survey import Survey
from tuidesk.domain.template import Filled

CannedStatus = Literal["open", "pending", "complete"]
CannedPriority = Literal["urgent", "high", "normal", "low"]

ME, NOBODY = "me", "-"
"""What `Then.assign` says besides a name or an address."""


@dataclass(frozen=True, slots=True)
class Then:
    """What else a canned reply does, when the reply with it is sent; one without a text does it at once."""

    status: CannedStatus | None = None
    tag: tuple[str, ...] = ()
    untag: tuple[str, ...] = ()
    assign: str = ""
    """`me`, `-` for nobody, or a colleague's name or address."""
    priority: CannedPriority | None = None

    def __bool__(self) -> bool:
        return self != _NOTHING


_NOTHING = Then()


@dataclass(frozen=True, slots=True, kw_only=True)
class Canned:
    """A reply that is written once and used often."""

    name: str
    """Its own among all replies; letters, digits, `.`, `_` and `-`."""
    title: str = ""
    shortcut: str = ""
    language: str = ""
    """`en`, `ko` …; "" fits every customer."""
    media: tuple[str, ...] = ()
    """Where it may be used; () everywhere."""
    tags: tuple[str, ...] = ()
    """Words to find it by."""
    body: str = ""
    """A template (`domain.template`); "" in a macro, which only acts."""
    attachments: tuple[str, ...] = ()
    """Paths."""
    then: Then = _NOTHING
    holding: bool = False
    """It says only that somebody is on it: the answer is still to come."""
    survey: Survey | None = None
    """It asks how satisfied the customer is."""
    source: str = ""
    """The file it stands in; "" for one that stands in none yet."""
    account: str = ""
    """The account whose channel keeps it; "" for one of ours."""
    template: str = ""
    """The channel's id of it, where it is a template that a closed reply window lets through."""
    own: bool = True
    """It stands in the agent's own canned.toml, which may be written."""

    @property
    def called(self) -> str:
        """What a person reads: the title, else the name."""
        return self.title or self.name


class Used(NamedTuple):
    """What the history says of a canned reply."""

    uses: int = 0
    changed: int = 0
    """How often the agent changed its words before they left."""
    reopened: int = 0
    """How often the conversation was completed after it, and had to be reopened."""
    last: int = 0
    """Instant of the newest use; 0: never."""


NEVER = Used()


def bodies(replies: Iterable[Canned]) -> dict[str, str]:
    """The texts that replies can nest, by name."""
    return {reply.name: reply.body for reply in replies if reply.body}


# --- values for a customer --------------------------------------------------------------------------


def values(
    *,
    name: str = "",
    handles: Sequence[tuple[str, str]] = (),
    fields: Iterable[tuple[str, str]] = (),
    number: int = 0,
    subject: str = "",
    medium: str = "",
    agent: Person | None = None,
    account: tuple[str, str] = ("", ""),
) -> dict[str, str]:
    """The values that a template may name (`template.VARIABLES`), without those that nobody knows.

    Args:
        handles: the customer's (medium, handle), the one of this conversation first.
        fields: the customer's custom fields; `Time zone` becomes `contact.time_zone`.
        account: its name and its address.
    """
    writes = agent if agent is not None else Person()
    known = {
        f"contact.{re.sub(r'[^0-9a-z_]+', '_', field.casefold()).strip('_')}": value
        for field, value in fields
    }
    known |= {
        "contact.name": name if _is_name(name) else "",
        "contact.first_name": first_name(name),
        "contact.last_name": last_name(name),
        "contact.handle": next((handle for _, handle in handles), ""),
        "contact.email": next((handle for _, handle in handles if "@" in handle.lstrip("@")), ""),
        "contact.phone": next((handle for _, handle in handles if re.fullmatch(r"\+\d{6,}", handle)), ""),
        "conversation.number": str(number or ""),
        "conversation.subject": subject,
        "conversation.medium": medium,
        "agent.name": writes.name,
        "agent.first_name": first_name(writes.name),
        "agent.address": writes.handle,
        "account.name": account[0],
        "account.address": account[1],
    }
    return {key: clean for key, value in known.items() if (clean := template.as_value(value))}


_TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "herr", "frau"))
_SURNAMES = frozenset(
    ("kim", "lee", "park", "choi", "jung", "jeong", "kang", "cho", "yoon", "jang", "lim", "han")
)
"""Korean family names in Latin letters, which stand first as often as last."""
_WHOLE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Kana, Han, Hangul: who is called by them is addressed by the whole name."""


def _is_name(name: str) -> bool:
    """A handle, an address or a number in the place of a name is none."""
    shown = template.as_value(name)
    return bool(re.search(r"[^\W\d_]", shown)) and not re.search(r"[@\d<>{}/\\_]|://", shown)


def _words_of(name: str) -> list[str]:
    """The words of a name, the given one first, without titles and what is no word."""
    shown = template.as_value(name)
    if not _is_name(shown):
        return []
    family, comma, given = shown.partition(",")
    if comma and given.strip():
        shown = f"{given} {family}"
    words = [word for word in shown.split() if re.search(r"[^\W\d_]", word)]
    while len(words) > 1 and words[0].casefold().rstrip(".") in _TITLES:
        words = words[1:]
    return words


def first_name(name: str) -> str:
    """`Dana` of `Dana Ortiz`, `Ortiz, Dana`, `DANA ORTIZ`; a name in Hangul, Kana or Han whole; "" of no name."""
    words = _words_of(name)
    if not words:
        return ""
    return " ".join(words) if _is_whole(words) else _cased(words[0])


def last_name(name: str) -> str:
    """`Ortiz` of `Dana Ortiz`; "" of a name in one word, or that is addressed as a whole."""
    words = _words_of(name)
    return _cased(words[-1]) if len(words) > 1 and not _is_whole(words) else ""


def _is_whole(words: Sequence[str]) -> bool:
    """Whether a name is not taken apart: which of its words is the given one depends on who writes it."""
    is_korean = len(words) == 2 and "-" in words[1] and words[0].casefold() in _SURNAMES
    return is_korean or any(_WHOLE.search(word) for word in words)


def _cased(word: str) -> str:
    """`Dana` for `DANA` and `dana`."""
    bare = word.strip(".,;()[]\"'")
    is_flat = len(bare) > 2 and bare.isascii() and bare.isalpha() and bare in (bare.upper(), bare.lower())
    return bare.capitalize() if is_flat else bare


def language_of(text: str) -> str:
    """The language that a text's script gives away: `ko` `ja` `zh` `uz` `ru` `ar`; "" for letters that many have."""
    for language, letters in _SCRIPTS:
        if len(re.findall(letters, text)) >= 2:
            return language
    return ""


_SCRIPTS = (
    ("ko", "[\uac00-\ud7a3]"),
    ("ja", "[\u3040-\u30ff]"),
    ("zh", "[\u4e00-\u9fff]"),
    ("uz", "[ўқғҳЎҚҒҲ]|[oOgG]ʻ"),
    ("ru", "[\u0400-\u04ff]"),
    ("ar", "[\u0600-\u06ff]"),
)


# --- finding one ------------------------------------------------------------------------------------


def fits(reply: Canned, medium: str) -> bool:
    """Whether it may be used where the customer writes; "" is nowhere yet."""
    return not reply.media or not medium or medium in reply.media


def ranked(
    replies: Iterable[Canned],
    typed: str,
    language: str = "",
    used: Mapping[str, Used] | None = None,
    first: Callable[[Canned], bool] = lambda _: False,
) -> list[Canned]:
    """Those that what was typed may mean: the best match first, then the customer's language, then the most used.

    Args:
        first: what stands before all others while nothing is typed.
    """
    counts = used or {}
    found = [(near, reply) for reply in replies if (near := nearness(reply, typed)) is not None]
    found.sort(
        key=lambda pair: (
            pair[0],
            bool(typed.strip()) or not first(pair[1]),
            _foreign(pair[1], language),
            -counts.get(pair[1].name, NEVER).uses,
            pair[1].called.casefold(),
            pair[1].name,
        )
    )
    return [reply for _, reply in found]


def in_language(replies: Iterable[Canned], language: str) -> tuple[Canned, ...]:
    """Those in the customer's language; where there are none, or nobody knows it, the English ones."""
    found = tuple(replies)
    theirs = tuple(one for one in found if language and not _foreign(one, language))
    return theirs or tuple(one for one in found if one.language == "en")


def _foreign(reply: Canned, language: str) -> int:
    """0 for the customer's language, 1 for one that fits everybody, 2 for another one."""
    if not reply.language:
        return 1
    if not language:
        return 1
    return 0 if reply.language.partition("-")[0] == language.partition("-")[0] else 2


def nearness(reply: Canned, typed: str) -> int | None:
    """How near a reply is to what was typed, the smaller the nearer; None where it is not meant.

    The shortcut; the start of the name or the title; of a word in it; letters in a row; every word somewhere in it, its
    tags or its text; the letters in their order in name or title.
    """
    wanted = typed.strip().casefold()
    if not wanted:
        return 0
    name, title, shortcut = reply.name.casefold(), reply.title.casefold(), reply.shortcut.casefold()
    if wanted == shortcut:
        return 0
    if any(word.startswith(wanted) for word in (shortcut, name, title)):
        return 1
    if any(f"{before}{wanted}" in name or f"{before}{wanted}" in title for before in " -_."):
        return 2
    if wanted in name or wanted in title:
        return 3
    everything = f"{name} {title} {' '.join(reply.tags).casefold()} {reply.language} {reply.body.casefold()}"
    if all(word in everything for word in wanted.split()):
        return 4
    return 5 if _in_order(wanted, name) or _in_order(wanted, title) else None


def _in_order(letters: str, word: str) -> bool:
    """`rfl` for `refund-late`: the first letter, and the others in their order."""
    rest = iter(word)
    return len(letters) > 1 and word[:1] == letters[:1] and all(letter in rest for letter in letters)


def filled(
    reply: Canned, known: Mapping[str, str], answers: Mapping[str, str], library: Mapping[str, str]
) -> Filled:
    """A reply's text for a customer.

    Raises:
        UsageError: as `template.fill`.
    """
    return template.fill(reply.body, known, answers, library)


# --- what has become of it --------------------------------------------------------------------------


def still_in(text: str, inserted: Inserted) -> Literal["whole", "changed", ""]:
    """Whether an inserted reply still stands in a text as it was, or changed; "" where most of it is gone."""
    now, was = " ".join(text.split()), " ".join(inserted.text.split())
    if was in now:
        return "whole"
    words, left = Counter(was.split()), Counter(now.split())
    return "changed" if 2 * sum((words & left).values()) >= sum(words.values()) else ""


def is_scripted(text: str, inserted: Sequence[Inserted]) -> bool:
    """Whether a text is nothing but what was inserted, each as it was."""
    rest = " ".join(text.split())
    for one in sorted(inserted, key=lambda one: -len(one.text)):
        was = " ".join(one.text.split())
        if was and was in rest:
            rest = " ".join(rest.replace(was, " ", 1).split())
    return bool(inserted) and not rest


def is_holding(text: str, inserted: Sequence[Inserted], replies: Iterable[Canned]) -> bool:
    """Whether a text is nothing but holding replies, each as it was: one word more, and it says more than that."""
    holding = {reply.name for reply in replies if reply.holding}
    left = remaining(text, inserted)
    return is_scripted(text, left) and all(one.name in holding for one in left)


def remaining(text: str, inserted: Sequence[Inserted]) -> tuple[Inserted, ...]:
    """Those whose words are still in the text, each once."""
    return tuple(one for one in dict.fromkeys(inserted) if still_in(text, one))


def is_same(text: str, before: str) -> bool:
    """Whether a text is what somebody had before; a signature may have followed that."""
    now, was = " ".join(text.split()), " ".join(before.split())
    return was == now or was.startswith(f"{now} -- ")


def together(thens: Iterable[Then]) -> Then:
    """What several replies in one text do: all their tags; of two that say the same, what the last says."""
    made = _NOTHING
    for then in thens:
        made = Then(
            status=then.status or made.status,
            tag=tuple(dict.fromkeys((*made.tag, *then.tag))),
            untag=tuple(dict.fromkeys((*made.untag, *then.untag))),
            assign=then.assign or made.assign,
            priority=then.priority or made.priority,
        )
    return made
