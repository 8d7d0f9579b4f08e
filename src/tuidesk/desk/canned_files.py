"""Canned replies for the shell: all of a home's, and changes to the agent's own file."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace as change

from tuidesk.config.canned import Library, Shelf, parse_toml, read_own, with_reply, write_own, written
from tuidesk.config.load import load
from tuidesk.config.paths import Paths, find, make_private
from tuidesk.config.schema import Problem
from tuidesk.config.tables import AccountFile
from tuidesk.desk import editing
from tuidesk.desk.canned_exchange import Taken
from tuidesk.desk.editing import EditedText
from tuidesk.domain import template
from tuidesk.domain.canned import Canned, bodies
from tuidesk.domain.model import Person
from tuidesk.errors import NotFound, Refused, Unreadable, UsageError
from tuidesk.words import say

__all__ = [
    "html_text",
    "in_editor",
    "library",
    "named",
    "own_file",
    "parsed",
    "put",
    "take_out",
    "who",
    "writable",
    "written",
]


def library(home: str | None) -> Library:
    """Every canned reply of a home, and what is wrong in the files."""
    return Shelf(load(find(home))).load()


def named(replies: Iterable[Canned], name: str) -> Canned:
    """The reply of this name, or else of this shortcut, or what only one account calls so.

    Raises:
        NotFound: there is none, or the shortcut is that of several; the nearest names are said.
    """
    found = tuple(replies)
    for reply in found:
        if reply.name == name:
            return reply
    short = [reply for reply in found if reply.shortcut and reply.shortcut == name]
    short = short or [reply for reply in found if reply.account and reply.title == name]
    if len(short) == 1:
        return short[0]
    if short:
        raise NotFound(say("canned.several", name=name, names=", ".join(reply.name for reply in short)))
    from difflib import get_close_matches

    names = [reply.name for reply in found]
    near = [one for one in names if one.startswith(f"{name}.")] or get_close_matches(name, names, 1, 0.5)
    raise NotFound(
        say("canned.no_near", name=name, near=", ".join(near)) if near else say("canned.no_such", name=name)
    )


def put(
    home: str | None, replies: Sequence[Canned], *, replace: bool, dry_run: bool = False
) -> tuple[Canned, ...]:
    """Write replies into the agent's own file; those that are new or others than before.

    Args:
        replace: one that is there already may be written over; else it is refused.

    Raises:
        Refused: one is there already, is none, or the file has changed meanwhile; nothing is written.
        ConfigError: the file has mistakes, or cannot be written.
    """
    paths = _paths(home)
    own = read_own(paths)
    there = {reply.name: reply for reply in own.replies}
    taken = [reply.name for reply in replies if reply.name in there]
    if taken and not replace:
        raise Refused(say("canned.there_already", names=", ".join(taken)))
    whole = bodies(library(home).replies) | bodies(replies)
    after = own.replies
    for reply in replies:
        try:
            template.check(reply.name, reply.body, whole)
        except UsageError as error:
            raise Refused(f"{reply.name}: {error}") from error
        after = with_reply(after, reply)
    if not dry_run:
        write_own(paths, after, own.stamp)
    return tuple(reply for reply in replies if there.get(reply.name) != _as_read(reply, own_file(home)))


def _as_read(reply: Canned, source: str) -> Canned:
    return change(reply, source=source, own=True)


def take_out(home: str | None, names: Sequence[str], *, dry_run: bool = False) -> None:
    """Remove replies from the agent's own file.

    Raises:
        NotFound: one of them does not stand there.
        Refused: another one contains it, or the file has changed meanwhile; nothing is written.
    """
    paths = _paths(home)
    own = read_own(paths)
    there = {reply.name for reply in own.replies}
    for name in names:
        if name not in there:
            raise NotFound(say("canned.not_own", name=name, path=paths.canned))
    left = tuple(reply for reply in own.replies if reply.name not in names)
    for reply in left:
        for name in names:
            if f"{{{{canned:{name}}}}}" in reply.body.replace(" ", ""):
                raise Refused(say("canned.contained", name=name, other=reply.name))
    if not dry_run:
        write_own(paths, left, own.stamp)


def in_editor(home: str | None, body: str) -> tuple[EditedText, list[str]]:
    """A reply's text in a file, and the command that opens it.

    Raises:
        UsageError: the editor's command cannot be read.
        StoreError: the disk refuses.
    """
    config = load(find(home))
    begun = EditedText.begin(config.paths.editor, 0, "canned", body)
    try:
        return begun, editing.command(config.file.editor, os.environ, begun.path)
    except UsageError:
        begun.close()
        raise


def own_file(home: str | None) -> str:
    """The agent's own file."""
    return str(find(home).canned)


def who(home: str | None) -> tuple[Person, dict[str, AccountFile]]:
    """The agent, and the accounts that are switched on, for whom a reply is filled."""
    config = load(find(home))
    return config.settings.agent, {one.id: one for one in config.accounts if one.keys.enabled}


def parsed(text: str) -> Taken:
    """The replies of a TOML file that somebody else wrote; their files stay where they are."""
    replies, problems = parse_toml(text)
    return Taken(replies, tuple(map(_told, problems)))


def _told(problem: Problem) -> str:
    return f"{problem.key}: {problem.text}" if problem.key else problem.text


def writable(home: str | None, taken: Taken) -> Taken:
    """Those that `put` would write; why it would not write the others is told."""
    told = [*taken.told]
    found: dict[str, Canned] = {}
    for reply in taken.replies:
        _, problems = parse_toml(written([reply]))
        told += map(_told, problems)
        if not problems:
            found[reply.name] = reply
    there = bodies(library(home).replies)
    is_whole = False
    while not is_whole:  # what contains one that is left out is left out as well
        is_whole = True
        whole = there | bodies(found.values())
        for name in tuple(found):
            try:
                template.check(name, found[name].body, whole)
            except UsageError as error:
                told.append(f"{name}: {error}")
                del found[name]
                is_whole = False
    return Taken(tuple(found.values()), tuple(told))


def html_text(html: str) -> str:
    """HTML as plain text."""
    from tuidesk.wire.html import to_text

    try:
        return to_text(html).text
    except Unreadable as error:
        raise UsageError(str(error)) from error


def _paths(home: str | None) -> Paths:
    paths = find(home)
    make_private(paths.config)
    return paths
