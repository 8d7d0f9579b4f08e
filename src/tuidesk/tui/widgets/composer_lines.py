"""The lines of the composer around its text: what this is, to whom it goes, by which way, and how it stands."""

from collections.abc import Iterable
from typing import ClassVar

from textual.strip import Strip

from tuidesk.domain import actions
from tuidesk.domain.actions import Keymap
from tuidesk.domain.lengths import length
from tuidesk.domain.searchable import snippet
from tuidesk.domain.text import clean, cut, pad, width, wrap
from tuidesk.domain.visibility import is_shared
from tuidesk.tui import themes, when
from tuidesk.tui.widgets.strips import Drawn, Looks, strip
from tuidesk.tui.widgets.thread_lines import size_words
from tuidesk.tui.widgets.writing import Sheet, shown_person
from tuidesk.words import say

Spans = tuple[tuple[str, str], ...]
_ALT = 24
"""Cells of what a picture shows, beside its name."""
MOST_LINES = 2
"""Of To, and of Cc; how many more people there are is said."""
_MOST_OF_ONE = 5
"""Lines of one address: its end is the domain, and no reply goes where that cannot be read."""


class Row(tuple[Spans, Spans, str]):
    """What stands at the left, what at the right, and the sign that fills the room between them."""

    __slots__ = ()

    def __new__(
        cls, left: Iterable[tuple[str, str]], right: Iterable[tuple[str, str]] = (), fill: str = " "
    ) -> "Row":
        return super().__new__(cls, (tuple(left), tuple(right), fill))


class Lines(Drawn):
    """As many lines as it is told."""

    LOOKS: ClassVar[Looks] = {
        "reply": themes.PRIMARY_STRONG,
        "public": themes.ERROR_REVERSED,
        "note": themes.WARNING_STRONG,
        "hint": themes.MUTED,
        "route": themes.MUTED,
        "rule": themes.MUTED,
        "saved": themes.MUTED,
        "warn": themes.WARNING_STRONG,
        "error": themes.ERROR,
        "keys": themes.MUTED,
        "people": themes.PLAIN,
    }
    DEFAULT_CSS = """
    Lines { height: 1; }
    """

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._rows: tuple[Row, ...] = ()
        self.display = False

    def say(self, *rows: Row) -> None:
        """Clean text only. None at all makes the widget go."""
        if rows == self._rows:
            return
        if len(rows) != len(self._rows):
            self.display = bool(rows)
            self.styles.height = len(rows)
        self._rows = rows
        self.refresh()

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        if y >= len(self._rows):
            return strip(self, (), cells)
        left, right, fill = self._rows[y]
        left = _fitting(left, cells)
        room = cells - sum(width(text) for text, _ in (*left, *right))
        if room < 1:  # the right gives way
            return strip(self, left, cells)
        gap = (fill * room, left[0][1] if fill in "=:" else "rule")
        return strip(self, (*left, gap, *right), cells)


def _fitting(spans: Spans, cells: int) -> Spans:
    """Keys as many as fit, none of them in part: those in the middle give way, to send and to leave stay."""
    kept = list(spans)
    while len(kept) > 2 and kept[-2][1] == "keys" and sum(width(text) for text, _ in kept) > cells:
        del kept[-2]
    return tuple(kept)


def head(sheet: Sheet) -> Row:
    """`= REPLY to the customer ====`: word, sign and style tell a reply from a note."""
    if is_shared(sheet.seen_by):
        return Row(((say(f"composer.head_{sheet.seen_by}"), "public"),), fill="=")
    sign = ":" if sheet.mode == "note" else "="
    style = "note" if sheet.mode == "note" else "reply"
    return Row(((say(f"composer.head_{sheet.mode}"), style),), fill=sign)


def failure(sheet: Sheet, cells: int) -> tuple[Row, ...]:
    """`! not sent: the shop said no to it`, where the text has come back."""
    if not sheet.failed:
        return ()
    words = say("composer.came_back", reason=clean(sheet.failed, lines=False))
    return tuple(Row(((" " + line, "error"),)) for line in wrap(words, max(cells - 2, 20))[:MOST_LINES])


