"""Canned replies on the screen: found, read for this customer, asked about, put into the text, sent and taken back."""

import asyncio
import time
from pathlib import Path

from textual.events import Paste
from textual.pilot import Pilot

from tests.config.files import write
from tests.tui.desks import demo, keys, screen, text, until
from tests.tui.run import on_screen
from tuidesk.config.paths import Paths
from tuidesk.desk import canned, read
from tuidesk.domain.commands import Reply
from tuidesk.domain.model import Inserted
from tuidesk.tui.app import DeskApp
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.screens.canned_picker import Picker
from tuidesk.tui.screens.canned_questions import Questions
from tuidesk.tui.terminal import Burst

REPLIES = '''
[greeting]
shortcut = "hi"
title = "Greeting"
body = "Hi {{contact.first_name|there}},"

[late]
title = "Refund is late"
shortcut = "rl"
tags = ["money"]
body = """
{{canned:greeting}}

I am sorry about order {{ask:order number}}. We offer a {{choose:refund,replacement}}.
"""

[late.then]
tag = ["sorry"]
priority = "high"

[done]
title = "All is well"
body = "All is well."

[done.then]
status = "complete"

[junk]
title = "Junk"
then = { tag = ["junk"], status = "complete" }

[elsewhere]
title = "By telegram only"
media = ["telegram"]
body = "x"
'''


def shop(folder: Path, replies: str = REPLIES) -> Paths:
    paths = demo(folder)
    write(paths.canned, replies)
    return paths


async def at_dana(app: DeskApp, pilot: Pilot[int]) -> int:
    """All is read, and a conversation of Dana's by mail is at the mark; its number."""
    desk = app.desk_screen
    await until(lambda: bool(desk.showing.accounts) and desk.showing.accounts[0].caught_up)
    await until(lambda: len(desk.queue.picture or ()) > 30)
    await pilot.press("g", "r")
    await until(lambda: desk.queue.row is not None)
    found = [
        row.n
        for row in app.desk.read(read.page, "open", app.desk.clock.now(), 100).result()
        if row.name == "Dana Ortiz" and row.medium == "mail"
    ]
    desk.queue.go_to(found[0])
    await until(lambda: desk.queue.row is not None and desk.queue.row.n == found[0])
    return found[0]


async def picker(app: DeskApp) -> Picker:
    """The picker, old enough to be answered."""
    await until(lambda: isinstance(app.screen, Picker))
    await asyncio.sleep(DEAF_S + 0.1)
    assert isinstance(app.screen, Picker)
    return app.screen


async def composing(app: DeskApp) -> None:
    await until(lambda: app.desk_screen.composer.is_open and app.screen is app.desk_screen)


def used(app: DeskApp) -> dict[str, int]:
    return {name: one.uses for name, one in app.desk.read(canned.stats).result().items()}


@on_screen
async def test_m_puts_a_reply_into_a_letter_with_its_questions(tmp_path: Path) -> None:
    async with screen(shop(tmp_path)) as (app, pilot):
        n = await at_dana(app, pilot)
        await keys(pilot, "m")
        await picker(app)
        shown = text(app)
        assert "Refund is late" in shown
        assert "By telegram only" not in shown
        assert "1 more are for other media" in shown
        await keys(pilot, *"rl")
        await until(lambda: "[order number?]" in text(app))
        assert "Hi Dana," in text(app)
        assert "When sent: tag sorry, priority high" in text(app)
        await keys(pilot, "enter")
        await until(lambda: isinstance(app.screen, Questions))
        assert "order number?" in text(app)
        await keys(pilot, "enter")
        assert "Something belongs there" in text(app)
        await keys(pilot, *"8841", "enter")
        await until(lambda: "Which one?" in text(app))
        await pilot.pause(DEAF_S + 0.1)
        await keys(pilot, "2")
        await composing(app)
        expected = "Hi Dana,\n\nI am sorry about order 8841. We offer a replacement."
        await until(lambda: app.desk_screen.composer.text == expected)
        assert "sending also does: tag sorry" in text(app)
        await keys(pilot, "ctrl+s")
        await until(lambda: app.desk_screen.composer.is_after)
        await until(lambda: used(app) == {"late": 1})
        row = app.desk.read(read.rows, [n], app.desk.clock.now()).result()[n]
        assert "sorry" in row.tags
        assert row.priority == "high"
        await pilot.pause(DEAF_S + 0.1)
        await keys(pilot, "z")
        await until(lambda: used(app) == {})
        row = app.desk.read(read.rows, [n], app.desk.clock.now()).result()[n]
        assert "sorry" not in row.tags
        await until(lambda: app.desk_screen.composer.text == expected)


