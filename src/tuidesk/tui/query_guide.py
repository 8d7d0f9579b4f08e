"""The language of queries, for the prompt that asks for one."""

from collections.abc import Mapping, Sequence

from tuidesk.domain import query
from tuidesk.domain.completion import Completion
from tuidesk.domain.query_completion import complete
from tuidesk.errors import BadQuery
from tuidesk.tui.widgets.prompt import Wrong


class QueryGuide:
    """A `Guide`; it knows the desk's accounts, tags and agents once it is told."""

    def __init__(self) -> None:
        self.known: Mapping[str, Sequence[str]] = {}

    def wrong(self, typed: str) -> Wrong | None:
        try:
            query.parse(typed)
        except BadQuery as error:
            return Wrong(error.start, error.end, str(error), error.near, error.may_go_on)
        return None

    def choices(self, typed: str, at: int) -> Completion:
        return complete(typed, at, self.known)