def closed(sheet: Sheet, cells: int, keymap: Keymap) -> tuple[Row, ...]:
    """That the time for replies is over, and what is still taken: before anything is typed."""
    if not sheet.closed:
        return ()
    key = caret("canned-writing", keymap)
    word = "composer.closed_templates" if sheet.closed == "templates" and key else "composer.closed"
    return tuple(
        Row(((" " + line, "warn"),)) for line in wrap(say(word, key=key), max(cells - 2, 20))[:MOST_LINES]
    )


def people(sheet: Sheet, cells: int, keymap: Keymap = actions.STANDARD) -> tuple[Row, ...]:
    """`To Dana Ortiz <dana@ortiz.example>  Cc legal@ortiz.example     ^R change`, else a line or two for each."""
    if sheet.mode == "note":
        return (Row(((" " + say("composer.team"), "people"),)),)
    if sheet.recipients is None:
        return ()
    key = caret("recipients", keymap)
    hint = say("composer.change", key=key) if (sheet.can_change or sheet.routes) and key else ""
    right = ((hint + " ", "hint"),) if hint else ()
    narrow = max(cells - width(hint) - 3, 10)
    most = MOST_LINES * narrow - 24  # room for the word before, and for how many more there are
    to = [shown_person(person, most) for person in sheet.recipients.to] or [say("composer.nobody")]
    cc = [shown_person(person, most) for person in sheet.recipients.cc]
    whole = say("composer.to", who=", ".join(to))
    if cc:
        whole += "  " + say("composer.cc", who=", ".join(cc))
    if width(whole) <= narrow:
        return (Row(((" " + whole, "people"),), right),)
    lines = _listed("to", to, narrow) + (_listed("cc", cc, narrow) if cc else [])
    return (
        Row(((" " + lines[0], "people"),), right),
        *(Row(((" " + line, "people"),)) for line in lines[1:]),
    )


