"""A thread's messages and entries → lines with named styles, for a width.

Pure: what a line looks like is decided here, which are in view in `thread_roll`, and `thread` draws them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from tuidesk.desk.entry_words import entry_words
from tuidesk.desk.picture import ShownEntry, ShownMessage
from tuidesk.domain import fold
from tuidesk.domain.model import Attachment, Person
from tuidesk.domain.senders import suspicion
from tuidesk.domain.text import MAX_BYTES, clean, cut, width, wrap
from tuidesk.domain.visibility import is_shared
from tuidesk.tui import when
from tuidesk.words import say

_ALT_LINES = 6
"""Of what a picture shows."""

Item = ShownMessage | ShownEntry


@dataclass(frozen=True, slots=True)
class Fold:
    """Part `part` of message `message`, shown or hidden by Enter."""

    message: int
    part: int


@dataclass(frozen=True, slots=True)
class File:
    """An attachment of a message."""

    message: int
    ref: str
    name: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A reply that is failed or unknown: the agent must say what to do."""

    key: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A message of which more is to be seen than stands here."""

    message: int


@dataclass(frozen=True, slots=True)
class Linked:
    """Another conversation."""

    conversation: int


Spot = Fold | File | Ask | Whole | Linked
"""Something Enter acts on."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: (clean text, style name) in turn, at most as many cells as the pane has."""

    spans: tuple[tuple[str, str], ...] = ()
    spot: Spot | None = None
    head: bool = False
    """The first line of a message: the cursor stops here."""

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.spans)


@dataclass(frozen=True, slots=True)
class Setting:
    """What all lines of a thread have in common."""

    width: int
    year: int
    """The year it is: days of others say theirs."""
    customer: str = ""
    """Their handle: our messages say to whom they went where it is somebody else."""
    agent_names: tuple[str, ...] = ()
    zone: tzinfo | None = None


def message_lines(
    message: ShownMessage, setting: Setting, unfolded: frozenset[int] = frozenset(), new: bool = False
) -> tuple[Line, ...]:
    """A message. `unfolded`: its parts that are shown; `new`: its sender was not in the thread before."""
    if message.direction == "note":
        return tuple(_note(message, setting))
    indent = "  " if message.direction == "out" else ""
    lines = list(_head(message, setting, new))
    lines += _recipients(message, setting)
    lines += _trouble(message, setting)
    narrow = setting.width - len(indent)
    below = list(_content(message, narrow, unfolded))
    if indent:
        below = [Line(((indent, "body"), *line.spans), line.spot) for line in below]
    return (*lines, *below)


def entry_lines(entry: ShownEntry, setting: Setting) -> tuple[Line, ...]:
    """What happened besides messages: one line, more only where the words are longer than the pane."""
    at = when.clock(entry.at, setting.zone)
    words = clean(entry_words(entry, lambda on: stamp(on, setting)), lines=False)
    first, *rest = wrap(words, max(setting.width - len(at) - 1, 8))
    lines = [_ends(setting.width, ((first, "entry"),), ((at, "time"),))]
    below = wrap(" ".join(rest), max(setting.width - 3, 8)) if rest else []
    lines += [Line((("   " + text, "entry"),)) for text in below]
    return tuple(lines)


def day_line(on: date, setting: Setting) -> Line:
    """`Mon 2 Nov ------`: between messages of different days."""
    words = say("thread.day_line", weekday=when.weekday(on), day=when.day(on, setting.year)) + " "
    words = cut(words, setting.width)
    return Line(((words, "date"), ("-" * (setting.width - width(words)), "day")))


def ends(
    cells: int, left: Sequence[tuple[str, str]], right: str, style: str, spot: Spot | None = None
) -> Line:
    """`left`, and `right` at the end of the line where there is room for it."""
    return _ends(cells, left, ((right, style),), spot)


def stamp(at: int, setting: Setting) -> str:
    """`2 Nov 9:00`, for a time that may be on another day."""
    moment = when.local(at, setting.zone)
    return f"{when.day(moment.date(), setting.year)} {moment:%H:%M}"


