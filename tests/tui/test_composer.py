"""The composer: no text is lost, none goes out by mistake, and all say to whom."""

import asyncio
from dataclasses import astuple, replace
from typing import TypeVar

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.pilot import Pilot

from tests.tui.pictures import DANA
from tests.tui.run import on_screen
from tuidesk.desk.picture import Draft, Recipients
from tuidesk.desk.starts import Way
from tuidesk.domain.guards import Ask
from tuidesk.domain.model import Person, Unit
from tuidesk.domain.text import width
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets.composer import Composer
from tuidesk.tui.widgets.draft_text import DraftText, fit
from tuidesk.tui.widgets.writing import Sheet, Slot, Written

LEGAL = Person("", "legal@ortiz.example")
RECIPIENTS = Recipients(to=(DANA,), cc=(LEGAL,), via="Ana (Acme Support)", medium="mail", visibility="direct")
REPLY = Sheet(conversation=1042, mode="reply", recipients=RECIPIENTS, hold_s=10)
PUBLIC = replace(REPLY, recipients=RECIPIENTS._replace(medium="post", visibility="public", cc=()))
NOTE = Sheet(conversation=1042, mode="note")
START = Sheet(
    conversation=0,
    mode="start",
    ways=(Way("support", "support@acme", "mail"), Way("sales", "sales@acme", "mail")),
)
FORWARD = Sheet(conversation=1042, mode="forward")

T = TypeVar("T", bound=Message)


