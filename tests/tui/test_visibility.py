"""Who can read a reply, as the screen says it and asks about it."""

from pathlib import Path

import pytest

from tests.tui.desks import keys, screen, text, until
from tests.tui.run import on_screen
from tests.tui.shops import ledger, question, shop
from tests.tui.test_guards import SMALL, said, write
from tests.tui.test_routes import dialog
from tuidesk.domain.visibility import WIDENING

WORDS = {
    "private": ("followers can read it too", "FOLLOWERS", "FOLLOWERS can read this as well"),
    "unlisted": ("UNLISTED REPLY", "UNLISTED", "UNLISTED: everybody can read this"),
    "public": ("PUBLIC REPLY", "PUBLIC", "PUBLIC: everybody can read this"),
}


@pytest.mark.parametrize("seen_by", list(WORDS))
@on_screen
async def test_whatever_others_can_read_says_so_and_needs_a_second_ctrl_s(
    tmp_path: Path, seen_by: str
) -> None:
    head, word, asked = WORDS[seen_by]
    told = question(1, medium="post", visibility=seen_by)
    async with screen(shop(tmp_path, told, visibility=list(WIDENING)), SMALL) as (app, pilot):
        await write(app, pilot, "hello")
        shown = text(app)
        assert head in shown
        assert f"form via shop, {word}" in shown or f"post via shop, {word}" in shown
        assert shown.count(word) >= 3, "the thread, its message, the composer's head or way"
        assert " direct" not in shown
        if seen_by != "public":
            assert "PUBLIC" not in shown
        await keys(pilot, "ctrl+s")
        await until(lambda: asked in said(app))
        assert ledger(tmp_path) == []
        await keys(pilot, "ctrl+s")
        await until(lambda: app.desk_screen.composer.is_after)
        assert "leaves in 1" in said(app), "held back as long as a public one"
        await keys(pilot, "z")


@on_screen
async def test_a_reply_to_followers_can_be_made_one_to_the_customer_alone(tmp_path: Path) -> None:
    told = question(1, medium="post", visibility="private")
    async with screen(shop(tmp_path, told, visibility=list(WIDENING)), SMALL) as (app, pilot):
        await write(app, pilot, "hello")
        await dialog(app, pilot)
        assert "Now: post, for followers too." in text(app)
        await keys(pilot, "1")
        await until(lambda: "REPLY to the customer" in text(app))
        await keys(pilot, "ctrl+s")
        await until(lambda: [sent["visibility"] for sent in ledger(tmp_path)] == ["direct"])
