"""HTML → text a person can read, and nothing ever fetched.

The tree comes from lexbor and is walked with a stack of our own, once. What mails hide stays hidden; where a
link really leads is shown.
"""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tuidesk.errors import Unreadable
from tuidesk.wire.links import target
from tuidesk.words import say

MAX_DEPTH = 200
_MAX_OPEN = 1_000
"""Elements left open in the source. Beyond it the tree builder itself is slow: we look before it does."""
_MAX_MARKS = 20
"""Levels of quotes and lists that are marked; deeper ones are read at this level."""

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_CLOSED_BY_OTHERS = frozenset((
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen",
    "link", "meta", "param", "source", "track", "wbr", "body", "colgroup", "dd", "dt", "head", "html", "li",
    "optgroup", "option", "p", "rb", "rp", "rt", "rtc", "tbody", "td", "tfoot", "th", "thead", "tr",
))  # fmt: skip
_DROPPED = frozenset((
    "script", "style", "head", "title", "template", "select", "object", "embed", "iframe", "svg", "math",
    "canvas", "audio", "video", "noframes", "datalist", "-comment", "-doctype",
))  # fmt: skip
_LINES = frozenset((
    "div", "section", "article", "header", "footer", "main", "nav", "aside", "figure", "figcaption",
    "address", "form", "fieldset", "details", "summary", "center", "dd", "dt", "caption", "legend",
    "hgroup", "search",
))  # fmt: skip
_PARAGRAPHS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "menu", "table", "blockquote", "pre", "hr",
    "listing", "xmp",
))  # fmt: skip

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_FILLER = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2007\u200b-\u200d\u2060\ufeff\u00a0 ]{6,}"
)
_HIDDEN = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|(?:opacity|max-height):0?\.?0+(?:px|em|%)?(?:;"
    r"|!|$))"
)
_FONT_SIZE = re.compile(r"(?:^|;)font-size:([0-9.]{1,10})(px|pt)?")
_REMOTE = re.compile(r"\s*(?:https?:)?[/\\]{2}", re.IGNORECASE)
_REMOTE_BACKGROUND = re.compile(
    r"background(?:-image)?\s*:[^;}\"<>]{0,100}url\(\s*['\"]?(?:https?:)?//", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class HtmlText:
    """What is to be read, and how many pictures a browser would have fetched for it."""

    text: str
    remote_images: int


def to_text(html: str) -> HtmlText:
    """HTML of any state → text with `\\n` line ends; links as `text <host/path>` unless it says the host.

    Raises:
        Unreadable: nested deeper than `MAX_DEPTH`.
    """
    _refuse_towers(html)
    tree = LexborHTMLParser(html.replace("\x00", "\ufffd"))
    body = tree.body
    if body is None:
        return HtmlText("", 0)
    base = tree.css_first("base[href]")
    writer = _Writer((base.attributes.get("href") or "") if base is not None else "")
    _walk(body, writer)
    return HtmlText(writer.text(), _remote_images(tree, html))


def _refuse_towers(html: str) -> None:
    """Counts what is open, roughly: comments count too, and a wrong end tag closes whatever is there."""
    if html.count("<") < _MAX_OPEN:
        return
    opened = 0
    for match in _TAG.finditer(html):
        if match[2].lower() in _CLOSED_BY_OTHERS:
            continue
        opened = max(0, opened - 1) if match[1] else opened + 1
        if opened > _MAX_OPEN:
            raise Unreadable(say("html.too_deep", limit=MAX_DEPTH))


def _remote_images(tree: LexborHTMLParser, html: str) -> int:
    found = 0
    for node in tree.css("img, input[type=image], [background]"):
        attributes = node.attributes
        sources = [attributes.get(name) or "" for name in ("src", "srcset", "background")]
        found += any(_REMOTE.match(source) for source in sources)
    return found + len(_REMOTE_BACKGROUND.findall(html))


def _walk(root: LexborNode, writer: "_Writer") -> None:
    """Every node in document order, what is dropped left out; enter and leave called in pairs."""
    stack: list[LexborNode] = []
    node = root
    while True:
        if writer.enter(node):
            child = node.first_child
            if child is not None:
                stack.append(node)
                if len(stack) > MAX_DEPTH:
                    raise Unreadable(say("html.too_deep", limit=MAX_DEPTH))
                node = child
                continue
            writer.leave(node)
        while stack and (following := node.next) is None:
            node = stack.pop()
            writer.leave(node)
        if not stack:
            return
        assert following is not None
        node = following


@dataclass(slots=True)
class _Block:
    """Lines that are put together before they go to the block around them."""

    tag: str
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    """The line under way, in pieces."""
    gap: bool = False
    """A blank line is due before the next line."""
    marker: str = ""
    """What the first line begins with; the others are indented alike."""
    rows: list[list[list[str]]] = field(default_factory=list)
    """Of a table: rows of cells of lines."""


@dataclass(slots=True)
class _State:
    """What an element hands down to what is in it."""

    tag: str
    silent: bool
    """Font size nought: wrappers use it against gaps, and set it back inside; preheaders do not."""
    pre: bool
    own_block: bool


class _Writer:
    """Turns nodes into lines: a block for whatever is indented, marked or laid out as a table."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._blocks = [_Block("body")]
        self._states = [_State("", False, False, False)]
        self._counters: list[int | None] = []
        self._link: list[str] | None = None
        self._marks = 0

    def text(self) -> str:
        """All of it."""
        self._end_line()
        return "\n".join(_trimmed(self._blocks[0].lines))

    def enter(self, node: LexborNode) -> bool:
        """Whether to go into it; only then `leave` follows."""
        tag = node.tag or ""
        if tag == "-text":
            self._write(node.text_content or "")
            return False
        if tag in _DROPPED:
            return False
        if tag in ("br", "img", "hr"):
            self._leaf(tag, node)
            return False
        state = self._state(tag, node)
        if state is None:
            return False
        self._open(state, node)
        self._states.append(state)
        return True

    def leave(self, node: LexborNode) -> None:
        """The end of what was entered."""
        state = self._states.pop()
        tag = state.tag
        if tag == "a" and self._link is not None:
            shown = target(node.attributes.get("href") or "", "".join(self._link), self._base)
            self._link = None
            if shown:
                self._put(f" <{shown}>" if self._blocks[-1].line else f"<{shown}>")
        if tag in ("ul", "ol", "menu"):
            self._counters.pop()
        if state.own_block:
            self._close_block()
        if tag in _PARAGRAPHS:
            self._paragraph()
        elif tag in _LINES:
            self._end_line()

    def _state(self, tag: str, node: LexborNode) -> _State | None:
        """What holds inside the element; None if it is hidden."""
        before = self._states[-1]
        silent, pre = before.silent, before.pre or tag in ("pre", "listing", "xmp", "textarea")
        attributes = node.attributes
        if "hidden" in attributes:
            return None
        style = attributes.get("style")
        if style:
            style = "".join(style.lower().split())
            if _HIDDEN.search(style):
                return None
            size = _FONT_SIZE.search(style)
            if size:
                silent = _is_tiny(size[1], size[2])
            pre = pre or "white-space:pre" in style
        own_block = tag in ("blockquote", "li", "table", "td", "th")
        return _State(tag, silent, pre, own_block)

    def _open(self, state: _State, node: LexborNode) -> None:
        tag = state.tag
        if tag in _PARAGRAPHS:
            if tag == "p" and "msonormal" in (node.attributes.get("class") or "").lower():
                state.tag = "div"  # Word sets no margin between these
                self._end_line()
            elif tag in ("ul", "ol", "menu") and self._counters:
                self._end_line()
            else:
                self._paragraph()
        elif tag in _LINES:
            self._end_line()
        if tag == "a":
            self._link = []
        elif tag in ("ul", "ol", "menu"):
            self._counters.append(_start(node) if tag == "ol" else None)
        elif tag == "tr" and self._blocks[-1].tag == "table":
            self._blocks[-1].rows.append([])
        if state.own_block:
            self._open_block(tag)

    def _open_block(self, tag: str) -> None:
        self._end_line()
        block = _Block(tag)
        if tag in ("blockquote", "li"):
            self._marks += 1
        if tag == "li":
            number = self._counters[-1] if self._counters else None
            block.marker = "- " if number is None else f"{number}. "
            if number is not None:
                self._counters[-1] = number + 1
        self._blocks.append(block)

    def _close_block(self) -> None:
        self._end_line()
        block = self._blocks.pop()
        lines = _trimmed(block.lines)
        marked = self._marks <= _MAX_MARKS
        if block.tag in ("blockquote", "li"):
            self._marks -= 1
        above = self._blocks[-1]
        if block.tag in ("td", "th") and above.tag == "table" and above.rows:
            above.rows[-1].append(lines)
            return
        if block.tag == "table":
            lines = _trimmed(lines + _laid_out(block.rows))
        elif block.tag == "blockquote" and marked:
            lines = [f"> {line}".rstrip() for line in lines]
        elif block.tag == "li" and marked and lines:
            indent = " " * len(block.marker)
            lines = [block.marker + lines[0], *(indent + line if line else "" for line in lines[1:])]
        self._add(lines)

    def _leaf(self, tag: str, node: LexborNode) -> None:
        if tag == "br":
            if self._link is not None:
                self._link.append(" ")
            if self._blocks[-1].line:
                self._end_line()
            else:
                self._add([""])
        elif tag == "hr":
            self._paragraph()
            self._add(["---"])
            self._paragraph()
        else:
            alt = _BLANKS.sub(" ", node.attributes.get("alt") or "").strip()
            state = self._state(tag, node)
            if alt and state is not None and not state.silent:
                self._put(say("html.image", alt=alt))

    def _write(self, text: str) -> None:
        state = self._states[-1]
        if state.silent:
            return
        text = _FILLER.sub(_without_filler, text)
        if state.pre:
            first, *others = text.expandtabs().replace("\r\n", "\n").split("\n")
            self._put(first)
            for other in others:
                self._end_line(kept=True)
                self._put(other)
            return
        text = _BLANKS.sub(" ", text).replace("\xa0", " ")
        line = self._blocks[-1].line
        if not line or line[-1].endswith(" "):
            text = text.lstrip(" ")
        self._put(text)

    def _put(self, text: str) -> None:
        if text:
            self._blocks[-1].line.append(text)
            if self._link is not None:
                self._link.append(text)

    def _end_line(self, kept: bool = False) -> None:
        """The line under way goes to its block; an empty one only where blanks are `kept`."""
        block = self._blocks[-1]
        line = "".join(block.line).rstrip()
        if self._link is not None and block.line:
            self._link.append(" ")
        block.line.clear()
        if line:
            self._add([line])
        elif kept:
            block.lines.append("")

    def _add(self, lines: list[str]) -> None:
        """Whole lines, after the blank one that is due; never two blank ones in a row."""
        block = self._blocks[-1]
        if not lines:
            return
        if block.gap and block.lines and block.lines[-1]:
            block.lines.append("")
        block.gap = False
        if lines == [""] and block.lines and not block.lines[-1]:
            return
        block.lines.extend(lines)

    def _paragraph(self) -> None:
        self._end_line()
        self._blocks[-1].gap = True


def _is_tiny(number: str, unit: str | None) -> bool:
    try:
        size = float(number)
    except ValueError:
        return False
    return size == 0 or (unit is not None and size <= 1)


def _without_filler(match: re.Match[str]) -> str:
    """Runs of invisible signs push a preheader's neighbours out of the preview; plain blanks are let be."""
    return match[0] if not match[0].strip(" \xa0") else " "


def _start(node: LexborNode) -> int:
    value = (node.attributes.get("start") or "").strip()
    return int(value) if re.fullmatch(r"-?\d{1,6}", value, re.ASCII) else 1


def _trimmed(lines: list[str]) -> list[str]:
    """Without blank lines at either end."""
    first, last = 0, len(lines)
    while first < last and not lines[first]:
        first += 1
    while last > first and not lines[last - 1]:
        last -= 1
    return lines[first:last]


def _laid_out(rows: list[list[list[str]]]) -> list[str]:
    """A table's rows. Short cells are data and stand in one line; long ones are layout, one after another.

    An empty cell keeps its place, so that those behind it stay below their heads; a column of them is layout.
    """
    used = {at for row in rows for at, cell in enumerate(row) if cell}
    out: list[str] = []
    for row in rows:
        cells = [cell for cell in row if cell]
        if len(cells) > 1 and all(_is_short(cell) for cell in cells):
            last = max(at for at, cell in enumerate(row) if cell)
            kept = [cell for at, cell in enumerate(row[: last + 1]) if at in used]
            out.append(" | ".join(" ".join(line.strip() for line in cell if line) for cell in kept))
            continue
        for cell in cells:
            if len(cell) > 1 and out and out[-1]:
                out.append("")
            out.extend(cell)
            if len(cell) > 1:
                out.append("")
    return out


def _is_short(cell: list[str]) -> bool:
    return len(cell) == 1 or (len(cell) <= 3 and sum(map(len, cell)) <= 80)
