"""What is asked of a homeserver in order to know: polls, pages of history, who somebody is. Nothing is kept here."""

import json
from typing import Any

from tuidesk.channels.matrix import parse
from tuidesk.channels.matrix.kept import Gap
from tuidesk.channels.matrix.login import Refused, below
from tuidesk.channels.matrix.rooms import FACTS, stamp
from tuidesk.domain.events import ContactSeen
from tuidesk.errors import ChannelError, Rejected, Unavailable
from tuidesk.wire.http.client import Client
from tuidesk.wire.loose import Object, obj, objects, text
from tuidesk.words import say

POLL_S = 25
"""How long the server keeps a poll; the age on the screen is never more than this and its own answer time."""
_SLOW_S = 110.0
"""A first look at an account of many rooms takes its server a while."""
_MOST = 48 * 1024 * 1024
"""Bytes of a first look: some kB a room."""
_PAGE = 100
_PROFILE_S = 5.0
_NO_PLACE = ("M_INVALID_PARAM", "M_UNKNOWN", "M_UNKNOWN_POS")
"""What a server says whose database is another than the one that gave the cursor."""
_LAZY = {"lazy_load_members": True, "include_redundant_members": True}
_TIMELINE = {"not_types": list(parse.SILENT), **_LAZY}


class PlaceLost(Rejected):
    """The server does not know the cursor."""


class Reading:
    """The questions."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def poll(self, cursor: str, *, wait: bool, whole: bool) -> Object:
        """One `/sync`, with `next_batch` for certain.

        Args:
            wait: the server keeps it until there is something.
            whole: with the state of all rooms; a first one has that anyway.

        Raises:
            PlaceLost: there is nothing to be had from that cursor on.
        """
        params = {
            "since": cursor or None,
            "filter": _written(_filter(50 if cursor else 10)),
            "timeout": POLL_S * 1000 if wait else 0,
            "full_state": True if whole and cursor else None,
            "set_presence": "offline",
        }
        deadline = _SLOW_S if whole else POLL_S + 30.0
        try:
            said = (await self._client.get(below("sync"), params, deadline_s=deadline, most=_MOST)).json
        except Refused as error:
            raise PlaceLost(error.reason) if cursor and error.code in _NO_PLACE else error from None
        if not text(said, "next_batch"):
            raise Unavailable(say("matrix.no_sync"))
        return obj(said)

    async def page(self, gap: Gap) -> tuple[list[Object], list[Object], str]:
        """(events, newest first; members as they were then; the token behind them, "" at the end)."""
        params = {
            "dir": "b",
            "from": gap.since,
            "to": gap.until or None,
            "limit": _PAGE,
            "filter": _written(_TIMELINE),
        }
        said = (await self._client.get(below("rooms", gap.room, "messages"), params)).json
        events, end = objects(said, "chunk"), text(said, "end")
        if end == gap.since or (events and stamp(events[-1]) < gap.floor):
            end = ""
        return [one for one in events if stamp(one) >= gap.floor], objects(said, "state"), end

    async def author(self, room: str, event: str) -> str:
        """Who wrote it; "" where it cannot be had."""
        try:
            return text((await self._client.get(below("rooms", room, "event", event))).json, "sender")
        except Refused:
            return ""

    async def members(self, room: str) -> dict[str, str]:
        """Who is there, with their names."""
        try:
            return parse.members((await self._client.get(below("rooms", room, "joined_members"))).json)
        except Rejected:
            return {}

    async def profile(self, user: str, medium: str) -> ContactSeen | None:
        """What somebody tells of themselves. Their server may be far away: it is not waited for."""
        try:
            said = await self._client.get(below("profile", user), deadline_s=_PROFILE_S)
        except ChannelError:
            return None
        name, fields = parse.profile(said.json)
        return ContactSeen(medium=medium, handle=user, name=name or None, fields=fields)


def _filter(limit: int) -> dict[str, Any]:
    return {
        "presence": {"types": []},
        "account_data": {"types": []},
        "room": {
            "timeline": {"limit": limit, **_TIMELINE},
            "state": {"types": ["m.room.member", *FACTS], **_LAZY},
            "ephemeral": {"types": ["m.receipt"]},
            "account_data": {"types": ["m.tag", parse.STATUS, parse.ASSIGNEE, parse.PRIORITY]},
        },
    }


def _written(wanted: Any) -> str:
    return json.dumps(wanted, separators=(",", ":"))
