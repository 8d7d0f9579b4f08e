"""A mail, wherever it lay → what the channel reports. Shared by every adapter that reads mail.

Who wrote decides: one of our own addresses, or a folder of sent mail, makes a `Sent`; all else is `Received`. An
agent can be a customer too, and so can a web form: what comes from our addresses to the account alone is `Received`.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from tuidesk.domain.events import Body, ChannelEvent, Delivered, Kind, Received, Sent
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Attachment, Person
from tuidesk.errors import Unreadable
from tuidesk.wire.channel import Site
from tuidesk.wire.mime import Bounce, Mail, thread_subject
from tuidesk.words import say

MEDIUM = "mail"


@dataclass(frozen=True, slots=True)
class Us:
    """Whom to take for our side, and whom for this agent; all folded to lower case."""

    addresses: frozenset[str]
    """The account's own address and its aliases, and the agent's."""
    agent: frozenset[str]
    """What `X-Tuidesk-Agent`, or a From, says when this agent wrote."""
    account: frozenset[str]
    """Those of `addresses` that are the account's."""

    @classmethod
    def of(cls, site: Site) -> "Us":
        """What the account's file and `[agent]` say."""
        agent = {site.agent.handle, *site.agent_addresses}
        account = {site.address, *site.addresses}
        return cls(
            addresses=_folded(account | agent),
            agent=_folded({agent_mark(site.agent), *agent}),
            account=_folded(account),
        )

    def wrote(self, person: Person) -> bool:
        """The address is one of ours."""
        return person.handle.casefold() in self.addresses

    def answers(self, person: Person) -> bool:
        """The address is the account's: mail that goes there waits for us."""
        return person.handle.casefold() in self.account


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a mail lay when it was found."""

    ref: str
    """What `Channel.fetch` takes for its source; `REF#1.2` is a part of it. Also one of the message's ids."""
    at: Instant
    """When it arrived there; the Date header is the sender's own claim."""
    size: int
    """Bytes."""
    in_inbox: bool = True
    in_sent: bool = False


def agent_mark(agent: Person) -> str:
    """What mail that this agent sends says in `X-Tuidesk-Agent`."""
    return agent.handle or agent.name


def events(
    mail: Mail | Unreadable, place: Place, us: Us, raw: bytes | None = None
) -> tuple[ChannelEvent, ...]:
    """What one mail means: the message, and what a delivery report says about another one.

    `raw` is kept only for what is unreadable.
    """
    if isinstance(mail, Unreadable):
        return (_unreadable(mail, place, raw),)
    if place.in_sent or _from_us(mail, us):
        return (_sent(mail, place, us),)
    received = _received(mail, place, us)
    report = _report(mail.bounce, place.at) if mail.bounce else None
    return (received, report) if report else (received,)


def message_id(mail: Mail) -> str:
    """The mail's own id; one made of its digest where it has none (ids lie: see `Received.digest`)."""
    return mail.message_id or f"digest:{mail.digest}"


def _from_us(mail: Mail, us: Us) -> bool:
    """It speaks for the account; an agent who asks the account something does not, whoever has a copy, and neither
    does a mail of the account to nobody but itself, which a web form wrote: somebody waits for an answer to it."""
    if not us.wrote(mail.sender) or _on_behalf_of(mail, us) is not None:
        return False
    if mail.key or mail.agent or not any(map(us.answers, mail.to)):
        return True
    others = (*mail.to, *mail.cc) if us.answers(mail.sender) else mail.to
    return any(not us.wrote(person) for person in others)


def _received(mail: Mail, place: Place, us: Us) -> Received:
    sender = _on_behalf_of(mail, us) or mail.sender
    sender = replace(sender, kind="person" if mail.auto == "person" else "auto")
    answers_go_to = next((person.handle for person in mail.reply_to if not us.wrote(person)), "")
    return Received(
        **_common(mail, place),
        sender=sender,
        reply_address=answers_go_to if answers_go_to not in ("", sender.handle) else None,
        kind=_kind(mail),
    )


