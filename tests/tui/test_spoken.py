"""The screen in other languages: every word has the room that its place gives it, and nothing is cut."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.tui.desks import demo_screen, keys, text, until
from tests.tui.run import on_screen
from tuidesk.domain.instants import DAY, HOUR, MINUTE
from tuidesk.domain.text import width
from tuidesk.tui import when
from tuidesk.tui.widgets.queue_lines import CLOCK
from tuidesk.words import ENGLISH, LANGUAGES, say, speak, texts

OTHERS = [code for code in LANGUAGES if code != ENGLISH]


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    speak(ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_span_has_five_cells_at_most(language: str) -> None:
    speak(language)
    for ms in (0, MINUTE, 59 * MINUTE, HOUR, HOUR + 5 * MINUTE, 10 * HOUR - 1, 23 * HOUR, DAY, 99 * DAY):
        assert 0 < width(when.span(ms)) <= 5, when.span(ms)
        assert width(say("tui.clock_wait", span=when.span(ms))) <= CLOCK


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_narrow_cells_fit(language: str) -> None:
    rooms = {room: texts(language, room) for room in ("tui", "keys", "composer", "thread", "when", "desk")}
    too_wide = [
        (name, words)
        for prefix, room, most in (
            ("clock_", "tui", CLOCK),
            ("owner_", "tui", 3),
            ("sign_", "keys", 18),
            ("field_", "composer", 8),
            ("state_", "tui", 26),
        )
        for name, words in rooms[room].items()
        if name.startswith(prefix) and "{" not in words and width(words) > most
    ]
    assert too_wide == []
    assert width(rooms["composer"]["saving"]) <= 13
    assert width(rooms["composer"]["saved"]) <= 13


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_of_names_are_whole(language: str) -> None:
    for name, count in (("thread.months", 12), ("thread.weekdays", 7), ("desk.months", 12)):
        room, _, rest = name.partition(".")
        assert len(texts(language, room)[rest].split()) == count
    assert len(texts(language, "when")["months"].split()) == 12
    assert len(texts(language, "when")["weekdays"].split()) == 7


@pytest.mark.parametrize(
    ("language", "expected", "with_year"),
    [
        ("en", "2 Nov", "2 Nov 2025"),
        ("ko", "11월 2일", "2025년 11월 2일"),
        ("uz", "2-noy", "2-noy 2025"),
    ],
)
def test_a_day_is_said_as_the_language_does(language: str, expected: str, with_year: str) -> None:
    speak(language)
    assert when.day(date(2025, 11, 2), 2025) == expected
    assert when.day(date(2025, 11, 2), 2026) == with_year


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_line_after_sending_fits(language: str) -> None:
    """On one line at 96 cells, on two at 80."""
    speak(language)
    most, held = width(say("composer.strip_keys")), width(say("composer.strip_held", seconds=15))
    assert most + held <= 96 - 2
    assert max(most, held, width(say("composer.strip_wrong"))) <= 80 - 2


@pytest.mark.parametrize("language", LANGUAGES)
@on_screen
async def test_the_queue_at_80_columns(tmp_path: Path, language: str) -> None:
    speak(language)
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        shown = text(app).splitlines()
        assert shown[0].strip().startswith(f"[{say('tui.view_open', count=33)}]")
        for view in ("mine", "unassigned", "check"):
            assert say(f"tui.view_{view}", count=0).replace("0", "").strip() in shown[0]
        assert say("tui.ok_one") in shown[0]
        assert shown[1].startswith(f">  {say('tui.clock_failed')}")
        assert shown[-1].endswith(f"? {say('keys.short_help')}"), "every hint is there"
        assert max(map(width, shown)) <= 80

        await keys(pilot, "b")
        await until(lambda: say("tui.ask_snooze", what=f"#{app.desk_screen.queue.current}") in text(app))
        assert say("tui.ask_snooze_empty", last=say("when.usual")) in text(app)


@pytest.mark.parametrize("language", OTHERS)
@on_screen
async def test_a_dialog(tmp_path: Path, language: str) -> None:
    speak(language)
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        await keys(pilot, "q")
        await until(lambda: say("tui.quit_title") in text(app))
        shown = text(app)
        assert f"{say('tui.key_esc')} {say('tui.stay')}" in shown
        assert f" q  {say('tui.quit_yes')}" in shown
        assert len({line.rindex("│") for line in _narrow(shown) if line.count("│") == 2}) == 1, (
            "a straight frame"
        )


def _narrow(shown: str) -> list[str]:
    """Lines in which a place in the text is a cell of the screen."""
    return ["".join(char * max(width(char), 1) for char in line) for line in shown.splitlines()]


@pytest.mark.parametrize("language", OTHERS)
@on_screen
async def test_help_fits_80_columns(tmp_path: Path, language: str) -> None:
    speak(language)
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        await keys(pilot, "?")
        await until(lambda: say("tui.help_title", place=say("tui.place_queue")) in text(app))
        pages = [text(app)]
        for _ in range(8):
            await keys(pilot, "space")
            pages.append(text(app))
        shown = "\n".join(pages)
        assert max(map(width, shown.splitlines())) <= 80
        assert "…" not in shown
        for group in ("moving", "answering", "views", "signs"):
            assert say(f"keys.group_{group}") in shown
        starts = {len(line) - len(line.lstrip()) for line in pages[0].splitlines()[2:-1] if line.strip()}
        assert starts <= {2, 4, 23}, "keys, and what they do, stand below each other"


@on_screen
async def test_a_snooze_is_typed_in_korean(tmp_path: Path) -> None:
    speak("ko")
    async with demo_screen(tmp_path) as (app, pilot):
        await keys(pilot, "b", *"내일", "space", *"9시", "enter")
        await until(lambda: "09:00까지 미루기" in text(app))


@pytest.mark.parametrize("language", OTHERS)
@on_screen
async def test_the_composer_says_it(tmp_path: Path, language: str) -> None:
    speak(language)
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        await keys(pilot, "enter", "n")
        await until(lambda: say("composer.head_note") in text(app))
        assert say("composer.team") in text(app)
        await keys(pilot, "escape", "r")
        await until(lambda: say("composer.head_reply") in text(app))
        shown = text(app)
        assert say("composer.leaves", seconds=10) in shown
        for action in ("send", "attach", "help-writing", "leave"):
            assert say(f"composer.does_{action}") in shown
