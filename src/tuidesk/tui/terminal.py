"""The terminal below Textual: reads keys, keeps pastes whole, marks bursts, and notices when the terminal has gone."""

import codecs
import os
import re
import selectors
import time
from collections.abc import Callable, Generator, Iterable, Iterator

# The parser is Textual's own and has no public name; the terminal tests would notice if it moved.
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import CursorPosition, Key, Paste
from textual.message import Message

from tuidesk.desk.outward import GIVE_TITLE_BACK, KEEP_TITLE

BURST = 6
"""More different letters than this in one read were not typed by a hand."""
_PASTE, _PASTED = "\x1b[200~", "\x1b[201~"
"""What a terminal puts around a bracketed paste."""
_ESC = "\x1b"
_NO_CHARACTER = "[O\t\x7f"
"""What may follow ESC in a sequence of a terminal's own: most of them, Shift+Tab, Alt+Backspace."""
_SIGNS = "─│…“·"
"""Of ambiguous width: one cell each, or two, as the terminal's font and settings have it."""
_ASK_SIGNS = f"\x1b[1;1H{_SIGNS}\x1b[6n\x1b[1;1H\x1b[K"
"""Draw them, and ask where the cursor is; nothing waits for the answer."""
_ASK_GROUND = "\x1b]11;?\x07"
_GROUND = re.compile("\x1b\\]11;([^\x07\x1b]*)(?:\x07|\x1b\\\\)")
_PART_OF_GROUND = re.compile("\x1b(?:\\](?:1(?:1(?:;[^\x07\x1b]{0,64}\x1b?)?)?)?)?\\Z")
"""The beginning of such an answer at the end of a read. An ESC alone may be one, for as long as it takes to be sure."""
_ESC_S = 0.1
_READ = 4096
_LOOK_S = 0.1


class Burst(Key):
    """A key of a burst: text for a field, never a command."""

    why = "tui.burst"
    """Which words say why it is not obeyed."""


class BehindEsc(Burst):
    """A key in one read with an Esc before it, which is what Alt and that key look like: text, or a move at most."""

    why = "tui.behind_esc"


Burst.handler_name = BehindEsc.handler_name = Key.handler_name  # whoever takes keys takes these


class Terminal(LinuxDriver):
    """Textual's driver with a reader of its own: one read is looked at as a whole before a key of it is told."""

    class Gone(Message):
        """There is nothing to read from any more."""

    class SignsAreWide(Message):
        """Signs of ambiguous width take two cells here."""

    class Failed(Message):
        """The reader itself failed."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    asks_signs = False
    """Whether to ask how wide they are: not where ASCII's are drawn anyway."""
    asks_ground = False
    """Whether to ask what colour is behind the text."""
    has_title = False
    """Whether the title of the window will be ours: the terminal keeps the one before meanwhile."""
    _has_asked = False

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's own
        if not self._has_asked:  # else we are back from Ctrl+Z
            self._has_asked = True
            self.write((_ASK_SIGNS if self.asks_signs else "") + (_ASK_GROUND if self.asks_ground else ""))

        if self.has_title:
            self.write(KEEP_TITLE)

    def stop_application_mode(self) -> None:
        if self.has_title and self._writer_thread is not None:
            self.write(GIVE_TITLE_BACK)
        super().stop_application_mode()

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - a thread's end has nobody else to tell
            self.send_message(self.Failed(error))

    def run_input_thread(self) -> None:
        parser = KeyReader(self._debug)
        parser.expects_ground = self.asks_ground
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_LOOK_S) and not self._take(parser, decode):
                    return
                for message in marked(list(parser.tick())):
                    self.process_message(message)

    def _take(self, parser: "KeyReader", decode: Callable[[bytes], str]) -> bool:
        """One read; False when there is nothing to read from any more."""
        try:
            data = os.read(self.fileno, _READ)
        except OSError:
            data = b""
        if not data:
            self.send_message(self.Gone())
            return False
        for message in marked(list(parser.messages(decode(data)))):
            if not isinstance(message, CursorPosition):
                self.process_message(message)
            elif self.asks_signs:
                self.asks_signs = False
                if message.x != len(_SIGNS):
                    self.send_message(self.SignsAreWide())
        return True


class Ground(Message):
    """The colour behind the text, as the terminal says."""

    def __init__(self, *, dark: bool) -> None:
        super().__init__()
        self.dark = dark


