"""The view of drafts: what is listed, and that Enter goes on writing."""

from pathlib import Path

from tests.tui.desks import demo_screen, keys, text, until
from tests.tui.run import on_screen
from tuidesk.desk import read
from tuidesk.domain.commands import SaveDraft
from tuidesk.store.sql import Connection


@on_screen
async def test_drafts_are_listed_by_their_words_and_enter_goes_on_with_them(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        queue, composer = app.desk_screen.queue, app.desk_screen.composer
        assert queue.picture is not None
        n = queue.picture.ids[3]
        app.desk.do(SaveDraft(conversation=n, mode="note", text="ask billing first")).result()
        app.desk.do(SaveDraft(conversation=None, mode="start", text="good news for you")).result()
        await keys(pilot, "g", "d")
        await until(lambda: "draft of a note: ask billing first" in text(app))
        await until(lambda: "c goes on with the new conversation “good news for you”" in text(app))
        await until(lambda: queue.current == n)
        await keys(pilot, "enter")
        await until(lambda: composer.is_open)
        assert composer.slot is not None
        assert (composer.slot.conversation, composer.slot.mode) == (n, "note")
        assert composer.text == "ask billing first"


@on_screen
async def test_drafts_are_flagged_in_the_queue_by_what_they_are(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, _):
        queue = app.desk_screen.queue
        assert queue.picture is not None
        first, second = queue.picture.ids[3], queue.picture.ids[4]
        app.desk.do(SaveDraft(conversation=first, mode="note", text="ask billing first")).result()
        app.desk.do(SaveDraft(conversation=second, mode="note", text="ask billing first")).result()
        app.desk.do(SaveDraft(conversation=second, mode="reply", text="Hello")).result()
        rows = app.desk.read(read.rows, [first, second], app.desk.clock.now()).result()
        assert (rows[first].drafts, set(rows[second].drafts)) == (("note",), {"note", "reply"})
        await until(lambda: "(note draft" in text(app))
        await until(lambda: "(draft, note draft" in text(app))


@on_screen
async def test_what_comes_into_the_open_draft_from_elsewhere_is_not_written_over(tmp_path: Path) -> None:
    """Another screen, or an undo in the shell: the text is shown, and gone on with."""
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        queue, composer = app.desk_screen.queue, app.desk_screen.composer
        assert queue.picture is not None
        n = next(row.n for row in app.desk.read(read.page, "open", app.desk.clock.now(), 50).result())
        app.desk.do(SaveDraft(conversation=n, mode="note", text="mine")).result()
        app.desk_screen.composing.open_again(n, "note")
        await until(lambda: composer.is_open and composer.has_focus_within)
        app.desk.do(SaveDraft(conversation=n, mode="note", text="mine\n\nfrom the other screen")).result()
        await until(lambda: composer.text == "mine\n\nfrom the other screen")
        assert "from the other screen" in text(app)
        await keys(pilot, "!")
        await until(lambda: not composer.unsaved())
        found = app.desk.read(read.draft, n, "note").result()
        assert found is not None
        assert found.text == "mine\n\nfrom the other screen!"
        composer.insert("?")
        app.desk.do(SaveDraft(conversation=n, mode="note", text="at the same moment")).result()
        await until(lambda: not composer.unsaved())
        kept = app.desk.read(_texts, n).result()
        assert kept[-2:] == ["at the same moment", "mine\n\nfrom the other screen!?"], "none is lost"


def _texts(connection: Connection, n: int) -> list[str]:
    """Every text that a draft of the conversation has had when it was put away, and the one that it has."""
    return [
        row[0]
        for row in connection.execute("SELECT text FROM draft WHERE conversation = ? ORDER BY id", (n,))
    ]
