"""Two years of a support team as JSON lines: customers who ask, people who answer, complete, reopen and rate."""

import random
from collections.abc import Iterator
from typing import Any

from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant, rfc3339

PEOPLE = (
    {"name": "Ana", "handle": "ana@acme.example", "me": True},
    {"name": "Sam Ito", "handle": "sam@acme.example"},
    {"name": "Lena Vogt", "handle": "lena@acme.example"},
)
MEDIA = ("mail", "mail", "whatsapp", "chat", "post", "sms")
TAGS = ("refund/late", "refund/double", "delivery", "delivery/lost", "login", "invoice", "praise")


def history(messages: int, until: Instant, seed: int = 1) -> Iterator[dict[str, Any]]:
    """At least so many messages, eight in a conversation on average, of the two years before `until`."""
    chance = random.Random(seed)
    done = number = 0
    while done < messages:
        number += 1
        began = (until // DAY - chance.randrange(1, 730)) * DAY + int(
            min(max(chance.gauss(13, 4), 0), 23.9) * HOUR
        )
        for line in _conversation(number, began, until, chance):
            done += line["type"] in ("received", "sent")
            yield line


def _conversation(
    number: int, began: Instant, until: Instant, chance: random.Random
) -> Iterator[dict[str, Any]]:
    name, medium, owner = f"c{number}", chance.choice(MEDIA), chance.choice(PEOPLE)
    customer = {"name": f"Customer {number % 60000}", "handle": f"c{number % 60000}@customer.example"}
    if medium in ("whatsapp", "sms"):
        customer["handle"] = f"+8210{number % 60000:08d}"
    at, count = began, 0
    while at < until:
        for _ in range(chance.choice((1, 1, 2))):
            count += 1
            yield _said("received", name, count, at, medium, customer, f"Question {count} about my order.")
            at += chance.randrange(1, 5) * MINUTE
        if count == 1 and chance.random() < 0.6:
            yield {"type": "tagged", "conversation": name, "at": rfc3339(at), "add": [chance.choice(TAGS)]}
        if chance.random() < 0.93:
            at += int(chance.lognormvariate(3.3, 1.2) * MINUTE)
            count += 1
            yield _said("sent", name, count, at, medium, owner, "Thank you, it is on its way.")
        if chance.random() < 0.27:
            at += chance.randrange(1, 60) * MINUTE
            yield _status(name, at, "complete", owner)
            if chance.random() < 0.05:
                at += MINUTE
                score = {"score": chance.choice((1, 3, 4, 5, 5)), "scale": 5}
                yield {"type": "rated", "conversation": name, "at": rfc3339(at), **score}
            if chance.random() < 0.9:
                return
        at += int(chance.lognormvariate(4.5, 1.5) * MINUTE)


def _said(
    what: str, name: str, count: int, at: Instant, medium: str, who: dict[str, Any], text: str
) -> dict[str, Any]:
    return {
        "type": what,
        "id": f"{name}-{count}",
        "conversation": name,
        "at": rfc3339(at),
        "medium": medium,
        "from": who,
        "text": text,
    }


def _status(name: str, at: Instant, status: str, who: dict[str, Any]) -> dict[str, Any]:
    return {"type": "status", "conversation": name, "at": rfc3339(at), "status": status, "by": who}
