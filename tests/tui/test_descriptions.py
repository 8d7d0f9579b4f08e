"""What pictures show, for who cannot see them: asked for where the channel takes it, and read in the thread."""

from pathlib import Path

from tests.tui.desks import keys, screen, text, until
from tests.tui.pictures import inbound
from tests.tui.run import on_screen
from tests.tui.shops import ledger, shop
from tests.tui.test_enclosed import attach, newest
from tests.tui.test_guards import SMALL, write
from tuidesk.domain.model import Attachment
from tuidesk.domain.text import width
from tuidesk.tui.widgets.thread_lines import Setting, message_lines


def shown(alt: str, cells: int = 40) -> list[str]:
    """The lines of a message with a picture and a file, below their names."""
    files = (
        Attachment("box.jpg", 9, "image/jpeg", "r", alt),
        Attachment("bill.pdf", 9, "application/pdf", "s"),
    )
    lines = [
        line.text.rstrip()
        for line in message_lines(inbound(1, "hello", attachments=files), Setting(cells, 2026), frozenset())
    ]
    at = next(y for y, line in enumerate(lines) if "box.jpg" in line)
    end = next(y for y, line in enumerate(lines) if "bill.pdf" in line)
    assert all(width(line) <= cells for line in lines)
    return lines[at + 1 : end]


def test_what_a_picture_shows_stands_under_its_name() -> None:
    assert shown("A torn\x1b[31m box,\nits side open", 60) == ["    shows: A torn␛[31m box, its side open"]
    assert shown("") == []
    long = shown("words and more " * 99)
    assert len(long) == 6
    assert long[-1].endswith("…")


@on_screen
async def test_for_a_picture_its_description_is_asked_and_goes_along(tmp_path: Path) -> None:
    box, bill = tmp_path / "box.png", tmp_path / "bill.pdf"
    for file in (box, bill):
        file.write_bytes(b"x")
    async with screen(shop(tmp_path, attachments={"alt": True}), SMALL) as (app, pilot):
        composer, prompt = app.desk_screen.composer, app.desk_screen.prompt
        await write(app, pilot, "look")
        await keys(pilot, "ctrl+f")
        await until(lambda: prompt.is_open)
        await pilot.press(*str(box), "enter")
        await until(lambda: "box.png shows:" in text(app))
        await keys(pilot, *"a", "space", *"torn", "space", *"box", "enter")
        await until(lambda: "(a torn box)" in text(app))
        await attach(app, pilot, str(bill))
        await until(lambda: composer.files == (str(box), str(bill)))
        assert not prompt.is_open, "a bill is no picture"
        await keys(pilot, "escape")
        await until(lambda: not composer.is_open)
        await keys(pilot, "r")
        await until(lambda: composer.is_open)
        assert "(a torn box)" in text(app), "the draft has it"
        await keys(pilot, "ctrl+s")
        await until(lambda: len(ledger(tmp_path)) == 1)
        sent = ledger(tmp_path)[0]["attachments"]
        assert [(file["name"], file.get("alt")) for file in sent] == [
            ("box.png", "a torn box"),
            ("bill.pdf", None),
        ]
        assert Path(sent[0]["path"]).is_relative_to(app.desk.paths.spool)
        assert [file.alt for file in newest(app, 1).attachments] == ["a torn box", ""]


@on_screen
async def test_a_channel_that_takes_none_is_asked_about_none_and_enter_alone_says_nothing(
    tmp_path: Path,
) -> None:
    box = tmp_path / "box.png"
    box.write_bytes(b"x")
    async with screen(shop(tmp_path / "a"), SMALL) as (app, pilot):
        await write(app, pilot, "look")
        await attach(app, pilot, str(box))
        await until(lambda: "+ box.png" in text(app))
        assert not app.desk_screen.prompt.is_open
    async with screen(shop(tmp_path / "b", attachments={"alt": True}), SMALL) as (app, pilot):
        await write(app, pilot, "look")
        await keys(pilot, "ctrl+f")
        await until(lambda: app.desk_screen.prompt.is_open)
        await pilot.press(*str(box), "enter")
        await until(lambda: "box.png shows:" in text(app))
        await keys(pilot, "enter", "ctrl+s")
        await until(lambda: len(ledger(tmp_path / "b")) == 1)
        assert "alt" not in ledger(tmp_path / "b")[0]["attachments"][0]
