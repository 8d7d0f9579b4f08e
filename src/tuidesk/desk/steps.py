"""The named steps of a reply's life, said as they are passed.

Each is a debug record of the logger `tuidesk.steps`. Whoever wants to know what happens if the process ends just
there attaches a handler that holds it.
"""

import logging

_logger = logging.getLogger("tuidesk.steps")


def step(name: str, key: str = "") -> None:
    """Say that the step `name` (`outbox.claimed` …) of the work `key` is reached."""
    if _logger.isEnabledFor(logging.DEBUG):
        _logger.debug("%s %s", name, key)
