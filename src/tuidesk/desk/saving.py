"""Files that the agent asks for: theirs alone, whole or not there at all."""

from pathlib import Path

from tuidesk.config.paths import write_new, write_over


def save(path: Path, data: bytes, *, over: bool) -> None:
    """Write a file, 0600; `over`: in the place of one that stands there.

    Raises:
        ConfigError: there is one already, or the disk refuses.
    """
    (write_over if over else write_new)(path, data)