@on_screen
async def test_esc_leaves_nothing_changed(tmp_path: Path) -> None:
    async with screen(shop(tmp_path)) as (app, pilot):
        await at_dana(app, pilot)
        await keys(pilot, "r")
        await composing(app)
        await keys(pilot, *"Well", "ctrl+t")
        await picker(app)
        await keys(pilot, "escape")
        await composing(app)
        await keys(pilot, "ctrl+t")
        await picker(app)
        await keys(pilot, *"rl", "enter")
        await until(lambda: isinstance(app.screen, Questions))
        await keys(pilot, *"88", "escape")
        await composing(app)
        assert app.desk_screen.composer.text == "Well"
        await keys(pilot, "!")
        assert app.desk_screen.composer.text == "Well!", "the cursor is in the text"


@on_screen
async def test_a_slash_at_the_start_of_a_line_and_several_in_one_reply(tmp_path: Path) -> None:
    async with screen(shop(tmp_path), (80, 24)) as (app, pilot):
        await at_dana(app, pilot)
        await keys(pilot, "r")
        await composing(app)
        await keys(pilot, "slash")
        await picker(app)
        await keys(pilot, *"hi", "enter")
        await composing(app)
        await until(lambda: app.desk_screen.composer.text == "Hi Dana,")
        await keys(pilot, "slash", "enter", "slash")
        await picker(app)
        assert app.desk_screen.composer.text == "Hi Dana,/\n", "within a line it is a slash"
        assert "When sent: complete" in text(app), "there is a preview at 80x24 as well"
        await keys(pilot, *"well", "enter")
        await composing(app)
        await until(lambda: app.desk_screen.composer.text == "Hi Dana,/\nAll is well.")
        assert [one.name for one in app.desk_screen.composer.written().canned] == ["greeting", "done"]


@on_screen
async def test_in_a_forward_it_is_counted_and_promises_nothing_besides(tmp_path: Path) -> None:
    async with screen(shop(tmp_path), (80, 24)) as (app, pilot):
        await at_dana(app, pilot)
        await keys(pilot, "f")
        await composing(app)
        await keys(pilot, *"sam@acme.example", "tab")
        await pilot.press("ctrl+t")
        await picker(app)
        await keys(pilot, *"well")
        await until(lambda: "not used yet" in text(app))
        assert "When sent" not in text(app)
        await keys(pilot, "enter")
        await composing(app)
        await until(lambda: app.desk_screen.composer.text == "All is well.")
        assert "All is well is in the text" in text(app)
        assert "sending also does" not in text(app)
        await pilot.press("ctrl+s")
        await until(lambda: used(app) == {"done": 1})


@on_screen
async def test_two_slashes_are_one(tmp_path: Path) -> None:
    async with screen(shop(tmp_path)) as (app, pilot):
        await at_dana(app, pilot)
        await keys(pilot, "r")
        await composing(app)
        await pilot.press("slash", "slash", "e", "t", "c")
        await composing(app)
        await until(lambda: app.desk_screen.composer.text == "/etc")


@on_screen
async def test_what_is_typed_at_once_goes_to_the_picker(tmp_path: Path) -> None:
    async with screen(shop(tmp_path)) as (app, pilot):
        await at_dana(app, pilot)
        await keys(pilot, "r")
        await composing(app)
        await pilot.press("slash", "w", "e", "l", "l")
        await picker(app)
        assert "All is well" in text(app)
        assert "Refund is late" not in text(app)
        await pilot.press("enter", "O", "k")
        await composing(app)
        await until(lambda: app.desk_screen.composer.text == "All is well.Ok")


