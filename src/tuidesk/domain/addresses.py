"""Recipients as an agent types them: `Dana Ortiz <dana@ortiz.example>, legal@ortiz.example` → people, and back.

More lenient than RFC 5322 §3.4 where that helps (semicolons, names with dots), and stricter where it protects: no
controls, no route addresses, no comments.
"""

import re
from collections.abc import Iterable, Iterator

from tuidesk.domain.dialling import e164
from tuidesk.domain.model import Person
from tuidesk.domain.text import clean, cut
from tuidesk.errors import UsageError
from tuidesk.words import say

_SPECIAL = re.compile(r'[,;<>"()@:\\\[\]]')
_ADDRESS = re.compile(r"[^\s<>()\[\]\\,;:\"@]{1,64}@[^\s<>()\\,;:\"@]{1,253}")
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
BY_NUMBER = ("sms", "whatsapp")
"""Media in which a text reaches a telephone number."""
_LONGEST = 254  # RFC 5321 §4.5.3.1.3, without the brackets


def parse(typed: str, medium: str = "mail") -> tuple[Person, ...]:
    """People separated by commas or semicolons, each a handle or `Name <handle>`; empty parts do not count.

    Two parts with the same handle are one person. For mail a handle is an address; where a text reaches a telephone,
    it is a number with its country's code, and comes back in E.164; for any other medium it is what the service calls
    one: `@dana:example.org`, `@dana@mastodon.example`, `did:plc:ab12`.

    Raises:
        UsageError: a part is no recipient; the sentence says which and why.
    """
    people: dict[str, Person] = {}
    for part in filter(None, _parts(typed)):
        person = _person(part, medium)
        people.setdefault(person.handle.casefold(), person)
    return tuple(people.values())


def write(people: Iterable[Person]) -> str:
    """The inverse of `parse`. A name with signs that mean something is quoted."""
    return ", ".join(_written(person) for person in people)


def _written(person: Person) -> str:
    name = " ".join(_UNFIT.sub(" ", person.name).split())
    if not name or name == person.handle:
        return person.handle
    if _SPECIAL.search(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}"'
    return f"{name} <{person.handle}>"


def _parts(typed: str) -> Iterator[str]:
    """Cut at commas and semicolons outside quotes and brackets."""
    begin = 0
    quoted = bracketed = escaped = False
    for at, sign in enumerate(typed):
        if escaped:
            escaped = False
        elif quoted and sign == "\\":
            escaped = True
        elif sign == '"' and not bracketed:
            quoted = not quoted
        elif sign in "<>" and not quoted:
            bracketed = sign == "<"
        elif sign in ",;" and not quoted and not bracketed:
            yield typed[begin:at].strip()
            begin = at + 1
    last = typed[begin:].strip()
    if quoted:
        raise _wrong("quote", last)
    if bracketed:
        raise _wrong("bracket", last)
    yield last


def _person(part: str, medium: str) -> Person:
    if _UNFIT.search(part):
        raise _wrong("control", part)
    name, handle = "", part
    if part.endswith(">"):
        name, _, handle = part[:-1].rpartition("<")
        name, handle = _unquoted(name.strip()), handle.strip()
    elif "<" in part:
        raise _wrong("after", part.partition(">")[0] + ">")
    _check(handle, part, medium)
    return Person(name, e164(handle) if medium in BY_NUMBER else handle)


def _unquoted(name: str) -> str:
    if len(name) >= 2 and name[0] == name[-1] == '"':
        return re.sub(r"\\(.)", r"\1", name[1:-1])
    return name


def _check(handle: str, part: str, medium: str) -> None:
    if not handle:
        raise _wrong("nobody", part)
    if len(handle) > _LONGEST:
        raise _wrong("long", handle)
    if medium in BY_NUMBER:
        if not e164(handle):
            raise _wrong("no_number", handle)
        return
    if medium != "mail":
        if any(sign.isspace() for sign in handle):
            raise _wrong("blank", handle)
        return
    if "@" not in handle:
        raise _wrong("no_at", handle)
    if not _ADDRESS.fullmatch(handle) or ".." in handle or handle.rpartition("@")[2][:1] in ".-":
        raise _wrong("parts", handle)


def _wrong(why: str, part: str) -> UsageError:
    return UsageError(say(f"addresses.{why}", who=cut(clean(part, lines=False), 40)))
