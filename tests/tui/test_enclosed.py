"""What goes along with a text on the real screen: files, hidden copies, the alias. None of it is lost."""

from pathlib import Path

from textual.pilot import Pilot

from tests.tui.desks import demo, demo_screen, keys, screen, text, until
from tests.tui.run import on_screen
from tuidesk.desk import read
from tuidesk.desk.ingest import ingest
from tuidesk.desk.picture import ShownMessage
from tuidesk.domain.commands import Reply, Settle
from tuidesk.domain.events import Received
from tuidesk.domain.model import Person
from tuidesk.store.sql import Connection
from tuidesk.tui.app import DeskApp
from tuidesk.tui.widgets.draft_text import DraftText
from tuidesk.wire.channel import Batch

BOSS = Person("", "boss@acme.example")


def mail(app: DeskApp) -> int:
    """A conversation by mail, under the mark."""
    queue = app.desk_screen.queue
    found = next(
        n
        for n, row in (queue.picture.rows if queue.picture else {}).items()
        if row is not None and row.medium == "mail" and not row.trouble
    )
    queue.go_to(found)
    return found


def newest(app: DeskApp, number: int) -> ShownMessage:
    thread = app.desk.read(read.thread, number, app.desk.clock.now()).result()
    return [item for item in thread.items if isinstance(item, ShownMessage)][-1]


async def attach(app: DeskApp, pilot: Pilot[int], path: str) -> None:
    await pilot.press("ctrl+f")
    await until(lambda: app.desk_screen.prompt.is_open)
    await pilot.press(*path, "enter")
    await until(lambda: not app.desk_screen.prompt.is_open)


@on_screen
async def test_a_forward_leaves_with_its_files(tmp_path: Path) -> None:
    file = tmp_path / "invoice.pdf"
    file.write_bytes(b"%PDF")
    async with demo_screen(tmp_path / "desk") as (app, pilot):
        n, composer = mail(app), app.desk_screen.composer
        await keys(pilot, "f")
        await until(lambda: composer.is_open and composer.has_focus_within)
        await keys(pilot, *"kim@b.example")
        await keys(pilot, "ctrl+r")
        await keys(pilot, *"boss@acme.example")
        await attach(app, pilot, str(file))
        await until(lambda: composer.files == (str(file),) and "+ invoice.pdf" in text(app))
        await keys(pilot, *"look", "ctrl+s")
        await until(lambda: bool(app.desk.read(read.thread, n, 0).result().links))
        (linked,) = app.desk.read(read.thread, n, 0).result().links
        sent = newest(app, linked)
        assert [part.name for part in sent.attachments] == ["invoice.pdf"]
        assert sent.bcc == (BOSS,)


def take(app: DeskApp, n: int, words: str) -> None:
    """The customer writes again; nothing of it is on the screen yet."""
    desk = app.desk

    def job(connection: Connection) -> None:
        (ref,) = connection.execute(
            "SELECT remote FROM message WHERE conversation = ? AND direction = 'in'", (n,)
        ).fetchone()
        late = Received(
            id="late", at=desk.clock.now(), medium="mail", sender=BOSS, text=words, refs=(str(ref),)
        )
        ingest(
            connection,
            "demo",
            Batch(events=(late,)),
            settings=desk.settings,
            now=desk.clock.now(),
            sources=desk.paths.raw,
        )

    desk.write(job).result()


@on_screen
async def test_a_forward_passes_on_what_was_on_the_screen(tmp_path: Path) -> None:
    async with demo_screen(tmp_path / "desk") as (app, pilot):
        n, composer = mail(app), app.desk_screen.composer
        await keys(pilot, "f")
        await until(lambda: composer.is_open and composer.has_focus_within)
        await keys(pilot, *"kim@b.example")
        composer.query_one(DraftText).focus()
        await keys(pilot, *"look")
        shown = newest(app, n).id
        take(app, n, "this is for you alone")
        assert newest(app, n).text == "this is for you alone"
        await pilot.press("ctrl+s")
        await until(lambda: bool(app.desk.read(read.thread, n, 0).result().links))
        query = "SELECT json_extract(out, '$.forwards') FROM outbox WHERE type = 'start'"
        ((passed,),) = app.desk.read(lambda c: c.execute(query).fetchall()).result()
        assert passed not in (None, "late")
        assert passed == shown


@on_screen
async def test_attached_files_survive_a_restart_and_can_be_taken_off(tmp_path: Path) -> None:
    one, two = tmp_path / "one.pdf", tmp_path / "two.pdf"
    for file in (one, two):
        file.write_bytes(b"%PDF")
    async with demo_screen(tmp_path / "desk") as (app, pilot):
        n = mail(app)
        await keys(pilot, "r")
        await until(lambda: app.desk_screen.composer.is_open)
        for file in (one, two):
            await attach(app, pilot, str(file))
        await until(lambda: app.desk_screen.composer.files == (str(one), str(two)))
        await keys(pilot, "escape")
        await until(lambda: not app.desk_screen.composer.is_open)
    two.unlink()  # it could not be attached any more
    async with demo_screen(tmp_path / "desk") as (app, pilot):
        app.desk_screen.queue.go_to(n)
        await keys(pilot, "r")
        await until(lambda: app.desk_screen.composer.files == (str(one), str(two)))
        await attach(app, pilot, "")
        await until(lambda: app.desk_screen.composer.files == (str(one),))


@on_screen
async def test_what_comes_back_is_sent_again_whole(tmp_path: Path) -> None:
    file = tmp_path / "label.txt"
    file.write_text("a label")
    async with screen(demo(tmp_path / "desk", addresses=["sales@acme.example"])) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) > 30)
        await keys(pilot, "g", "r")
        await until(lambda: app.desk_screen.queue.row is not None)
        n, composer = mail(app), app.desk_screen.composer
        typed = Reply(
            conversation=n, text="x", bcc=(BOSS,), sender="sales@acme.example", files=(str(file),), hold=True
        )
        (key, *_) = app.desk.do(typed).result().keys
        app.desk.do(Settle(key=key, how="back")).result()
        await keys(pilot, "r")
        await until(lambda: composer.is_open and "as sales@acme.example" in text(app))
        assert "boss@acme.example" in text(app)
        await keys(pilot, "ctrl+s")
        await until(lambda: newest(app, n).direction == "out")
        sent = newest(app, n)
        assert (sent.bcc, sent.sender.handle) == ((BOSS,), "sales@acme.example")
        assert [part.name for part in sent.attachments] == ["label.txt"]
