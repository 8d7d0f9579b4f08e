"""The query language: `is:open from:dana tag:refund waiting:>1h "not here" -parcel` → a tree, and back.

Things that stand beside each other must all hold; `or` binds less than that, parentheses more, `-` negates. What a
word or a key finds is `desk.finding`'s. Named tuples, because `list` pays for every dataclass at every start.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, NoReturn, Union

from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant
from tuidesk.domain.model import PRIORITIES, SENTIMENTS
from tuidesk.errors import BadQuery
from tuidesk.words import say

STATES = (
    "open",
    "pending",
    "snoozed",
    "complete",
    "late",
    "soon",
    "unread",
    "mine",
    "unassigned",
    "draft",
    "failed",
    "unknown",
    "starred",
    "muted",
    "handled",
    "spam",
    "any",
)
"""`handled`: acted on by me today. `any`: everything, spam too, which no other query finds unless it says `spam`."""
SORTS = ("due", "wait", "new", "old", "priority", "back")
"""`due`: what has to be done next; `back`: what returns from a snooze next."""
HOLDS = ("attachment", "note", "draft")
KEYS = (
    "is",
    "from",
    "to",
    "in",
    "medium",
    "tag",
    "priority",
    "sentiment",
    "assignee",
    "has",
    "waiting",
    "window",
    "before",
    "after",
    "sort",
)
VALUES: dict[str, tuple[str, ...]] = {
    "is": STATES,
    "has": HOLDS,
    "priority": PRIORITIES,
    "sentiment": SENTIMENTS,
    "sort": SORTS,
}
"""The keys whose values are ours."""

VIEWS: dict[str, str] = {
    "open": "is:open",
    "mine": "is:open is:mine",
    "unassigned": "is:open is:unassigned",
    "late": "is:late",
    "soon": "is:soon",
    "window": "is:open window:<1h",
    "snoozed": "is:snoozed sort:back",
    "pending": "is:pending",
    "drafts": "is:draft sort:wait",
    "check": "is:failed or is:unknown",
    "handled": "is:handled sort:new",
    "complete": "is:complete sort:new",
    "all": "is:any sort:new",
}
"""The views there always are: each is a query with a name."""

_DEEPEST = 8
_MOST = 100
_UNITS = {"m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_LONGEST = 99_999 * 7 * DAY
_SPAN = r"(?:[0-9]{1,12}(?:min|[mhdw]))+"
_PART = r"([0-9]{1,12})(min|[mhdw])"


class Word(NamedTuple):
    """A free word or phrase, looked for in full text."""

    text: str
    is_phrase: bool = False
    grows: bool = False
    """It is being typed: what begins so is found as well."""


class Term(NamedTuple):
    """`key:value`; a value of ours is in lower case."""

    key: str
    value: str


class Span(NamedTuple):
    """`waiting:>30m`, `window:<1h`."""

    key: str
    is_more: bool
    ms: Instant


class Stamp(NamedTuple):
    """`before:2026-11-20`, `after:7d`: of the last thing that happened. A day is the agent's, from midnight."""

    key: str
    day: str
    """`today`, `yesterday` or a date; "" where it is a span."""
    ago: Instant = 0


class Not(NamedTuple):
    inner: "Node"


class Every(NamedTuple):
    parts: tuple["Node", ...]


class Either(NamedTuple):
    parts: tuple["Node", ...]


Leaf = Word | Term | Span | Stamp
Node = Union[Leaf, Not, Every, Either]  # noqa: UP007  # the tree names itself


class Query(NamedTuple):
    where: Node | None = None
    """None: nothing is asked, so everything is found (but spam)."""
    sort: str = ""
    """"" for the order that goes with what is asked: words newest first, all else `due`."""


class View(NamedTuple):
    """A query with a name: the user's own."""

    name: str
    query: Query
    key: str = ""
    """The digit that opens it; "" for none."""


def order(query: Query) -> str:
    """What a query is sorted by: what it says, else the newest first where words are looked for, else what is due."""
    has_words = any(isinstance(leaf, Word) for leaf in leaves(query.where))
    return query.sort or ("new" if has_words else "due")


def beside(one: Query, two: Query) -> Query:
    """What both find; in the order of `two` if it has one."""
    both = tuple(query.where for query in (one, two) if query.where is not None)
    return Query(Every(both) if len(both) > 1 else next(iter(both), None), two.sort or one.sort)


def leaves(node: Node | None) -> Iterator[Leaf]:
    """The ends of a tree, from the left."""
    if isinstance(node, Not):
        yield from leaves(node.inner)
    elif isinstance(node, Every | Either):
        for part in node.parts:
            yield from leaves(part)
    elif node is not None:
        yield node


# --- text → tree ------------------------------------------------------------------------------------


