"""What every key does that changes something in the store: answering, settling, writing."""

import re

from tests.tui.hand import Hand
from tests.tui.scenes_looking import next_id
from tuidesk.desk import customer as desk_customer
from tuidesk.domain.commands import Complete, Mode
from tuidesk.tui.screens.canned_picker import Picker
from tuidesk.tui.screens.question import Question

_FLAGGED = re.compile(r" +\S+ +d ")
"""The second line of a row with a draft."""


# Answering


async def reply(hand: Hand) -> None:
    await _writes(hand, "reply", "REPLY to the customer")


async def note(hand: Hand) -> None:
    await _writes(hand, "note", "NOTE")


async def forward(hand: Hand) -> None:
    await _writes(hand, "forward", "FORWARD")


async def start_conversation(hand: Hand) -> None:
    await _writes(hand, "start", "NEW", n=0)


async def _writes(hand: Hand, mode: Mode, words: str, n: int | None = None) -> None:
    """A text of this kind is begun, and is a draft as soon as there is something in it."""
    desk = hand.desk
    await hand.press()
    await hand.comes(lambda: desk.composer.is_open and desk.composer.has_focus_within)
    slot = desk.composer.slot
    assert slot is not None
    assert (slot.conversation, slot.mode) == (hand.n if n is None else n, mode)
    await hand.shows(words)
    await hand.unchanged()
    desk.composer._text.focus()
    await hand.type("hello")
    await hand.comes(lambda: hand.draft(mode, n) == "hello")
    await hand.press("Esc")
    assert desk.at == "thread"
    assert hand.row().status == "open"


async def reply_editor(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: hand.draft("reply") == "by the editor")
    await hand.shows("REPLY to the customer", "by the editor")


async def contact_note(hand: Hand) -> None:
    await hand.press()
    await hand.shows("Note about ")
    await hand.type("likes tea")
    await hand.press("Enter")
    notes = "SELECT text FROM contact_note WHERE contact = ?"
    await hand.comes(lambda: hand.rows_of(notes, hand.row().contact) == [("likes tea",)])
    await hand.shows("likes tea")
    assert hand.row().status == "open"


async def canned(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: isinstance(hand.app.screen, Picker))
    await hand.type("greet")  # where an answer is due, a holding reply is offered first
    await hand.shows("Greeting", "Hello from the shelf.")
    await hand.unchanged()
    await hand.answer("Enter")
    await hand.comes(lambda: hand.desk.composer.is_open and hand.desk.composer.has_focus_within)
    await hand.comes(lambda: hand.draft("reply") == "Hello from the shelf.")
    assert hand.desk.composer.slot is not None
    assert hand.desk.composer.slot.conversation == hand.n
    await hand.shows("Hello from the shelf.")


# Settling


async def complete(hand: Hand) -> None:
    follows, desk = next_id(hand), hand.desk
    await hand.press()
    await hand.comes(lambda: hand.row().status == "complete")
    await hand.comes(lambda: desk.target == follows)
    await hand.shows(f"complete #{hand.n}")
    await hand.comes(lambda: desk.queue.current == desk.thread.conversation == follows)
    assert (desk.at, hand.row(follows).status) == (hand.place, "open")


async def complete_stay(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: hand.row().status == "complete")
    await hand.shows(f"complete #{hand.n}")
    await hand.settled()
    assert (hand.desk.target, hand.desk.at) == (hand.n, hand.place)


async def pending(hand: Hand) -> None:
    await hand.press()
    await hand.shows(f"#{hand.n} pending for:")
    await hand.unchanged()
    await hand.type("billing")
    await hand.press("Enter")
    await hand.comes(lambda: hand.row().status == "pending" and hand.row().pending_for == "billing")
    await hand.shows(f"#{hand.n}", "billing")


async def reopen(hand: Hand) -> None:
    await hand.elsewhere(Complete(conversations=(hand.n,)))
    await hand.press()
    await hand.comes(lambda: hand.row().status == "open")
    await hand.shows(f"reopen #{hand.n}")
    assert hand.desk.target == hand.n


async def snooze(hand: Hand) -> None:
    await hand.press()
    await hand.shows(f"Snooze #{hand.n}:")
    await hand.unchanged()
    await hand.type("2h")
    await hand.press("Enter")
    await hand.comes(lambda: hand.row().status == "snoozed")
    await hand.shows(f"snooze #{hand.n}")


async def take(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: _owner(hand, hand.n) == "Ana")
    await hand.shows(f"#{hand.n}")
    assert (hand.desk.target, hand.row().status) == (hand.n, "open")


def _owner(hand: Hand, n: int) -> str:
    who = hand.row(n).assignee
    return who.name if who is not None else ""


async def take_next(hand: Hand) -> None:
    free = hand.ids("unassigned")[0]
    await hand.press()
    await hand.comes(lambda: _owner(hand, free) == "Ana")
    await hand.comes(lambda: hand.desk.thread.conversation == free)
    assert hand.desk.at == "thread"
    await hand.shows(f" #{free} ")


async def assign(hand: Hand) -> None:
    await hand.press()
    await hand.shows(f"Assign #{hand.n} to")
    await hand.unchanged()
    await hand.type("min")
    await hand.answer("Enter")
    await hand.comes(lambda: _owner(hand, hand.n) == "Mina")
    await hand.shows(f"assign #{hand.n} to Mina")


async def tag(hand: Hand) -> None:
    await hand.press()
    await hand.shows(f"Tag #{hand.n}")
    await hand.unchanged()
    await hand.type("brandnew")
    await hand.answer("Enter")
    await hand.comes(lambda: "brandnew" in hand.row().tags)
    await hand.shows("tag brandnew")


