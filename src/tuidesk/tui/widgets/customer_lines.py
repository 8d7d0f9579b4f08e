"""A customer → lines with named styles, for a width. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from types import MappingProxyType
from typing import Literal, NamedTuple

from tuidesk.desk.picture import ContactNote, Customer, Identity, Row, Said, Story, Suggestion
from tuidesk.domain.contacts import CITY_FIELDS, LANGUAGE_FIELDS, ZONE_FIELDS, About, plain, topic
from tuidesk.domain.contacts import field as first_field
from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.model import Person
from tuidesk.domain.text import clean, cut, width, wrap
from tuidesk.tui import when
from tuidesk.words import say

_SAID_ELSEWHERE = LANGUAGE_FIELDS | ZONE_FIELDS | CITY_FIELDS
_NOTE_LINES, _TEXT_LINES = 6, 12
"""Of a note, and of a message that is unfolded."""
_WORD_LINES = 3
"""Of a field, and of a reason."""
_FIELDS = 40


class Stop(NamedTuple):
    """Something that the cursor stops at: a conversation, a note, somebody who may be the same person, or (where
    several are shown as one) whose a handle was."""

    kind: Literal["conversation", "note", "suggestion", "member"]
    n: int


@dataclass(frozen=True, slots=True)
class Line:
    """(clean text, style name) in turn, at most as many cells as the pane has."""

    spans: tuple[tuple[str, str], ...] = ()
    stop: Stop | None = None
    """The cursor stops here."""

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
    fields: tuple[tuple[str, str], ...] = ()
    """What its channel knows of that one."""
    zone: tzinfo | None = None
    suggestions: tuple[Suggestion, ...] = ()
    unfolded: Mapping[int, tuple[Said, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Conversations that are unfolded in place, with what was said in them."""
    lookup: str = ""
    """What the agent's own program is doing, or why it has not answered."""


def customer_lines(customer: Customer, setting: Setting) -> tuple[Line, ...]:
    """Who it is, what is known, what else of theirs waits now, and everything before, newest first."""
    others = [row for row in customer.conversations if row.n != setting.current]
    waiting = [row for row in others if row.status == "open"]
    past = [row for row in others if row.status != "open"]
    lines = [*_who(customer, setting), *_notes(customer.notes, setting)]
    told = _fields(setting.fields)
    lines += _block("this", setting, (line for words in told for line in _plainly(words, "field", setting)))
    lines += _block(
        "also_open", setting, (line for row in waiting for line in _waiting(row, customer, setting))
    )
    lines += _block(
        "same", setting, (line for one in setting.suggestions for line in _suggested(one, setting))
    )
    lines += _looked_up(customer, setting)
    lines.append(_rule(setting))
    if past:
        lines.append(_plain(say("customer.past"), "head", setting))
    for row in past:
        lines += _past(row, customer, setting)
    if not others:
        lines.append(_plain(say("customer.nothing_else"), "field", setting))
    if (more := customer.total - len(customer.conversations)) > 0:
        lines.append(_plain(say("customer.more", count=more), "field", setting))
    return tuple(lines)


def _block(title: str, setting: Setting, inside: Iterable[Line]) -> Iterator[Line]:
    """A rule, a title and its lines; nothing where there are none."""
    lines = tuple(inside)
    if lines:
        yield _rule(setting)
        yield _plain(say(f"customer.{title}"), "head", setting)
        yield from lines


# --- who it is ----------------------------------------------------------------------------------------


def _who(customer: Customer, setting: Setting) -> Iterator[Line]:
    name = clean(customer.name, lines=False).strip() or say("customer.unnamed")
    for line in wrap(name, setting.width)[:2]:
        yield Line(((line, "name"),))
    before = 0
    for identity in customer.goes_by:
        stop = Stop("member", identity.contact) if len(customer.members) > 1 else None
        yield from _identity(identity, stop, setting)
        if identity.contact != before:
            yield from _why_joined(customer, identity.contact, setting)
        before = identity.contact
    yield from _where(customer, setting)
    yield from _counts(customer, setting)
    known = [one for one in customer.fields if plain(one[0]) not in _SAID_ELSEWHERE]
    for words in _fields(known):
        yield from _plainly(words, "field", setting)


