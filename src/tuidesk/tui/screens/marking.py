"""Marking: which conversations the next action is about. Methods are named after the actions (`domain.actions`)."""

from typing import TYPE_CHECKING

from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen


class Marking:
    """Marks belong to conversations, never to rows; what is not in the view cannot be marked."""

    def __init__(self, screen: "DeskScreen") -> None:
        self._screen = screen

    def mark(self) -> None:
        self._screen.queue.toggle()

    def mark_range(self) -> None:
        self._screen.queue.mark_range()

    def mark_all(self) -> None:
        picture = self._screen.queue.picture
        if picture is not None:
            self._screen.queue.mark(picture.ids)
            self._screen.tell(say("tui.marked_all", count=len(picture)))

    def mark_none(self) -> None:
        self._screen.queue.mark(())

    def words(self) -> str:
        """How many are marked, and what that is good for; "" where none is, or the keys are about something else."""
        count = len(self._screen.queue.marks) if self._screen.at == "queue" else 0
        if not count:
            return ""
        return say({1: "tui.marked_one", 2: "tui.marked_two"}.get(count, "tui.marked"), count=count)
