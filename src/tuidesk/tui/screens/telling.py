"""The line above the keys: what a key is answered, what is new, what can be taken back, what is going out."""

from typing import TYPE_CHECKING

from textual.timer import Timer

from tuidesk.domain.text import clean, cut
from tuidesk.tui.widgets import queue_lines
from tuidesk.tui.widgets.hint_line import Talk
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

_NOTICE_S = 12.0


class Telling:
    """A notice stands for a while; the rest for as long as it is true."""

    def __init__(self, screen: "DeskScreen") -> None:
        self._screen = screen
        self.notice = ("", False)
        """In words, and whether something is wrong."""
        self.read_as = ""
        """Which key a letter of another keyboard was taken for."""
        self._timer: Timer | None = None

    def tell(self, words: str, *, wrong: bool = False) -> None:
        """Answer a key, in the line above the keys. Text from outside is cleaned here."""
        self.notice = (clean(words, lines=False), wrong)
        if self._screen.is_up:
            self._screen.marking.forget_offer()
        self.stand()

    def stand(self) -> None:
        """For a while, from now."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(_NOTICE_S, self._forget)
        self.say()

    def _forget(self) -> None:
        self.read_as = ""
        self.notice = ("", False)
        self.say()

    def clear(self) -> None:
        if self.notice[0]:
            self.notice = ("", False)
            self._screen.marking.forget_offer()
            self.say()

    def take_back(self, words: str) -> None:
        """They are not true any more, if they still stand there."""
        if self.notice[0] == clean(words, lines=False):
            self.clear()

    def say(self) -> None:
        screen = self._screen
        news, undo, out = self._standing()
        if undo and self.notice[0].startswith(clean(screen.showing.undoable[1], lines=False)):
            undo = say("tui.undo_it", key=screen.key("undo"))  # what is taken back stands beside it
        notice = "  ".join(filter(None, (self.notice[0], self.read_as)))
        marked = screen.marking.words() if screen.is_up else ""
        spent = screen.handling.words() if screen.is_up else ""
        screen.talk.say(Talk(notice, self.notice[1], marked, news, undo, spent, out))

    def _standing(self) -> tuple[str, str, str]:
        """What is new, what can be taken back, what is going out."""
        screen, showing = self._screen, self._screen.showing
        picture = screen.queue.picture
        newcomers = picture.newcomers if picture is not None else {}
        news = ""
        if picture is not None and (begun := picture.drafts.get(0)) is not None:
            words = " ".join(clean(begun.text or begun.subject or begun.to).split())
            news = say("tui.news_begun", key=screen.key("start-conversation"), text=cut(words, 40))
        elif len(newcomers) == 1:
            row = next(iter(newcomers.values()))
            who = cut(queue_lines.name(row, 24).strip(), 24) if row is not None else ""
            news = say("tui.news_one", who=who, key=screen.key("refresh"))
        elif newcomers:
            news = say("tui.news", count=len(newcomers), key=screen.key("refresh"))
        _, words = showing.undoable
        back = screen.key("undo")
        undo = say("tui.undo", key=back, what=clean(words, lines=False)) if words else ""
        count = showing.counts.going_out if showing.counts is not None else 0
        return news, undo, say("tui.going_out", count=count) if count else ""