async def priority(hand: Hand) -> None:
    await hand.press()
    await hand.shows(f"Priority of #{hand.n}")
    await hand.unchanged()
    await hand.type("u")
    await hand.answer("Enter")
    await hand.comes(lambda: hand.row().priority == "urgent")
    await hand.shows(f"priority urgent on #{hand.n}")


async def star(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: hand.row().starred)
    await hand.shows(f"star #{hand.n}")
    await hand.press()
    await hand.comes(lambda: not hand.row().starred)


async def mute(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: hand.row().muted)
    await hand.shows(f"mute #{hand.n}")
    await hand.press()
    await hand.comes(lambda: not hand.row().muted)


async def spam(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: isinstance(hand.app.screen, Question))
    await hand.shows(f"Is #{hand.n} spam?")
    await hand.unchanged()
    await hand.answer("y")
    await hand.comes(lambda: hand.row().spam and hand.row().status == "complete")
    await hand.shows(f"spam #{hand.n}")


async def same_person(hand: Hand) -> None:
    other = await _at_suggestion(hand)
    await hand.press()
    await hand.comes(lambda: isinstance(hand.app.screen, Question))
    await hand.unchanged()
    await hand.answer("y")
    await hand.comes(lambda: other in _members(hand))
    await hand.comes(lambda: other not in [one.contact for one in hand.desk.customer.suggestions])
    await hand.press("z")
    await hand.comes(lambda: other not in _members(hand))


async def two_people(hand: Hand) -> None:
    other = await _at_suggestion(hand)
    await hand.press()
    apart = "SELECT count(*) FROM contact_link WHERE apart = 1 AND ? IN (a, b)"
    await hand.comes(lambda: hand.rows_of(apart, other) == [(1,)])
    await hand.comes(lambda: other not in [one.contact for one in hand.desk.customer.suggestions])
    assert other not in _members(hand)


async def _at_suggestion(hand: Hand) -> int:
    """The cursor goes to somebody who may be the same person; that contact's number."""
    pane = hand.desk.customer
    await hand.comes(lambda: bool(pane.suggestions))
    for key in ["k"] * 20 + ["j"] * 60:
        if pane.current is not None and pane.current.kind == "suggestion":
            break
        await hand.press(key)
    assert pane.current is not None
    return pane.current.n


def _members(hand: Hand) -> tuple[int, ...]:
    now = hand.app.desk.clock.now()
    return hand.app.desk.read(desk_customer.of, hand.row().contact, now).result().members


async def undo(hand: Hand) -> None:
    """The step before, which is named; all is as it was."""
    before = hand.row()
    await hand.press("E")
    await hand.comes(lambda: hand.row().status == "complete")
    await hand.shows("z takes it back")
    await hand.press()
    await hand.comes(lambda: hand.row() == before)
    await hand.shows(f"taken back: complete #{hand.n}")


async def repeat(hand: Hand) -> None:
    desk = hand.desk
    await hand.press("E")
    await hand.comes(lambda: hand.row().status == "complete")
    await hand.press("J")
    await hand.comes(lambda: desk.thread.conversation == desk.target != hand.n)
    other = desk.target
    assert other is not None
    assert hand.row(other).status == "open"
    await hand.press()
    await hand.comes(lambda: hand.row(other).status == "complete")
    await hand.shows(f"again: complete #{other}")
    hand.used(other)


# Writing


async def send(hand: Hand) -> None:
    await hand.type("on its way")
    await hand.press()
    await hand.shows("e complete, next")
    outbox = "SELECT type, state FROM outbox WHERE conversation = ?"
    assert hand.rows_of(outbox, hand.n)[0] == ("reply", "queued")
    last = hand.rows_of("SELECT text FROM message WHERE conversation = ? ORDER BY id DESC", hand.n)[0]
    assert last == ("on its way",)
    assert (hand.draft("reply"), hand.row().status) == (None, "pending")


async def leave(hand: Hand) -> None:
    await hand.type("for later")
    await hand.press()
    assert not hand.desk.composer.is_open
    assert hand.desk.at == "thread"
    await hand.comes(lambda: hand.draft("reply") == "for later")
    await hand.press("u")
    await hand.comes(
        lambda: any(line.lstrip().startswith("d ") or " d " in line for line in hand.pane(hand.desk.queue))
    )
    assert hand.rows_of("SELECT count(*) FROM outbox WHERE conversation = ?", hand.n) == [(0,)]


async def quote(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: hand.desk.composer.text.lstrip().splitlines()[1:2] != [])
    quoted = [line for line in hand.desk.composer.text.splitlines() if line.startswith("> ")]
    assert quoted
    await hand.comes(lambda: hand.draft("reply") == hand.desk.composer.text)
    await hand.shows(quoted[0][:20])


async def canned_writing(hand: Hand) -> None:
    await hand.type("first. ")
    await hand.press()
    await hand.comes(lambda: isinstance(hand.app.screen, Picker))
    await hand.answer("Enter")
    await hand.comes(lambda: hand.draft("reply") == "first. Hello from the shelf.")
    await hand.shows("first. Hello from the shelf.")


async def recipients(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: hand.desk.composer._fields.display or hand.app.screen is not hand.desk)
    await hand.unchanged()


async def editor(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: hand.draft("reply") == "by the editor")
    await hand.shows("by the editor")


async def attach(hand: Hand) -> None:
    path = hand.folder / "box.txt"
    path.write_text("x")
    await hand.press()
    await hand.shows("Attach:")
    await hand.unchanged()
    await hand.type(str(path))
    await hand.press("Enter")
    await hand.shows("box.txt")
    await hand.comes(lambda: [str(path)] == [one for draft in hand.thread().drafts for one in draft.files])
