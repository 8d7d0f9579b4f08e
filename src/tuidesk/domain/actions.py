"""Every action of the screen: its keys and where they hold. Screen, help, palette and README come from this table.

A key is written as a person reads it: `j`, `Ctrl+D`, `PgDn`, `g o` (one after the other). What an action is called
stands in `words` under `keys.<id>`, with `-` for what is `_` there. The keys here are the standard ones; a `Keymap`
has those in force (`domain.keymap` makes one from the config).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from tuidesk.words import say

Place = Literal["queue", "thread", "customer", "composer"]
PANES: tuple[Place, ...] = ("queue", "thread", "customer")
EVERYWHERE: tuple[Place, ...] = (*PANES, "composer")
LIST: tuple[Place, ...] = ("queue",)
CUSTOMER: tuple[Place, ...] = ("customer",)
WRITING: tuple[Place, ...] = ("composer",)

GROUPS = ("moving", "answering", "settling", "marking", "finding", "views", "rest", "writing")
"""The order of the help screen and of the README."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something an agent can do from the screen."""

    id: str
    keys: tuple[str, ...]
    group: str
    places: tuple[Place, ...] = PANES
    """Where its keys hold."""
    has_argument: bool = False
    """Whether something may be typed behind its name."""

    @property
    def name(self) -> str:
        return say("keys." + self.id.replace("-", "_"))

    @property
    def takes(self) -> str:
        """The form of what may be typed behind its name, or ""."""
        return say("keys.takes_" + self.id.replace("-", "_")) if self.has_argument else ""

    @property
    def spoken(self) -> tuple[str, ...]:
        """Its keys; for what has none, how the palette calls it."""
        return self.keys or (f":{self.id}",)


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
    Action("pending", ("p",), "settling", has_argument=True),
    Action("reopen", ("O",), "settling"),
    Action("snooze", ("b",), "settling", has_argument=True),
    Action("take", ("i",), "settling"),
    Action("take-next", ("g n",), "settling"),
    Action("assign", ("a",), "settling", has_argument=True),
    Action("tag", ("l",), "settling", has_argument=True),
    Action("priority", ("P",), "settling", has_argument=True),
    Action("star", ("s",), "settling"),
    Action("mute", ("M",), "settling"),
    Action("spam", ("!",), "settling"),
    Action("merge", (), "settling", has_argument=True),
    Action("split", (), "settling"),
    Action("handling", (), "settling", has_argument=True),
    Action("same-person", ("+",), "settling", CUSTOMER),
    Action("two-people", ("-",), "settling", CUSTOMER),
    Action("undo", ("z",), "settling"),
    Action("repeat", (".",), "settling"),
    Action("mark", ("x",), "marking", LIST),
    Action("mark-range", ("X",), "marking", LIST),
    Action("mark-all", ("* a",), "marking", LIST),
    Action("mark-none", ("* n",), "marking", LIST),
    Action("mark-unread", ("* u",), "marking", LIST),
    Action("mark-starred", ("* s",), "marking", LIST),
    Action("mark-late", ("* l",), "marking", LIST),
    Action("mark-open", ("* o",), "marking", LIST),
    Action("mark-mine", ("* m",), "marking", LIST),
    Action("mark-customer", ("* c",), "marking"),
    Action("search", ("/",), "finding"),
    Action("download", ("d",), "finding"),
    Action("rows", ("v",), "finding", LIST),
    Action("source", ("v",), "finding", ("thread", "customer")),
    Action("why", ("w",), "finding"),
    Action("open-saved", ("D",), "finding"),
    Action("copy-number", ("y",), "finding"),
    Action("copy-text", ("Y",), "finding"),
    Action("pipe", ("|",), "finding"),
    Action("view-open", ("g o",), "views"),
    Action("view-mine", ("g m",), "views"),
    Action("view-unassigned", ("g u",), "views"),
    Action("view-late", ("g l",), "views"),
    Action("view-soon", ("g s",), "views"),
    Action("view-window", ("g w",), "views"),
    Action("view-snoozed", ("g b",), "views"),
    Action("view-pending", ("g p",), "views"),
    Action("view-drafts", ("g d",), "views"),
    Action("view-check", ("g k",), "views"),
    Action("view-handled", ("g e",), "views"),
    Action("view-complete", ("g c",), "views"),
    Action("view-all", ("g A",), "views"),
    Action("view-own", tuple(f"g {digit}" for digit in "1234567890"), "views"),
    Action("refresh", ("g r",), "views"),
    Action("accounts", ("g a",), "views"),
    Action("report", ("g t",), "views"),
    Action("palette", (":", "Ctrl+P"), "rest"),
    Action("help", ("?",), "rest"),
    Action("redraw", ("Ctrl+L",), "rest", EVERYWHERE),
    Action("suspend", ("Ctrl+Z",), "rest"),
    Action("handover", (), "rest", has_argument=True),
    Action("away", (), "rest", has_argument=True),
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

