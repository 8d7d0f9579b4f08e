"""`complete` and the other moves of conversations, and `undo`. Several conversations are one step."""

import argparse
from collections.abc import Callable

from tuidesk.cli import acting
from tuidesk.cli.parser import Noun, number, numbers, takes_dry_run, takes_json, takes_numbers
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.home import agent, is_agent, reading
from tuidesk.desk.offered import agents, last_snooze
from tuidesk.domain import when
from tuidesk.domain.commands import (
    Assign,
    Command,
    Complete,
    Merge,
    Mute,
    Pending,
    Reopen,
    SetPriority,
    Snooze,
    Spam,
    Split,
    Star,
    Tag,
    Undo,
)
from tuidesk.domain.model import PRIORITIES, Person
from tuidesk.domain.when import Until
from tuidesk.errors import UsageError
from tuidesk.words import say

_Made = Callable[[argparse.Namespace, tuple[int, ...]], Command]


def _move(make: _Made, *more: Callable[[argparse.ArgumentParser], None]) -> Noun:
    """A command on some conversations."""

    def arguments(parser: argparse.ArgumentParser) -> None:
        takes_numbers(parser)
        for add in more:
            add(parser)
        takes_dry_run(parser)
        takes_json(parser)

    def run(given: argparse.Namespace) -> int:
        return _on(given, given.numbers, make)

    return Noun(arguments, run)


def _on(given: argparse.Namespace, words: list[str], make: _Made) -> int:
    wanted = numbers(words)
    found = acting.known(given.home, wanted)
    return acting.carry_out(given, [make(given, found)], all_known=len(found) == len(wanted))


