"""Invitations: accepted by rule, at leisure, and never in the way of what is said elsewhere."""

import asyncio
import logging
from typing import Any

from tuidesk.channels.matrix.kept import Kept
from tuidesk.channels.matrix.login import below
from tuidesk.channels.matrix.options import Options
from tuidesk.channels.matrix.rooms import Us, fits
from tuidesk.errors import RateLimited, Rejected, Unavailable
from tuidesk.wire.channel import Clock
from tuidesk.wire.http.client import Client
from tuidesk.wire.loose import objects, text
from tuidesk.words import say

_log = logging.getLogger("tuidesk.matrix")
_AT_ONCE = 10
_JOIN_S = 8.0
"""A server goes on joining when nobody waits for it any more."""
_AGAIN_S, _AGAIN_MOST_S = 5.0, 600.0
_REMEMBERED = 500


class Invites:
    """Who may open a conversation here."""

    def __init__(self, client: Client, options: Options, us: Us, clock: Clock) -> None:
        self._client, self._options, self._us, self._clock = client, options, us, clock
        self._tried: dict[str, tuple[float, float]] = {}
        """Room → when it is tried again, by the monotonic clock, and the pause after that."""

    def seen(self, kept: Kept, room: str, body: Any) -> None:
        """One of `/sync`'s: the rule decides."""
        inviter, kind = "", ""
        for event in objects(body, "invite_state", "events"):
            if event.get("type") == "m.room.member" and event.get("state_key") == self._us.own:
                inviter = text(event, "sender")
            if event.get("type") == "m.room.create":
                kind = text(event, "content", "type")
        rule, listed = self._options.invites, fits(inviter, self._options.invites_from)
        ours = bool(inviter) and self._us.wrote(inviter)
        if kind != "m.space" and (ours or rule == "everybody" or (rule == "listed" and listed)):
            kept.invites[room] = inviter
        elif room not in kept.uninvited:
            kept.uninvited = [*kept.uninvited, room][-_REMEMBERED:]

    def moved(self, kept: Kept, old: str, new: str) -> None:
        """A room was upgraded: whoever may invite us may move us as well."""
        if self._options.invites == "everybody":
            kept.invites.setdefault(new, old)

    def settled(self, kept: Kept, room: str) -> bool:
        """An invitation is over, one way or the other. Whether there was one: somebody may have accepted it by hand."""
        if room not in kept.uninvited:
            return kept.invites.pop(room, None) is not None
        kept.uninvited.remove(room)
        return True

    def fresh(self, kept: Kept) -> bool:
        """Whether somebody is at the door whom nobody has opened to yet."""
        return any(room not in self._tried for room in kept.invites)

    async def accept(self, kept: Kept) -> str:
        """Join; what the agent should know of the rest.

        A room stays among the invitations until it is seen: by that it is known that we have just come there.
        """
        now = self._clock.monotonic()
        due = [room for room in kept.invites if now >= self._tried.get(room, (0.0, 0.0))[0]]
        await asyncio.gather(*(self._join(kept, room, now) for room in due[:_AT_ONCE]))
        return say("matrix.uninvited", count=len(kept.uninvited)) if kept.uninvited else ""

    async def _join(self, kept: Kept, room: str, now: float) -> None:
        pause = self._tried.get(room, (0.0, _AGAIN_S))[1]
        self._tried[room] = (now + pause, min(2 * pause, _AGAIN_MOST_S))
        try:
            await self._client.post(below("join", room), {}, unsafe=False, deadline_s=_JOIN_S)
        except Rejected as error:
            inviter = kept.invites.pop(room, "")
            _log.warning("the invitation of %s to %s cannot be accepted: %s", inviter, room, error.reason)
        except (RateLimited, Unavailable) as error:  # its server may be far away, and down
            _log.info("the invitation to %s waits: %s", room, error.reason)
