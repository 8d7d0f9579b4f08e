"""What the agent does, carried out in Chatwoot; and whether it was, where no answer came."""

import asyncio
import re
from contextlib import ExitStack
from typing import Any

from tuidesk.channels.chatwoot.api import Api
from tuidesk.channels.chatwoot.options import Options
from tuidesk.channels.chatwoot.parse import INCOMING, OUTGOING, at, type_of
from tuidesk.channels.chatwoot.people import Inbox, Us
from tuidesk.domain.instants import SECOND, Instant
from tuidesk.domain.lengths import length
from tuidesk.domain.model import Caps, Person, Unit
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import ChannelError, Rejected, Unconfirmed, Unsupported
from tuidesk.wire import traces
from tuidesk.wire.channel import Clock
from tuidesk.wire.http.client import Upload
from tuidesk.wire.loose import Object, flag, number, obj, objects, text, texts
from tuidesk.wire.newest import keep
from tuidesk.words import say

STARTS = frozenset({"mail", "sms", "whatsapp"})
"""Media in which somebody can be written to who has not written."""
STATUSES = {"complete": "resolved", "reopen": "open", "pending": "pending", "snooze": "snoozed"}
"""What each work asks for."""
_PRIORITIES = {"normal": "medium"}
_UNITS: dict[str, Unit] = {"instagram": "bytes", "post": "x-weighted"}
"""What the services behind count, where it is not characters."""
_COARSE: Instant = 2 * SECOND - 1
"""The server cuts its stamps to seconds, and so its word on what time it is: a message may be so much newer."""
_MOST_FILES = 15
_CODE = re.compile(r"(`.*?`)", re.DOTALL)
"""What Liquid does not look into."""