def _listed(word: str, people: list[str], cells: int) -> list[str]:
    """On two lines at most: as many as are shown whole, and how many more there are. One is always whole."""
    kept = len(people)
    while True:
        more = len(people) - kept
        words = ", ".join(people[:kept])
        if more:
            words = say("composer.people_more", people=words, count=more)
        lines = wrap(say(f"composer.{word}", who=words), cells)
        if len(lines) <= MOST_LINES or kept <= 1:
            return lines[: MOST_LINES if kept > 1 else _MOST_OF_ONE]
        kept = min(kept - 1, max(MOST_LINES * cells // 4, 1))


def route(sheet: Sheet, sender: str = "") -> tuple[Row, ...]:
    """`via mail, as Ana (Acme Support)      direct`. `sender`: an alias that was chosen."""
    if sheet.mode == "note":
        return ()
    medium = clean(sheet.goes_by, lines=False)
    answers = sheet.recipients if sheet.mode == "reply" else None
    via = clean(sender or (answers.via if answers is not None else ""), lines=False)
    words = say("composer.route" if via else "composer.route_start", medium=medium, via=via)
    if answers is None:
        return (Row(((" " + words, "route"),)), *_passed_on(sheet))
    right = (say(f"composer.{sheet.seen_by}"), "public" if is_shared(sheet.seen_by) else "route")
    return (Row(((" " + words, "route"),), (right, (" ", "route"))),)


def _passed_on(sheet: Sheet) -> tuple[Row, ...]:
    """Whose words go along with a forward, and how many files."""
    message = sheet.passes_on
    if message is None:
        return ()
    who = cut(clean(message.sender.name or message.sender.handle, lines=False), 30)
    files = len(message.attachments)
    kind = "passes_on" if not files else "passes_on_file" if files == 1 else "passes_on_files"
    words = say(f"composer.{kind}", who=who, when=when.clock(message.at), count=files)
    text = clean(snippet(message.text, 60), lines=False)
    return (Row(((f" {words}: ", "route"), (text, "people"))),)


def foot(
    sheet: Sheet, text: str, state: str, files: Iterable[str], keymap: Keymap = actions.STANDARD
) -> tuple[Row, ...]:
    """Files, then `draft saved   124 chars       leaves 10 s after send`, then the keys. `state`: clean words."""
    after = leaves(sheet)
    status = Row(
        ((" " + pad(state, 13), "saved"), room(sheet, text)), ((after + " ", "saved"),) if after else ()
    )
    return (*_files(files), status, key_row(sheet, keymap))


def foot_saying(
    sheet: Sheet,
    words: str,
    style: str,
    files: Iterable[str],
    cells: int,
    keymap: Keymap = actions.STANDARD,
) -> tuple[Row, ...]:
    """The same with a sentence instead of how it stands: a question, or what went wrong."""
    said = tuple(Row(((" " + line, style),)) for line in wrap(words, max(cells - 2, 20))[:3])
    return (*_files(files), *said, key_row(sheet, keymap))


def file_words(path: str, size: int | None, alt: str = "") -> str:
    """`receipt.pdf 80 kB`, `box.jpg 1.2 MB (a torn box)`."""
    name = clean(path.rpartition("/")[2], lines=False)
    words = name if size is None else f"{name} {size_words(size)}"
    return f"{words} ({cut(' '.join(clean(alt).split()), _ALT)})" if alt else words


def _files(named: Iterable[str]) -> tuple[Row, ...]:
    names = ", ".join(named)
    return (Row(((" " + say("composer.files", names=names), "people"),)),) if names else ()


def key_row(sheet: Sheet, keymap: Keymap = actions.STANDARD) -> Row:
    """`^S send  ^T canned  ^O editor  ^F file  ^G keys  Esc leave`, as they are in force."""
    ids = ["send", "canned-writing", "editor", "attach", "help-writing", "leave"]
    if sheet.mode == "note":
        ids.remove("attach")
    keys = ((caret(id, keymap), id) for id in ids)
    shown = [f"{key} {say('composer.does_' + id)}" for key, id in keys if key]
    return Row((("  " if at else " ") + words, "keys") for at, words in enumerate(shown))


def caret(id: str, keymap: Keymap) -> str:
    """The key of an action of the composer's, `^S` for Ctrl+S; "" where it has none."""
    return actions.key_of(id, "composer", keymap).replace("Ctrl+", "^")


def too_long(sheet: Sheet, text: str) -> int:
    """By how much the text is longer than the channel takes, in the channel's own unit."""
    if sheet.max_length is None or sheet.mode == "note":
        return 0
    return max(length(text, sheet.unit) - sheet.max_length, 0)


def room(sheet: Sheet, text: str) -> tuple[str, str]:
    """`124 chars`, or what room is left where the channel has a limit."""
    if sheet.max_length is None or sheet.mode == "note":
        return say("composer.characters", count=len(text)), "saved"
    left = sheet.max_length - length(text, sheet.unit)
    if left < 0:
        return say("composer.too_long", over=-left), "error"
    return say(f"composer.room_{sheet.unit}", left=left), "warn" if left < sheet.max_length // 10 else "saved"


def leaves(sheet: Sheet) -> str:
    """When it goes out after sending."""
    if sheet.mode == "note":
        return ""
    return say("composer.leaves", seconds=sheet.hold_s) if sheet.hold_s else say("composer.leaves_at_once")


class Rail(Drawn):
    """`::` beside every line of a note."""

    LOOKS: ClassVar[Looks] = {
        "sign": themes.WARNING_STRONG,
    }
    DEFAULT_CSS = """
    Rail { width: 2; height: 1fr; }
    """

    def render_line(self, y: int) -> Strip:
        return strip(self, ((say("composer.rail"), "sign"),) if y >= 0 else (), self.size.width)