def _identity(identity: Identity, stop: Stop | None, setting: Setting) -> Iterator[Line]:
    """The handle whole, over several lines where it must be; the medium at the end."""
    handle, medium = clean(identity.handle, lines=False), clean(identity.medium, lines=False)
    room = setting.width - width(medium) - 1
    if width(handle) <= room:
        yield _ends(((handle, "handle"),), (medium, "medium"), setting, stop)
        return
    for line in wrap(handle, setting.width):
        yield Line(((line, "handle"),), stop)
        stop = None
    yield _ends((), (cut(medium, setting.width), "medium"), setting)


def _why_joined(customer: Customer, contact: int, setting: Setting) -> Iterator[Line]:
    """Why this one is the same person, where the agent said so; what a channel says needs no words."""
    for joined in customer.joined:
        if joined.b == contact and joined.why and not joined.why.startswith("same_as:"):
            words = say("customer.joined", why=clean(joined.why, lines=False))
            yield from _plainly(words, "snippet", setting, "  ")


def _where(customer: Customer, setting: Setting) -> Iterator[Line]:
    """`Seoul, 23:02 there      ko en`."""
    city = clean(first_field(customer.fields, CITY_FIELDS), lines=False)
    place = city
    if customer.there is not None:
        at = when.clock(setting.now, customer.there)
        place = say("customer.there", when=at)
        if customer.there_by:
            place = say("customer.there_by", when=at, code=customer.there_by)
        place = say("customer.city_there", city=city, there=place) if city else place
    language = clean(customer.language, lines=False)
    if customer.guessed:
        language = say("customer.language_guess", language=language)
    if place and width(place) + width(language) + 2 <= setting.width:
        yield _ends(((place, "field"),), (language, "field"), setting)
        return
    for words in (place, say("customer.language", language=language) if language else ""):
        if words:
            yield _plain(words, "field", setting)


def _counts(customer: Customer, setting: Setting) -> Iterator[Line]:
    since = when.local(customer.since, setting.zone)
    month = say("thread.months").split()[since.month - 1]
    word = "customer.since_one" if customer.total == 1 else "customer.since"
    yield _plain(say(word, month=month, year=since.year, count=customer.total), "field", setting)
    if customer.last_in is not None:
        yield _plain(say("customer.wrote", when=_ago(customer.last_in, setting)), "field", setting)
    if about := _topic(customer, setting):
        yield _plain(about, "topic", setting)
    if customer.median is not None:
        span = when.span(customer.median)
        word = "customer.median_one" if customer.replies == 1 else "customer.median"
        words = say(word, span=span, count=customer.replies)
        if width(words) > setting.width:
            words = say("customer.median_short", span=span)
        yield _plain(words, "field", setting)
    rated = (customer.stories.get(row.n) for row in customer.conversations)
    last = next((story for story in rated if story is not None and story.score is not None), None)
    if last is not None:
        yield _plain(say("customer.last_rating", rating=_rating(last)), "field", setting)


def _ago(at: Instant, setting: Setting) -> str:
    if setting.now - at < DAY:
        return say("customer.ago", span=when.span(setting.now - at))
    return _day(at, setting)


def _day(at: Instant, setting: Setting) -> str:
    return when.day(when.local(at, setting.zone).date(), when.local(setting.now, setting.zone).year)