def _for(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--for", metavar="WHO", dest="whom", help=say("cli.for_help"))


# --- snooze: what is no number is the time -----------------------------------------------------------


def _snooze_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", metavar="N|WHEN", nargs="+", help=say("cli.snooze_words_help"))
    parser.add_argument("--until", metavar="WHEN", default="", help=say("cli.until_help"))
    parser.add_argument("--firm", action="store_true", help=say("cli.firm_help"))
    takes_dry_run(parser)
    takes_json(parser)


def _snooze(given: argparse.Namespace) -> int:
    words, typed, sleeps = _numbers_and_time(given)

    def make(given: argparse.Namespace, found: tuple[int, ...]) -> Command:
        return Snooze(conversations=found, until=sleeps.at, firm=sleeps.firm or given.firm, typed=typed)

    return _on(given, words, make)


def _numbers_and_time(given: argparse.Namespace) -> tuple[list[str], str, Until]:
    """`50 51 tomorrow 9` → (50, 51), tomorrow at 9; of `50 2 dec`, the 2 is the day; `50` alone as last time.

    Raises:
        UsageError: there is no time, or it cannot be read.
    """
    words: list[str] = given.words
    now = SystemClock().now()
    if given.until:
        return words, given.until, when.parse(given.until, now)
    count = next((at for at, word in enumerate(words) if not _is_number(word)), len(words))
    if len(words) == count == 1:
        with reading(given.home) as connection:
            typed = last_snooze(connection)
        return words, typed, when.parse(typed, now)
    if count in (0, len(words)):
        raise UsageError(say("cli.snooze_when"))
    for numbers_end in (count, count - 1):
        typed = " ".join(words[numbers_end:])
        try:
            return words[:numbers_end], typed, when.parse(typed, now)
        except UsageError:
            if numbers_end in (1, count - 1):
                raise
    raise AssertionError(words)


def _is_number(word: str) -> bool:
    digits = word.removeprefix("#")
    return word == "-" or (digits.isascii() and digits.isdigit())


# --- assign, tag, priority: the last words say to what ---------------------------------------------


def _assign_arguments(parser: argparse.ArgumentParser) -> None:
    takes_numbers(parser)
    parser.add_argument("name", metavar="NAME", help=say("cli.assign_help_name"))
    parser.add_argument("--new", action="store_true", help=say("cli.assign_new_help"))
    takes_dry_run(parser)
    takes_json(parser)


def _assign(given: argparse.Namespace) -> int:
    def make(given: argparse.Namespace, found: tuple[int, ...]) -> Command:
        return Assign(conversations=found, to=colleague(given.home, given.name, new=given.new))

    return _on(given, given.numbers, make)


def colleague(home: str | None, name: str, *, new: bool) -> Person | None:
    """`-` is nobody; `me`, or our own name or address, this agent; else a colleague of that name or handle, or who is
    named by an address.

    Raises:
        UsageError: nobody is called so, and it was not said (`new`) that somebody is.
    """
    if name == "-":
        return None
    folded = name.casefold()
    if folded == "me":
        return agent(home)
    with reading(home) as connection:
        known = agents(connection)
    for who in known:
        if folded in (who.handle.casefold(), who.name.casefold()):
            return who
    if name and is_agent(home, name):
        return agent(home)
    near = [who for who in known if who.name.casefold().startswith(folded)]
    if len(near) > 1:
        raise UsageError(say("cli.assign_which", name=name, who=", ".join(who.name for who in near)))
    if near:
        return near[0]
    if new or "@" in name:
        return Person("" if "@" in name else name, name)
    names = ", ".join(["me", *(who.name or who.handle for who in known if not who.me)])
    raise UsageError(say("cli.assign_unknown", name=name, who=names))


def _tag_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", metavar="N|+TAG|-TAG", nargs="+", help=say("cli.tag_words_help"))
    parser.add_argument("--add", metavar="TAG", action="append", default=[], help=say("cli.tag_add_help"))
    parser.add_argument(
        "--remove", metavar="TAG", action="append", default=[], help=say("cli.tag_remove_help")
    )
    takes_dry_run(parser)
    takes_json(parser)


def _tag_words(words: list[str]) -> list[str]:
    """`-tag` takes a tag away, which argparse would take for options."""
    short = [word[:1] == "-" and word[:2] != "--" and word not in ("-", "-h") for word in words]
    return [f"--remove={word[1:]}" if is_tag else word for word, is_tag in zip(words, short, strict=True)]


def _tag(given: argparse.Namespace) -> int:
    add = [*given.add, *(word[1:] for word in given.words if word[:1] == "+")]
    remove = given.remove
    conversations = [word for word in given.words if word[:1] != "+"]
    if not any(tag.strip() for tag in (*add, *remove)):
        raise UsageError(say("desk.tag_nothing"))
    return _on(
        given,
        conversations,
        lambda _, found: Tag(conversations=found, add=tuple(add), remove=tuple(remove)),
    )


def _priority(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("priority", choices=PRIORITIES, help=say("cli.priority_help_word"))


# --- star, mute, spam; merge, split ------------------------------------------------------------------


def _off(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--off", action="store_true", help=say("cli.off_help"))


def _into(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--into", metavar="N", type=number, help=say("cli.into_help"))


def _merge(given: argparse.Namespace, found: tuple[int, ...]) -> Command:
    if given.into is not None:
        acting.known(given.home, [given.into])
    return Merge(conversations=found, into=given.into)


# --- undo -----------------------------------------------------------------------------------------


def _undo_arguments(parser: argparse.ArgumentParser) -> None:
    takes_dry_run(parser)
    takes_json(parser)


def _undo(given: argparse.Namespace) -> int:
    with reading(given.home):
        pass  # where there is no desk yet, none is made to find that nothing was done at it
    return acting.carry_out(given, [Undo(door=acting.DOOR)], back=True)


NOUNS = {
    "complete": _move(lambda _, found: Complete(conversations=found)),
    "reopen": _move(lambda _, found: Reopen(conversations=found)),
    "pending": _move(lambda given, found: Pending(conversations=found, pending_for=given.whom), _for),
    "snooze": Noun(_snooze_arguments, _snooze),
    "assign": Noun(_assign_arguments, _assign),
    "tag": Noun(_tag_arguments, _tag, _tag_words),
    "priority": _move(
        lambda given, found: SetPriority(conversations=found, priority=given.priority), _priority
    ),
    "star": _move(lambda given, found: Star(conversations=found, on=not given.off), _off),
    "mute": _move(lambda given, found: Mute(conversations=found, on=not given.off), _off),
    "spam": _move(lambda given, found: Spam(conversations=found, on=not given.off), _off),
    "merge": _move(_merge, _into),
    "split": _move(lambda _, found: Split(conversations=found)),
    "undo": Noun(_undo_arguments, _undo),
}
