"""Every text a person reads, by language.

A text has a name of two parts or more, `room.what`: the room is the module below the language's package that
holds it, so a command that says one sentence loads one small table and no more. English has every text; where
another language lacks one, the English stands in.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module

LANGUAGES: Mapping[str, str] = {"en": "English", "ko": "한국어", "uz": "oʻzbekcha"}
"""By code, each as its speakers call it."""
ENGLISH = "en"

_language = ENGLISH


def speak(language: str) -> None:
    """From now on, everything is said in this one of `LANGUAGES`."""
    global _language
    _language = language


def language() -> str:
    """The code of the language that is spoken."""
    return _language


def of_locale(environ: Mapping[str, str]) -> str:
    """The language that the locale asks for, as POSIX reads its variables; English where it is none of ours."""
    named = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    asked = named.partition(".")[0].partition("_")[0].casefold()
    return asked if asked in LANGUAGES else ENGLISH


@cache
def texts(language: str, room: str) -> Mapping[str, str]:
    """A room's texts, by what they say; those that this language lacks in English."""
    english: dict[str, str] = import_module(f"tuidesk.words.{ENGLISH}.{room}").TEXTS
    if language == ENGLISH:
        return english
    try:
        theirs: dict[str, str] = import_module(f"tuidesk.words.{language}.{room}").TEXTS
    except ModuleNotFoundError:
        return english
    return english | theirs


def say(name: str, /, **values: object) -> str:
    """The text called `name`, its `{fields}` filled with `values`.

    A value is put in as it is: whoever shows the sentence cleans text from outside first (`domain.text`).

    Raises:
        KeyError: no such text, or a field without a value. Both are mistakes in the program.
    """
    room, _, rest = name.partition(".")
    return texts(_language, room)[rest].format(**values)
