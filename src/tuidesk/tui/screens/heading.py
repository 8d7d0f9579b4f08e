"""What stands above the panes (views, accounts, clock; what is wrong), and the words of a list that is empty."""

from typing import TYPE_CHECKING

from tuidesk.desk.desk import Desk
from tuidesk.domain.instants import Instant
from tuidesk.domain.query import Query
from tuidesk.domain.text import clean
from tuidesk.tui import freshness, when
from tuidesk.tui.views import SEARCH, Spans
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen
    from tuidesk.tui.screens.showing import Showing


class Heading:
    """Says how things stand, of what `showing` knows."""

    def __init__(self, screen: "DeskScreen", desk: Desk, showing: "Showing") -> None:
        self._screen = screen
        self._desk = desk
        self._showing = showing

    def say(self) -> None:
        now = self._showing.now()
        away = self._screen.handling.away_words(now) if self._screen.is_up else ""
        self._screen.status.say(
            self._spans(), freshness.summary(self._showing.accounts, now), when.clock(now), away
        )
        wrong = self._banner()
        self._screen.banner.say(wrong or freshness.loading(self._showing.accounts), alert=bool(wrong))
        self._screen.queue.say(self._empty_words(now))

    def _spans(self) -> Spans:
        showing, picture = self._showing, self._screen.queue.picture
        if showing.counts is None:
            return ()
        shown = len(picture) if picture is not None else 0
        return showing.views.spans(showing.view, showing.typed, showing.counts, showing.own_counts, shown)

    def _banner(self) -> str:
        """What is wrong and must be known before anything else; "" where nothing is."""
        if self._desk.read_only:
            return say("tui.banner_read_only", why=clean(self._desk.read_only, lines=False))
        if self._desk.salvaged:
            return clean(self._desk.salvaged, lines=False)
        if words := freshness.needs_agent(self._showing.accounts):
            return words
        going_out = self._showing.counts.going_out if self._showing.counts is not None else 0
        if words := freshness.all_offline(self._showing.accounts, going_out):
            return words
        if self._desk.problems:
            more = len(self._desk.problems) - 1
            first = clean(str(self._desk.problems[0]), lines=False)
            return say(
                "tui.banner_config", problem=first, more=say("tui.and_more", count=more) if more else ""
            )
        return ""

    def _empty_words(self, now: Instant) -> str:
        if not self._screen.is_up:
            return say("tui.opening")
        if self._screen.is_first_run:
            return say("tui.first_run")
        if self._showing.view == SEARCH:
            return say("tui.empty_search", typed=clean(self._showing.typed, lines=False))
        if isinstance(self._showing.asked, Query):
            return freshness.empty("own", self._showing.accounts, now)
        picture = self._screen.queue.picture
        if picture is not None and 0 in picture.drafts:
            return say("tui.empty_but_begun", key=self._screen.key("start-conversation"))
        return freshness.empty(self._showing.view, self._showing.accounts, now, self._screen.key("accounts"))
