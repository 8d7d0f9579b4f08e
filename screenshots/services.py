#!/usr/bin/env python3
"""Makes the picture of a queue with every service in it: real servers on loopback, and fakes where there are none.

    python screenshots/services.py              # services-120x36.svg and .png, into this folder
    python screenshots/services.py --svg FOLDER # SVG only, elsewhere

It wants the servers of the tests (`python3 -m tests.servers.installing`). Their stamps are of now, so no two runs
show the same times; a test compares everything else.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

from make import rest, to_png, until, write  # noqa: E402
from tests.channels.contract import CANARY  # noqa: E402
from tests.channels.crowd import FarChatwoot, FarTwilio  # noqa: E402
from tests.channels.test_bluesky_trip import FarPosts  # noqa: E402
from tests.channels.test_mastodon_trip import FarMastodon  # noqa: E402
from tests.channels.test_matrix_trip import FarSynapse  # noqa: E402
from tests.channels.test_rt_trip import FarRt  # noqa: E402
from tests.channels.test_telegram_trip import FarEmulator  # noqa: E402
from tests.channels.trip import Far, secret_of  # noqa: E402
from tests.desk.home import make_home  # noqa: E402
from tests.fakes.chatwoot import FakeChatwoot  # noqa: E402
from tests.fakes.twilio import FakeTwilio  # noqa: E402
from tests.servers import atproto, mastodon, rt, synapse, telegram  # noqa: E402

from tuidesk.config.paths import Paths  # noqa: E402
from tuidesk.desk.desk import Desk  # noqa: E402
from tuidesk.tui import themes  # noqa: E402
from tuidesk.tui.app import DeskApp  # noqa: E402

NAME = "services-120x36"
_SIZE = (120, 36)
_CONFIG = '[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n[lock]\nafter_min = 60\n'
_APART_S = 1.1
"""Some servers stamp whole seconds, and the queue is in order of who waits longest."""

SERVICES: dict[str, tuple[Callable[[ExitStack], Far], str]] = {
    "rt": (
        lambda stack: FarRt(stack.enter_context(rt.running())),
        "My invoice of October is wrong: it has VAT twice.",
    ),
    "twilio": (lambda stack: FarTwilio(stack.enter_context(FakeTwilio(CANARY))), "환불 언제 되나요?"),
    "mastodon": (
        lambda stack: FarMastodon(stack.enter_context(mastodon.running())),
        "third parcel lost this month. Wow",
    ),
    "matrix": (
        lambda stack: FarSynapse(stack.enter_context(synapse.running())),
        "the login loops since the update, on two machines",
    ),
    "telegram": (
        lambda stack: FarEmulator(stack.enter_context(telegram.running())),
        "to'lov ikki marta yechildi",
    ),
    "bluesky": (
        lambda stack: FarPosts(stack.enter_context(atproto.running())),
        "does the blue one come in a smaller size?",
    ),
    "chatwoot": (
        lambda stack: FarChatwoot(stack.enter_context(FakeChatwoot(CANARY))),
        "can I still change the address of order 8841?",
    ),
}
"""Account → who writes there, and what they say."""


async def shot(paths: Paths, into: Path) -> None:
    """The screen once everybody's words are in."""
    desk = Desk.open(paths)
    app = DeskApp(desk)
    app.theme = themes.DARK.name
    try:
        async with app.run_test(size=_SIZE) as pilot:
            await until(lambda: app.desk_screen.is_up)
            screen = app.desk_screen
            await until(lambda: len(screen.showing.accounts) == len(SERVICES))
            await until(lambda: all(one.caught_up for one in screen.showing.accounts))
            await pilot.press("g", "o")
            await until(lambda: len(screen.queue.picture or ()) >= len(SERVICES))
            await pilot.press("home")
            await rest(app)
            write(app, into / f"{NAME}.svg")
    finally:
        await asyncio.to_thread(desk.close)


def main() -> None:
    words = [word for word in sys.argv[1:] if word != "--svg"]
    into = Path(words[0]) if words else Path(__file__).resolve().parent
    os.environ.update(TZ="Europe/Berlin", TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
    time.tzset()
    with ExitStack() as stack, tempfile.TemporaryDirectory() as home:
        fars = {name: begin(stack) for name, (begin, _) in SERVICES.items()}
        for name, far in fars.items():
            os.environ[secret_of(name)] = far.secret
            far.writes(SERVICES[name][1])
            time.sleep(_APART_S)
        accounts = {
            name: far.account(far.url).replace(secret_of("shop"), secret_of(name))
            for name, far in fars.items()
        }
        asyncio.run(shot(make_home(Path(home), _CONFIG, **accounts), into))
    if "--svg" not in sys.argv:
        to_png(into / f"{NAME}.svg")


if __name__ == "__main__":
    main()
