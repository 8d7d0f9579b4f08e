"""Crash reports: where it happened, without local variables, every known secret blotted out."""

import platform
import sys
import traceback
from pathlib import Path

from tuidesk.config.paths import Paths, private
from tuidesk.config.secrets import redact
from tuidesk.domain.instants import Instant, rfc3339
from tuidesk.domain.text import clean
from tuidesk.errors import TuideskError

_KEPT = 20
"""Reports that stay; older ones make room."""


def text(error: BaseException, now: Instant) -> str:
    """The report: versions and the way to the error. Never a local variable."""
    way = "".join(traceback.format_exception(error))
    versions = f"Python {platform.python_version()}, {platform.system()} {platform.release()}"
    return clean(redact(f"tuidesk {rfc3339(now)}\n{versions}\n{sys.argv[:2]}\n\n{way}"))


def report(paths: Paths, error: BaseException, now: Instant) -> Path | None:
    """Write a report, 0600, and say where; None where the disk refuses."""
    name = rfc3339(now).replace(":", "").replace(".", "-")
    path = paths.crashes / f"crash-{name}.txt"
    try:
        with private(path) as file:
            file.write(text(error, now).encode("utf-8", "backslashreplace"))
        for old in sorted(paths.crashes.glob("crash-*.txt"))[:-_KEPT]:
            old.unlink(missing_ok=True)
    except (OSError, TuideskError):
        return None
    return path
