"""Every text a person reads, by language.

A text has a name of two parts or more, `room.what`: the room is the module below the language's package that
holds it, so a command that says one sentence loads one small table and no more.
"""

from functools import cache
from importlib import import_module

LANGUAGE = "en"


@cache
def _texts(room: str) -> dict[str, str]:
    texts: dict[str, str] = import_module(f"tuidesk.words.{LANGUAGE}.{room}").TEXTS
    return texts


def say(name: str, /, **values: object) -> str:
    """The text called `name`, its `{fields}` filled with `values`.

    A value is put in as it is: whoever shows the sentence cleans text from outside first (`domain.text`).

    Raises:
        KeyError: no such text, or a field without a value. Both are mistakes in the program.
    """
    room, _, rest = name.partition(".")
    return _texts(room)[rest].format(**values)