class Host(App[None]):
    """A screen with nothing but the composer, which keeps what it reports."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.first = sheet
        self.reports: list[Message] = []

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Composer()

    def on_mount(self) -> None:
        self.composer.open(self.first)

    @property
    def composer(self) -> Composer:
        return self.query_one(Composer)

    def lines(self) -> list[str]:
        return [strip.text for strip in self.screen._compositor.render_strips(self.screen.size)]

    def shown(self) -> str:
        return "\n".join(self.lines())

    def of(self, kind: type[T]) -> list[T]:
        return [report for report in self.reports if isinstance(report, kind)]

    def _keep(self, message: Message) -> None:
        self.reports.append(message)

    on_composer_draft_changed = _keep
    on_composer_send_wanted = _keep
    on_composer_left = _keep
    on_composer_editor_wanted = _keep
    on_composer_quote_wanted = _keep
    on_composer_attach_wanted = _keep
    on_composer_keys_wanted = _keep
    on_composer_recipients_changed = _keep
    on_composer_strip_chosen = _keep


def draft(text: str, to: str = "", mode: str = "reply") -> Draft:
    return Draft(mode=mode, text=text, at=0, to=to, cc="", subject="", account="")


async def paste(pilot: Pilot[None], text: str) -> None:
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


# What it says


@on_screen
async def test_a_reply_spells_out_to_whom_by_which_way_and_as_whom() -> None:
    app = Host(REPLY)
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.pause()
        shown = app.shown()
        assert "= REPLY to the customer ====" in shown
        assert "To Dana Ortiz <dana@ortiz.example>  Cc legal@ortiz.example" in shown
        assert "via mail, as Ana (Acme Support)" in shown
        assert "direct" in shown
        assert "leaves 10 s after send" in shown


@on_screen
async def test_before_it_is_laid_out_it_is_drawn_as_wide_as_it_will_be() -> None:
    class AtOnce(Host):
        first_rows: tuple[object, ...] = ()

        def on_mount(self) -> None:
            super().on_mount()
            assert self.composer.size.width == 0
            self.first_rows = self.composer._frame.people._rows

    app = AtOnce(REPLY)
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.pause()
        assert app.first_rows == app.composer._frame.people._rows
        assert len(app.first_rows) == 1


@on_screen
async def test_a_note_differs_in_word_rail_and_line() -> None:
    app = Host(NOTE)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("h", "i")
        shown = app.shown()
        assert ":: NOTE, team only ::::::" in shown
        assert ":: hi" in shown
        assert "REPLY" not in shown
        assert "Dana" not in shown
        assert "only your team reads this" in shown
        rules = [line for line in app.lines() if set(line) == {":"}]
        assert len(rules) == 1, "its border is another one as well, also without colour"
        app.composer.open(REPLY)
        await pilot.pause()
        assert "::" not in app.shown()


@on_screen
async def test_more_recipients_than_fit_are_counted() -> None:
    many = tuple(Person(f"Somebody {n}", f"somebody.{n}@ortiz.example") for n in range(30))
    app = Host(replace(REPLY, recipients=RECIPIENTS._replace(cc=many)))
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.pause()
        shown = " ".join(app.shown().split())
        named = sum(person.handle in shown for person in many)
        assert named >= 1
        assert f"and {30 - named} more" in shown


@pytest.mark.parametrize(
    ("unit", "text", "words"),
    [
        ("characters", "한" * 9, "1 chars left"),
        ("bytes", "한" * 3, "1 bytes left"),
        ("bytes", "한" * 4, "2 TOO MANY"),
        ("graphemes", "👨\u200d👩\u200d👧" * 9, "1 chars left"),
        ("utf16", "👍" * 5, "0 chars left"),
        ("gsm7", "€" * 5, "0 SMS signs left"),
    ],
)
@on_screen
async def test_the_room_is_counted_as_the_channel_counts(unit: Unit, text: str, words: str) -> None:
    app = Host(replace(REPLY, max_length=10, unit=unit, draft=draft(text)))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.pause()
        assert words in app.shown()


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50), (40, 10), (5, 3)])
@on_screen
async def test_every_size_is_drawn_and_nothing_in_it_acts(size: tuple[int, int]) -> None:
    app = Host(REPLY)
    async with app.run_test(size=size) as pilot:
        for sheet in (REPLY, PUBLIC, NOTE, START, FORWARD):
            app.composer.open(replace(sheet, draft=draft("환불 " * 40 + "مرحبا \u200fx\u202ey\x1b[31m")))
            await pilot.pause()
            assert not set(app.shown()) & set("\u202e\u200f\x1b")
            assert all(width(line) == size[0] for line in app.lines())


# Nothing is lost


@on_screen
async def test_typed_text_is_reported_within_half_a_second_also_while_typing_goes_on() -> None:
    app = Host(REPLY)
    async with app.run_test(size=(76, 20)) as pilot:
        loop = asyncio.get_running_loop()
        begun, typed = loop.time(), 0
        while loop.time() - begun < 1.6:
            await pilot.press("x")
            typed += 1
            oldest = (
                len(app.of(Composer.DraftChanged)[-1].written.text) if app.of(Composer.DraftChanged) else 0
            )
            if loop.time() - begun > 0.6:
                assert oldest > 0
            await asyncio.sleep(0.02)
        reports = app.of(Composer.DraftChanged)
        assert 3 <= len(reports) <= 5  # several, though the keys never paused; and not one a key
        await asyncio.sleep(0.5)
        assert app.of(Composer.DraftChanged)[-1].written.text == "x" * typed


@on_screen
async def test_it_says_saved_only_when_the_newest_text_is() -> None:
    app = Host(REPLY)
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("h", "i")
        assert "saving" in app.shown()
        app.composer.flush()
        await pilot.pause()
        await pilot.press("x")
        app.composer.saved(1042, "reply", "hi")
        await pilot.pause()
        assert "saving" in app.shown()
        app.composer.flush()
        app.composer.saved(1042, "reply", "hix")
        await pilot.pause()
        assert "draft saved" in app.shown()


@on_screen
async def test_a_draft_that_cannot_be_written_says_so_and_is_reported_again() -> None:
    app = Host(REPLY)
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("h")
        app.composer.flush()
        app.composer.not_saved(1042, "reply", "disk full\x1b[2J")
        await pilot.pause()
        assert "NOT SAVED: disk full␛[2J" in app.shown()
        app.composer.flush()
        await pilot.pause()
        assert len(app.of(Composer.DraftChanged)) == 2
        app.composer.saved(1042, "reply", "h")
        await pilot.pause()
        assert "NOT SAVED" not in app.shown()


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
@on_screen
async def test_leaving_reports_the_draft_first(key: str) -> None:
    app = Host(REPLY)
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("h", "i", key)
        kinds = [type(report).__name__ for report in app.reports]
        assert kinds == ["DraftChanged", "Left"]
        assert app.of(Composer.DraftChanged)[0].written.text == "hi"
        assert not app.composer.is_open


@on_screen
async def test_keys_that_were_on_their_way_when_it_closed_change_nothing() -> None:
    app = Host(replace(REPLY, draft=draft("kept")))
    async with app.run_test(size=(76, 20)) as pilot:
        for key in ("escape", "e", "e"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        assert app.of(Composer.Left)
        app.composer.open(REPLY)
        assert app.composer.text == ""


@on_screen
async def test_each_mode_and_each_conversation_has_a_text_of_its_own() -> None:
    app = Host(REPLY)
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("r")
        app.composer.open(NOTE)
        assert app.composer.text == ""
        await pilot.press("n")
        app.composer.open(replace(REPLY, conversation=7))
        assert app.composer.text == ""
        await pilot.press("o")
        app.composer.open(NOTE)
        assert app.composer.text == "n"
        await pilot.pause()
        said = [
            (*astuple(report.written.slot), report.written.text) for report in app.of(Composer.DraftChanged)
        ]
        assert said == [(1042, "reply", "r"), (1042, "note", "n"), (7, "reply", "o")]


@on_screen
async def test_what_is_not_on_disk_yet_wins_over_an_older_draft() -> None:
    app = Host(REPLY)
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("n", "e", "w", "escape")
        app.composer.open(replace(REPLY, draft=draft("old")))
        assert app.composer.text == "new"
        app.composer.saved(1042, "reply", "new")
        app.composer.close()
        app.composer.open(replace(REPLY, draft=draft("from disk")))
        assert app.composer.text == "from disk"


@on_screen
async def test_a_hang_up_finds_all_that_is_not_on_disk() -> None:
    app = Host(REPLY)
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("r")
        app.composer.open(NOTE)
        await pilot.press("n")
        left = {written.slot: written.text for written in app.composer.unsaved()}
        assert left == {Slot(1042, "reply"): "r", Slot(1042, "note"): "n"}


# Sending


@on_screen
async def test_send_carries_what_is_on_the_screen_and_keeps_the_text() -> None:
    app = Host(replace(REPLY, draft=draft("Hello")))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("ctrl+s")
        (wanted,) = app.of(Composer.SendWanted)
        assert (wanted.slot.conversation, wanted.slot.mode, wanted.written.text) == (1042, "reply", "Hello")
        assert (wanted.to, wanted.cc, wanted.confirmed) == ((DANA,), (LEGAL,), frozenset())
        assert app.composer.text == "Hello"
        app.composer.sending()
        await pilot.press("x")
        await paste(pilot, "more")
        assert app.composer.text == "Hello"
        assert "saving the reply" in app.shown()
        await pilot.press("ctrl+s")
        assert len(app.of(Composer.SendWanted)) == 1
        app.composer.failed(1042, "reply", "disk full")
        await pilot.pause()
        assert "NOT QUEUED, text kept: disk full" in app.shown()
        await pilot.press("!")
        assert app.composer.text == "Hello!"


@on_screen
async def test_a_key_right_behind_send_is_not_part_of_it() -> None:
    app = Host(replace(REPLY, draft=draft("Hello")))
    async with app.run_test(size=(76, 20)) as pilot:
        app.post_message(events.Key("ctrl+s", "\x13"))
        app.post_message(events.Key("x", "x"))
        await pilot.pause()
        assert app.of(Composer.SendWanted)[0].written.text == "Hello"


@on_screen
async def test_empty_text_is_not_sent() -> None:
    app = Host(replace(REPLY, draft=draft(" \n ")))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("ctrl+s")
        assert not app.of(Composer.SendWanted)
        assert "There is no text to send." in app.shown()


@on_screen
async def test_public_is_spelled_out_and_needs_send_twice() -> None:
    app = Host(replace(PUBLIC, draft=draft("Hello")))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.pause()
        assert "= PUBLIC REPLY, everybody can read it =" in app.shown()
        await pilot.press("ctrl+s")
        assert not app.of(Composer.SendWanted)
        assert "PUBLIC: everybody can read this.  ^S again sends" in app.shown()
        await pilot.press("x", "ctrl+s")
        assert not app.of(Composer.SendWanted)  # the text is another: asked again
        await pilot.press("escape")
        assert app.composer.is_open
        await pilot.press("ctrl+s")
        assert not app.of(Composer.SendWanted)
        await pilot.press("ctrl+s")
        assert app.of(Composer.SendWanted)[0].confirmed == {"public"}


@on_screen
async def test_a_guard_of_the_screens_is_answered_by_send_or_taken_back() -> None:
    wrote = Ask("moved:7", "Dana wrote again.")
    app = Host(replace(REPLY, draft=draft("Hello")))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("ctrl+s")
        app.composer.sending()
        app.composer.guard(wrote)
        await pilot.pause()
        assert "Dana wrote again.  ^S again sends, Esc goes back" in app.shown()
        await pilot.press("escape")
        assert app.composer.is_open
        assert "Dana wrote again." not in app.shown()
        await pilot.press("ctrl+s")
        assert not app.of(Composer.SendWanted)[-1].confirmed
        app.composer.guard(wrote)
        await pilot.press("ctrl+s")
        assert app.of(Composer.SendWanted)[-1].confirmed == {"moved:7"}


@on_screen
async def test_several_guards_are_asked_one_after_the_other_and_nothing_pasted_answers_them() -> None:
    app = Host(replace(PUBLIC, draft=draft("See attached, [NAME].")))
    async with app.run_test(size=(76, 20)) as pilot:
        for words in ("“[NAME]” is still to be filled in", "“attached” promises a file", "PUBLIC:"):
            await pilot.press("ctrl+s")
            assert words in app.shown()
            assert not app.of(Composer.SendWanted)
            app.post_message(Burst("ctrl+s", "\x13"))  # as a paste without brackets would have it
            await pilot.pause()
            assert not app.of(Composer.SendWanted)
            assert "look like a paste" in app.shown()
        await pilot.press("ctrl+s")
        (wanted,) = app.of(Composer.SendWanted)
        assert wanted.confirmed == {"placeholder", "file", "public"}


@on_screen
async def test_a_pasted_answer_is_text_and_asks_anew() -> None:
    app = Host(replace(PUBLIC, draft=draft("Hello")))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("ctrl+s")
        await paste(pilot, "\x13\ns\ny\n")
        await pilot.press("ctrl+s")
        assert not app.of(Composer.SendWanted)
        assert "PUBLIC: everybody can read this." in app.shown()


@on_screen
async def test_what_is_quoted_and_what_is_a_note_asks_nothing() -> None:
    for sheet, text in ((REPLY, "Yes.\n> see attached, TODO @sam"), (NOTE, "see attached TODO @sam [NAME]")):
        app = Host(replace(sheet, draft=draft(text, mode=sheet.mode)))
        async with app.run_test(size=(76, 20)) as pilot:
            await pilot.press("ctrl+s")
            assert app.of(Composer.SendWanted)


@on_screen
async def test_a_text_too_long_is_offered_in_parts() -> None:
    app = Host(replace(REPLY, draft=draft("Hello you all"), max_length=6))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("ctrl+s")
        assert not app.of(Composer.SendWanted)
        shown = " ".join(app.shown().split())
        assert "Too long for one message here: it goes in 3 parts of at most 6" in shown
        await pilot.press("ctrl+s")
        assert app.of(Composer.SendWanted)[0].confirmed == {"long"}


@on_screen
async def test_a_paste_never_sends_and_holds_nothing_that_acts() -> None:
    app = Host(REPLY)
    async with app.run_test(size=(76, 20)) as pilot:
        await paste(pilot, "one\r\ntwo\x13\x1b[31m\rthree\x0bfour\u2028five")
        assert app.composer.text == "one\ntwo␓␛[31m\nthree\nfour\nfive"
        assert not app.of(Composer.SendWanted)


@on_screen
async def test_the_line_after_sending_offers_what_comes_next() -> None:
    app = Host(replace(REPLY, draft=draft("Hello")))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("ctrl+s")
        app.composer.sending()
        app.composer.sent(1042, "reply", 3)
        await pilot.pause()
        assert "leaves in 3 s: z takes it back" in app.shown()
        assert "REPLY" not in app.shown()
        await pilot.press("e")
        assert not app.of(Composer.StripChosen)  # it was on its way before the line came up
        await pilot.pause(1.2)
        assert "leaves in 2 s" in app.shown()
        await pilot.press("e")
        (chosen,) = app.of(Composer.StripChosen)
        assert (chosen.conversation, chosen.choice, chosen.key) == (1042, "complete", None)
        assert app.composer.is_after, "the screen closes it, once it knows what was seen"
        app.composer.open(REPLY)
        assert app.composer.text == ""


@on_screen
async def test_what_has_left_cannot_be_taken_back_and_nothing_ticks_then() -> None:
    app = Host(replace(REPLY, draft=draft("Hello")))
    async with app.run_test(size=(76, 20)) as pilot:
        app.composer.sent(1042, "reply", 0)
        await pilot.pause(DEAF_S + 0.1)
        assert "takes it back" not in app.shown()
        await pilot.press("z")
        # the screen knows that it has left, and says so; nothing else is undone in its place
        assert [chosen.choice for chosen in app.of(Composer.StripChosen)] == ["back"]


@on_screen
async def test_a_note_is_saved_and_closed() -> None:
    app = Host(replace(NOTE, draft=draft("remember", mode="note")))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("ctrl+s")
        (wanted,) = app.of(Composer.SendWanted)
        assert (wanted.slot.mode, wanted.to, wanted.cc) == ("note", (), ())
        app.composer.sent(1042, "note")
        await pilot.pause()
        assert app.of(Composer.Left)
        assert not app.of(Composer.DraftChanged)


@on_screen
async def test_an_answer_for_another_text_does_not_touch_this_one() -> None:
    app = Host(replace(REPLY, draft=draft("Hello")))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("ctrl+s")
        app.composer.sending()
        await pilot.press("escape")
        app.composer.open(replace(REPLY, conversation=7, draft=draft("Other")))
        app.composer.sent(1042, "reply", 10)
        app.composer.failed(1042, "reply", "no")
        await pilot.press("!")
        assert app.composer.text == "Other!"
        assert "NOT QUEUED" not in app.shown()


# To whom


@on_screen
async def test_recipients_can_be_changed_and_are_checked_in_place() -> None:
    app = Host(replace(REPLY, draft=draft("Hello")))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("ctrl+r", "end")
        await pilot.press(*", kim")
        await pilot.press("ctrl+s")
        assert not app.of(Composer.SendWanted)
        assert 'To: "kim" is no mail address: it has no @' in app.shown()
        await pilot.press(*"@b.example")
        await pilot.press("ctrl+s")
        (wanted,) = app.of(Composer.SendWanted)
        assert wanted.to == (Person("Dana Ortiz", "dana@ortiz.example"), Person("", "kim@b.example"))
        assert wanted.cc == (LEGAL,)
        assert app.of(Composer.RecipientsChanged)[-1].to == wanted.to
        kept = app.of(Composer.DraftChanged)[-1]
        assert kept.written.to == "Dana Ortiz <dana@ortiz.example>, kim@b.example"


@on_screen
async def test_recipients_that_were_taken_out_are_not_put_back() -> None:
    app = Host(replace(REPLY, draft=draft("Hello")))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("ctrl+r", "end", "ctrl+u", "tab", "end", "ctrl+u", "ctrl+s")
        assert not app.of(Composer.SendWanted)
        assert "To: nobody is named" in app.shown()


@on_screen
async def test_a_draft_comes_back_with_its_recipients() -> None:
    app = Host(replace(REPLY, draft=draft("Hello", to="kim@b.example")))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("ctrl+s")
        (wanted,) = app.of(Composer.SendWanted)
        assert (wanted.to, wanted.cc) == ((Person("", "kim@b.example"),), ())


@on_screen
async def test_tab_goes_round_and_never_out() -> None:
    app = Host(START)
    async with app.run_test(size=(76, 24)) as pilot:
        await pilot.pause()
        seen = []
        for _ in range(6):
            seen.append(app.focused.id if app.focused else None)
            await pilot.press("tab")
        assert seen == [
            "composer-to",
            "composer-cc",
            "composer-subject",
            "composer-text",
            "composer-account",
            "composer-to",
        ]
        await pilot.press("shift+tab", "right")
        await pilot.press("tab", "shift+tab", "shift+tab")
        assert app.focused is not None
        assert app.focused.id == "composer-account"
        app.composer.open(REPLY)
        await pilot.press("tab")
        assert app.focused.id == "composer-text"
        assert app.composer.text == ""


@on_screen
async def test_a_start_names_account_people_and_subject() -> None:
    app = Host(START)
    async with app.run_test(size=(76, 24)) as pilot:
        await pilot.press(*"kim@b.example", "tab", "tab", *"Hello", "enter", *"Text", "shift+tab")
        await pilot.press("shift+tab", "shift+tab", "shift+tab", "right", "ctrl+s")
        (wanted,) = app.of(Composer.SendWanted)
        assert (wanted.slot.conversation, wanted.slot.mode, wanted.written.account) == (0, "start", "sales")
        assert (wanted.written.subject, wanted.written.text) == ("Hello", "Text")
        assert wanted.to == (Person("", "kim@b.example"),)


@on_screen
async def test_a_forward_may_have_no_words_but_needs_somebody() -> None:
    app = Host(FORWARD)
    async with app.run_test(size=(76, 24)) as pilot:
        await pilot.press("ctrl+s")
        assert not app.of(Composer.SendWanted)
        await pilot.press(*"kim@b", "ctrl+s")
        assert not app.of(Composer.SendWanted)
        assert "kim@b has no dot after the @" in app.shown()
        await pilot.press(*".example", "ctrl+s")
        assert not app.of(Composer.SendWanted)
        assert "Not a word of yours goes with it" in app.shown()
        await pilot.press("ctrl+s")
        assert app.of(Composer.SendWanted)[0].to == (Person("", "kim@b.example"),)


# Keys


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("ctrl+a", "X"), "one two\nXthree four"),
        (("home", "ctrl+e", "X"), "one two\nthree fourX"),
        (("home", "ctrl+k"), "one two\n"),
        (("ctrl+u",), "one two\n"),
        (("ctrl+w",), "one two\nthree "),
        (("home", "ctrl+d"), "one two\nhree four"),
        (("ctrl+w", "ctrl+z"), "one two\nthree four"),
        (("ctrl+w", "ctrl+z", "ctrl+y"), "one two\nthree "),
        (("enter", "X"), "one two\nthree four\nX"),
    ],
)
@on_screen
async def test_editing_keys_edit(keys: tuple[str, ...], text: str) -> None:
    app = Host(replace(REPLY, draft=draft("one two\nthree four")))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press(*keys)
        assert app.composer.text == text
        assert app.composer.is_open


@on_screen
async def test_joiners_can_be_typed() -> None:
    app = Host(REPLY)
    async with app.run_test(size=(76, 20)) as pilot:
        for char in "می\u200cخواهم":
            app.post_message(events.Key(char, char))
        await pilot.pause()
        assert app.composer.text == "می\u200cخواهم"


@on_screen
async def test_other_keys_report_what_is_wanted() -> None:
    app = Host(replace(REPLY, draft=draft("Hello")))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("ctrl+f", "ctrl+g")
        assert app.of(Composer.AttachWanted)
        assert app.of(Composer.KeysWanted)
        app.composer.attach("/tmp/\u202egpj.exe", 9)
        await pilot.pause()
        assert "+ <U+202E>gpj.exe" in app.shown()
        await pilot.press("ctrl+s")
        assert app.of(Composer.SendWanted)[0].written.files == ("/tmp/\u202egpj.exe",)


@on_screen
async def test_a_greater_than_sign_quotes_on_an_empty_reply_only() -> None:
    app = Host(REPLY)
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press(">")
        assert [wanted.conversation for wanted in app.of(Composer.QuoteWanted)] == [1042]
        assert app.composer.text == ""
        app.composer.insert("> Hello\n\n")
        await pilot.press(">", "x")
        assert app.composer.text == "> Hello\n\n>x"
        app.composer.open(NOTE)
        await pilot.press(">")
        assert app.composer.text == ">"
        app.composer.open(START)
        await pilot.press(">")  # in To
        app.composer.open(replace(REPLY, conversation=7))
        await paste(pilot, "> pasted")
        assert app.composer.text == "> pasted"
        assert len(app.of(Composer.QuoteWanted)) == 1


FULL = Draft(
    mode="reply",
    text="Hello",
    at=0,
    to="",
    cc="",
    subject="",
    account="",
    bcc="boss@acme.example",
    sender="sales@acme.example",
    files=("/tmp/one.pdf", "/tmp/two.png"),
)


@pytest.mark.parametrize("sheet", [REPLY, FORWARD, START])
@on_screen
async def test_a_draft_shows_and_sends_all_that_it_keeps(sheet: Sheet) -> None:
    to = "kim@b.example" if sheet.has_fields else ""
    app = Host(replace(sheet, draft=FULL._replace(mode=sheet.mode, to=to)))
    async with app.run_test(size=(76, 24)) as pilot:
        for shown in ("boss@acme.example", "as sales@acme.example", "+ one.pdf, two.png"):
            assert shown in app.shown()
        await pilot.press("ctrl+s")
        (wanted,) = app.of(Composer.SendWanted)
        assert wanted.bcc == (Person("", "boss@acme.example"),)
        assert (wanted.written.sender, wanted.written.files) == ("sales@acme.example", FULL.files)
        assert wanted.to == ((DANA,) if sheet is REPLY else (Person("", "kim@b.example"),))


@on_screen
async def test_files_are_part_of_the_draft() -> None:
    app = Host(replace(REPLY, draft=draft("Hello")))
    async with app.run_test(size=(76, 20)) as pilot:
        app.composer.attach("/tmp/one.pdf", 9)
        app.composer.flush()
        await pilot.pause()
        (report,) = app.of(Composer.DraftChanged)
        assert (report.written.text, report.written.files) == ("Hello", ("/tmp/one.pdf",))
        app.composer.open(NOTE)
        assert not app.composer.files
        app.composer.open(REPLY)
        assert list(app.composer.files) == ["/tmp/one.pdf"]  # it is not on disk yet
        app.composer.detach("/tmp/one.pdf")
        app.composer.flush()
        await pilot.pause()
        assert app.of(Composer.DraftChanged)[-1].written.files == ()


@on_screen
async def test_hidden_copies_are_typed_where_recipients_are_changed_twice() -> None:
    app = Host(replace(REPLY, draft=draft("Hello")))
    async with app.run_test(size=(76, 24)) as pilot:
        await pilot.press("ctrl+r")
        assert "Bcc" not in app.shown()
        await pilot.press("ctrl+r", *"not an <address", "ctrl+s")
        assert "Bcc" in app.shown()
        assert not app.of(Composer.SendWanted)
        assert app.focused is not None
        assert app.focused.id == "composer-bcc"
        await pilot.press("ctrl+u", *"boss@acme.example", "ctrl+s")
        (wanted,) = app.of(Composer.SendWanted)
        assert wanted.bcc == (Person("", "boss@acme.example"),)
        assert (wanted.to, wanted.cc) == ((DANA,), (LEGAL,))


@on_screen
async def test_an_alias_goes_with_its_account() -> None:
    app = Host(replace(START, draft=FULL._replace(mode="start", to="kim@b.example", account="support")))
    async with app.run_test(size=(76, 24)) as pilot:
        app.composer.query_one("#composer-account").focus()
        await pilot.press("right")
        assert "sales@acme.example" not in app.shown()
        await pilot.press("ctrl+s")
        (wanted,) = app.of(Composer.SendWanted)
        assert (wanted.written.account, wanted.written.sender) == ("sales", "")


@on_screen
async def test_text_put_in_its_place_is_one_step_of_undo() -> None:
    app = Host(replace(REPLY, draft=draft("before")))
    async with app.run_test(size=(76, 20)) as pilot:
        app.composer.put("after\r\nit")
        assert app.composer.text == "after\nit"
        await pilot.press("ctrl+z")
        assert app.composer.text == "before"


def test_fit_keeps_what_scripts_need() -> None:
    assert fit("می\u200cخ 👨\u200d👩 \u200fא") == "می\u200cخ 👨\u200d👩 \u200fא"
    assert fit("a\ud800b") == "a�b"


def test_written_is_a_value() -> None:
    assert Written(slot=Slot(1, "note"), text="x") == Written(slot=Slot(1, "note"), text="x")


@on_screen
async def test_long_recipients_leave_room_to_write_and_are_read_to_their_domain() -> None:
    long = Person(
        "A very long name of the house of Saxe-Coburg", "a.very.long.local.part.of@" + "sub." * 12 + "example"
    )
    others = tuple(Person(f"Person Number {n}", f"person.{n}@rather-long.example") for n in range(12))
    assert REPLY.recipients is not None
    sheet = replace(REPLY, recipients=REPLY.recipients._replace(to=(long,), cc=others))
    app = Host(sheet)
    async with app.run_test(size=(76, 22)) as pilot:
        await pilot.pause()
        assert long.handle in "".join(line.strip() for line in app.lines())
        assert app.composer.query_one(DraftText).size.height >= 4


@on_screen
async def test_a_note_takes_no_files_and_says_so() -> None:
    """It could be attached, stood there, and did not go along."""
    app = Host(NOTE)
    async with app.run_test(size=(76, 22)) as pilot:
        await pilot.press("ctrl+f")
        assert not app.of(Composer.AttachWanted)
        assert "A note takes no files." in app.shown()
