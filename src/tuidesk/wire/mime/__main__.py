"""The worker of `tuidesk.wire.worker`: mails from stdin, answers to stdout, until stdin ends."""

import contextlib
import json
import resource
import signal
import sys

from tuidesk.errors import Unreadable
from tuidesk.wire.mime.mail import to_json
from tuidesk.wire.mime.parse import parse

MEMORY = 512 * 1024 * 1024
"""Address space, bytes."""
_ALONE_SECONDS = 30
"""Who asked gives up much earlier, unless they died: then a mail that never ends must not burn on alone."""


def main() -> None:
    """Says that it is ready, then answers mail by mail."""
    _limit()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(b"ready\n")
    answers.flush()
    while head := requests.read(8):
        raw = requests.read(int.from_bytes(head, "big"))
        signal.alarm(_ALONE_SECONDS)
        try:
            data: object = to_json(parse(raw))
        except Unreadable as error:
            data = {"unreadable": str(error)}
        signal.alarm(0)
        answer = json.dumps(data, ensure_ascii=False).encode()
        answers.write(len(answer).to_bytes(8, "big") + answer)
        answers.flush()


def _limit() -> None:
    """Little memory, no core file, no written file: what a mail can have of this machine."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_AS, MEMORY),
    ):
        with contextlib.suppress(
            OSError, ValueError
        ):  # some systems know not all of them; the clock still holds
            resource.setrlimit(what, (most, most))


main()