@on_screen
async def test_an_enter_that_came_too_early_or_in_a_burst_takes_nothing(tmp_path: Path) -> None:
    async with screen(shop(tmp_path), (80, 24)) as (app, pilot):
        await at_dana(app, pilot)
        await keys(pilot, "r")
        await composing(app)
        await pilot.press("ctrl+t", "enter")
        await until(lambda: "before this could be read" in text(app))
        await picker(app)
        await keys(pilot, "w")
        await until(lambda: "before this could be read" not in text(app))
        burst = Burst("enter", "\r")
        burst.set_sender(app)
        await app.turnstile.take(burst)
        await until(lambda: "Many keys at once" in text(app))
        await keys(pilot, "escape")
        await composing(app)
        assert app.desk_screen.composer.text == ""


@on_screen
async def test_a_paste_that_begins_with_a_slash_is_text(tmp_path: Path) -> None:
    async with screen(shop(tmp_path)) as (app, pilot):
        await at_dana(app, pilot)
        await keys(pilot, "r")
        await composing(app)
        app.post_message(Paste("/etc/passwd\n/hi\n"))
        await pilot.pause(0.2)
        assert app.screen is app.desk_screen
        assert app.desk_screen.composer.text == "/etc/passwd\n/hi\n"
        for sign in "/usr/bin":  # as a paste without brackets would have it
            app.post_message(Burst(sign, sign))
        await until(lambda: app.desk_screen.composer.text.endswith("\n/usr/bin"))
        assert app.screen is app.desk_screen


@on_screen
async def test_a_macro_is_done_at_once_and_taken_back_in_one_step(tmp_path: Path) -> None:
    async with screen(shop(tmp_path)) as (app, pilot):
        n = await at_dana(app, pilot)
        before = app.desk.read(read.rows, [n], app.desk.clock.now()).result()[n]
        await keys(pilot, "m")
        await picker(app)
        await keys(pilot, *"junk")
        assert "Does: tag junk, complete" in text(app)
        await keys(pilot, "enter")
        await until(lambda: used(app) == {"junk": 1})
        row = app.desk.read(read.rows, [n], app.desk.clock.now()).result()[n]
        assert (row.status, "junk" in row.tags) == ("complete", True)
        assert not app.desk_screen.composer.is_open
        await until(lambda: app.desk_screen.showing.undoable[1].startswith("junk: "))
        await keys(pilot, "z")
        await until(lambda: used(app) == {})
        row = app.desk.read(read.rows, [n], app.desk.clock.now()).result()[n]
        assert (row.status, row.tags) == (before.status, before.tags)


@on_screen
async def test_a_text_found_again_still_knows_its_canned_replies(tmp_path: Path) -> None:
    paths = shop(tmp_path)
    async with screen(paths) as (app, pilot):
        await at_dana(app, pilot)
        await keys(pilot, "m")
        await picker(app)
        await keys(pilot, *"well", "enter")
        await composing(app)
        await until(lambda: app.desk_screen.composer.text == "All is well.")
        await pilot.pause(0.6)
    async with screen(paths) as (app, pilot):
        n = await at_dana(app, pilot)
        await keys(pilot, "r")
        await composing(app)
        await keys(pilot, "ctrl+s")
        await until(lambda: used(app) == {"done": 1})
        assert app.desk.read(read.rows, [n], app.desk.clock.now()).result()[n].status == "complete"


@on_screen
async def test_without_any_the_picker_says_how_to_get_some(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, ""), (80, 24)) as (app, pilot):
        await at_dana(app, pilot)
        await keys(pilot, "m")
        await picker(app)
        assert "tuidesk canned add" in text(app)
        await keys(pilot, "enter", "escape")
        await until(lambda: app.screen is app.desk_screen)


