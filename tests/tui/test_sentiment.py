"""How the customer sounds, in the head of the thread: a word, never a colour alone; and found from the screen."""

from pathlib import Path

from tests.tui.desks import keys, screen, spoken, text, until
from tests.tui.run import on_screen

AT = "2026-11-20T12:{:02}:00Z"


def received(number: int, words: str) -> dict[str, object]:
    return {
        "type": "received",
        "id": f"m{number}",
        "at": AT.format(number),
        "medium": "chat",
        "conversation": f"c{number}",
        "from": {"name": f"Customer {number}", "handle": f"c{number}"},
        "text": words,
    }


@on_screen
async def test_it_is_a_word_in_the_head_and_a_query_finds_it(tmp_path: Path) -> None:
    told = [
        received(1, "This is the worst service, and I am angry with you."),
        received(2, "Thank you so much, that was great!"),
        received(3, "환불 언제 되나요?"),
    ]
    paths = spoken(tmp_path, told)
    paths.config_toml.write_text(paths.config_toml.read_text() + "[sentiment]\non = true\n")
    async with screen(paths) as (app, pilot):
        desk = app.desk_screen
        await until(lambda: len(desk.queue.picture or ()) == 3 or bool(desk.showing.accounts))
        await until(lambda: len(app.desk.read(_sounds).result()) == 2)
        await keys(pilot, "/", *"sentiment:neg", "tab", "enter")
        await until(lambda: desk.queue.row is not None and desk.queue.row.name == "Customer 1")
        assert len(desk.queue.picture or ()) == 1
        await keys(pilot, "enter")
        await until(lambda: "sounds negative" in text(app))


def _sounds(connection: object) -> list[object]:
    found: list[object] = connection.execute(  # type: ignore[attr-defined]  # whatever a reader is
        "SELECT id FROM conversation WHERE sentiment <> ''"
    ).fetchall()
    return found
