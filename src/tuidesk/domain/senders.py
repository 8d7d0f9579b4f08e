"""Marks of a sender who may not be who the name says. What each mark means is in `words` under `text.`"""

import re
import unicodedata
from collections.abc import Iterable

_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]*@[^\s<>()\[\]\"',;:]+")
_WORD = re.compile(r"[^\W\d_]{2,}")
# Alphabets whose letters look alike. Han, kana and hangul beside Latin are no disguise.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
# Letters that pass for Latin ones (UTS #39, those a name is built of); capitals first: case changes the look.
_LATIN_TWINS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧаеорсухіјѕһԁԛԝвкмнтгпαοινρτυκηβεχγω",
    "ABESIJKMHOPCTYXABEZHIKMNOPTYXaeopcyxijshdqwbkmhtrnaoivptuknbexyw",
)


def suspicion(name: str, handle: str, agent_names: Iterable[str]) -> tuple[str, ...]:
    """What is odd about a sender, worst first; empty for nearly everybody.

    `agent-name`: the name is one of ours, also in look-alike letters. `name-address`: the name shows an
    address that is not the sender's. `foreign-domain`: the domain has other than ASCII letters, or is
    punycode. `mixed-script`: a word of the name or the handle mixes alphabets that look alike.
    """
    found: list[str] = []
    skeleton = _skeleton(name)
    if skeleton and skeleton in {_skeleton(agent) for agent in agent_names}:
        found.append("agent-name")
    if _shows_another(name, handle):
        found.append("name-address")
    domain = handle.rpartition("@")[2] if "@" in handle.lstrip("@") else ""
    if not domain.isascii() or any(label.startswith("xn--") for label in domain.casefold().split(".")):
        found.append("foreign-domain")
    if any(_is_mixed(word) for word in _WORD.findall(f"{name} {handle}")):
        found.append("mixed-script")
    return tuple(found)


def _skeleton(name: str) -> str:
    """A name as the eye takes it: no case, no accents, nothing invisible, twins of Latin letters Latin."""
    plain = unicodedata.normalize("NFKD", name)
    seen = "".join(char for char in plain if unicodedata.category(char) not in ("Mn", "Cf", "Cc"))
    return " ".join(seen.translate(_LATIN_TWINS).casefold().split())


def _shows_another(name: str, handle: str) -> bool:
    shown = re.sub(r" ?@ +", "@", unicodedata.normalize("NFKC", name))
    own = handle.casefold().strip("@.")
    return any(address.casefold().strip("@.") != own for address in _ADDRESS.findall(shown))


def _is_mixed(word: str) -> bool:
    if word.isascii():
        return False
    scripts = {unicodedata.name(char, "").partition(" ")[0] for char in word}
    return len(scripts & _ALIKE) > 1
