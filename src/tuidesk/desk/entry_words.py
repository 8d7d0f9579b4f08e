"""An entry of a thread's history in words."""

from collections.abc import Callable

from tuidesk.desk.picture import ShownEntry
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import PRIORITIES, Person
from tuidesk.words import say

_PLAIN = frozenset({"completed", "reopened", "woke", "handoff"})
_CLEAR = frozenset({"agent", "channel"})
"""Reasons that need no word where it says who did it."""
_WHYS = frozenset(
    (
        "agent",
        "channel",
        "customer",
        "failed",
        "first_sync",
        "merged",
        "muted",
        "not_done",
        "refused",
        "reply",
        "spam",
        "split",
        "survey",
        "survey_asks",
        "taken_back",
        "unknown",
    )
)


def entry_words(entry: ShownEntry, stamp: Callable[[Instant], str]) -> str:
    """`-- complete (Sam); customer reopened`. Not clean: channels' words are in it. `stamp` words a time."""
    what = _what(entry.what, entry.data, stamp)
    if entry.what == "assigned" and entry.by is not None and entry.data.get("to"):
        what = say("entry.taken") if _person(entry.data["to"]) == _person(entry.by) else what
    if entry.undone:
        return say("entry.undone", what=what)
    who = _person(entry.by)
    why = _why(entry.data) if not who or entry.data.get("why") not in _CLEAR else ""
    match bool(who), bool(why):
        case True, True:
            return say("entry.line_why", what=what, who=who, why=why)
        case True, False:
            return say("entry.line_by", what=what, who=who)
        case False, True:
            return say("entry.line_why_only", what=what, why=why)
        case _:
            return say("entry.line", what=what)


def _what(what: str, data: dict[str, object], stamp: Callable[[Instant], str]) -> str:
    if what == "reopened" and data.get("was") == "snoozed" and data.get("why") != "agent":
        return say("entry.back")
    if what in _PLAIN:
        return say(f"entry.{what}")
    match what:
        case "pending":
            who = data.get("pending_for") or data.get("for")
            return say("entry.pending_for", who=who) if who else say("entry.pending")
        case "snoozed":
            return _snoozed(data, stamp)
        case "assigned":
            who = _person(data.get("to"))
            return say("entry.assigned", who=who) if who else say("entry.unassigned")
        case "tagged":
            return say("entry.tagged", tags=_tags(data))
        case "priority":
            how = data.get("priority", "")
            return say("entry.priority", priority=say(f"entry.priority_{how}") if how in PRIORITIES else how)
        case "rated":
            return _rated(data)
        case "surveyed":
            return say("entry.surveyed", scale=data.get("scale", ""))
        case "forwarded":
            return say(
                "entry.forwarded", n=data.get("linked"), who=", ".join(map(str, _listed(data.get("to"))))
            )
        case "dropped" | "not_done":
            return say(f"entry.{what}", work=data.get("work", ""))
        case "refused":
            return say("entry.refused", who=", ".join(map(_person, _listed(data.get("people")))))
        case "starred" | "muted" | "spam":
            return say(f"entry.{what}" if data.get("on") else f"entry.{what}_off")
        case "kept":
            return say("entry.kept", status=data.get("was", ""))
        case "answered":
            return say("entry.answered", who=data.get("who", ""), n=data.get("side"))
        case "merged":
            words = "entry.merged_part" if "part" in data else "entry.merged"
            return say(words, n=data.get("part"), into=data.get("into"))
        case "split" if "gone" in data:
            return say("entry.split_gone", n=data["gone"])
        case "split":
            return say("entry.split", from_=data.get("from"))
        case "delivered" | "read":
            return say(f"entry.{what}")
    return what


def _why(data: dict[str, object]) -> str:
    """The reason as the desk words it, else as the channel did."""
    why = str(data.get("why") or data.get("reason") or "")
    if why == "answer":
        return say("entry.answered", who=data.get("who", ""), n=data.get("side"))
    return say(f"entry.why_{why}") if why in _WHYS else why


def _snoozed(data: dict[str, object], stamp: Callable[[Instant], str]) -> str:
    until = data.get("until")
    if not isinstance(until, int):
        return say("entry.snoozed")
    firm = data.get("firm") or data.get("until_reply") is False
    return say("entry.snoozed_firm" if firm else "entry.snoozed_until", when=stamp(until))


def _tags(data: dict[str, object]) -> str:
    """`+refund -late`."""
    signs = (("+", data.get("add")), ("-", data.get("remove")))
    return " ".join(f"{sign}{tag}" for sign, tags in signs for tag in _listed(tags))


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _rated(data: dict[str, object]) -> str:
    score, scale = data.get("score"), data.get("scale")
    score = score if isinstance(score, int | float) else 0
    scale = scale if isinstance(scale, int | float) else 0
    text = data.get("text")
    return (
        say("entry.rated_text", score=score, scale=scale, text=text)
        if text
        else say("entry.rated", score=score, scale=scale)
    )


def _person(value: object) -> str:
    """A person's name, from a `Person` or from its JSON."""
    if isinstance(value, Person):
        return say("entry.you") if value.me else value.name or value.handle
    if isinstance(value, dict):
        return say("entry.you") if value.get("me") else str(value.get("name") or value.get("handle") or "")
    return value if isinstance(value, str) else ""