def _ends(
    cells: int,
    left: Sequence[tuple[str, str]],
    right: Sequence[tuple[str, str]],
    spot: Spot | None = None,
    head: bool = False,
) -> Line:
    used = sum(width(text) for text, _ in left)
    wanted = sum(width(text) for text, _ in right)
    if used + 1 + wanted > cells:
        return Line(tuple(left), spot, head)
    gap = " " * (cells - used - wanted)
    return Line((*left, (gap, "body"), *right), spot, head)


# The first lines: who, when, to whom, and what is odd about it


def _head(message: ShownMessage, setting: Setting, new: bool) -> Iterator[Line]:
    """The name and, always and whole, the raw address; then when, and how far it got."""
    name, address, style = _who(message.sender, message.direction)
    right = _state(message, setting)
    room = setting.width - sum(width(text) + 2 for text, _ in right) + 1
    kind = _kind(message)
    spans: list[tuple[str, str]] = (
        [(kind + " ", "failed" if message.kind == "bounce" else "mark")] if kind else []
    )
    used = sum(width(text) for text, _ in spans)
    if name and address and used + width(name) + width(address) + 3 <= room:
        spans += [(name + " ", style), (f"<{address}>", "address")]
        below = ""
    else:
        spans.append((cut(name or address, max(room - used, 4)), style))
        below = address if name or width(address) > max(room - used, 4) else ""
    spaced: list[tuple[str, str]] = []
    for text, kind_of in right:
        spaced += [("  ", "body"), (text, kind_of)]
    yield _ends(setting.width, spans, spaced[1:], head=True)
    for text in wrap(f"<{below}>", setting.width - 2) if below else ():
        yield Line((("  " + text, "address"),))
    if new:
        yield Line((("  " + cut(say("thread.new_sender"), setting.width - 2), "new"),))


def _who(person: Person, direction: str) -> tuple[str, str, str]:
    """(name, address, style); the address is empty for this agent and where it says the same as the name."""
    name, handle = clean(person.name, lines=False).strip(), clean(person.handle, lines=False).strip()
    if any(sign in name for sign in "<@>"):
        name = f'"{name}"'  # not to be taken for the address
    if direction == "in":
        if not name and not handle:
            return say("thread.unnamed"), "", "sender"
        return (name if name != handle else ""), handle, "sender"
    if person.me:
        return say("thread.you"), "", "ours"
    return say("thread.agent", name=name or handle or say("thread.unnamed")), handle if name else "", "ours"


def _kind(message: ShownMessage) -> str:
    if message.holding:
        return say("thread.holding")
    return say(f"thread.{message.kind}") if message.kind in ("bot", "auto", "bounce", "reaction") else ""


def _state(message: ShownMessage, setting: Setting) -> list[tuple[str, str]]:
    """What stands at the right of the first line, each with its style; the time comes last."""
    at = when.clock(message.at, setting.zone)
    shown: list[tuple[str, str]] = []
    if is_shared(message.visibility):
        shown.append((say(f"thread.{message.visibility}"), "mark"))
    if message.edited:
        shown.append((say("thread.edited"), "mark"))
    if message.behind:
        return [*shown, (say("thread.behind"), "mark")]
    if message.state == "queued" and message.not_before:
        moment = when.local(message.not_before, setting.zone)
        return [*shown, (say("thread.held", when=f"{moment:%H:%M:%S}"), "mark")]
    if message.state:
        style = {"failed": "failed", "unknown": "failed", "sent": "time"}.get(message.state, "mark")
        shown.append((say(f"thread.{message.state}"), style))
    return [*shown, (at, "time")]


