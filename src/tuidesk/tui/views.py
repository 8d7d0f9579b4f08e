"""The views as the screen knows them: what each asks, what it is called, which of them the status line names."""

from collections.abc import Mapping, Sequence

from tuidesk.desk.picture import Counts
from tuidesk.domain import query
from tuidesk.domain.query import Query, View
from tuidesk.domain.text import clean, cut
from tuidesk.words import say

SEARCH = "search"
Spans = tuple[tuple[str, str], ...]

_ALWAYS = ("open", "mine", "unassigned")
_LINE = ("open", "mine", "late", "window", "unassigned", "check")
"""Those of the status line, in its order; what is in none of `_ALWAYS` only while it holds something."""
_ALERTS = {"late": "late", "check": "alert"}
"""What must be dealt with: replies that may not have left before all else."""
_NAME_CELLS = 24


class Views:
    """Those there always are, the user's own, and what was searched for."""

    def __init__(self, own: Sequence[View]) -> None:
        self.own = tuple(own)
        self._queries = {view.name: view.query for view in own}

    def asked(self, view: str, typed: str) -> "str | Query":
        """What the desk is asked for.

        Raises:
            BadQuery: what was searched for cannot be read.
        """
        return query.parse(typed) if view == SEARCH else self._queries.get(view, view)

    def on_key(self, digit: str) -> View | None:
        """The view of the user's own that a digit opens."""
        return next((view for view in self.own if view.key == digit), None)

    def order(self, asked: "str | Query") -> str:
        """What comes first in it, in words."""
        found = query.parse(query.VIEWS[asked]) if isinstance(asked, str) else asked
        return say(f"tui.order_{query.order(found)}")

    def spans(
        self, view: str, typed: str, counts: Counts, own_counts: Mapping[str, int], shown: int
    ) -> Spans:
        """For the status line. `shown`: how many the picture of `view` holds."""
        spans = []
        for name in _LINE:
            count = getattr(counts, name)
            if name == view or count or name in _ALWAYS:
                style = "chosen" if name == view else _ALERTS.get(name, "view")
                spans.append((say(f"tui.view_{name}", count=count), style))
        if view not in _LINE:
            spans.insert(0, (self._words(view, typed, counts, shown), "chosen"))
        if counts.drafts and view != "drafts":
            spans.append((say("tui.view_drafts", count=counts.drafts), "more"))
        spans += [
            (_own_words(own.name, own_counts[own.name]), "more")
            for own in self.own
            if own.key and own.name != view and own.name in own_counts
        ]
        spans.append((self.order(self.asked(view, typed)), "order"))
        return tuple(
            ((say("tui.view_chosen", view=words) if style == "chosen" else words) + "  ", style)
            for words, style in spans
        )

    def _words(self, view: str, typed: str, counts: Counts, shown: int) -> str:
        if view == SEARCH:
            words = cut(clean(typed, lines=False), _NAME_CELLS)
            return say("tui.view_search", typed=words, count=shown)
        if view in self._queries:
            return _own_words(view, shown)
        return say(f"tui.view_{view}", count=getattr(counts, view))


def _own_words(name: str, count: int) -> str:
    return say("tui.view_own", name=cut(clean(name, lines=False), _NAME_CELLS), count=count)
