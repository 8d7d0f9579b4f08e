"""Every language says what English says, with the same values in it."""

import ast
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

from tuidesk import words
from tuidesk.words import ENGLISH, LANGUAGES, of_locale

OTHERS = [code for code in LANGUAGES if code != ENGLISH]


def _rooms(language: str) -> set[str]:
    package = import_module(f"tuidesk.words.{language}")
    return {module.name for module in pkgutil.iter_modules(package.__path__)}


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_room_and_no_other(language: str) -> None:
    assert _rooms(language) == _rooms(ENGLISH)


@pytest.mark.parametrize("room", sorted(_rooms(ENGLISH)))
@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_all_that_english_says(language: str, room: str) -> None:
    english = import_module(f"tuidesk.words.{ENGLISH}.{room}").TEXTS
    theirs = import_module(f"tuidesk.words.{language}.{room}").TEXTS
    assert theirs.keys() == english.keys()
    # a singular may say its number in a word
    wrong = {
        name: (_fields(english[name]), _fields(text))
        for name, text in theirs.items()
        if not _fields(text) <= _fields(english[name]) or _fields(english[name]) - _fields(text) - {"count"}
    }
    assert wrong == {}


def _source() -> Iterator[str]:
    package = Path(words.__file__).parent
    for path in package.parent.rglob("*.py"):
        if package not in path.parents or path.parent == package:
            yield path.read_text("utf-8")


def _in_templates() -> Iterator[str]:
    for path in Path(words.__file__).parent.parent.rglob("*.j2"):
        yield from re.findall(r'say\("([\w.]+)"\)', path.read_text("utf-8"))


def test_every_text_is_said_somewhere() -> None:
    """By its name, or by a name that is put together of a pattern and a word that the program knows."""
    known, joined = set[str](), set[str]()
    for source in _source():
        known.update(re.findall(r"\w+", source))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.JoinedStr):
                parts = (
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "(.+)"
                    for part in node.values
                )
                joined.add("".join(parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                known |= {node.value, node.value.replace("-", "_")}
                joined.add(re.escape(node.value) + "(.+)" if re.fullmatch(r"\w+\.\w*_?", node.value) else "")
    known.update(_in_templates())
    patterns = [re.compile(pattern) for pattern in joined if re.search("[a-z]", pattern)]

    def is_said(name: str) -> bool:
        if name in known:
            return True
        found = (pattern.fullmatch(name) for pattern in patterns)
        return any(match is not None and known.issuperset(match.groups()) for match in found)

    names = [
        f"{room}.{text}"
        for room in _rooms(ENGLISH) - {"when"}  # which is a table that is read as a whole
        for text in import_module(f"tuidesk.words.{ENGLISH}.{room}").TEXTS
    ]
    assert [name for name in sorted(names) if not is_said(name)] == []


@pytest.mark.parametrize(
    ("environ", "asked"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "uz_UZ"}, "uz"),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": ""}, "ko"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_locale_asks_for_a_language(environ: dict[str, str], asked: str) -> None:
    assert of_locale(environ) == asked


def test_english_is_spoken_until_another_language_is_asked_for() -> None:
    assert words.language() == ENGLISH
