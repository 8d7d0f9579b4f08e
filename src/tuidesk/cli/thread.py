"""`show`: a conversation with all that was said and done in it."""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from tuidesk.cli import forms, output
from tuidesk.cli.parser import Noun, number, takes_json, takes_number
from tuidesk.cli.times import ends, moment
from tuidesk.desk import read
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.entry_words import entry_words
from tuidesk.desk.home import reading
from tuidesk.desk.picture import Draft, ShownEntry, ShownMessage, Thread
from tuidesk.domain import addresses
from tuidesk.domain.model import Person
from tuidesk.domain.text import clean
from tuidesk.domain.visibility import is_shared
from tuidesk.words import say

_ALL = 1 << 40
"""The shell has a pager: every message, not only the newest."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    takes_number(parser)
    takes_json(parser)


def _show(given: argparse.Namespace) -> int:
    asked = number(given.number)
    with reading(given.home) as connection:
        found = read.thread(connection, asked, SystemClock().now(), newest=_ALL)
    if found.row.n != asked:
        output.talk(say("cli.show_merged", n=asked, into=found.row.n))
    if given.json:
        output.json_lines(_forms(found))
        return 0
    tell(found)
    return 0


def tell(found: Thread) -> None:
    """A conversation, a line or more for each thing in it."""
    _head(found)
    for item in found.items:
        output.data("")
        _message(item, found.row.n) if isinstance(item, ShownMessage) else _entry(item)
    for kept in found.drafts:
        output.data("")
        _draft(kept)


def _forms(found: Thread) -> list[dict[str, Any]]:
    items = (
        forms.message(item) if isinstance(item, ShownMessage) else forms.entry(item) for item in found.items
    )
    head = forms.conversation(found.row) | {"refuses": found.refuses or None, "fields": dict(found.fields)}
    head |= {"merged": list(found.merged)} if found.merged else {}
    return [head, *items, *map(forms.draft, found.drafts)]


def _head(found: Thread) -> None:
    row = found.row
    owner = forms.called(row.assignee) if row.assignee is not None else say("cli.nobody")
    status = ", ".join(filter(None, (say(f"cli.status_{row.status}"), ends(row))))
    output.data(say("cli.show_head", n=row.n, subject=row.subject or "-", status=status, owner=owner))
    who = f"{row.name} <{row.handle}>" if row.name else row.handle
    output.data(say("cli.show_who", who=who, medium=row.medium, account=row.account))
    if row.tags:
        output.data(say("cli.show_tags", tags=", ".join(row.tags)))
    flags = [say(f"cli.flag_{name}") for name in ("starred", "muted", "spam") if getattr(row, name)]
    if flags:
        output.data(", ".join(flags))
    if found.refuses:
        output.data(say("cli.show_refuses", why=found.refuses))
    elif row.window_ends is not None:
        output.data(say("cli.show_window", when=moment(row.window_ends)))
    for name, value in found.fields:
        output.data(say("cli.show_field", name=name, value=value))
    if found.merged:
        output.data(say("cli.show_parts", parts=", ".join(f"#{part}" for part in found.merged)))


def _message(shown: ShownMessage, thread: int) -> None:
    who = _people([shown.sender]) or forms.called(shown.sender)
    part = [] if shown.conversation == thread else [say("cli.show_part", n=shown.conversation)]
    marks = ", ".join([*part, *_marks(shown)])
    head = say(f"cli.show_{shown.direction}", who=who)
    output.data(f"--- {head}  {moment(shown.at)}  [{shown.n}]" + (f" ({marks})" if marks else ""))
    for field, people in (("to", shown.to), ("cc", shown.cc), ("bcc", shown.bcc)):
        if people:
            output.data(say(f"cli.show_{field}", who=_people(people)))
    if shown.reply_address and shown.reply_address.casefold() != shown.sender.handle.casefold():
        output.data(say("cli.show_answers", who=shown.reply_address))
    if shown.reason:
        output.data(say("cli.show_reason", reason=shown.reason))
    output.block(shown.text.rstrip("\n"))
    if shown.body_size is not None:
        output.data(say("cli.show_cut", size=f"{shown.body_size:,}"))
    for file in shown.attachments:
        output.data(say("cli.show_file", name=file.name, size=f"{file.size:,}", type=file.type))
        if file.alt:
            output.data(say("cli.show_alt", words=file.alt))


def _marks(shown: ShownMessage) -> Iterator[str]:
    """What sets this message apart."""
    if is_shared(shown.visibility):
        yield say(f"cli.show_{shown.visibility}")
    if shown.kind != "person":
        yield say(f"cli.show_{shown.kind}")
    if shown.holding:
        yield say("thread.holding")
    if shown.edited:
        yield say("cli.show_edited")
    if shown.deleted:
        yield say("cli.show_deleted")
    if shown.state:
        yield say(f"cli.state_{shown.state}")


def _people(people: Iterable[Person]) -> str:
    """As they are typed, but for what cannot be typed: it has its marks, lest a name hide something."""
    shown = (replace(person, name=clean(person.name, lines=False)) for person in people)
    return ", ".join(addresses.write([one]) if one.handle else one.name for one in shown)


def _entry(shown: ShownEntry) -> None:
    words = entry_words(shown, moment).removeprefix("-- ")
    output.data(f"-- {moment(shown.at)} {words}")


def _draft(kept: Draft) -> None:
    output.data(f"--- {say(f'cli.show_draft_{kept.mode}')}  {moment(kept.at)}")
    output.block(kept.text.rstrip("\n"))


NOUN = Noun(_arguments, _show)