def _topic(customer: Customer, setting: Setting) -> str:
    """`3rd about refund`."""
    about = {
        row.n: About(customer.stories.get(row.n, Story(0)).first_at, row.tags, row.subject)
        for row in customer.conversations
    }
    current = about.pop(setting.current, None)
    found = topic(current, tuple(about.values())) if current is not None else None
    if found is None:
        return ""
    listed = say("customer.ordinals").split()
    nth = listed[found.nth - 1] if found.nth <= len(listed) else say("customer.ordinal", n=found.nth)
    word = clean(found.word, lines=False)
    return say("customer.about_tag" if found.tagged else "customer.about_word", nth=nth, word=word)


def _rating(story: Story) -> str:
    """`4 of 5`; of a scale that nobody told, `4`."""
    score = f"{story.score:g}"
    return say("customer.of_scale", score=score, scale=f"{story.scale:g}") if story.scale else score


def _fields(fields: Iterable[tuple[str, str]]) -> Iterator[str]:
    for at, (name, value) in enumerate(fields):
        if at == _FIELDS:
            yield say("customer.more_fields")
            return
        yield say("customer.field", name=clean(name, lines=False), value=clean(value, lines=False))


# --- what is known besides ----------------------------------------------------------------------------


def _notes(notes: tuple[ContactNote, ...], setting: Setting) -> Iterator[Line]:
    def lines() -> Iterator[Line]:
        for note in notes:
            text, *rest = _wrapped(note.text, setting.width, _NOTE_LINES)
            yield Line(((text, "note"),), Stop("note", note.n))
            yield from (Line(((line, "note"),)) for line in rest)
            who = _called(note.by) if note.by is not None else say("thread.unnamed")
            words = say("customer.note_by", who=who, when=_day(note.at, setting))
            yield _plain("  " + words, "snippet", setting)

    return _block("notes", setting, lines())


def _wrapped(text: str, cells: int, most: int) -> list[str]:
    lines = [part for line in clean(text).strip().splitlines() for part in wrap(line, max(cells, 4)) or [""]]
    if len(lines) > most:
        lines = [*lines[: most - 1], say("customer.goes_on", count=len(lines) - most + 1)]
    return [cut(line, cells) for line in lines] or [""]


def _called(person: Person) -> str:
    if person.me:
        return say("customer.you")
    return cut(clean(person.name or person.handle, lines=False).strip() or say("thread.unnamed"), 20)


def _suggested(one: Suggestion, setting: Setting) -> Iterator[Line]:
    """`@dana_o            post`, and why."""
    name = clean(one.name or one.handle, lines=False)
    medium = (clean(one.medium, lines=False), "medium")
    yield _ends(((name, "row"),), medium, setting, Stop("suggestion", one.contact))
    if one.name and one.handle:
        yield _plain("  " + clean(one.handle, lines=False), "handle", setting)
    yield from _plainly(clean(one.why, lines=False), "snippet", setting, "  ")


def _looked_up(customer: Customer, setting: Setting) -> Iterator[Line]:
    """What the agent's own program said, and how old that is; why it has not, where it has not."""
    answer = customer.answer
    if answer is None and not setting.lookup:
        return
    yield _rule(setting)
    age = (_ago(answer.at, setting), "field") if answer is not None else ("", "field")
    yield _ends(((say("customer.lookup"), "head"),), age, setting)
    if setting.lookup:
        for line in _wrapped(setting.lookup, setting.width, _NOTE_LINES):
            yield Line(((line, "wait"),))
    for words in _fields(answer.fields if answer is not None else ()):
        yield from _plainly(words, "row", setting)
    if answer is not None and not answer.fields:
        yield _plain(say("customer.lookup_nothing"), "field", setting)


# --- the stream ---------------------------------------------------------------------------------------


def _waiting(row: Row, customer: Customer, setting: Setting) -> Iterator[Line]:
    """`#1051 whatsapp     waits 51m`, and what they said."""
    wait, style = "", "wait"
    if (pressing := when.pressing(row, setting.now)) is not None:
        wait, style = pressing
    elif row.waiting_since is not None:
        wait = say("customer.waits", span=when.span(setting.now - row.waiting_since))
    head = say("customer.open_head", n=row.n, medium=clean(row.medium, lines=False))
    yield _ends(((head, "row"),), (wait, style), setting, Stop("conversation", row.n))
    yield from _below(row, customer, setting)


