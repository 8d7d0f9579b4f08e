"""What happens before the screen: which home, which log, and what has to be asked while there is still a prompt."""

import sys

from tuidesk.config.paths import find
from tuidesk.desk import log, memory
from tuidesk.desk.desk import Desk


def open_screen(words: list[str], home: str | None, door: str = "screen") -> Desk:
    """The desk that `tuidesk` (no words) or `tuidesk demo …` opens.

    Raises:
        UsageError: the demo's words are wrong.
        StoreError, ConfigError: the home cannot be used.
    """
    memory.keep_private()
    paths = find(home)
    if words[:1] == ["demo"]:
        from tuidesk.desk.demo import home_of  # an agent's own desk does not pay for it

        paths = home_of(paths, words[1:])
    desk = Desk.open(paths, door=door)
    desk.examine()
    if not desk.read_only:
        log.start(desk.paths, desk.config.file.log.level)
    for failure in (*desk.ask_secrets(), *filter(None, (desk.ask_passphrase(),))):
        sys.stderr.write(failure + "\n")
    return desk