@on_screen
async def test_none_that_can_be_read_or_that_fits_is_not_none(tmp_path: Path) -> None:
    broken = "[broken]\nbdy = 1\n"
    async with screen(shop(tmp_path, broken), (80, 24)) as (app, pilot):
        await at_dana(app, pilot)
        await keys(pilot, "m")
        await picker(app)
        assert "1 cannot be read: `tuidesk canned list` says why" in text(app)
        assert "No canned reply yet" not in text(app)
        await keys(pilot, "enter", "escape")
        await until(lambda: app.screen is app.desk_screen)
        write(app.desk.config.paths.canned, '[elsewhere]\nmedia = ["telegram"]\nbody = "x"\n')
        await keys(pilot, "m")
        await picker(app)
        assert "1 more are for other media" in text(app)
        assert "No canned reply yet" not in text(app)


async def send_again(app: DeskApp, pilot: Pilot[int], typed: str) -> None:
    """The canned reply that is found by these letters, as a reply, and Ctrl+S."""
    await keys(pilot, "r")
    await composing(app)
    await keys(pilot, "slash")
    await picker(app)
    await keys(pilot, *typed, "enter")
    await composing(app)
    await until(lambda: app.desk_screen.composer.text != "")
    await keys(pilot, "ctrl+s")


@on_screen
async def test_the_same_text_twice_to_one_customer_asks_first(tmp_path: Path) -> None:
    async with screen(shop(tmp_path)) as (app, pilot):
        n = await at_dana(app, pilot)
        desk = app.desk_screen
        await send_again(app, pilot, "well")
        await until(lambda: desk.composer.is_after)
        other = next(
            row.n
            for row in app.desk.read(read.page, "all", app.desk.clock.now(), 200).result()
            if row.name == "Dana Ortiz" and row.n != n and row.medium == "whatsapp"
        )
        await pilot.pause(DEAF_S + 0.1)
        await keys(pilot, "enter")
        await until(lambda: not desk.composer.is_after)
        await until(lambda: used(app) == {"done": 1})
        desk.moving.open_conversation(other)
        await until(lambda: desk.thread.conversation == other and desk.thread.thread is not None)
        await send_again(app, pilot, "well")
        await until(lambda: "Dana got this same text" in text(app))
        assert used(app) == {"done": 1}, "it asks before it sends"
        await keys(pilot, "ctrl+s")
        await until(lambda: used(app) == {"done": 2})


@on_screen
async def test_the_same_text_with_something_of_ones_own_is_not_asked_about(tmp_path: Path) -> None:
    async with screen(shop(tmp_path)) as (app, pilot):
        n = await at_dana(app, pilot)
        inserted = Inserted("done", "All is well.")
        app.desk.do(Reply(conversation=n, text=inserted.text, canned=(inserted,))).result()
        await keys(pilot, "r")
        await composing(app)
        await keys(pilot, "ctrl+t")
        await picker(app)
        await keys(pilot, *"well", "enter")
        await composing(app)
        await until(lambda: app.desk_screen.composer.text == "All is well.")
        await keys(pilot, *" Really.", "ctrl+s")
        await until(lambda: used(app) == {"done": 2})
        assert "same text" not in text(app)


@on_screen
async def test_a_hole_does_not_leave_however_often_one_asks(tmp_path: Path) -> None:
    async with screen(shop(tmp_path)) as (app, pilot):
        await at_dana(app, pilot)
        await keys(pilot, "r")
        await composing(app)
        app.post_message(Paste("Your order {{ask:order number}}"))
        await until(lambda: "ask:" in app.desk_screen.composer.text)
        for _ in range(4):
            await keys(pilot, "ctrl+s")
            await pilot.pause(0.05)
        assert app.desk_screen.composer.is_open
        assert "not sent: {{ask:order number}} is still in the text" in " ".join(text(app).split())
        assert not app.desk.read(read.leaving).result()


@on_screen
async def test_a_thousand_replies_of_a_team_hold_no_key_up(tmp_path: Path) -> None:
    paths = shop(tmp_path)
    paths.config_toml.write_text(f'canned = ["team"]\n{paths.config_toml.read_text()}')
    for n in range(1000):
        body = "Hi {{contact.first_name|there}},\\n\\nmany words about an order.\\n" * 5
        write(
            paths.config / "team" / f"{n // 50}" / f"{n}.toml",
            f'[reply-{n}]\ntitle = "Reply {n}"\nbody = "{body}"\n',
        )
    async with screen(paths) as (app, pilot):
        await at_dana(app, pilot)
        stalls = [0.0]

        async def beat() -> None:
            while True:
                began = time.perf_counter()
                await asyncio.sleep(0.005)
                stalls.append(time.perf_counter() - began)

        beating = asyncio.create_task(beat())
        await keys(pilot, "m")
        await picker(app)
        await keys(pilot, *"reply 77")
        assert "Reply 77" in text(app)
        await keys(pilot, "down", "up", "escape")
        beating.cancel()
        assert max(stalls) < 0.25, "reading takes as long, and longer"