def _recipients(message: ShownMessage, setting: Setting) -> Iterator[Line]:
    """Cc and Bcc whenever there are any; To where ours went to somebody else than the customer."""
    ours = message.direction == "out"
    told = {person.handle.casefold() for person in message.to}
    if ours and told - {setting.customer.casefold()}:
        yield from _people("to", message.to, setting)
    yield from _people("cc", message.cc, setting)
    yield from _people("bcc", message.bcc, setting)
    answers = message.reply_address or ""
    if not ours and answers and answers.casefold() != message.sender.handle.casefold():
        yield from _marked(say("thread.answers_to", who=clean(answers, lines=False)), setting)


def _people(word: str, people: Sequence[Person], setting: Setting) -> Iterator[Line]:
    if people:
        listed = ", ".join(clean(person.handle or person.name, lines=False) for person in people)
        for text in wrap(say(f"thread.{word}", who=listed), setting.width - 2):
            yield Line((("  " + text, "address"),))


def _marked(words: str, setting: Setting, style: str = "mark") -> Iterator[Line]:
    for text in wrap(words, setting.width - 2):
        yield Line((("  " + text, style),))


def _trouble(message: ShownMessage, setting: Setting) -> Iterator[Line]:
    """What the agent must know before reading on."""
    if message.direction == "in" and message.kind != "bounce":
        for why in suspicion(message.sender.name, message.sender.handle, setting.agent_names):
            yield from _marked(say("thread.suspicious", why=say(f"text.{why}")), setting)
    if message.deleted:
        yield from _marked(say("thread.deleted"), setting, "failed")
    spot = Ask(message.key) if message.key else None
    if message.state == "failed":
        reason = clean(message.reason or "", lines=False)
        words = say("thread.failed_why", reason=reason) if reason else say("thread.failed_bare")
        yield from _asking(words, spot, setting, "opens")
    elif message.state == "unknown":
        yield from _asking(
            say("thread.unknown_asked" if message.asked else "thread.unknown_looking"), spot, setting
        )


def _asking(words: str, spot: Spot | None, setting: Setting, key: str = "asks") -> Iterator[Line]:
    asks = say(f"thread.{key}")
    first, *rest = wrap(words, max(setting.width - len(asks) - 4, 10))
    yield _ends(setting.width, (("  " + first, "failed"),), ((asks, "fold"),) if spot else (), spot)
    yield from (Line((("    " + text, "failed"),)) for text in rest)


# The content


def _content(message: ShownMessage, cells: int, unfolded: frozenset[int]) -> Iterator[Line]:
    if message.kind == "unreadable":
        size = message.body_size
        words = say("thread.unreadable", size=size) if size else say("thread.unreadable_unsized")
        spot = Whole(message.n)
        yield _ends(cells, ((cut(words, cells), "mark"),), ((say("thread.shows_source"), "fold"),), spot)
    style = "gone" if message.deleted else "body"
    yield from _text(message, cells, unfolded, style)
    if message.prior is not None:
        yield from _folded(
            message.prior, Fold(message.n, -1), say("thread.prior"), cells, -1 in unfolded, "gone"
        )
    for attachment in message.attachments:
        yield _file(message.n, attachment, cells)
        yield from _shows(attachment, cells)
    if message.remote_images:
        count = message.remote_images
        words = say("thread.images_one") if count == 1 else say("thread.images", count=count)
        yield Line(((cut(words, cells), "mark"),))


def _text(message: ShownMessage, cells: int, unfolded: frozenset[int], style: str) -> Iterator[Line]:
    text, missing = message.text, 0
    if len(text) > MAX_BYTES // 4:
        data = text.encode(errors="surrogatepass")
        missing = max(len(data) - MAX_BYTES, 0)
        text = data[:MAX_BYTES].decode(errors="ignore") if missing else text
    if message.body_size is not None and message.kind != "unreadable":
        missing = max(message.body_size - len(text.encode(errors="surrogatepass")), 0)
    if not text.strip() and not message.attachments and not missing and message.kind != "unreadable":
        yield Line(((cut(say("thread.empty"), cells), "entry"),))
    for part, piece in enumerate(fold.split(text)):
        if piece.folded:
            word = "quoted" if piece.kind == "quote" else "signature"
            words = (
                say(f"thread.{word}_one") if piece.lines == 1 else say(f"thread.{word}", count=piece.lines)
            )
            yield from _folded(piece.text, Fold(message.n, part), words, cells, part in unfolded, "quote")
        else:
            yield from _plain(piece.text, cells, style if piece.kind == "text" else "quote")
    if missing:
        words = say("thread.more", size=size_words(missing))
        yield _ends(cells, ((words, "mark"),), ((say("thread.shows_all"), "fold"),), Whole(message.n))