def parse(text: str) -> Query:
    """What was typed → query.

    Raises:
        BadQuery: it cannot be read; where, and what may have been meant.
    """
    return _Reader(text).query()


class _Reader:
    """One walk through a text."""

    def __init__(self, text: str) -> None:
        self._text = re.sub(r"[\ud800-\udfff]", "\ufffd", text)  # which no store can be asked for
        self._at = 0
        self._depth = 0
        self._sort = ""
        self._count = 0

    def query(self) -> Query:
        where = self._either()
        if self._at < len(self._text):
            self._wrong(say("query.not_opened"), self._at, self._at + 1)
        return Query(where, self._sort)

    def _either(self) -> Node | None:
        parts: list[Node] = []
        last_or: int | None = None
        while True:
            part, stood = self._every(), self._at
            is_more = self._takes_or()
            if part is not None:
                parts.append(part)
            elif is_more or last_or is not None:
                at = stood if last_or is None else last_or
                self._wrong(
                    say("query.or_alone"), at, at + 2, may_go_on=last_or is not None and self._is_at_end
                )
            if not is_more:
                break
            last_or = stood
        return None if not parts else parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _takes_or(self) -> bool:
        end = r"(?=[\s\")]|$)" if self._depth else r"(?=[\s\"]|$)"
        return self._takes(rf"(?i:or){end}") is not None

    def _every(self) -> Node | None:
        parts: list[Node] = []
        while True:
            self._takes(r"\s+")
            before = self._at
            if before == len(self._text) or self._text[before] == ")" or self._takes_or():
                self._at = before
                break
            part = self._item()
            if part is not None:
                parts.append(part)
        return None if not parts else parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _item(self) -> Node | None:
        start = self._at
        self._count += 1
        if self._count > _MOST:
            self._wrong(say("query.too_long", most=_MOST), start, len(self._text))
        is_negated = self._takes(r"-++(?=[^\s)])") is not None
        inner = self._plain(is_negated=is_negated)
        return Not(inner) if is_negated and inner is not None else inner

    def _plain(self, *, is_negated: bool) -> Node | None:
        if self._takes(r"\(") is not None:
            return self._group()
        quoted = self._takes(r'"([^"]*)(?:"|$)')
        if quoted is not None:
            return Word(quoted[1], is_phrase=True) if quoted[1].strip() else None
        key = self._takes(r"([A-Za-z]+):")
        if key is not None:
            if key[1].lower() in KEYS:
                return self._term(key[1].lower(), key.start(), is_inside=is_negated or self._depth > 0)
            if len(key[1]) > 1 and re.match(r'[^\W_]|["<>@#]', self._text[self._at :]):
                self._unknown_key(key[1], key.start())
            self._at = key.start()
        word = self._takes(r"[^\s\"]+" if not self._depth else r'[^\s")]+')
        assert word is not None, "what begins a word is no blank, quote or closing parenthesis"
        return Word(word[0], grows=self._at == len(self._text))

    def _group(self) -> Node:
        opened = self._at - 1
        if self._depth == _DEEPEST:
            self._wrong(say("query.too_deep", most=_DEEPEST), opened, opened + 1)
        self._depth += 1
        inner = self._either()
        self._depth -= 1
        if self._takes(r"\)") is None:
            self._wrong(say("query.not_closed"), opened, opened + 1, may_go_on=True)
        if inner is None:
            self._wrong(say("query.nothing_inside"), opened, self._at)
        return inner

    # key:value

    def _term(self, key: str, start: int, *, is_inside: bool) -> Node | None:
        if self._takes(r"\(") is not None:
            self._wrong(say("query.bracketed_value", key=key), self._at - 1, self._at)
        begun = self._at
        value = self._value()
        if not value:
            known = ", ".join(VALUES.get(key, ()))
            why = say("query.no_value", key=key, known=known) if known else _wants(key)
            self._wrong(why, start, self._at, may_go_on=self._is_at_end)
        if key in VALUES:
            value = self._one_of(key, value, begun)
        if key == "sort":
            self._sorted(value, start, is_inside=is_inside)
            return None
        if key in ("waiting", "window"):
            return self._span(key, value, begun)
        if key in ("before", "after"):
            return self._stamp(key, value, begun)
        return Term(key, value)

    def _value(self) -> str:
        quoted = self._takes(r'"([^"]*)(?:"|$)')
        if quoted is not None:
            return quoted[1].strip()
        bare = self._takes(r'[^\s"]*' if not self._depth else r'[^\s")]*')
        return bare[0] if bare is not None else ""

    def _one_of(self, key: str, value: str, start: int) -> str:
        known = VALUES[key]
        if value.lower() not in known:
            why = say("query.unknown_value", key=key, value=value)
            near = nearest(value.lower(), known)
            told = (
                say("query.near", why=why, near=f"{key}:{near}")
                if near
                else say("query.known", why=why, known=", ".join(known))
            )
            begins_one = any(word.startswith(value.lower()) for word in known)
            self._wrong(told, start, self._at, near, may_go_on=begins_one and self._is_at_end)
        return value.lower()

    def _sorted(self, value: str, start: int, *, is_inside: bool) -> None:
        if is_inside or self._sort:
            why = say("query.sort_inside") if is_inside else say("query.sort_once")
            self._wrong(why, start, self._at)
        self._sort = value

    def _span(self, key: str, value: str, start: int) -> Span:
        found = re.fullmatch(rf"([<>]?)=?({_SPAN})", value.lower())
        if found is None:
            self._wrong(say("query.no_span", key=key), start, self._at, may_go_on=self._is_at_end)
        sign = found[1] or (">" if key == "waiting" else "<")
        return Span(key, sign == ">", _ms(found[2]))

    def _stamp(self, key: str, value: str, start: int) -> Stamp:
        value = value.lower()
        if re.fullmatch(_SPAN, value):
            return Stamp(key, "", _ms(value))
        if value not in ("today", "yesterday"):
            try:
                date.fromisoformat(value if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) else "")
            except ValueError:
                self._wrong(say("query.no_date", key=key), start, self._at, may_go_on=self._is_at_end)
        return Stamp(key, value)

    # the text

    def _takes(self, pattern: str) -> re.Match[str] | None:
        """What stands here, if it is that; then the walk goes on behind it."""
        found = re.compile(pattern).match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _unknown_key(self, key: str, start: int) -> NoReturn:
        why = say("query.unknown_key", key=key)
        near = nearest(key.lower(), KEYS)
        if near:
            self._wrong(say("query.near", why=why, near=f"{near}:"), start, self._at, f"{near}:")
        self._wrong(say("query.quote_it", why=why, known=", ".join(KEYS)), start, self._at)

    def _wrong(self, why: str, start: int, end: int, near: str = "", *, may_go_on: bool = False) -> NoReturn:
        raise BadQuery(why, start, min(end, len(self._text)), near, may_go_on=may_go_on)

    @property
    def _is_at_end(self) -> bool:
        return self._at == len(self._text)


