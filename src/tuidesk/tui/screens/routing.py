"""Ctrl+R: by which way a reply goes to the customer, where there are several."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tuidesk.desk import read
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import Draft
from tuidesk.desk.routes import Route
from tuidesk.domain.commands import SaveDraft
from tuidesk.domain.instants import Instant
from tuidesk.domain.text import clean, cut
from tuidesk.domain.visibility import is_shared
from tuidesk.errors import Refused
from tuidesk.tui import when
from tuidesk.tui.screens.question import Answer, Question
from tuidesk.tui.widgets.writing import Sheet, Written
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

_MOST = 9
"""Ways that a digit chooses."""
_SAVED_S = 3.0
"""How long a text that is to go another way has to be on disk."""


class Routing:
    """Moves a reply's text to where it is to leave from; the text is never in two places, and never in none."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk

    def choose(self, sheet: Sheet) -> None:
        """Ask by which way, or to whom."""
        routes = _offered(sheet)[:_MOST]
        now = self._screen.showing.now()
        answers = [Answer(str(n), _words(route, now), str(n)) for n, route in enumerate(routes, 1)]
        if sheet.can_change:
            answers.append(Answer("r", say("routes.recipients"), "recipients"))

        def answered(chosen: str | None) -> None:
            if chosen == "recipients":
                self._screen.composer.change_recipients()
            elif chosen is not None:
                self._screen.turnstile.shut()  # what is typed meanwhile belongs to the text, wherever that goes on
                self._screen.work(self._take(sheet, routes[int(chosen) - 1]), "route", exclusive=True)

        title = say("routes.title", n=sheet.conversation)
        self._screen.app.push_screen(Question(title, (_now(sheet),), answers), answered)

    async def _take(self, sheet: Sheet, route: Route) -> None:
        try:
            await self._go_by(sheet, route)
        finally:
            self._screen.turnstile.open(forget=False)

    async def _go_by(self, sheet: Sheet, route: Route) -> None:
        composer = self._screen.composer
        if composer.slot != sheet.slot or not composer.is_open:
            return
        if route.conversation == sheet.conversation:
            own = sheet.recipients.visibility if sheet.recipients is not None else ""
            visibility = "" if route.visibility == own else route.visibility
            composer.show_to(visibility, self._desk.settings.hold(route.medium, route.visibility))
            return
        written = await self._on_disk()
        if route.conversation is not None:
            await self._to_thread(written, route.conversation)
        else:
            await self._to_start(written, route)

    async def _on_disk(self) -> Written:
        """What stands in the composer, once all of it is saved.

        Raises:
            Refused: it is not yet.
        """
        composer = self._screen.composer
        composer.flush()
        until = self._desk.clock.monotonic() + _SAVED_S
        while composer.unsaved():
            if self._desk.clock.monotonic() > until:
                raise Refused(say("routes.not_saved"))
            await asyncio.sleep(0.01)
        return composer.written()

    async def _to_thread(self, written: Written, n: int) -> None:
        """The text goes on in another conversation of the customer's, behind what was begun there."""
        draft: Draft | None = await self._screen.ask(read.draft, n, "reply")
        keeping = SaveDraft(
            conversation=n,
            mode="reply",
            text=written.text,
            files=written.files,
            alts=written.alts,
            canned=written.canned,
        )
        if draft is not None:
            keeping = replace(
                keeping,
                text="\n\n".join(text for text in (draft.text.rstrip(), written.text) if text.strip()),
                to=draft.to,
                cc=draft.cc,
                bcc=draft.bcc,
                sender=draft.sender,
                files=tuple(dict.fromkeys((*draft.files, *written.files))),
                alts=(*draft.alts, *written.alts),
                canned=(*draft.canned, *written.canned),
                visibility=draft.visibility,
                began=draft.began or None,
            )
        await self._move(written, keeping)
        self._screen.composing.open_again(n, "reply")

    async def _to_start(self, written: Written, route: Route) -> None:
        """The text begins a new conversation, if none is begun."""
        begun: Draft | None = await self._screen.ask(read.draft, 0, "start")
        if begun is not None and begun.text.strip():
            raise Refused(say("routes.begun", text=cut(" ".join(clean(begun.text).split()), 30)))
        await self._move(
            written,
            SaveDraft(
                conversation=None,
                mode="start",
                text=written.text,
                to=route.to,
                account=route.account,
                medium=route.medium,
                files=written.files,
                alts=written.alts,
                canned=written.canned,
            ),
        )
        self._screen.composing.open_again(0, "start")

    async def _move(self, written: Written, keeping: SaveDraft) -> None:
        """On disk in its new place before it leaves the old one."""
        await self._screen.outcome(self._desk.do(keeping))
        emptied = SaveDraft(conversation=written.slot.conversation, mode="reply", text="")
        await self._screen.outcome(self._desk.do(emptied))
        self._screen.composer.close()


def _offered(sheet: Sheet) -> list[Route]:
    """Every way but the one that is chosen."""
    own = sheet.recipients.visibility if sheet.recipients is not None else ""
    return [
        route._replace(visibility=own)
        if route.conversation == sheet.conversation and route.visibility == sheet.visibility
        else route
        for route in sheet.routes
    ]


def _now(sheet: Sheet) -> str:
    medium = clean(sheet.goes_by, lines=False)
    return say(f"routes.now_{sheet.seen_by}" if is_shared(sheet.seen_by) else "routes.now", medium=medium)


def _words(route: Route, now: Instant) -> str:
    """`whatsapp #1051 to +82 10 5550 0117, replies until 14:05, 4,096 chars`: the way, and its limits."""
    medium, to = clean(route.medium, lines=False), cut(clean(route.to, lines=False), 40)
    via = cut(clean(route.label, lines=False), 30)
    seen = say(f"composer.{route.visibility}")
    name = "routes.start" if route.conversation is None else "routes.thread"
    words = say(name, medium=medium, n=route.conversation, to=to or via, via=via, seen=seen)
    if route.window_ends is not None:
        closed = route.window_ends <= now
        words += ", " + say(
            "routes.closed" if closed else "routes.window", when=when.clock(route.window_ends)
        )
    if route.max_length is not None:
        words += ", " + say("routes.most", room=say(f"routes.unit_{route.unit}", count=route.max_length))
    return words