def _plain(text: str, cells: int, style: str) -> Iterator[Line]:
    """Wrapped; runs of blank lines become one, and there is none at either end."""
    blank = False
    begun = False
    for line in wrap(clean(text), cells):
        if not line or line.isspace():
            blank = begun
            continue
        if blank:
            yield Line()
        blank, begun = False, True
        yield Line(((line, style),))


def _folded(text: str, spot: Fold, words: str, cells: int, shown: bool, style: str) -> Iterator[Line]:
    if shown:
        words = "- " + words.removeprefix("+ ")
    verb = say("thread.hides") if shown else say("thread.shows")
    yield _ends(cells, ((cut(words, cells), "fold"),), ((verb, "fold"),), spot)
    if shown:
        yield from _plain(text, cells, style)


def _file(message: int, attachment: Attachment, cells: int) -> Line:
    """Name and size; a name too long loses its middle, so that the real extension is seen."""
    verb, size = say("thread.downloads"), size_words(attachment.size)
    room = max(cells - len(verb) - len(size) - 6, 8)
    name = clean(attachment.name, lines=False)
    if width(name) > room:
        stem, dot, extension = name.rpartition(".")
        if not stem or width(extension) > room // 2:
            name = cut(name, room)
        else:
            name = cut(stem, room - width(extension) - 1) + dot + extension
    spans = ((say("thread.file", name=name, size=size), "file"),)
    return _ends(cells, spans, ((verb, "fold"),), File(message, attachment.ref, attachment.name))


def _shows(attachment: Attachment, cells: int) -> Iterator[Line]:
    """What a picture shows, in its sender's words."""
    if attachment.alt:
        words = say("thread.alt", words=" ".join(clean(attachment.alt).split()))
        room = max(cells - 4, 8)
        lines = wrap(words, room)
        rest = [cut(" ".join(lines[_ALT_LINES - 1 :]), room)] if len(lines) >= _ALT_LINES else []
        yield from (Line((("    " + line, "quote"),)) for line in [*lines[: _ALT_LINES - 1], *rest])


def size_words(count: int) -> str:
    """`80 kB`."""
    if count < 1000:
        return say("thread.bytes", count=count)
    if count < 999_500:
        return say("thread.kilobytes", count=count / 1000)
    return say("thread.megabytes", count=count / 1_000_000)


# Notes: another word, another rail, another style


def _note(message: ShownMessage, setting: Setting) -> Iterator[Line]:
    """`:: NOTE, team only :: you   13:05 ::`, and a rail on both sides."""
    rail = say("thread.rail")
    inner = setting.width - 2 * len(rail) - 2
    sender = clean(message.sender.name or message.sender.handle, lines=False)
    who = say("thread.you").lower() if message.sender.me else sender
    right = "  ".join(text for text, _ in _state(message, setting))
    left = f"{say('thread.note')} {rail} {who or say('thread.unnamed')}"
    if width(left) + 1 + width(right) > inner:
        left = cut(left, max(inner - width(right) - 1, 6))
    gap = " " * (inner - width(left) - width(right))
    yield Line(_railed(rail, ((left + gap, "sender"), (right, "time"))), head=True)
    for text in wrap(clean(message.text), inner):
        fill = " " * (inner - width(text))
        yield Line(_railed(rail, ((text + fill, "note"),)))
    yield from _trouble(message, setting)


def _railed(rail: str, spans: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return ((rail + " ", "rail"), *spans, (" " + rail, "rail"))