@on_screen
async def test_m_offers_a_holding_reply_first_where_an_answer_is_due(tmp_path: Path) -> None:
    async with screen(shop(tmp_path)) as (app, pilot):
        await at_dana(app, pilot)
        now = app.desk.clock.now()
        n = next(
            row.n
            for row in app.desk.read(read.page, "open", now, 100).result()
            if row.due_soon and row.due_soon <= now and row.due_for != "resolution"
        )
        app.desk_screen.queue.go_to(n)
        await until(lambda: app.desk_screen.queue.row is not None and app.desk_screen.queue.row.n == n)
        await keys(pilot, "m")
        await picker(app)
        shown = text(app)
        assert "an answer is due, holding replies first" in shown
        assert "We are on it" in shown
        assert "holding reply" in shown
        assert "the conversation stays open" in shown
        await keys(pilot, "enter")
        await composing(app)
        await until(lambda: app.desk_screen.composer.text.startswith("Thank you for your message."))
        assert "sent as it is, the conversation stays open" in text(app)
        await keys(pilot, "ctrl+s")
        await until(lambda: app.desk_screen.composer.is_after)
        await until(lambda: "holding reply" in text(app))
        row = app.desk.read(read.rows, [n], app.desk.clock.now()).result()[n]
        assert row.status == "open"


@on_screen
async def test_m_offers_a_survey_where_all_is_done_and_says_why_not_where_it_may_not_go(
    tmp_path: Path,
) -> None:
    async with screen(shop(tmp_path)) as (app, pilot):
        n = await at_dana(app, pilot)
        await keys(pilot, "e")
        desk = app.desk_screen
        await until(
            lambda: app.desk.read(read.rows, [n], app.desk.clock.now()).result()[n].status == "complete"
        )
        await keys(pilot, "g", "c")
        await until(lambda: n in (desk.queue.picture or ()))
        desk.queue.go_to(n)
        await until(lambda: desk.queue.row is not None and desk.queue.row.n == n)
        await keys(pilot, "m")
        await picker(app)
        shown = text(app)
        assert "How did we do?" in shown
        assert "survey" in shown
        assert "Asks for a number, 1-5." in shown
        await keys(pilot, "enter")
        await composing(app)
        await until(lambda: desk.composer.text.startswith("How satisfied are you"))
        assert "the conversation stays complete" in text(app)
        await keys(pilot, "ctrl+s")
        await until(lambda: desk.composer.is_after)
        await until(lambda: "asked for a rating, 1-5" in text(app))
        assert app.desk.read(read.rows, [n], app.desk.clock.now()).result()[n].status == "complete"
        await pilot.pause(DEAF_S + 0.1)
        await keys(pilot, "enter", "m")
        await picker(app)
        await keys(pilot, *"how did")
        await until(lambda: "How did we do?" not in text(app))


@on_screen
async def test_an_own_survey_that_may_not_go_now_says_why_before_it_is_written(tmp_path: Path) -> None:
    survey = '[happy]\ntitle = "Happy?"\nbody = "1 to 5?"\nsurvey = { kind = "csat" }\n'
    async with screen(shop(tmp_path, survey)) as (app, pilot):
        await at_dana(app, pilot)
        await keys(pilot, "m")
        await picker(app)
        await keys(pilot, *"happy")
        await until(
            lambda: "not now: a survey goes to a conversation that is complete" in " ".join(text(app).split())
        )
        await keys(pilot, "enter")
        await until(lambda: app.screen is app.desk_screen)
        await until(lambda: "not now: a survey goes to a conversation that is complete" in text(app))
        assert not app.desk_screen.composer.is_open
