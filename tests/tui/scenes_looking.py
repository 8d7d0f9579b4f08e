"""What every key does that marks, finds, shows another view, or opens something to look at: nothing in the store."""

import base64
import re

from textual._compositor import LayoutUpdate

from tests.tui.desks import text
from tests.tui.hand import Hand
from tests.tui.scenes_moving import KNOWN, back
from tuidesk.desk import read
from tuidesk.domain import actions
from tuidesk.domain.commands import Complete
from tuidesk.tui.screens.accounts import Accounts
from tuidesk.tui.screens.chooser import Chooser
from tuidesk.tui.screens.help import Help
from tuidesk.tui.screens.output import Output
from tuidesk.tui.screens.question import Question
from tuidesk.tui.screens.report import ReportScreen
from tuidesk.tui.screens.source import Source
from tuidesk.tui.screens.why import Explained

# Marking


async def mark(hand: Hand) -> None:
    await hand.press()
    assert hand.desk.queue.marks == {hand.n}
    await hand.shows("1 marked")
    await hand.press()
    await hand.comes(lambda: not hand.desk.queue.marks)
    await hand.unchanged()


async def mark_range(hand: Hand) -> None:
    ids = _ids(hand)
    at = hand.desk.queue.cursor
    await hand.press("x", "j", "j")
    await hand.press()
    assert hand.desk.queue.marked == tuple(ids[at : at + 3])
    await hand.shows("3 marked")
    await hand.unchanged()


def _ids(hand: Hand) -> list[int]:
    picture = hand.desk.queue.picture
    assert picture is not None
    return list(picture.ids)


async def mark_by(hand: Hand) -> None:
    """`*` and a letter: what is so in this view, as the store has it."""
    rows, now = hand.rows(*_ids(hand)), hand.app.desk.clock.now()
    wanted = {
        "* a": set(rows),
        "* n": set[int](),
        "* u": {n for n, row in rows.items() if row.unread},
        "* s": {n for n, row in rows.items() if row.starred},
        "* l": {n for n, row in rows.items() if row.due is not None and row.due <= now},
        "* o": {n for n, row in rows.items() if row.status == "open"},
        "* m": {n for n, row in rows.items() if row.assignee and row.assignee.me},
    }[hand.key]
    await hand.press("x")
    await hand.press()
    await hand.comes(lambda: hand.desk.queue.marks == wanted)
    if hand.key != "* n":
        await hand.shows(f"{len(wanted)} in view")
    await hand.unchanged()


async def mark_customer(hand: Hand) -> None:
    theirs = {n for n, row in hand.rows(*_ids(hand)).items() if row.name == KNOWN and row.status == "open"}
    await hand.press()
    await hand.comes(lambda: hand.desk.queue.marks == theirs)
    assert len(theirs) > 1
    assert hand.desk.at == "queue"
    await hand.shows(f"{len(theirs)} in view")
    await hand.unchanged()


# Finding


async def search(hand: Hand) -> None:
    await hand.press()
    await hand.shows("Search:")
    await hand.type("refund")
    await hand.press("Enter")
    found = await hand.desk.ask(read.search, "refund", hand.desk.showing.now())
    await hand.comes(lambda: hand.desk.showing.view == "search" and set(_ids(hand)) == set(found))
    assert found
    await hand.shows("[Search “refund” ")
    await hand.unchanged()


async def download(hand: Hand) -> None:
    saved = hand.folder / "saved"
    before = set(saved.iterdir()) if saved.exists() else set()
    await hand.press()
    await hand.shows("saved as ")
    (path,) = set(saved.iterdir()) - before
    assert path.name.startswith(("bestellungen", "rechnung"))
    assert path.stat().st_size > 0
    await hand.unchanged()


async def open_saved(hand: Hand) -> None:
    await hand.press("d")
    await hand.shows("saved as ")
    await hand.press()
    await hand.comes(lambda: isinstance(hand.app.screen, Output))
    await hand.shows("opened ")
    await hand.unchanged()


async def rows(hand: Hand) -> None:
    before = hand.pane(hand.desk.queue)
    await hand.press()
    await hand.shows("one line a row")
    assert hand.pane(hand.desk.queue) != before
    await hand.press()
    await hand.shows("two lines a row")
    assert hand.pane(hand.desk.queue) == before
    await hand.unchanged()


async def source(hand: Hand) -> None:
    message = hand.desk.thread.current
    assert message is not None
    await hand.keep_source(message.n, b"Subject: as it came")
    await hand.press()
    await hand.comes(lambda: isinstance(hand.app.screen, Source))
    await hand.shows(f"Message {message.n}, 19 bytes", "Subject: as it came")
    await hand.unchanged()


async def why(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: isinstance(hand.app.screen, Explained))
    await hand.shows(f"#{hand.n}: why its times are what they are", "Wait: ", "target 1h (as shipped")
    await hand.unchanged()


def _copied(hand: Hand) -> str:
    found = re.match("\x1b\\]52;c;([A-Za-z0-9+/=]+)\x07", hand.copied[-1])
    assert found is not None
    return base64.b64decode(found[1]).decode()


async def copy_number(hand: Hand) -> None:
    count = len(hand.copied)
    await hand.press()
    await hand.comes(lambda: len(hand.copied) == count + 1)
    assert _copied(hand).startswith(f"#{hand.n} {hand.row().name}")
    await hand.shows("copied, if your terminal takes it: #")
    await hand.unchanged()


