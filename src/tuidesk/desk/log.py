"""The log: one file of the user's own, turned over at a megabyte, every known secret blotted out."""

import logging
import logging.handlers
import os
from io import TextIOWrapper

from tuidesk.config.paths import Paths
from tuidesk.config.secrets import redact
from tuidesk.domain.text import clean

_BYTES = 1_000_000
_KEPT = 3


class _Redacted(logging.Formatter):
    """A record as one clean line (a traceback: several), without secrets. Locals are never in a traceback of ours."""

    def format(self, record: logging.LogRecord) -> str:
        return clean(redact(super().format(record)))


class _Private(logging.handlers.RotatingFileHandler):
    """A log file that is the user's alone (0600), whatever the umask."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=_ours)

    def handleError(self, record: logging.LogRecord) -> None:
        """A disk that takes no line more is told elsewhere; stderr, where the screen is, gets no traceback of it."""


def _ours(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def start(paths: Paths, level: str = "info") -> None:
    """Write the program's own records to its log file; other libraries' only from WARNING up."""
    handler = _Private(
        paths.log, maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8", errors="backslashreplace"
    )
    handler.setFormatter(_Redacted("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("tuidesk").setLevel(level.upper())
    logging.getLogger("tuidesk.steps").propagate = False
