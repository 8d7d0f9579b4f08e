"""The panes with the demo's own customers: everything a real desk hands to them."""

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical

from tests.tui.desks import demo_screen, keys, text, until
from tests.tui.run import on_screen
from tuidesk.desk import customer as desk_customer
from tuidesk.desk import read
from tuidesk.desk.desk import Desk
from tuidesk.desk.opening import open_screen
from tuidesk.domain.commands import Reply, SaveDraft
from tuidesk.domain.text import width
from tuidesk.tui.widgets.composer import Composer
from tuidesk.tui.widgets.customer import CustomerPane
from tuidesk.tui.widgets.thread import ThreadPane
from tuidesk.tui.widgets.writing import Sheet


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A demo desk that has caught up."""
    home: Path = tmp_path_factory.mktemp("demo")
    opened = open_screen(["demo"], str(home))
    starting = threading.Thread(target=opened.start, daemon=True)
    starting.start()
    until = time.monotonic() + 30
    while not all(account.caught_up for account in opened.read(read.accounts).result()) or not _all(opened):
        assert time.monotonic() < until, "the demo did not catch up"
        time.sleep(0.05)
    yield opened
    opened.close()
    starting.join(5)


def _all(desk: Desk) -> list[int]:
    return list(desk.read(read.queue, "all", desk.clock.now()).result())


class Host(App[None]):
    """Three panes on a desk, wired as a screen wires them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.thread, self.customer, self.composer = ThreadPane(("Ana",)), CustomerPane(), Composer()
        self.sent: list[str] = []

    def compose(self) -> ComposeResult:
        with Horizontal():
            with Vertical():
                yield self.thread
                yield self.composer
            yield self.customer

    def open(self, n: int) -> None:
        now = self.desk.clock.now()
        thread = self.desk.read(read.thread, n, now).result()
        self.thread.show(thread, now)
        self.customer.show(self.desk.read(desk_customer.of, thread.row.contact, now).result(), n, now)

    def sheet(self, n: int) -> Sheet:
        thread = self.thread.thread
        assert thread is not None
        return Sheet(
            conversation=n,
            mode="reply",
            draft=self.desk.read(read.draft, n, "reply").result(),
            recipients=self.desk.read(read.recipients, n).result(),
            max_length=thread.max_length,
        )

    def lines(self) -> list[str]:
        return [strip.text for strip in self.screen._compositor.render_strips(self.screen.size)]

    async def on_composer_draft_changed(self, event: Composer.DraftChanged) -> None:
        slot, text = event.written.slot, event.written.text
        draft = SaveDraft(conversation=slot.conversation, mode=slot.mode, text=text)
        await asyncio.wrap_future(self.desk.do(draft))
        self.composer.saved(slot.conversation, slot.mode, text)

    async def on_composer_send_wanted(self, event: Composer.SendWanted) -> None:
        self.composer.sending()
        slot, text = event.slot, event.written.text
        reply = Reply(conversation=slot.conversation, text=text, to=event.to, cc=event.cc, hold=True)
        done = await asyncio.wrap_future(self.desk.do(reply))
        self.sent += done.keys
        self.composer.sent(slot.conversation, slot.mode, 5)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
@on_screen
async def test_every_conversation_of_the_demo_is_drawn(desk: Desk, size: tuple[int, int]) -> None:
    app = Host(desk)
    async with app.run_test(size=size) as pilot:
        numbers = _all(desk)
        assert len(numbers) > 50
        for n in numbers:
            app.open(n)
            app.composer.open(app.sheet(n))
            await pilot.pause()
            lines = app.lines()
            assert f"#{n} " in lines[0]
            for line in lines:
                assert width(line) == size[0]
                assert not any(
                    ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or char in "\u202e\u2066" for char in line
                )


@on_screen
async def test_a_draft_is_on_disk_and_a_reply_is_in_the_thread(desk: Desk) -> None:
    app = Host(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        n = next(
            n
            for n in _all(desk)
            if desk.read(read.thread, n, 0).result().row.medium == "mail"
            and desk.read(read.thread, n, 0).result().can_reply
        )
        app.open(n)
        app.composer.open(app.sheet(n))
        await pilot.press(*"We are on it")
        for _ in range(100):
            if "draft saved" in "".join(app.lines()):
                break
            await pilot.pause(0.05)
        draft = desk.read(read.draft, n, "reply").result()
        assert draft is not None
        assert draft.text == "We are on it"
        await pilot.press("ctrl+s")
        for _ in range(100):
            if app.sent:
                break
            await pilot.pause(0.05)
        app.open(n)
        await pilot.pause()
        assert "We are on it" in "".join(app.lines())
        assert "queued, leaves in" in "".join(app.lines())
        assert desk.read(read.draft, n, "reply").result() is None


@on_screen
async def test_what_an_empty_thread_says_is_whole(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (120, 36)) as (app, pilot):
        await keys(pilot, "/", *"zebra", "enter")
        await until(lambda: "Nothing is found" in text(app) and "No conversation" in text(app))
        pane = [line.split("│")[1].split() for line in text(app).splitlines() if line.count("│") == 2]
        said = " ".join(word for line in pane for word in line)
        assert "No conversation is open. Enter opens the one at the mark." in said
