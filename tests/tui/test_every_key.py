"""Every key of the table at every place where it holds: what the store says then, and what the screen shows.

A key is pressed at a conversation that no other has changed. Who adds a key adds what it does.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tui import scenes_doing as doing
from tests.tui import scenes_looking as looking
from tests.tui import scenes_moving as moving
from tests.tui.hand import Hand, hand
from tests.tui.run import on_screen
from tests.tui.scenes_moving import FILES, KNOWN, LONG
from tuidesk.domain.actions import ACTIONS, BY_ID, EVERYWHERE, GROUPS, Place

Scene = Callable[[Hand], Awaitable[None]]

PANES = "queue thread customer"
ALL = f"{PANES} composer"


@dataclass(frozen=True, slots=True)
class Case:
    action: str
    keys: str
    """Between commas."""
    places: str
    """Between blanks."""
    scene: Scene
    who: str = ""
    """Whose conversation it takes; "": anybody's that is as it was."""

    def triples(self) -> Iterator[tuple[str, str, str]]:
        for key in self.keys.split(", "):
            for place in self.places.split():
                yield self.action, key, place


CASES = (
    Case("next", "j, Down", PANES, moving.next, KNOWN),
    Case("previous", "k, Up", PANES, moving.previous, KNOWN),
    Case("next-conversation", "J", PANES, moving.next_conversation),
    Case("previous-conversation", "K", PANES, moving.previous_conversation),
    Case("open", "Enter", PANES, moving.open, KNOWN),
    Case("open-row", "o", "queue", moving.open),
    Case("unfold", "o", "customer", moving.unfold, KNOWN),
    Case("page-down", "Space, PgDn", "queue thread", moving.page_down, LONG),
    Case("page-down", "Space, PgDn", "customer", moving.page_down, KNOWN),
    Case("page-up", "PgUp", "queue thread", moving.page_up, LONG),
    Case("page-up", "PgUp", "customer", moving.page_up, KNOWN),
    Case("half-down", "Ctrl+D", "queue thread", moving.half_down, LONG),
    Case("half-down", "Ctrl+D", "customer", moving.half_down, KNOWN),
    Case("half-up", "Ctrl+U", "queue thread", moving.half_up, LONG),
    Case("half-up", "Ctrl+U", "customer", moving.half_up, KNOWN),
    Case("start", "Home", "queue thread", moving.start, LONG),
    Case("start", "Home", "customer", moving.start, KNOWN),
    Case("end", "End", "queue thread", moving.end, LONG),
    Case("end", "End", "customer", moving.end, KNOWN),
    Case("back", "u, Esc, Ctrl+C", PANES, moving.back, KNOWN),
    Case("next-pane", "Tab", PANES, moving.next_pane, KNOWN),
    Case("previous-pane", "Shift+Tab", PANES, moving.previous_pane, KNOWN),
    Case("history", "h", PANES, moving.history, KNOWN),
    Case("reply", "r", PANES, doing.reply),
    Case("reply-editor", "R", PANES, doing.reply_editor),
    Case("note", "n", PANES, doing.note),
    Case("contact-note", "N", "thread customer", doing.contact_note),
    Case("canned", "m", PANES, doing.canned),
    Case("forward", "f", PANES, doing.forward),
    Case("start-conversation", "c", PANES, doing.start_conversation),
    Case("complete", "e", PANES, doing.complete),
    Case("complete-stay", "E", PANES, doing.complete_stay),
    Case("pending", "p", PANES, doing.pending),
    Case("reopen", "O", PANES, doing.reopen),
    Case("snooze", "b", PANES, doing.snooze),
    Case("take", "i", PANES, doing.take),
    Case("take-next", "g n", PANES, doing.take_next),
    Case("assign", "a", PANES, doing.assign),
    Case("tag", "l", PANES, doing.tag),
    Case("priority", "P", PANES, doing.priority),
    Case("star", "s", PANES, doing.star),
    Case("mute", "M", PANES, doing.mute),
    Case("spam", "!", PANES, doing.spam),
    Case("same-person", "+", "customer", doing.same_person, KNOWN),
    Case("two-people", "-", "customer", doing.two_people, KNOWN),
    Case("undo", "z", PANES, doing.undo),
    Case("repeat", ".", PANES, doing.repeat),
    Case("mark", "x", "queue", looking.mark),
    Case("mark-range", "X", "queue", looking.mark_range),
    Case("mark-all", "* a", "queue", looking.mark_by),
    Case("mark-none", "* n", "queue", looking.mark_by),
    Case("mark-unread", "* u", "queue", looking.mark_by),
    Case("mark-starred", "* s", "queue", looking.mark_by),
    Case("mark-late", "* l", "queue", looking.mark_by),
    Case("mark-open", "* o", "queue", looking.mark_by),
    Case("mark-mine", "* m", "queue", looking.mark_by),
    Case("mark-customer", "* c", PANES, looking.mark_customer, KNOWN),
    Case("search", "/", PANES, looking.search),
    Case("download", "d", PANES, looking.download, FILES),
    Case("rows", "v", "queue", looking.rows),
    Case("source", "v", "thread customer", looking.source),
    Case("why", "w", PANES, looking.why),
    Case("open-saved", "D", PANES, looking.open_saved, FILES),
    Case("copy-number", "y", PANES, looking.copy_number),
    Case("copy-text", "Y", PANES, looking.copy_text),
    Case("pipe", "|", PANES, looking.pipe),
    Case("view-open", "g o", PANES, looking.view),
    Case("view-mine", "g m", PANES, looking.view),
    Case("view-unassigned", "g u", PANES, looking.view),
    Case("view-late", "g l", PANES, looking.view),
    Case("view-soon", "g s", PANES, looking.view),
    Case("view-window", "g w", PANES, looking.view),
    Case("view-snoozed", "g b", PANES, looking.view),
    Case("view-pending", "g p", PANES, looking.view),
    Case("view-drafts", "g d", PANES, looking.view),
    Case("view-check", "g k", PANES, looking.view),
    Case("view-handled", "g e", PANES, looking.view),
    Case("view-complete", "g c", PANES, looking.view),
    Case("view-all", "g A", PANES, looking.view),
    Case("view-own", ", ".join(f"g {digit}" for digit in "1234567890"), PANES, looking.view_own),
    Case("refresh", "g r", PANES, looking.refresh),
    Case("accounts", "g a", PANES, looking.accounts),
    Case("report", "g t", PANES, looking.report),
    Case("palette", ":, Ctrl+P", PANES, looking.palette),
    Case("help", "?", PANES, looking.help),
    Case("redraw", "Ctrl+L", ALL, looking.redraw),
    Case("suspend", "Ctrl+Z", PANES, looking.suspend),
    Case("quit", "q", PANES, looking.quit),
    Case("quit-hint", "Ctrl+Q", ALL, looking.quit_hint),
    Case("send-hint", "Ctrl+S", PANES, looking.send_hint),
    Case("send", "Ctrl+S, Ctrl+Enter", "composer", doing.send),
    Case("leave", "Esc, Ctrl+C", "composer", doing.leave),
    Case("quote", ">", "composer", doing.quote),
    Case("canned-writing", "Ctrl+T", "composer", doing.canned_writing),
    Case("recipients", "Ctrl+R", "composer", doing.recipients),
    Case("editor", "Ctrl+O", "composer", doing.editor),
    Case("attach", "Ctrl+F", "composer", doing.attach),
    Case("palette-writing", "Ctrl+P", "composer", looking.palette),
    Case("help-writing", "Ctrl+G", "composer", looking.help),
)


def test_every_key_of_every_action_has_a_scene_at_every_place() -> None:
    tried = [triple for case in CASES for triple in case.triples()]
    table = {(one.id, key, place) for one in ACTIONS for key in one.keys for place in one.places}
    assert set(tried) == table
    assert len(tried) == len(table)


def _tried(group: str, place: Place) -> list[tuple[Case, str]]:
    return [
        (case, key)
        for case in CASES
        for _, key, at in case.triples()
        if at == place and BY_ID[case.action].group == group
    ]


@pytest.mark.parametrize(
    ("group", "place"),
    [(group, place) for group in GROUPS for place in EVERYWHERE if _tried(group, place)],
)
@on_screen
async def test_what_the_keys_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: str, place: Place
) -> None:
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    async with hand(tmp_path) as its:
        for case, key in _tried(group, place):
            try:
                await its.go(place, case.who)
                its.key = key
                await case.scene(its)
            except BaseException as error:
                error.add_note(f"{key} ({case.action}) at the {place}, #{its.n}")
                raise