def _wants(key: str) -> str:
    match key:
        case "waiting" | "window":
            return say("query.no_span", key=key)
        case "before" | "after":
            return say("query.no_date", key=key)
    return say("query.no_text", key=key)


def nearest(word: str, known: "tuple[str, ...]") -> str:
    """The known word that a mistyped one is nearest to; "" where none is near."""
    from difflib import get_close_matches  # only mistakes pay for it

    return next(iter(get_close_matches(word, known, 1, 0.6)), "")


def _ms(span: str) -> Instant:
    return min(sum(int(count) * _UNITS[unit] for count, unit in re.findall(_PART, span)), _LONGEST)


# --- tree → text ------------------------------------------------------------------------------------


def printed(query: Query) -> str:
    """A query as text that is read as the same query."""
    words = [f"sort:{query.sort}"] if query.sort else []
    if query.where is not None:
        words.append(_print(query.where))
    end = " " if isinstance(last := _last(query.where), Word) and not (last.is_phrase or last.grows) else ""
    return " ".join(words) + end


def _print(node: Node) -> str:
    match node:
        case Word(text, is_phrase, _):
            return f'"{text}"' if is_phrase else text
        case Term(key, value):
            return f"{key}:{quoted(value)}"
        case Span(key, is_more, ms):
            return f"{key}:{'>' if is_more else '<'}{_span_words(ms)}"
        case Stamp(key, day, ago):
            return f"{key}:{day or _span_words(ago)}"
        case Not(inner):
            return f"-({_print(inner)})" if isinstance(inner, Not | Every | Either) else f"-{_print(inner)}"
        case Every(parts):
            return " ".join(f"({_print(p)})" if isinstance(p, Every | Either) else _print(p) for p in parts)
        case Either(parts):
            return " or ".join(f"({_print(p)})" if isinstance(p, Either) else _print(p) for p in parts)
    raise AssertionError(node)


def quoted(value: str) -> str:
    """A value as it is typed: in quotes where it has to be."""
    return value if re.fullmatch(r'[^\s"()]+', value) else f'"{value}"'


def _last(node: Node | None) -> Leaf | None:
    """The end that stands at the end of the text, outside of all parentheses."""
    if isinstance(node, Not):
        return None if isinstance(node.inner, Not | Every | Either) else node.inner
    if isinstance(node, Every | Either):
        last = node.parts[-1]
        is_open = isinstance(node, Either) and isinstance(last, Every)
        return _last(last) if is_open or not isinstance(last, Every | Either) else None
    return node


def _span_words(ms: Instant) -> str:
    unit = next((unit for unit in ("w", "d", "h") if ms and ms % _UNITS[unit] == 0), "m")
    return f"{ms // _UNITS[unit]}{unit}"