Keymap = Mapping[Place, Mapping[str, tuple[str, ...]]]
"""The keys in force, by place and action; an action that holds there and has no key stands there with none."""
STANDARD: Keymap = {
    place: {action.id: action.keys for action in ACTIONS if place in action.places} for place in EVERYWHERE
}

_WORK = ("reply", "note", "complete", "snooze", "take")
_REST = ("undo", "search", "palette", "help")
HINTS: Mapping[Place, tuple[str, ...]] = {
    "queue": (*_WORK, "tag", "mark", "search", "help", "canned", "undo", "palette", "assign"),
    "thread": ("open", *_WORK, "download", "back", *_REST, "canned"),
    "customer": ("open", "unfold", "contact-note", "same-person", "history", "back", *_REST),
}
"""What is worth a place in the line at the foot of the screen, by where the agent is; the first are the most so."""


def holding(place: Place, keymap: Keymap = STANDARD) -> dict[str, Action]:
    """Key → action, for what holds at `place`. A key of two parts stands as it is written: `g o`."""
    return {key: BY_ID[id] for id, keys in keymap[place].items() for key in keys}


def here(place: Place, keymap: Keymap = STANDARD) -> tuple[Action, ...]:
    """The actions that hold at `place`, with the keys in force."""
    return tuple(replace(BY_ID[id], keys=keys) for id, keys in keymap[place].items())


def elsewhere(place: Place, keymap: Keymap = STANDARD) -> tuple[Action, ...]:
    """Those that do not hold at `place`, with their keys where they do."""
    return tuple(
        replace(action, keys=keymap[action.places[0]][action.id])
        for action in ACTIONS
        if place not in action.places
    )


def after(prefix: str, place: Place, keymap: Keymap = STANDARD) -> tuple[Action, ...]:
    """The actions with a key that begins with this one, each with such keys only."""
    found = ((id, tuple(k for k in keys if k.startswith(f"{prefix} "))) for id, keys in keymap[place].items())
    return tuple(replace(BY_ID[id], keys=keys) for id, keys in found if keys)


def hints(place: Place, keymap: Keymap = STANDARD) -> tuple[Action, ...]:
    """What the foot of the screen names at `place`."""
    wanted = ((id, keymap[place].get(id, ())) for id in HINTS.get(place, ()))
    return tuple(replace(BY_ID[id], keys=keys) for id, keys in wanted if keys)


def key_of(id: str, place: Place, keymap: Keymap = STANDARD) -> str:
    """The first key of an action at `place`; "" where it has none."""
    return next(iter(keymap[place].get(id, ())), "")


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
            f"| {' '.join(f'`{_escaped(key)}`' for key in action.spoken)} | {action.name} |"
            for action in members
        ]
    return "\n".join(lines) + "\n"


def _escaped(key: str) -> str:
    return key.replace("|", "\\|")
