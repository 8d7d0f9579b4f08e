"""A customer → lines with named styles, for a width. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

from tuidesk.desk.picture import Customer, Row
from tuidesk.domain.instants import Instant
from tuidesk.domain.text import clean, cut, width, wrap
from tuidesk.tui import when
from tuidesk.words import say


@dataclass(frozen=True, slots=True)
class Line:
    """(clean text, style name) in turn, at most as many cells as the pane has."""

    spans: tuple[tuple[str, str], ...] = ()
    conversation: int | None = None
    """The cursor stops here: this conversation."""

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.spans)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the lines depend on besides the customer."""

    width: int
    now: Instant
    current: int
    """The conversation that is open in the thread pane: it is not among the others."""
    there: tzinfo | None = None
    """Where the customer is, if it is known."""
    zone: tzinfo | None = None


def customer_lines(customer: Customer, setting: Setting) -> tuple[Line, ...]:
    """Who it is, what else of theirs waits now, and everything before, newest first."""
    others = [row for row in customer.conversations if row.n != setting.current]
    waiting = [row for row in others if row.status == "open"]
    past = [row for row in others if row.status != "open"]
    lines = [*_who(customer, setting)]
    if waiting:
        lines += (_rule(setting), _plain(say("customer.also_open"), "head", setting))
        for row in waiting:
            lines += _waiting(row, setting)
    lines.append(_rule(setting))
    if past:
        lines.append(_plain(say("customer.past"), "head", setting))
    for row in past:
        lines += _past(row, setting)
    if not others:
        lines.append(_plain(say("customer.nothing_else"), "field", setting))
    if (more := customer.total - len(customer.conversations)) > 0:
        lines.append(_plain(say("customer.more", count=more), "field", setting))
    return tuple(lines)


def _who(customer: Customer, setting: Setting) -> Iterator[Line]:
    name = clean(customer.name, lines=False).strip() or say("customer.unnamed")
    for line in wrap(name, setting.width)[:2]:
        yield Line(((line, "name"),))
    for identity in customer.identities:
        yield from _identity(
            clean(identity.handle, lines=False), clean(identity.medium, lines=False), setting
        )
    if setting.there is not None:
        at = when.clock(setting.now, setting.there)
        yield _plain(say("customer.there", when=at), "field", setting)
    for field, value in customer.fields:
        words = say("customer.field", name=clean(field, lines=False), value=clean(value, lines=False))
        yield _plain(words, "field", setting)
    since = when.local(customer.since, setting.zone)
    month = say("thread.months").split()[since.month - 1]
    word = "customer.since_one" if customer.total == 1 else "customer.since"
    yield _plain(say(word, month=month, year=since.year, count=customer.total), "field", setting)


def _identity(handle: str, medium: str, setting: Setting) -> Iterator[Line]:
    """The handle whole, over several lines where it must be; the medium at the end."""
    room = setting.width - width(medium) - 1
    if width(handle) <= room:
        yield _ends(((handle, "handle"),), (medium, "medium"), setting)
        return
    for line in wrap(handle, setting.width):
        yield Line(((line, "handle"),))
    yield _ends((), (cut(medium, setting.width), "medium"), setting)


def _waiting(row: Row, setting: Setting) -> Iterator[Line]:
    """`#1051 whatsapp     waits 51m`, and what they said."""
    wait = ""
    if row.waiting_since is not None:
        wait = say("customer.waits", span=when.span(setting.now - row.waiting_since))
    head = say("customer.open_head", n=row.n, medium=clean(row.medium, lines=False))
    yield _ends(((head, "row"),), (wait, "wait"), setting, row.n)
    yield _said(row, setting)


def _past(row: Row, setting: Setting) -> Iterator[Line]:
    """`14 Nov whatsapp   complete`, and what it was about."""
    on = when.local(row.last_at, setting.zone).date()
    day = when.day(on, when.local(setting.now, setting.zone).year)
    head = say("customer.past_head", when=day, medium=clean(row.medium, lines=False))
    yield _ends(((head, "row"),), (say(f"thread.status_{row.status}"), row.status), setting, row.n)
    yield _said(row, setting)


def _said(row: Row, setting: Setting) -> Line:
    words = clean(row.subject or row.snippet, lines=False).strip() or say("thread.no_subject")
    return Line((("  ", "snippet"), (cut(words, setting.width - 2), "snippet")))


def _ends(
    left: tuple[tuple[str, str], ...], right: tuple[str, str], setting: Setting, n: int | None = None
) -> Line:
    room = max(setting.width - width(right[0]) - 1, 0)
    fitted = tuple((cut(text, room), style) for text, style in left)
    gap = " " * (setting.width - sum(width(text) for text, _ in fitted) - width(right[0]))
    return Line((*fitted, (gap, "row"), (cut(right[0], setting.width), right[1])), n)


def _plain(words: str, style: str, setting: Setting) -> Line:
    return Line(((cut(words, setting.width), style),))


def _rule(setting: Setting) -> Line:
    return Line((("-" * setting.width, "rule"),))
