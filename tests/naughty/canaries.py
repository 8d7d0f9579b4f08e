"""Canaries: what would act on a terminal, or on the program, if it got there as it is.

Their parameters are none that the program uses itself, so that one that got through is told from what is its own.
"""

from collections.abc import Callable
from typing import Any

Object = dict[str, Any]

CANARIES: tuple[str, ...] = (
    "\x1b[?1049l",
    "\x1b]0;canary\x07",
    "\x1b]52;c;Y2FuYXJ5\x1b\\",
    "\x1bPcanary\x1b\\",
    "\x1b[8;77m",
    "\x1b[777;777H",
    "\x1b[5n",
    "\x1b7",
    "\x9b777;777H",
    "\x9d0;canary\x9c",
    "\x90canary\x9c",
    "\u202ecanary",
    "\u2066canary",
    "\u2028canary",
    "\u2029canary",
    "\u200ecanary\u061c",
    "\x07",
    "\x7f",
    "over\rwrite",
    "back\x08\x08\x08\x08",
    "\x00",
    "\U000e0063\U000e0061",
    "\ufff9canary\ufffb",
    "\ud83d",
    "\udc9b",
    "\ufeffcanary\u200b",
    "[@click=app.quit]x[/]",
    "[link=https://evil.example]x[/link]",
    "[/]",
    "[b]" * 40,
)
"""Any of them may stand in any field that somebody else writes."""

ALL = " ".join(CANARIES)


def events(count: int, at: Callable[[int], str]) -> list[Object]:
    """Conversations with canaries in every field of the vocabulary that a stranger, a colleague or a server writes.

    Each conversation has one canary of its own, so that every one of them has a row, a head and a title; every tenth
    conversation has all of them in every field. `at` gives the time of the n-th message.
    """
    told: list[Object] = []
    for number in range(count):
        told += _conversation(number, ALL if number % 10 == 9 else CANARIES[number % len(CANARIES)], at)
    return told


def _conversation(number: int, canary: str, at: Callable[[int], str]) -> list[Object]:
    conversation = f"c{number}{canary}"
    customer = {"name": f"{canary}Dana {number}{canary}", "handle": f"dana{number}{canary}@x.example"}
    colleague = {"name": f"{canary}Sam{canary}", "handle": f"sam{canary}"}
    message = {"at": at(number), "medium": f"chat{canary}", "conversation": conversation}
    return [
        {
            "type": "contact",
            "medium": message["medium"],
            "handle": customer["handle"],
            "name": customer["name"],
            "fields": {f"city{canary}": f"Seoul{canary}", "language": canary},
        },
        message
        | {
            "type": "received",
            "id": f"in{number}{canary}",
            "from": customer,
            "subject": f"{canary}Subject {number} {canary}",
            "text": f"{canary}Body {number} {canary}\n> quoted {canary}\n-- \nsigned {canary}",
            "to": [colleague],
            "cc": [colleague, {"name": canary, "handle": f"cc{number}{canary}@x.example"}],
            "reply_address": f"answers{canary}@x.example",
            "attachments": [
                {
                    "name": f"{canary}file{canary}.pdf",
                    "size": 7,
                    "type": f"text/{canary}",
                    "ref": f"a{canary}",
                }
            ],
        },
        message
        | {
            "type": "received",
            "id": f"html{number}{canary}",
            "from": customer,
            "html": f"<p>{canary}Html {number} {canary}</p><a href='https://evil.example/{canary}'>bank{canary}</a>"
            f"<table><tr><td>{canary}</td></tr></table>&#27;[8;77m&#155;777;777H&#x202e;<li>{canary}",
        },
        message
        | {
            "type": "sent",
            "id": f"out{number}",
            "from": colleague,
            "text": f"{canary}Answer {number} {canary}",
            "to": [customer],
        },
        {
            "type": "delivered",
            "message": f"out{number}",
            "at": at(number),
            "state": "failed",
            "reason": canary,
        },
        message
        | {
            "type": "received",
            "id": f"bounce{number}",
            "from": {"name": canary, "handle": "mailer-daemon@x.example", "kind": "auto"},
            "kind": "bounce",
            "reply_to": f"out{number}",
            "text": f"550 {canary}",
        },
        *_history(number, conversation, colleague, canary, at),
        message
        | {
            "type": "received",
            "id": f"last{number}",
            "from": customer,
            "text": f"{canary}Last {number} {canary}",
        },
        *([_waits(conversation, canary, at(number + 1))] if number % 5 == 1 else []),
    ]


def _history(
    number: int, conversation: str, colleague: Object, canary: str, at: Callable[[int], str]
) -> list[Object]:
    of_it = {"conversation": conversation, "at": at(number), "by": colleague}
    return [
        of_it | {"type": "note", "id": f"note{number}", "text": f"{canary}Note {canary}"},
        of_it | {"type": "assigned", "to": colleague},
        of_it | {"type": "tagged", "add": [f"{canary}tag{canary}", "refund"], "remove": [f"no{canary}"]},
        _waits(conversation, canary, at(number)),
        of_it | {"type": "rated", "score": 2, "scale": 5, "text": f"{canary}rated{canary}"},
        of_it | {"type": "handoff"},
        of_it | {"type": "priority", "priority": "high"},
        of_it | {"type": "edited", "message": f"bounce{number}", "text": f"{canary}Edited {canary}"},
    ]


def _waits(conversation: str, canary: str, at: str) -> Object:
    return {
        "type": "status",
        "conversation": conversation,
        "at": at,
        "status": "pending",
        "for": f"{canary}billing{canary}",
    }
