"""The lines at the foot: what happened and what can be taken back; below it the keys of this place."""

from dataclasses import dataclass
from typing import ClassVar

from textual.strip import Strip

from tuidesk.domain.text import cut, width
from tuidesk.tui.widgets.strips import Drawn, strip

_STYLES = ("news", "notice", "wrong", "undo", "out", "key", "name")


@dataclass(frozen=True, slots=True)
class Talk:
    """What the upper line says. Clean text."""

    notice: str = ""
    """The answer to the last key; it stands in front of everything else."""
    is_wrong: bool = False
    news: str = ""
    undo: str = ""
    out: str = ""


class TalkLine(Drawn):
    """What happened."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"hint--{style}" for style in _STYLES}
    DEFAULT_CSS = """
    TalkLine { height: 1; }
    TalkLine .hint--news { color: $text-accent; text-style: bold; }
    TalkLine .hint--notice { color: $foreground; text-style: bold; }
    TalkLine .hint--wrong { color: $text-error; text-style: bold; }
    TalkLine .hint--undo { color: $text-muted; }
    TalkLine .hint--out { color: $text-warning; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.talk = Talk()

    def say(self, talk: Talk) -> None:
        if talk != self.talk:
            self.talk = talk
            self.refresh()

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        if y:
            return strip(self, "hint", (), cells)
        talk = self.talk
        room = cells - width(talk.out) - 2
        spans: list[tuple[str, str]] = []
        for text, style in (
            (talk.notice, "wrong" if talk.is_wrong else "notice"),
            (talk.news, "news"),
            (talk.undo, "undo"),
        ):
            if text and room > 4:
                shown = cut(text, room - 2)
                spans += ((" ", "undo"), (shown, style), ("  ", "undo"))
                room -= width(shown) + 3
        gap = " " * max(cells - sum(width(text) for text, _ in spans) - width(talk.out) - 1, 0)
        return strip(self, "hint", (*spans, (gap, "undo"), (talk.out, "out")), cells)


class KeysLine(Drawn):
    """The keys of this place."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"hint--{style}" for style in _STYLES}
    DEFAULT_CSS = """
    KeysLine { height: 1; background: $panel; }
    KeysLine .hint--key { color: $text-accent; text-style: bold; }
    KeysLine .hint--name { color: $text-muted; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.keys: tuple[tuple[str, str], ...] = ()

    def say(self, keys: tuple[tuple[str, str], ...]) -> None:
        """(key, what it does) in turn."""
        if keys != self.keys:
            self.keys = keys
            self.refresh()

    def render_line(self, y: int) -> Strip:
        spans: list[tuple[str, str]] = [(" ", "name")]
        if y == 0:
            room = self.size.width - 1
            for key, name in self.keys:
                room -= width(key) + width(name) + 1
                if room < 0:
                    break  # the last ones are the least wanted; `?` shows them all
                spans += ((key, "key"), (f" {name}  ", "name"))
                room -= 2
        return strip(self, "hint", spans, self.size.width)
