"""The worker of `tuidesk.wire.worker`: mails from stdin, answers to stdout, until stdin ends."""

import contextlib
import json
import resource
import sys

from tuidesk.errors import Unreadable
from tuidesk.wire.mime.mail import to_json
from tuidesk.wire.mime.parse import parse

MEMORY = 512 * 1024 * 1024
"""Address space, bytes."""


def main() -> None:
    """Says that it is ready, then answers mail by mail."""
    _limit()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(b"ready\n")
    answers.flush()
    while head := requests.read(8):
        raw = requests.read(int.from_bytes(head, "big"))
        try:
            data: object = to_json(parse(raw))
        except Unreadable as error:
            data = {"unreadable": str(error)}
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
