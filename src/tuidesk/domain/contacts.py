"""What can be said of a customer from what is known, and when two customers may be one. Pure; nothing is guessed
without saying so."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tuidesk.domain.searchable import indexed

LANGUAGE_FIELDS = frozenset({"language", "languages", "lang", "locale", "speaks"})
ZONE_FIELDS = frozenset({"timezone", "tz"})
CITY_FIELDS = frozenset({"city"})
NETWORK_NAMES = frozenset({"did"})
"""Media that nobody is written to by: what a network calls somebody whose handle may change."""

# Patterns stay strings: `re` compiles each when it is first asked for.
_MAIL = r"(?<![\w.@/+-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?![\w@])"
_PHONE = r"(?<![\w+])\+[1-9](?:[ \u00a0().\-/\u2010-\u2015]{0,3}[0-9]){6,14}(?![0-9])"
_ORDER = r"(?<![\w.,+-])#?(?:[A-Z]{1,4}-?)?[0-9]{4,12}(?![\w]|[.,:-][0-9])"
_YEAR = r"(?:19|20)[0-9]{2}"
_WORD = r"[^\W\d_]{4,}"
_IDLE_WORDS = (
    "about again also another answer been before could does dear from give have hello help here hers into just mail "
    "message more much need news order orders other please problem question really reply request should some support "
    "that their them there these they thing this thanks thank very want were what when where which with without would "
    "your yours aber bitte danke diese frage hallo haben mein meine nicht oder und noch wegen wann warum"
)
_IDLE = frozenset(_IDLE_WORDS.split())
"""Words that say nothing of what a subject is about."""


class Topic(NamedTuple):
    """What a conversation is about, and which of that customer's it is."""

    word: str
    nth: int
    tagged: bool
    """It is a tag; else a word that stands in the subjects."""


class About(NamedTuple):
    """A conversation, as far as its topic goes."""

    at: int
    """When it began."""
    tags: tuple[str, ...]
    subject: str


def plain(field: str) -> str:
    """A field's name as those above are written: `Time zone` → `timezone`."""
    return re.sub(r"[\s_-]", "", field).casefold()


def field(fields: Iterable[tuple[str, str]], names: frozenset[str]) -> str:
    """The first field with one of these names that says something; "" for none."""
    return next((value.strip() for name, value in fields if plain(name) in names and value.strip()), "")


def topic(current: About, others: Sequence[About]) -> Topic | None:
    """The tag that most of a customer's earlier conversations share with this one; else the word of its subject that
    stands in most of their subjects. None where nothing is shared.

    Among equals the first by the alphabet: the same is said each time.
    """
    earlier = [other for other in others if other.at < current.at]
    by_tag = {tag: [other for other in earlier if tag in other.tags] for tag in current.tags}
    by_word = {word: [o for o in earlier if word in _words(o.subject)] for word in _words(current.subject)}
    for found, tagged in ((by_tag, True), (by_word, False)):
        word = min(found, key=lambda word: (-len(found[word]), word), default="")
        if word and found[word]:
            return Topic(word, 1 + len(found[word]), tagged)
    return None


def _words(subject: str) -> set[str]:
    return {word for word in re.findall(_WORD, subject.casefold()) if word not in _IDLE}


_SCRIPTS: Mapping[str, str] = {
    "ko": "[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]",
    "ja": "[\u3041-\u3096\u30a1-\u30fa]",
    "th": "[\u0e01-\u0e4e]",
    "el": "[\u0370-\u03ff]",
    "he": "[\u05d0-\u05ea]",
    "ka": "[\u10d0-\u10ff]",
    "hy": "[\u0531-\u0587]",
}
"""Scripts that one living language is written in. Latin, Cyrillic, Arabic, Devanagari and Han have many."""
_LETTERS = 8
"""Fewer letters say nothing."""


def language_by_script(texts: Iterable[str]) -> str:
    """The language whose own script most of the letters are in, as ISO 639-1; "" where that does not say."""
    text = "".join(texts)
    letters = sum(map(str.isalpha, text))
    if letters < _LETTERS:
        return ""
    counts = {language: len(re.findall(script, text)) for language, script in _SCRIPTS.items()}
    language = max(counts, key=lambda one: counts[one])
    share = 0.2 if language == "ja" else 0.5  # Japanese is written in Han as well
    return language if counts[language] >= letters * share else ""


def handles_in(text: str) -> dict[tuple[str, str], str]:
    """Mail addresses and phone numbers with their country: (namespace, folded handle) → as it is written."""
    found = {("mail", mail.casefold()): mail for mail in re.findall(_MAIL, text)}
    for number in re.findall(_PHONE, text):
        found["tel", "+" + re.sub("[^0-9]", "", number)] = number
    return found


def orders_in(text: str) -> tuple[str, ...]:
    """What may be numbers of orders, each once: of four digits or more, a prefix perhaps, and no year."""
    found = (number.removeprefix("#") for number in re.findall(_ORDER, text))
    return tuple(dict.fromkeys(number for number in found if not re.fullmatch(_YEAR, number)))


def same_name(one: str, other: str) -> bool:
    """Whether two people have the same name, and one that says something: two words or more, or in a script that
    writes none apart."""
    a, b = " ".join(indexed(one).split()), " ".join(indexed(other).split())
    return a == b and " " in a
