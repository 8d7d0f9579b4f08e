"""Waiting for news on the event loop's side: the watch is kept up, its calls arrive, its end is judged."""

import asyncio
import logging
import math
from collections.abc import Callable

from tuidesk.channels.mail.connection import Connection
from tuidesk.channels.mail.trouble import NoConnectionLeft
from tuidesk.channels.mail.watch import Watch
from tuidesk.errors import AuthFailed, ChannelError, SignInNeeded, Unavailable
from tuidesk.wire.channel import Clock
from tuidesk.words import say

_log = logging.getLogger(__name__)

_CROWDED_S = 300.0
"""Seconds until a server that had no connection left, or would have no IDLE, is asked for a second one again."""
_AGAIN_S = 1.0
"""Seconds until a broken line is opened again: then it shows whether the server is there. Doubled each time …"""
_MOST_S = 60.0
_STEADY_S = 60.0
"""… unless it has stood that long."""


class Waiting:
    """With a watch where the server knows IDLE, without one a clock. One `events` long."""

    def __init__(
        self,
        open_connection: Callable[[], Connection],
        host: str,
        idle_s: float,
        clock: Clock,
        *,
        idles: bool,
    ) -> None:
        self._open = open_connection
        self._host = host
        self._idle_s = idle_s
        self._clock = clock
        self._idles = idles
        self._news = asyncio.Event()
        self._watch: Watch | None = None
        self._ended: BaseException | None = None
        self._not_before = 0.0
        self._since = 0.0
        self._pause = _AGAIN_S
        self.notice = ""
        """What the agent should know of the second connection; "" when all is well."""

    def keep(self, folder: str) -> None:
        """Have somebody in IDLE on `folder`.

        Whatever the server has against the second connection, the first one works: then mail is polled.
        """
        ended, self._ended = self._ended, None
        if ended is not None:
            self._watch = None
            if not isinstance(ended, ChannelError):
                raise ended
            _log.info("second connection ended: %s", ended)
            # The other line may outlive this one by a moment, so one look now does not tell whether the server is
            # away. The next comes with the new watch, and if that finds nobody, the next after it at once.
            refused = isinstance(ended, NoConnectionLeft) or not isinstance(ended, Unavailable)
            pause = self._refused_pause(ended) if refused else self._next_pause()
            self._not_before = self._clock.monotonic() + pause
            self.notice = say("mail.polled", reason=ended.reason) if refused else ""
        if self._idles and self._watch is None and self._clock.monotonic() >= self._not_before:
            self._watch = self._new_watch(folder)
            self._since = self._clock.monotonic()
            self.notice = ""
            self._watch.start()

    def woken(self) -> bool:
        """Something has happened since the last call."""
        happened = self._news.is_set()
        self._news.clear()
        return happened

    async def rest(self, seconds: float) -> None:
        """Until something happens, or so long; not longer than until the next watch is due."""
        if self._idles and self._watch is None:
            seconds = min(seconds, max(self._not_before - self._clock.monotonic(), 0.0))
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return

    def stop(self) -> None:
        """Nobody waits any more."""
        self._idles = False
        if self._watch is not None:
            self._watch.stop()

    def _refused_pause(self, why: ChannelError) -> float:
        """A login that was refused is not tried again: servers count, and lock the mailbox for all of its clients.

        Where somebody has to sign in first, none was tried.
        """
        tried = isinstance(why, AuthFailed) and not isinstance(why, SignInNeeded)
        return math.inf if tried else _CROWDED_S

    def _next_pause(self) -> float:
        steady = self._clock.monotonic() - self._since >= _STEADY_S
        pause = _AGAIN_S if steady else self._pause
        self._pause = min(pause * 2, _MOST_S)
        return pause

    def _new_watch(self, folder: str) -> Watch:
        loop = asyncio.get_running_loop()

        def call(what: Callable[[], None]) -> None:
            try:
                loop.call_soon_threadsafe(what)
            except RuntimeError:  # the loop is closed: nobody is left to be told
                return

        def ended(error: BaseException) -> None:
            def note() -> None:
                self._ended = error
                self._news.set()

            call(note)

        return Watch(
            self._open, self._host, folder, self._idle_s, wake=lambda: call(self._news.set), ended=ended
        )
