"""What every key does that goes about: nothing in the store is another after it."""

from tests.tui.hand import Hand
from tuidesk.tui.widgets.thread_lines import Fold

LONG, FILES, KNOWN = "Tom Whitaker", "Jonas Becker", "Dana Ortiz"
"""Who has a long thread, who sent files, whose history is long."""


async def next(hand: Hand) -> None:
    await hand.press("k", "k", "k")
    await _moves(hand, 1)


async def previous(hand: Hand) -> None:
    await hand.press("j", "j", "j")
    await _moves(hand, -1)


async def _moves(hand: Hand, by: int) -> None:
    """One on in this pane: the queue's thread follows, the other panes stay at theirs."""
    desk = hand.desk
    at = _cursor(hand)
    await hand.press()
    assert (_cursor(hand) > at) if by > 0 else (_cursor(hand) < at)
    if hand.place == "queue":
        assert _cursor(hand) == (at[0] + by, 0)
        await hand.comes(lambda: desk.thread.conversation == desk.queue.current)
        await hand.shows(f" #{desk.queue.current} ")
    else:
        assert (desk.queue.current, desk.thread.conversation) == (hand.n, hand.n)
    await hand.unchanged()


def _cursor(hand: Hand) -> tuple[int, int]:
    """What the cursor of the pane is at, and where that is; greater is further down."""
    desk = hand.desk
    if hand.place == "queue":
        return desk.queue.cursor, 0
    if hand.place == "customer":
        return desk.customer._cursor_line() or 0, 0
    roll = desk.thread._body.roll
    assert roll is not None
    return roll.cursor or roll.top


async def next_conversation(hand: Hand) -> None:
    await _other_conversation(hand, 1)


async def previous_conversation(hand: Hand) -> None:
    await _other_conversation(hand, -1)


async def _other_conversation(hand: Hand, by: int) -> None:
    desk = hand.desk
    at = desk.queue.cursor
    await hand.press()
    assert desk.queue.cursor == at + by
    await hand.comes(lambda: desk.thread.conversation == desk.queue.current != hand.n)
    assert desk.at == hand.place
    await hand.shows(f" #{desk.queue.current} ")
    await hand.unchanged()


async def open(hand: Hand) -> None:
    """The row's thread; what a message has folded; the conversation of the history."""
    desk = hand.desk
    if hand.place == "thread":
        await hand.press("End")
        for _ in range(20):
            roll = desk.thread._body.roll
            if roll is not None and isinstance(roll.spot(), Fold):
                break
            await hand.press("k")
        await hand.shows("Enter shows")
        await hand.press()
        await hand.shows("Enter hides")
        await hand.press()
        await hand.shows("Enter shows")
    elif hand.place == "customer":
        stop = desk.customer.current
        assert stop is not None
        await hand.press()
        await hand.comes(lambda: desk.thread.conversation == stop.n)
        assert desk.at == "thread"
        await hand.shows(f" #{stop.n} ")
    else:
        await hand.press()
        await hand.comes(lambda: desk.at == "thread" and desk.thread.has_focus_within)
        assert desk.thread.conversation == hand.n
    await hand.unchanged()


async def unfold(hand: Hand) -> None:
    before = hand.pane(hand.desk.customer)
    await hand.press()
    await hand.comes(lambda: len(hand.desk.customer._setting.unfolded) == 1)
    await hand.pilot.pause()
    assert hand.pane(hand.desk.customer) != before
    assert hand.desk.at == "customer"
    await hand.unchanged()


async def page_down(hand: Hand) -> None:
    await _scrolls(hand, 1)


async def page_up(hand: Hand) -> None:
    await _scrolls(hand, -1)


async def half_down(hand: Hand) -> None:
    await _scrolls(hand, 0.5)


async def half_up(hand: Hand) -> None:
    await _scrolls(hand, -0.5)


async def _scrolls(hand: Hand, pages: float) -> None:
    """The thread, from the queue as well; the history in its own pane."""
    desk = hand.desk
    pane = desk.customer if hand.place == "customer" else desk.thread._body
    await hand.press("Home" if pages > 0 else "End")
    above = hand.pane(pane)
    await hand.press()
    below = hand.pane(pane)
    if pages < 0:
        above, below = below, above
    lines = _shift(above, below)
    most = len(above)
    if hand.place == "customer":  # it is as long as it is
        assert 0 < lines <= most
    elif abs(pages) == 1:
        assert most * 0.7 < lines <= most
    else:
        assert most * 0.3 < lines < most * 0.7
    assert (desk.at, desk.queue.current, desk.thread.conversation) == (hand.place, hand.n, hand.n)
    await hand.unchanged()


def _shift(above: list[str], below: list[str]) -> int:
    """By how many lines `below` is further down."""
    assert above != below
    return min(by for by in range(len(above) + 1) if above[by:] == below[: len(above) - by])


async def start(hand: Hand) -> None:
    await hand.press("End")
    await _to(hand, 1)


async def end(hand: Hand) -> None:
    await hand.press("Home")
    await _to(hand, -1)


async def _to(hand: Hand, back: float) -> None:
    desk = hand.desk
    pane = desk.customer if hand.place == "customer" else desk.thread._body
    before = hand.pane(pane)
    await hand.press()
    after = hand.pane(pane)
    assert after != before
    await hand.press("PgUp" if back > 0 else "PgDn")
    assert hand.pane(pane) == after, "there is nothing beyond it"
    assert (desk.at, desk.queue.current) == (hand.place, hand.n)
    await hand.unchanged()


async def back(hand: Hand) -> None:
    """One level; at the queue there is none, and nothing is left by accident."""
    desk = hand.desk
    await hand.press()
    if hand.place == "queue":
        await hand.shows("This is the queue; q asks to quit.")
    assert desk.at == {"customer": "thread", "thread": "queue", "queue": "queue"}[hand.place]
    assert (desk.thread.conversation, hand.app._exit) == (hand.n, False)
    await hand.unchanged()


async def next_pane(hand: Hand) -> None:
    await _turns(hand, {"queue": "thread", "thread": "customer", "customer": "queue"})


async def previous_pane(hand: Hand) -> None:
    await _turns(hand, {"queue": "customer", "thread": "queue", "customer": "thread"})


async def _turns(hand: Hand, leads: dict[str, str]) -> None:
    await hand.press()
    assert hand.desk.at == leads[hand.place]
    assert hand.desk._pane(hand.desk.at).has_focus_within
    assert hand.desk.thread.conversation == hand.n
    await hand.unchanged()


async def history(hand: Hand) -> None:
    desk = hand.desk
    await hand.press()
    assert not desk.customer_in_view
    assert desk.customer.region.width == 0
    assert desk.at == ("thread" if hand.place == "customer" else hand.place)
    await hand.press()
    await hand.comes(lambda: desk.customer_in_view)
    assert desk.customer.region.width > 0
    await hand.unchanged()