def _past(row: Row, customer: Customer, setting: Setting) -> Iterator[Line]:
    """`14 Nov whatsapp   complete`, what it was about, who answered and how that was liked."""
    day = _day(row.last_at, setting)
    head = say("customer.past_head", when=day, medium=clean(row.medium, lines=False))
    status = (say(f"thread.status_{row.status}"), row.status)
    yield _ends(((head, "row"),), status, setting, Stop("conversation", row.n))
    yield from _below(row, customer, setting)


def _below(row: Row, customer: Customer, setting: Setting) -> Iterator[Line]:
    words = clean(row.subject or row.snippet, lines=False).strip() or say("thread.no_subject")
    yield Line((("  ", "snippet"), (cut(words, setting.width - 2), "snippet")))
    story = customer.stories.get(row.n)
    for told in _story(story, setting.width - 2) if story is not None else ():
        yield _plain("  " + told, "story", setting)
    for said in setting.unfolded.get(row.n, ()):
        yield from _said(said, setting)


def _story(story: Story, cells: int) -> tuple[str, ...]:
    """`by Sam +1, 18m, rated 2 of 5`, in two lines where that is too long or the customer said why."""
    parts = []
    if story.by:
        first, more = _called(story.by[0]), len(story.by) - 1
        parts.append(
            say("customer.by_more", who=first, count=more) if more else say("customer.by", who=first)
        )
        if story.reply is not None:
            parts.append(when.span(story.reply))
    told = ", ".join(parts)
    if story.score is None:
        return (told,) if told else ()
    rated = say("customer.rated", rating=_rating(story))
    if why := clean(story.said, lines=False).strip():
        rated = say("customer.rated_why", rated=rated, why=why)
    whole = ", ".join(filter(None, (told, rated)))
    return (whole,) if width(whole) <= cells or not told else (told, rated)


def _said(said: Said, setting: Setting) -> Iterator[Line]:
    """A message of a conversation that is unfolded in place: who, when, and what is new in it."""
    at = say("customer.said_at", day=_day(said.at, setting), clock=when.clock(said.at, setting.zone))
    style = {"in": "theirs", "out": "ours"}.get(said.direction, "note")
    who = _called(said.by)
    if said.direction == "note":
        who = say("customer.said_note", who=who)
    yield _ends((("  ", "field"), (who, style)), (at, "field"), setting)
    for line in _wrapped(said.text, setting.width - 4, _TEXT_LINES):
        yield Line((("    ", "field"), (line, "row")))


def _ends(
    left: tuple[tuple[str, str], ...], right: tuple[str, str], setting: Setting, stop: Stop | None = None
) -> Line:
    room = max(setting.width - width(right[0]) - 1, 0)
    fitted = []
    for text, style in left:
        fitted.append((cut(text, room), style))
        room -= width(fitted[-1][0])
    gap = " " * (setting.width - sum(width(text) for text, _ in fitted) - width(right[0]))
    return Line((*fitted, (gap, "row"), (cut(right[0], setting.width), right[1])), stop)


def _plain(words: str, style: str, setting: Setting) -> Line:
    return Line(((cut(words, setting.width), style),))


def _plainly(words: str, style: str, setting: Setting, indent: str = "") -> Iterator[Line]:
    """Over a few lines where it must be."""
    lines = wrap(words, max(setting.width - len(indent), 4))
    if len(lines) > _WORD_LINES:
        lines = [*lines[: _WORD_LINES - 1], " ".join(lines[_WORD_LINES - 1 :])]
    yield from (_plain(indent + line, style, setting) for line in lines)


def _rule(setting: Setting) -> Line:
    return Line((("-" * setting.width, "rule"),))
