"""The language of canned replies: a template, values and answers → a text, and what is missing for it.

`{{contact.first_name|there}}` is a value with what stands in its place where there is none, `{{canned:greeting}}`
another reply, `{{ask:order number}}` and `{{choose:refund,replacement}}` are questions to the agent. `{{{{` is a
literal `{{`, `}}}}` a literal `}}`. Values and answers are data: braces in them mean nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeGuard

from tuidesk.errors import UsageError
from tuidesk.words import say

Kind = Literal["value", "ask", "choose", "canned"]

VARIABLES: tuple[str, ...] = (
    "contact.name",
    "contact.first_name",
    "contact.last_name",
    "contact.handle",
    "contact.email",
    "contact.phone",
    "conversation.number",
    "conversation.subject",
    "conversation.medium",
    "agent.name",
    "agent.first_name",
    "agent.address",
    "account.name",
    "account.address",
)
"""Every name a value can have; besides, `contact.NAME` is a custom field of the customer's."""

MOST = 50_000
"""Characters that a filled reply may have."""
_MOST_VALUE = 500
_DEEPEST = 16
_FIELD = re.compile(r"contact\.\w+")

_ACTING = re.compile(
    "[\u061c\u200b\u200e\u200f\u2060-\u206f\u202a-\u202e\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BODY_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_OPENED = re.compile(r"\{{2,}")
_LOOSE = re.compile(r"\{\{\s*((?:ask|choose|canned)\s*:[^{}\n]*|[a-z]+\.\w+[^{}\n]*)\}\}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What stands between `{{` and `}}`."""

    kind: Kind
    what: str
    """The value's name, the question, the other reply's name; of a choice its options, as they are written."""
    fallback: str | None = None
    """What stands in its place where there is no value, or what a question offers as its answer."""
    choices: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """As it is written."""
        before = "" if self.kind == "value" else f"{self.kind}:"
        after = "" if self.fallback is None else f"|{self.fallback}"
        return f"{{{{{before}{self.what}{after}}}}}"


@dataclass(frozen=True, slots=True)
class Filled:
    """A template for one customer."""

    parts: tuple[str | Placeholder, ...]
    """Text, and what is missing."""

    @property
    def holes(self) -> tuple[Placeholder, ...]:
        """What only the agent can say, each once, in its order."""
        return tuple(dict.fromkeys(part for part in self.parts if isinstance(part, Placeholder)))

    @property
    def text(self) -> str:
        """The whole text.

        Raises:
            UsageError: something is missing; it names what.
        """
        if self.holes:
            raise UsageError(say("canned.holes", what=", ".join(hole.source for hole in self.holes)))
        return "".join(part for part in self.parts if isinstance(part, str))


Part = str | Placeholder


@lru_cache(maxsize=4000)
def parse(template: str) -> tuple[Part, ...]:
    """A template as text and placeholders in turn.

    Raises:
        UsageError: something between braces means nothing; it names the line.
    """
    parts: list[Part] = []
    at = 0
    for opened in _OPENED.finditer(template):
        if opened.start() < at:
            continue
        literal, rest = divmod(len(opened[0]), 4)
        parts.append(_closed(template[at : opened.start()]) + "{{" * literal + "{" * (rest % 2))
        at = opened.end()
        if rest < 2:
            continue
        end = template.find("}}", at)
        inside = template[at:end] if end >= 0 else ""
        if end < 0 or "\n" in inside or "{{" in inside:
            raise UsageError(say("canned.unclosed", line=template.count("\n", 0, at) + 1))
        parts.append(_placeholder(inside, template.count("\n", 0, at) + 1))
        at = end + 2
    parts.append(_closed(template[at:]))
    return tuple(part for part in parts if part != "")


def _closed(text: str) -> str:
    return text.replace("}}}}", "}}")


def escaped(text: str) -> str:
    """A template that gives exactly this text."""
    return text.replace("{{", "{{{{").replace("}}", "}}}}")


def _placeholder(inside: str, line: int) -> Placeholder:
    name, bar, fallback = inside.partition("|")
    said = fallback.strip() if bar else None
    word, colon, rest = name.strip().partition(":")
    kind, what = word.strip(), " ".join(rest.split())
    if colon and kind in ("ask", "choose", "canned"):
        if not what:
            raise UsageError(say("canned.empty", line=line, kind=kind))
        if kind == "choose":
            options = tuple(dict.fromkeys(option for one in rest.split(",") if (option := one.strip())))
            if len(options) < 2:
                raise UsageError(say("canned.one_choice", line=line))
            return Placeholder("choose", ",".join(options), said, options)
        return Placeholder("ask" if kind == "ask" else "canned", what, said)
    value = name.strip()
    if value not in VARIABLES and (not _FIELD.fullmatch(value) or _nearest(value, 0.9)):
        raise UsageError(unknown_variable(value, line))
    return Placeholder("value", value, said)


def unknown_variable(name: str, line: int) -> str:
    """The sentence about a name that no value has, with the nearest that one has."""
    near = _nearest(name, 0.6)
    if near:
        return say("canned.unknown_near", line=line, name=name[:60], near=near)
    return say("canned.unknown", line=line, name=name[:60], known=", ".join(VARIABLES))


@lru_cache(maxsize=500)
def _nearest(name: str, cutoff: float) -> str:
    """The variable that may be meant; "" where none is near. A field so called as one but for a letter is a typo."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, VARIABLES, 1, cutoff)), "")


def fill(
    template: str,
    values: Mapping[str, str],
    answers: Mapping[str, str] | None = None,
    others: Mapping[str, str] | None = None,
) -> Filled:
    """A template with everything in its place that is known.

    Args:
        values: by name; one that is missing or blank is not there.
        answers: to questions, by `Placeholder.what`; they may name a value as well.
        others: the replies that can be nested, by name.

    Raises:
        UsageError: the template is none, names a reply that is not there or itself, or grows without end.
    """
    filling = _Filling(values, answers or {}, others or {})
    filling.add(template, ())
    while filling.parts and isinstance(last := filling.parts[-1], str) and last.endswith("\n"):
        filling.parts[-1:] = [shorter] if (shorter := last.rstrip("\n")) else []
    return Filled(tuple(filling.parts))


class _Filling:
    def __init__(
        self, values: Mapping[str, str], answers: Mapping[str, str], others: Mapping[str, str]
    ) -> None:
        self._values, self._answers, self._others = values, answers, others
        self._size = 0
        self.parts: list[Part] = []

    def add(self, template: str, within: tuple[str, ...]) -> None:
        """A template; `within`: the replies it stands in, the outermost first."""
        for part in parse(template):
            if isinstance(part, str):
                self._say(plain(part))
            elif part.kind == "canned":
                inner = _nested(part.what, within, self._others)
                self.add(inner.rstrip("\n"), (*within, part.what))
            else:
                known = self._known(part)
                self._say(part if known is None else known)

    def _known(self, part: Placeholder) -> str | None:
        answer = as_value(self._answers.get(part.what, ""))
        if part.kind == "choose":
            return next((option for option in part.choices if option.casefold() == answer.casefold()), None)
        if part.kind == "ask":
            return answer or None
        return answer or as_value(self._values.get(part.what, "")) or part.fallback

    def _say(self, part: Part) -> None:
        self._size += len(part) if isinstance(part, str) else len(part.source)
        if self._size > MOST:
            raise UsageError(say("canned.too_long", most=MOST))
        if isinstance(part, str) and self.parts and isinstance(self.parts[-1], str):
            self.parts[-1] += part
        elif part != "":
            self.parts.append(part)


def _nested(name: str, within: Sequence[str], others: Mapping[str, str]) -> str:
    if name in within:
        raise UsageError(say("canned.cycle", names=" > ".join([*within[within.index(name) :], name])))
    if len(within) >= _DEEPEST:
        raise UsageError(say("canned.too_deep", most=_DEEPEST))
    if name not in others:
        raise UsageError(say("canned.no_nested", name=name[:60]))
    return others[name]


def check(name: str, template: str, others: Mapping[str, str]) -> None:
    """Whether a reply can be filled at all.

    Raises:
        UsageError: as `fill`.
    """
    nested = [(part.what, (name,)) for part in parse(template) if _is_nested(part)]
    seen = 0
    while nested:
        inner, within = nested.pop()
        seen += 1
        if seen > 1000:
            raise UsageError(say("canned.too_long", most=MOST))
        found = parse(_nested(inner, within, others))
        nested += [(part.what, (*within, inner)) for part in found if _is_nested(part)]


def _is_nested(part: Part) -> TypeGuard[Placeholder]:
    return isinstance(part, Placeholder) and part.kind == "canned"


# --- text and values --------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Text of a template as it may leave: one kind of line end, no controls but TAB."""
    return _BODY_CONTROL.sub("", _BREAK.sub("\n", text))


def as_value(text: str) -> str:
    """What somebody else wrote as one line in a text of ours: no controls, nothing that turns or hides text."""
    shown = " ".join(_CONTROL.sub(" ", _ACTING.sub("", text[: 4 * _MOST_VALUE])).split())
    return shown if len(shown) <= _MOST_VALUE else shown[: _MOST_VALUE - 1].rstrip() + "…"


def left_in(text: str, meant: Sequence[str] = ()) -> tuple[str, ...]:
    """Placeholders that stand in a text about to leave. Quoted lines are somebody else's words.

    Args:
        meant: texts of filled replies; what looks like a placeholder in those is meant so.
    """
    own = "\n".join(line for line in text.split("\n") if not line.startswith(">"))
    found = dict.fromkeys(match[0] for match in _LOOSE.finditer(own) if _is_one(match[0]))
    return tuple(one for one in found if not any(one in filled for filled in meant))


def _is_one(written: str) -> bool:
    try:
        return any(isinstance(part, Placeholder) for part in parse(written))
    except UsageError:
        return False
