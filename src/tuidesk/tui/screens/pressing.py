"""Keys outside a text: which of them are obeyed, and who does what they say."""

from typing import TYPE_CHECKING

from textual import events
from textual.timer import Timer

from tuidesk.domain.actions import Action, Keymap
from tuidesk.domain.text import clean
from tuidesk.tui.keyboard import Keyboard, Unknown, Waiting, meant, one_by_one, written
from tuidesk.tui.terminal import BehindEsc, Burst
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

_PREFIX_S = 0.3
WHILE_WRITING = ("redraw", "quit-hint", "palette-writing", "canned-writing")
"""What the composer leaves to the screen."""
FIRST_RUN = {"s": "setup", "d": "demo", "q": ""}
"""What the first letters lead to while there is no account: q to the shell."""


class Pressing:
    """Key → action → whoever does it."""

    def __init__(self, screen: "DeskScreen", keymap: Keymap) -> None:
        self._screen = screen
        self._keyboard = Keyboard(keymap)
        self._prefix_timer: Timer | None = None

    @property
    def pressed(self) -> str:
        """The key, or pair of keys, that was pressed last."""
        return self._keyboard.pressed

    def take(self, event: events.Key) -> None:
        """A key that is typed outside a text."""
        screen = self._screen
        if several := one_by_one(event):
            screen.turnstile.put_first(several)
            return
        key, typed = meant(event), written(event)
        screen.telling.read_as = say("tui.read_as", typed=typed, key=key) if key != typed else ""
        if screen.up_at is None or event.time < screen.up_at:
            screen.tell(say("tui.too_early"), wrong=True)
        elif isinstance(event, Burst) and not isinstance(event, BehindEsc):
            self._keyboard.forget()
            screen.tell(say(event.why), wrong=True)
        elif screen.is_first_run and key in FIRST_RUN and not isinstance(event, Burst):
            screen.then = FIRST_RUN[key]  # q: to nothing
            screen.end()
        else:
            self._press(event, key)
        if screen.telling.read_as:
            screen.telling.stand()

    def _press(self, event: events.Key, key: str) -> None:
        if self._prefix_timer is not None:
            self._prefix_timer.stop()
            self._prefix_timer = None
        screen = self._screen
        match self._keyboard.press(key, screen.place):
            case Action() as action if isinstance(event, BehindEsc) and not _only_moves(action):
                screen.say_keys()
                screen.tell(say(event.why), wrong=True)
            case Action() as action:
                screen.say_keys()
                self.obey(action)
            case Waiting(prefix, choices):
                choice = ((prefix, "…"), *((a.keys[0].split()[1], short(a)) for a in choices))
                self._prefix_timer = screen.set_timer(_PREFIX_S, lambda: screen.keys.say(choice, whole=True))
            case Unknown() as pressed:
                screen.say_keys()
                shown = clean(pressed, lines=False)
                screen.tell(say("tui.no_such_key", key=shown, help=screen.key("help")), wrong=True)

    def obey(self, action: Action, argument: str = "") -> None:
        """Do what an action says, to what is on the screen now. `argument`: what was typed behind its name."""
        if action.id != "mark-customer":  # which may be about what the notice names
            self._screen.telling.clear()
        if action.group == "writing" and action.id not in WHILE_WRITING:
            self._screen.composer.act(action.id)
            return
        name = action.id.replace("-", "_")
        for part in self._screen.obeying:
            if (method := getattr(part, name, None)) is not None:
                method(*([argument] if argument else ()))
                return
        raise LookupError(action.id)


def _only_moves(action: Action) -> bool:
    """Whether it may be obeyed behind an Esc: what Alt and a letter, which looks the same, must not do by accident."""
    return action.group == "moving" and action.id not in ("open", "open-row")


def short(action: Action) -> str:
    """One word for the foot of the screen."""
    try:
        return say("keys.short_" + action.id.replace("-", "_"))
    except KeyError:
        return action.name
