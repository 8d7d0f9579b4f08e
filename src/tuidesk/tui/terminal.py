"""The terminal below Textual: reads keys, keeps pastes whole, marks bursts, and notices when the terminal has gone."""

import codecs
import os
import selectors
from collections.abc import Callable, Generator, Iterable, Iterator

# The parser is Textual's own and has no public name; the terminal tests would notice if it moved.
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Paste
from textual.message import Message

BURST = 6
"""More different letters than this in one read were not typed by a hand."""
_PASTE, _PASTED = "\x1b[200~", "\x1b[201~"
"""What a terminal puts around a bracketed paste."""
_ESC = "\x1b"
_NO_CHARACTER = "[O\t\x7f"
"""What may follow ESC in a sequence of a terminal's own: most of them, Shift+Tab, Alt+Backspace."""
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

    class Failed(Message):
        """The reader itself failed."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - a thread's end has nobody else to tell
            self.send_message(self.Failed(error))

    def run_input_thread(self) -> None:
        parser = KeyReader(self._debug)
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
            self.process_message(message)
        return True


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

    def tick(self) -> Iterable[Message]:
        """What a pause makes plain: that ESC was a key. A longer sequence that nobody knows says nothing."""
        found = list(super().tick())
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
        both = self._before + data
        keys, mark, rest = both.partition(_PASTE)
        fed = (keys + mark)[len(self._before) :]
        yield from (message for message in self.feed(fed) if not isinstance(message, Paste))
        if not mark:
            self._before = both[1 - len(_PASTE) :]
            return ""
        self._before, self._pasted = "", ""
        return rest

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