async def copy_text(hand: Hand) -> None:
    count, message = len(hand.copied), hand.desk.thread.current
    assert message is not None
    await hand.press()
    await hand.comes(lambda: len(hand.copied) == count + 1)
    assert _copied(hand) == message.text.strip("\n")
    await hand.shows("copied, if your terminal takes it: ")
    await hand.unchanged()


async def pipe(hand: Hand) -> None:
    await hand.press()
    await hand.shows(f"Pipe #{hand.n} to:")
    await hand.type("head -c 20")
    await hand.press("Enter")
    await hand.comes(lambda: isinstance(hand.app.screen, Output))
    await hand.shows(f"#{hand.n} ")
    await hand.unchanged()


# Views

_VIEWS = {
    "g o": ("open", "Open"),
    "g m": ("mine", "Mine"),
    "g u": ("unassigned", "Unassigned"),
    "g l": ("late", "Late"),
    "g s": ("soon", "Soon"),
    "g w": ("window", "Window"),
    "g b": ("snoozed", "Snoozed"),
    "g p": ("pending", "Pending"),
    "g d": ("drafts", "Drafts"),
    "g k": ("check", "Check"),
    "g e": ("handled", "Handled"),
    "g c": ("complete", "Complete"),
    "g A": ("all", "All"),
}


async def view(hand: Hand) -> None:
    """The view, with what the store has for it; the keys are at the queue then."""
    name, word = _VIEWS[hand.key]
    if name == "open":
        await hand.press("g A")
        await hand.comes(lambda: _view(hand) == "all")
    await hand.press()
    await hand.comes(lambda: _view(hand) == name)
    assert _ids(hand) == hand.ids(name)
    await hand.shows(f"[{word} {len(_ids(hand))}")
    assert hand.desk.at == "queue"
    await hand.unchanged()


def _view(hand: Hand) -> str:
    picture = hand.desk.queue.picture
    return picture.view if picture is not None else ""


async def view_own(hand: Hand) -> None:
    await hand.press()
    if hand.key == "g 1":
        await hand.comes(lambda: _view(hand) == "Refunds")
        assert {"refund" in row.tags for row in hand.rows(*_ids(hand)).values()} == {True}
        await hand.shows(f"[Refunds {len(_ids(hand))}")
    else:
        await hand.shows(f"No view of yours has the digit {hand.key[-1]}.")
        assert _view(hand) == "open"
    await hand.unchanged()


async def refresh(hand: Hand) -> None:
    """The picture stands still until it is asked for anew."""
    other = next_id(hand)
    await hand.elsewhere(Complete(conversations=(other,)))
    assert other in _ids(hand)
    await hand.press()
    await hand.comes(lambda: other not in _ids(hand))
    assert hand.desk.queue.current == hand.n
    assert hand.desk.at == hand.place
    await hand.unchanged()


def next_id(hand: Hand) -> int:
    """The conversation below the mark."""
    ids = _ids(hand)
    return ids[ids.index(hand.n) + 1]


async def accounts(hand: Hand) -> None:
    await hand.press()
    assert isinstance(hand.app.screen, Accounts)
    await hand.shows("Accounts", "This tuidesk pulls and sends.")
    await hand.unchanged()


async def report(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: isinstance(hand.app.screen, ReportScreen))
    await hand.shows("Report: last 7 days", "[Figures]", "First response")
    await hand.unchanged()


# The rest


async def palette(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: isinstance(hand.app.screen, Chooser))
    await hand.shows("Every command: Enter does it, Esc leaves")
    assert hand.desk.target == hand.n
    await hand.unchanged()


async def help(hand: Hand) -> None:
    await hand.press()
    await hand.comes(lambda: isinstance(hand.app.screen, Help))
    where = {"queue": "in the queue", "thread": "in the thread", "customer": "in the customer's history"}
    await hand.shows(f"Keys: {where.get(hand.place, 'while writing')}")
    await hand.unchanged()


async def redraw(hand: Hand) -> None:
    """All of the terminal is written once more, and is the same."""
    written: list[bool] = []
    compositor, before = hand.desk._compositor, text(hand.app)
    write = compositor.render_full_update

    def counted(simplify: bool = False) -> LayoutUpdate:
        written.append(True)
        return write(simplify)

    compositor.render_full_update = counted  # type: ignore[method-assign]
    try:
        await hand.press()
        await hand.comes(lambda: bool(written))
    finally:
        compositor.render_full_update = write  # type: ignore[method-assign]
    assert text(hand.app) == before
    await hand.unchanged()


async def suspend(hand: Hand) -> None:
    """Nothing stops a test; but somebody else may sync from now on."""
    desk = hand.app.desk
    assert desk.lock.held
    await hand.press()
    await hand.comes(lambda: not desk.lock.held)
    desk.start()
    await hand.comes(lambda: desk.lock.held)
    await hand.unchanged()


async def quit(hand: Hand) -> None:
    """One level back, and at the queue a question."""
    if hand.place != "queue":
        await back(hand)
        return
    await hand.press()
    await hand.comes(lambda: isinstance(hand.app.screen, Question))
    await hand.shows("Quit?", "Nothing is going out. Drafts are kept.")
    await hand.answer("Esc")
    assert not hand.app._exit
    await hand.unchanged()


async def quit_hint(hand: Hand) -> None:
    await hand.press()
    await hand.shows("q quits, one level at a time.")
    assert (hand.desk.place, hand.app._exit) == (hand.place, False)
    await hand.unchanged()


async def send_hint(hand: Hand) -> None:
    send = actions.key_of("send", "composer")
    await hand.press()
    await hand.shows(f"r opens a reply; {send} sends it from there.")
    assert hand.desk.place == hand.place
    await hand.unchanged()
