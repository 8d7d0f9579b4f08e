"""Facets: what a stretch of a text leads to. They count in bytes of UTF-8 (lexicon app.bsky.richtext.facet). Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tuidesk.wire.loose import Object, number, objects, text

_LINK = re.compile(r"(?<!\w)https?://[^\s<>\"]+", re.IGNORECASE)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_MENTION = re.compile(rf"(?<![\w@./-])@({_LABEL}(?:\.{_LABEL})+)(?![\w-])", re.IGNORECASE | re.ASCII)
_BEHIND = ".,;:!?'*_"
"""What stands behind a link more often than in it."""
_FEATURE = "app.bsky.richtext.facet#"


class _Stretch(NamedTuple):
    start: int
    end: int
    said: str


def handles(said: str) -> tuple[str, ...]:
    """The handles that a text names with an @, in lower case, each once."""
    return tuple(dict.fromkeys(found.said.lower() for found in _mentions(said)))


def facets(said: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """The facets of a text of ours: its links, and those mentions whose handle (in lower case) has a DID."""
    made = [
        (found, {"$type": _FEATURE + "mention", "did": did})
        for found in _mentions(said)
        if (did := dids.get(found.said.lower()))
    ]
    made += [(found, {"$type": _FEATURE + "link", "uri": found.said}) for found in _links(said)]
    return [
        {
            "index": {"byteStart": _bytes(said[: found.start]), "byteEnd": _bytes(said[: found.end])},
            "features": [feature],
        }
        for found, feature in sorted(made, key=lambda one: one[0].start)
    ]


def shown(said: str, told: Object) -> str:
    """A text of others, with the address behind each link that does not show it itself.

    Args:
        told: what has the `facets`.
    """
    whole, until = said.encode(errors="surrogatepass"), len(said) * 4
    for start, end, uri in sorted(_told(told, "link", "uri"), reverse=True):
        try:
            before, piece, after = (one.decode() for one in (whole[:start], whole[start:end], whole[end:]))
        except UnicodeDecodeError:
            continue  # it begins or ends within a character: it cannot be meant
        if 0 <= start < end <= min(until, len(whole)) and _bare(piece) != _bare(uri):
            whole = f"{before}{piece} <{uri}>{after}".encode()
        until = start
    return whole.decode(errors="surrogatepass")


def mentioned(told: Object) -> tuple[str, ...]:
    """The DIDs of those whom a text mentions."""
    return tuple(dict.fromkeys(did for _, _, did in _told(told, "mention", "did")))


def _told(told: Object, feature: str, name: str) -> Iterator[tuple[int, int, str]]:
    for facet in objects(told, "facets"):
        start, end = number(facet, "index", "byteStart"), number(facet, "index", "byteEnd")
        for one in objects(facet, "features"):
            if text(one, "$type") == _FEATURE + feature and (what := text(one, name)):
                yield -1 if start is None else start, -1 if end is None else end, what


def _links(said: str) -> Iterator[_Stretch]:
    for found in _LINK.finditer(said):
        link = found[0].rstrip(_BEHIND)
        if link.endswith(")") and "(" not in link:
            link = link.rstrip(")" + _BEHIND)
        if len(link) > len("https://"):
            yield _Stretch(found.start(), found.start() + len(link), link)


def _mentions(said: str) -> Iterator[_Stretch]:
    links = list(_links(said))
    for found in _MENTION.finditer(said):
        if not any(link.start < found.start() < link.end for link in links):
            yield _Stretch(found.start(), found.end(), found[1])


def _bare(address: str) -> str:
    return re.sub(r"\A(?:https?://)?(?:www\.)?|/\Z", "", address.strip(), flags=re.IGNORECASE)


def _bytes(said: str) -> int:
    return len(said.encode(errors="surrogatepass"))