class Work:
    """One agent's."""

    def __init__(self, api: Api, options: Options, clock: Clock) -> None:
        self._api = api
        self._options = options
        self._clock = clock
        self._began = clock.monotonic()
        self._tried: dict[str, float] = {}
        self._sent: dict[str, str] = {}
        """Key by message, of what this process has sent: none of it is another one's trace."""
        self.us = Us()
        self.caps = Caps()

    async def perform(self, out: Outgoing) -> Receipt:
        """One try."""
        match out.type:
            case "reply" | "note" | "start":
                return await self._letter(out)
            case "complete" | "reopen" | "pending" | "snooze":
                await self._status(out)
            case "assign":
                await self._assign(out)
            case "tag":
                await self._tag(out)
            case "priority":
                priority = _PRIORITIES.get(out.priority or "normal", out.priority)
                await self._api.set(f"{_below(out)}/toggle_priority", {"priority": priority})
        return Receipt()

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        """What the thread says. A request that the server has in hand is not in it yet: it is waited for."""
        found = await self._look(out)
        wait = self._tried.get(out.key, self._began) + self._options.request_s - self._clock.monotonic()
        if isinstance(found, Missing) and wait > 0:
            await asyncio.sleep(wait)
            found = await self._look(out)
        return found

    async def _look(self, out: Outgoing) -> Found | Missing | Unsure:
        since = out.at - traces.SKEW
        there = self._api.there(since)
        ids = [out.conversation] if out.conversation else await self._begun(out)
        found: list[traces.Trace] = []
        for id_ in ids:
            for one in await self._api.messages(id_, there):
                ours = number(one, "sender", "id") == self.us.me and text(one, "sender", "type") in (
                    "",
                    "user",
                )
                other = self._sent.get(text(one, "id"), out.key) != out.key
                if (
                    type_of(one) == OUTGOING
                    and ours
                    and not other
                    and flag(one, "private") == (out.type == "note")
                ):
                    stamp = self._api.here(at(one.get("created_at"), 0)) + _COARSE
                    found.append(traces.Trace(text(one, "id"), stamp, text(one, "content")))
        return traces.look(out, found, whole=True)

    # --- letters ---

    async def _letter(self, out: Outgoing) -> Receipt:
        if out.forwards:
            raise Rejected(say("chatwoot.no_forward"))
        limit = self.caps.length(out.medium)
        if limit is not None and length(out.text, _UNITS.get(out.medium, self.caps.unit)) > limit:
            raise Rejected(say("chatwoot.too_long", limit=limit))
        if len(out.files) > _MOST_FILES:
            raise Rejected(say("chatwoot.too_many_files", limit=_MOST_FILES))
        body = self._body(out)
        if out.type == "reply" and self._has_window(out):
            await self._in_window(out)
        conversation = await self._begin(out) if out.type == "start" else text(out.conversation)
        keep(self._tried, out.key, self._clock.monotonic())
        posted = await self._post(f"conversations/{_number(conversation)}/messages", body, out)
        keep(self._tried, out.key, self._clock.monotonic())
        if number(posted, "id") is None:
            raise Unconfirmed(say("chatwoot.no_id"))
        keep(self._sent, text(posted, "id"), out.key)
        if self._options.marks_read:
            await self._mark_read(conversation)
        stamp = at(posted.get("created_at"), 0)
        return Receipt(
            id=text(posted, "id"), at=self._api.here(stamp) if stamp else None, conversation=conversation
        )

    def _body(self, out: Outgoing) -> dict[str, Any]:
        body: dict[str, Any] = {
            "content": _as_it_stands(out.text.rstrip()),
            "message_type": "outgoing",
            "private": out.type == "note",
            "echo_id": out.key,
        }
        if self._options.quotes and out.reply_to and out.reply_to.isdecimal() and out.type == "reply":
            body["content_attributes"] = {"in_reply_to": int(out.reply_to)}
        if out.medium == "mail" and out.type != "note":
            for name, people in (("to_emails", out.to), ("cc_emails", out.cc), ("bcc_emails", out.bcc)):
                if addresses := [person.handle for person in people if "@" in person.handle]:
                    body[name] = ",".join(addresses)
        if out.template:
            body["template_params"] = _template(out)
        return body

    async def _post(self, path: str, body: dict[str, Any], out: Outgoing) -> Object:
        if not out.files:
            return await self._api.send(path, body)
        form = {name: _word(value) for name, value in body.items() if not isinstance(value, dict)}
        for name, value in body.get("content_attributes", {}).items():
            form[f"content_attributes[{name}]"] = str(value)
        with ExitStack() as opened:
            try:
                files = [opened.enter_context(open(one.path, "rb")) for one in out.files]
            except OSError as error:
                raise Rejected(say("chatwoot.no_such_file", why=error.strerror)) from None
            uploads = zip(out.files, files, strict=True)
            made = tuple(Upload("attachments[]", one.name, file, one.type) for one, file in uploads)
            return await self._api.send_form(path, form, made)

    def _has_window(self, out: Outgoing) -> bool:
        places = (one for one in self.us.inboxes.values() if one.medium == out.medium)
        is_limited = self.caps.window(out.medium) is not None or any(one.window_s for one in places)
        return is_limited and not out.template

    async def _in_window(self, out: Outgoing) -> None:
        """Chatwoot takes a reply that is too late and lets it fail afterwards; so it is asked before.

        Raises:
            Rejected: the customer cannot be written to just now.
        """
        conversation = await self._api.conversation(text(out.conversation))
        if conversation.get("can_reply") is False:
            raise Rejected(say("chatwoot.window_closed"))

    async def _mark_read(self, conversation: str) -> None:
        try:
            await self._api.set(f"conversations/{conversation}/update_last_seen", {})
        except ChannelError:
            return  # the reply has left, and that is what was asked for

    # --- a conversation of our own ---

    async def _begin(self, out: Outgoing) -> str:
        """A new conversation, empty: nobody sees it before the message is in it."""
        place = next((one for one in self.us.inboxes.values() if one.medium == out.medium), None)
        if place is None or out.medium not in STARTS or not out.to:
            raise Rejected(say("chatwoot.cannot_start", medium=out.medium))
        who = out.to[0]
        contact = await self._contact(who) or await self._new_contact(who, place)
        made = {
            "source_id": _source(who, place),
            "inbox_id": place.id,
            "contact_id": number(contact, "id"),
            "status": "open",
        }
        if out.subject:
            made["additional_attributes"] = {"mail_subject": out.subject}
        begun = obj(await self._api.set("conversations", made))
        if number(begun, "id") is None:
            raise Rejected(say("chatwoot.cannot_start", medium=out.medium))
        return text(begun, "id")

    async def _contact(self, who: Person) -> Object | None:
        found = objects(await self._api.get("contacts/search", {"q": who.handle}), "payload")
        wanted = who.handle.casefold()
        return next(
            (one for one in found if wanted in (text(one, "email").casefold(), text(one, "phone_number"))),
            None,
        )

    async def _new_contact(self, who: Person, place: Inbox) -> Object:
        known = {"email": who.handle} if place.medium == "mail" else {"phone_number": who.handle}
        made = obj(
            await self._api.set("contacts", {"inbox_id": place.id, "name": who.name or who.handle, **known})
        )
        return obj(made, "payload", "contact") or made

    async def _begun(self, out: Outgoing) -> list[str]:
        """The conversations with whom a `start` was for."""
        contact = await self._contact(out.to[0]) if out.to else None
        if contact is None:
            return []
        found = objects(await self._api.get(f"contacts/{number(contact, 'id')}/conversations"), "payload")
        return [id_ for one in found[:5] if (id_ := text(one, "id"))]

    # --- states ---

    async def _status(self, out: Outgoing) -> None:
        if out.type == "snooze" and not out.until_reply:
            raise Unsupported(say("chatwoot.no_firm_snooze"))
        if out.type == "complete" and out.seen:
            await self._refuse_overtaken(out)
        body: dict[str, Any] = {"status": STATUSES[out.type]}
        if out.type == "snooze" and out.until is not None:
            body["snoozed_until"] = out.until // SECOND
        await self._api.set(f"{_below(out)}/toggle_status", body)

    async def _refuse_overtaken(self, out: Outgoing) -> None:
        """A customer's message that we have not seen would be closed with the rest.

        Raises:
            Rejected: there is one.
        """
        newest = [
            number(one, "id") or 0
            for one in await self._api.messages(text(out.conversation), self._api.now())
            if type_of(one) == INCOMING
        ]
        seen = _numbers(out.seen, *out.targets)
        if newest and seen and max(newest) > max(seen):
            raise Rejected(say("chatwoot.overtaken"))

    async def _assign(self, out: Outgoing) -> None:
        wanted = 0 if out.assignee is None else self._agent(out.assignee)
        answer = await self._api.set(f"{_below(out)}/assignments", {"assignee_id": wanted})
        if wanted and number(answer, "id") != wanted:
            raise Rejected(say("chatwoot.not_assigned", who=out.assignee.name if out.assignee else ""))

    def _agent(self, who: Person) -> int:
        if who.me:
            return self.us.me
        for id_, agent in self.us.agents.items():
            if agent.handle.casefold() == who.handle.casefold() and who.handle:
                return id_
        raise Rejected(say("chatwoot.no_agent", who=who.name or who.handle))

    async def _tag(self, out: Outgoing) -> None:
        if any("," in tag for tag in out.add):
            raise Rejected(say("chatwoot.bad_label"))
        path = f"{_below(out)}/labels"
        before = texts(await self._api.get(path), "payload")
        after = [tag for tag in dict.fromkeys((*before, *out.add)) if tag not in out.remove]
        if set(after) != set(before):
            await self._api.set(path, {"labels": after})


def _as_it_stands(words: str) -> str:
    """So that Liquid, which Chatwoot puts every message through, gives back what the agent wrote."""
    parts = _CODE.split(words)
    parts[::2] = [re.sub(r"\{\{|\{%", lambda found: f"{{{{ '{found[0]}' }}}}", part) for part in parts[::2]]
    return "".join(parts)


def _template(out: Outgoing) -> dict[str, Any]:
    _, category, language, name = (out.template.split("/", 3) + [""] * 4)[:4]
    return {
        "name": name,
        "category": category,
        "language": language,
        "processed_params": {"body": dict(out.values)},
    }


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _source(who: Person, place: Inbox) -> str:
    return who.handle.removeprefix("+") if place.medium == "whatsapp" else who.handle


def _below(out: Outgoing) -> str:
    return f"conversations/{_number(text(out.conversation))}"


def _number(conversation: str) -> int:
    found = next(iter(_numbers(conversation)), None)
    if found is None:
        raise Rejected(say("chatwoot.no_conversation", id=conversation))
    return found


def _numbers(*ids: str | None) -> list[int]:
    return [int(id_) for id_ in ids if id_ and id_.isdecimal()]