def _sent(mail: Mail, place: Place, us: Us) -> Sent:
    mark = mail.agent or mail.sender.handle
    return Sent(
        **_common(mail, place),
        sender=replace(mail.sender, me=mark.casefold() in us.agent),
        kind="person" if mail.auto == "person" else "auto",
        key=mail.key or None,
    )


def _common(mail: Mail, place: Place) -> dict[str, Any]:
    """What both directions say in the same words."""
    own = message_id(mail)
    return {
        "id": own,
        "at": place.at,
        "medium": MEDIUM,
        "text": mail.text,
        "html": mail.html or None,
        "body": None if mail.whole_text is None else Body(mail.whole_text, place.ref),
        "subject": mail.subject or None,
        "refs": _refs(mail, own),
        "reply_to": mail.in_reply_to or None,
        "to": mail.to,
        "cc": mail.cc,
        "ids": (place.ref,),
        "digest": mail.digest,
        "attachments": tuple(
            Attachment(part.name, part.size, part.type, f"{place.ref}#{part.ref}")
            for part in mail.attachments
        ),
        "by_subject": mail.auto == "person" and not mail.is_list and thread_subject(mail.subject) != "",
        "in_inbox": place.in_inbox,
        "remote_images": mail.remote_images,
    }


def _refs(mail: Mail, own: str) -> tuple[str, ...]:
    """The thread's ids, oldest first (RFC 5322 §3.6.4); for a report, the mail it is about before all."""
    about = (mail.bounce.about,) if mail.bounce else ()
    named = dict.fromkeys((*about, *mail.references, mail.in_reply_to))
    return tuple(ref for ref in named if ref not in ("", own))


def _kind(mail: Mail) -> Kind:
    if mail.bounce is not None:
        return "bounce" if mail.bounce.action == "failed" and not _of_copies(mail.bounce) else "auto"
    return mail.auto


def _on_behalf_of(mail: Mail, us: Us) -> Person | None:
    """Who really wrote a mail of our own web form: it says From us and Reply-To somebody else."""
    if not us.wrote(mail.sender) or mail.key:
        return None
    return next((person for person in mail.reply_to if person.handle and not us.wrote(person)), None)


def _report(bounce: Bounce, at: Instant) -> Delivered | None:
    """What a delivery report says of the mail it is about. A delay says nothing yet, and neither do copies."""
    if not bounce.about or bounce.action not in ("failed", "delivered"):
        return None
    if _of_copies(bounce):
        return None
    if bounce.action == "delivered":
        return Delivered(message=bounce.about, at=at, state="delivered")
    why = bounce.reason or bounce.status or say("arrivals.bounced_without_reason")
    reason = say("arrivals.bounced", who=", ".join(bounce.failed), why=why) if bounce.failed else why
    return Delivered(message=bounce.about, at=at, state="failed", reason=reason)


def _of_copies(bounce: Bounce) -> bool:
    """Only copies came back: the customer has the reply, and if it were sent again they would have two."""
    return bool(bounce.failed) and _folded(set(bounce.failed)) <= _folded(set(bounce.copies))


def _unreadable(error: Unreadable, place: Place, raw: bytes | None) -> Received | Sent:
    """A row that stands for the mail; `raw` is None where even fetching it was too much."""
    digest = hashlib.sha256(raw if raw is not None else place.ref.encode()).hexdigest()
    why = str(error)
    text = say("arrivals.unreadable_why", size=place.size, why=why) if why else None
    subject = say("arrivals.unreadable", size=place.size)
    direction = Sent if place.in_sent else Received
    return direction(
        id=f"digest:{digest}",
        at=place.at,
        medium=MEDIUM,
        sender=Person(),
        subject=subject,
        text=text or subject,
        kind="unreadable",
        ids=(place.ref,),
        digest=digest,
        in_inbox=place.in_inbox,
        source=raw,
    )


def _folded(words: set[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words if word)
