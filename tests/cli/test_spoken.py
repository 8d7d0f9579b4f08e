"""The shell in other languages: what a person reads is theirs, what a script reads is the same."""

from pathlib import Path

import pytest

from tests.cli.program import Home, demo
from tuidesk.domain.text import width
from tuidesk.words import ENGLISH, LANGUAGES, texts

KOREAN = {"LC_ALL": "ko_KR.UTF-8"}
UZBEK = {"LANG": "uz_UZ.UTF-8"}
OTHERS = [code for code in LANGUAGES if code != ENGLISH]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return demo(tmp_path_factory.mktemp("spoken"))


def test_list_in_korean(home: Home) -> None:
    heads, *rows = home.run("list", "--limit", "40", env=KOREAN).stdout.splitlines()
    assert heads.split() == ["#", "상태", "대기", "담당", "매체", "고객", "마지막", "글"]
    assert any(" 열림 " in row and "시간" in row for row in rows)
    assert any("! 답장 실패" in row for row in rows)
    at = width(heads[: heads.index("고객")])
    assert all(_cells(row, at)[-2:] == "  " for row in rows), "columns are aligned by cells"


def _cells(row: str, end: int) -> str:
    """What stands in the first `end` cells."""
    kept = ""
    for char in row:
        if width(kept + char) > end:
            break
        kept += char
    return kept


def test_list_in_uzbek(home: Home) -> None:
    heads, *rows = home.run("list", "--limit", "40", env=UZBEK).stdout.splitlines()
    assert heads.split() == ["#", "holati", "kutgan", "masʼul", "vosita", "kimdan", "oxirgisi"]
    assert any(" ochiq " in row and " soat " in row for row in rows)


def test_a_reader_speaks_as_the_config_says(home: Home) -> None:
    config = home.folder / "config" / "config.toml"
    kept = config.read_text()
    try:
        home.write("config.toml", 'language = "ko"\n' + kept)
        assert home.run("list").stdout.startswith("#")
        assert "상태" in home.run("list").stdout.splitlines()[0]
    finally:
        home.write("config.toml", kept)


@pytest.mark.parametrize("env", [KOREAN, UZBEK])
def test_show_has_no_english_of_ours(home: Home, env: dict[str, str]) -> None:
    said = home.run("show", "42", env=env).stdout
    for word in ("from ", "by us", "nobody", "draft of", "To: ", "open,"):
        assert not any(line.startswith((f"--- {word}", word)) for line in said.splitlines())


def test_doctor_in_korean(tmp_path: Path) -> None:
    home = Home(tmp_path)
    said = home.run("doctor", env=KOREAN).stdout
    assert said.startswith("정상 설정: ")
    assert "      → `tuidesk setup`을 실행하거나 `tuidesk demo`로 둘러보세요" in said


def test_the_config_names_the_language(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write("config.toml", 'language = "uz"\n[agent]\nname = "Ana"\n')
    assert "hisoblar: hali yoʻq" in home.run("doctor", env=KOREAN).stdout
    assert home.run("--help", env=KOREAN).stdout.startswith("foydalanish: tuidesk ")
    assert "qoralamalar" in home.run("keys").stdout
    assert "balki list?" in home.run("lst", code=2).stderr


@pytest.mark.parametrize(
    "words",
    [
        ("list", "all", "--limit", "100"),
        ("list", "snoozed"),
        ("search", "order"),
        ("show", "42"),
        ("accounts",),
    ],
    ids=" ".join,
)
def test_json_is_the_same_in_every_language(home: Home, words: tuple[str, ...]) -> None:
    english, korean, uzbek = (
        home.run(*words, "--json", env=env).stdout for env in ({"LANG": "C.UTF-8"}, KOREAN, UZBEK)
    )
    assert english
    assert korean == uzbek == english


def test_an_export_is_the_same_in_every_language(home: Home) -> None:
    english, korean = (home.run("export", env=env).stdout for env in ({"LANG": "C.UTF-8"}, KOREAN))
    assert english.count("\n") > 100
    assert korean == english


@pytest.mark.parametrize("env", [KOREAN, UZBEK])
def test_help_fits_a_terminal(home: Home, env: dict[str, str]) -> None:
    for words in (("list",), ("snooze",), ("reply",), ("import",), ("tag",)):
        lines = home.run(*words, "--help", env=env).stdout.splitlines()
        assert lines[0].startswith(("사용법: tuidesk ", "foydalanish: tuidesk "))
        assert max(map(width, lines[1:])) <= 80
        assert not any("show this help" in line or line == "options:" for line in lines)


def test_a_time_is_taken_in_the_language_that_is_spoken(home: Home) -> None:
    done = home.run("snooze", "42", "--until", "내일 9시", "--dry-run", env=KOREAN)
    assert "#42" in done.stdout
    assert "09:00까지 미루기" in done.stdout
    again = home.run("snooze", "42", "--until", "tomorrow 9", "--dry-run", env=KOREAN)
    assert again.stdout == done.stdout


@pytest.mark.parametrize("language", OTHERS)
def test_tables_have_their_columns(language: str) -> None:
    for name in ("list_heads", "accounts_heads"):
        assert texts(language, "cli")[name].count("|") == texts(ENGLISH, "cli")[name].count("|")