class KeyReader(XTermParser):
    """Textual's parser, which never sees what is pasted.

    Textual 8.2.8 takes an ESC within a bracketed paste for the start of a key and what follows for keys, so that
    `ESC [ 1 Ctrl+S` in a pasted text would send a reply.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._before = ""
        """The end of what was read outside a paste: the mark of a paste may have been cut in two."""
        self._pasted: str | None = None
        """What has come of a paste that goes on."""
        self.expects_ground = False
        """Whether the terminal was asked for the colour behind the text: Textual would take the answer for keys."""
        self._held = ""
        """What may be the beginning of that answer."""
        self._held_since = 0.0

    def tick(self) -> Iterable[Message]:
        """What a pause makes plain: that ESC was a key. A longer sequence that nobody knows says nothing."""
        found = list(super().tick())
        if self._held and time.monotonic() - self._held_since >= _ESC_S:
            held, self._held = self._held, ""
            if held == _ESC:
                return [*found, Key("escape", _ESC)]
            if len(held) == len("\x1b]"):
                return [*found, *self._sequence_to_key_events(held)]
            return found  # half an answer, of which nothing is text
        return found if len(found) <= len(("escape", "[")) else ()

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        """There is no Alt: ESC and a character are Esc, and then the character."""
        if alt or (len(sequence) == 2 and sequence[0] == _ESC and sequence[1] not in _NO_CHARACTER):
            yield Key("escape", _ESC)
            sequence = sequence[-1]
        yield from super()._sequence_to_key_events(sequence)

    def messages(self, data: str) -> Iterator[Message]:
        """One read → what it says."""
        while data:
            data = yield from self._typed(data) if self._pasted is None else self._of_paste(data)

    def _typed(self, data: str) -> Generator[Message, None, str]:
        """Up to where a paste begins; what is left of the read."""
        data, self._held = self._held + data, ""
        both = self._before + data
        keys, mark, rest = both.partition(_PASTE)
        fed = (keys + mark)[len(self._before) :]
        if self.expects_ground:
            fed = yield from self._without_ground(fed)
            both = self._before + fed
        if fed:  # nothing at all is the end of everything to Textual's parser
            yield from (message for message in self.feed(fed) if not isinstance(message, Paste))
        if not mark:
            self._before = both[1 - len(_PASTE) :]
            return ""
        self._before, self._pasted = "", ""
        return rest

    def _without_ground(self, data: str) -> Generator[Message, None, str]:
        """What was typed, without the terminal's answer; what may be the beginning of one is held back."""
        if answer := _GROUND.search(data):
            self.expects_ground = False
            if (dark := _is_dark(answer[1])) is not None:
                yield Ground(dark=dark)
            return data[: answer.start()] + data[answer.end() :]
        if part := _PART_OF_GROUND.search(data):
            self._held, self._held_since = part[0], time.monotonic()
            return data[: part.start()]
        return data

    def _of_paste(self, data: str) -> Generator[Message, None, str]:
        """Up to where the paste ends; what is left of the read."""
        text, mark, rest = ((self._pasted or "") + data).partition(_PASTED)
        if not mark:
            self._pasted = text
            return ""
        self._pasted = None
        yield from (message for message in self.feed(_PASTED) if not isinstance(message, Paste))
        yield Paste(text.replace("\0", ""))
        return rest


def _is_dark(colour: str) -> bool | None:
    """`rgb:1414/1717/1b1b` → whether that is dark; None where it is no such colour."""
    parts = re.fullmatch(
        "rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})(?:/[0-9a-fA-F]{1,4})?", colour
    )
    if parts is None:
        return None
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in parts.groups())
    return bool(0.299 * red + 0.587 * green + 0.114 * blue < 0.5)


def marked(messages: list[Message]) -> list[Message]:
    """The messages of one read; where more than six different letters are among them, its keys are a burst."""
    letters = {m.character for m in messages if isinstance(m, Key) and m.is_printable}
    if len(letters) > BURST:
        return [Burst(m.key, m.character) if isinstance(m, Key) else m for m in messages]
    keys = [m.key if isinstance(m, Key) else "" for m in messages]
    here = keys.index("escape") + 1 if "escape" in keys else len(keys)
    return messages[:here] + [_behind_esc(m) for m in messages[here:]]


def _behind_esc(message: Message) -> Message:
    if isinstance(message, Key) and message.key != "escape":
        return BehindEsc(message.key, message.character)
    return message
