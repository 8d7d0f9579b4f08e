"""The terminal below Textual: reads keys, marks what came in a burst, and notices when the terminal has gone."""

import codecs
import os
import selectors
from collections.abc import Callable

# The parser is Textual's own and has no public name; the terminal tests would notice if it moved.
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.message import Message

BURST = 6
"""More different letters than this in one read were not typed by a hand."""
_READ = 4096
_LOOK_S = 0.1


class Burst(Key):
    """A key of a burst: text for a field, never a command."""


Burst.handler_name = Key.handler_name  # whoever takes keys takes these


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
        parser = XTermParser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_LOOK_S) and not self._take(parser, decode):
                    return
                for message in parser.tick():
                    self.process_message(message)

    def _take(self, parser: XTermParser, decode: Callable[[bytes], str]) -> bool:
        """One read; False when there is nothing to read from any more."""
        try:
            data = os.read(self.fileno, _READ)
        except OSError:
            data = b""
        if not data:
            self.send_message(self.Gone())
            return False
        for message in marked(list(parser.feed(decode(data)))):
            self.process_message(message)
        return True


def marked(messages: list[Message]) -> list[Message]:
    """The messages of one read; where more than six different letters are among them, its keys are a burst."""
    letters = {m.character for m in messages if isinstance(m, Key) and m.is_printable}
    if len(letters) <= BURST:
        return messages
    return [Burst(m.key, m.character) if isinstance(m, Key) else m for m in messages]
