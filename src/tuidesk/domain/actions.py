"""Every action of the screen: its keys and where they hold. Screen, help, palette and README come from this table.

A key is written as a person reads it: `j`, `Ctrl+D`, `PgDn`, `g o` (one after the other). What an action is called
stands in `words` under `keys.<id>`, with `-` for what is `_` there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from tuidesk.words import say

Place = Literal["queue", "thread", "customer", "composer"]
PANES: tuple[Place, ...] = ("queue", "thread", "customer")
EVERYWHERE: tuple[Place, ...] = (*PANES, "composer")
LIST: tuple[Place, ...] = ("queue",)
CUSTOMER: tuple[Place, ...] = ("customer",)
WRITING: tuple[Place, ...] = ("composer",)

GROUPS = ("moving", "answering", "settling", "finding", "views", "rest", "writing")
"""The order of the help screen and of the README."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something an agent can do from the screen."""

    id: str
    keys: tuple[str, ...]
    group: str
    places: tuple[Place, ...] = PANES
    """Where its keys hold."""

    @property
    def name(self) -> str:
        return say("keys." + self.id.replace("-", "_"))

    @property
    def prefix(self) -> str:
        """The key that comes before another one, or ""."""
        return next((key.split()[0] for key in self.keys if " " in key), "")


ACTIONS: tuple[Action, ...] = (
    Action("next", ("j", "Down"), "moving"),
    Action("previous", ("k", "Up"), "moving"),
    Action("next-conversation", ("J",), "moving"),
    Action("previous-conversation", ("K",), "moving"),
    Action("open", ("Enter",), "moving"),
    Action("open-row", ("o",), "moving", LIST),
    Action("unfold", ("o",), "moving", CUSTOMER),
    Action("page-down", ("Space", "PgDn"), "moving"),
    Action("page-up", ("PgUp",), "moving"),
    Action("half-down", ("Ctrl+D",), "moving"),
    Action("half-up", ("Ctrl+U",), "moving"),
    Action("start", ("Home",), "moving"),
    Action("end", ("End",), "moving"),
    Action("back", ("u", "Esc", "Ctrl+C"), "moving"),
    Action("next-pane", ("Tab",), "moving"),
    Action("previous-pane", ("Shift+Tab",), "moving"),
    Action("history", ("h",), "moving"),
    Action("reply", ("r",), "answering"),
    Action("reply-editor", ("R",), "answering"),
    Action("note", ("n",), "answering"),
    Action("contact-note", ("N",), "answering", ("thread", "customer")),
    Action("canned", ("m",), "answering"),
    Action("forward", ("f",), "answering"),
    Action("start-conversation", ("c",), "answering"),
    Action("complete", ("e",), "settling"),
    Action("complete-stay", ("E",), "settling"),
    Action("pending", ("p",), "settling"),
    Action("reopen", ("O",), "settling"),
    Action("snooze", ("b",), "settling"),
    Action("take", ("i",), "settling"),
    Action("same-person", ("+",), "settling", CUSTOMER),
    Action("two-people", ("-",), "settling", CUSTOMER),
    Action("undo", ("z",), "settling"),
    Action("search", ("/",), "finding"),
    Action("download", ("d",), "finding"),
    Action("source", ("v",), "finding"),
    Action("view-open", ("g o",), "views"),
    Action("view-pending", ("g p",), "views"),
    Action("view-snoozed", ("g b",), "views"),
    Action("view-complete", ("g c",), "views"),
    Action("view-check", ("g k",), "views"),
    Action("view-drafts", ("g d",), "views"),
    Action("view-all", ("g A",), "views"),
    Action("refresh", ("g r",), "views"),
    Action("accounts", ("g a",), "views"),
    Action("palette", (":", "Ctrl+P"), "rest"),
    Action("help", ("?",), "rest"),
    Action("redraw", ("Ctrl+L",), "rest", EVERYWHERE),
    Action("suspend", ("Ctrl+Z",), "rest"),
    Action("quit", ("q",), "rest"),
    Action("quit-hint", ("Ctrl+Q",), "rest", EVERYWHERE),
    Action("send-hint", ("Ctrl+S",), "rest"),
    Action("send", ("Ctrl+S", "Ctrl+Enter"), "writing", WRITING),
    Action("leave", ("Esc", "Ctrl+C"), "writing", WRITING),
    Action("quote", (">",), "writing", WRITING),
    Action("canned-writing", ("Ctrl+T",), "writing", WRITING),
    Action("recipients", ("Ctrl+R",), "writing", WRITING),
    Action("editor", ("Ctrl+O",), "writing", WRITING),
    Action("attach", ("Ctrl+F",), "writing", WRITING),
    Action("palette-writing", ("Ctrl+P",), "writing", WRITING),
    Action("help-writing", ("Ctrl+G",), "writing", WRITING),
)

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}

_WORK = ("reply", "note", "complete", "snooze", "take", "canned")
_REST = ("undo", "search", "palette", "help")
HINTS: Mapping[Place, tuple[str, ...]] = {
    "queue": (*_WORK, *_REST),
    "thread": ("open", *_WORK, "download", "back", *_REST),
    "customer": ("open", "unfold", "contact-note", "same-person", "history", "back", *_REST),
}
"""What is worth a place in the line at the foot of the screen, by where the agent is; the first are the most so."""


def holding(place: Place) -> dict[str, Action]:
    """Key → action, for what holds at `place`. A key of two parts stands as it is written: `g o`."""
    return {key: action for action in ACTIONS if place in action.places for key in action.keys}


def after(prefix: str) -> tuple[Action, ...]:
    """The actions whose key begins with this one."""
    return tuple(action for action in ACTIONS if action.prefix == prefix)


def hints(place: Place) -> tuple[Action, ...]:
    """What the foot of the screen names at `place`."""
    return tuple(BY_ID[id] for id in HINTS.get(place, ()))


def grouped(actions: Iterable[Action] = ACTIONS) -> dict[str, tuple[Action, ...]]:
    """The same by group, in the order of the help screen; groups without an action are left out."""
    chosen = tuple(actions)
    found = {group: tuple(action for action in chosen if action.group == group) for group in GROUPS}
    return {group: members for group, members in found.items() if members}


def table() -> str:
    """The README's key table, in Markdown."""
    lines = [f"| {say('keys.column_key')} | {say('keys.column_does')} |", "|---|---|"]
    for group, members in grouped().items():
        lines.append(f"| **{say('keys.group_' + group)}** | |")
        lines += [
            f"| {' '.join(f'`{_escaped(key)}`' for key in action.keys)} | {action.name} |"
            for action in members
        ]
    return "\n".join(lines) + "\n"


def _escaped(key: str) -> str:
    return key.replace("|", "\\|")
