"""`canned`: what canned replies there are, how they read for a customer, and changes to the agent's own."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from tuidesk.cli import output
from tuidesk.cli.parser import Noun, number, takes_dry_run, takes_json, text
from tuidesk.desk import canned_exchange as exchange
from tuidesk.desk import canned_files as files
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.home import reading
from tuidesk.domain import canned, channel_canned
from tuidesk.domain.canned import NEVER, Canned, Then, Used
from tuidesk.domain.commands import Reply
from tuidesk.domain.instants import rfc3339
from tuidesk.domain.survey import FITS, SCALES, Survey
from tuidesk.domain.template import Filled
from tuidesk.errors import NotFound, Refused, TuideskError, UsageError
from tuidesk.words import say

DONE, PARTLY = 0, 3
_DOES = ("list", "show", "add", "edit", "remove", "import", "export")
_MOST = 50_000_000
"""Bytes of a file that is imported."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=_DOES, metavar="|".join(_DOES), help=say("canned.what_help"))
    parser.add_argument("words", metavar="NAME|FILE", nargs="*", help=say("canned.words_help"))
    for option in ("title", "shortcut", "language"):
        parser.add_argument(f"--{option}", metavar="TEXT", help=say(f"canned.{option}_help"))
    parser.add_argument("--body", metavar="TEXT", help=say("canned.body_help"))
    parser.add_argument(
        "--holding", action=argparse.BooleanOptionalAction, default=None, help=say("canned.holding_help")
    )
    parser.add_argument("--survey", choices=(*FITS, ""), help=say("canned.survey_help"))
    parser.add_argument("--scale", choices=tuple(SCALES), help=say("canned.scale_help"))
    for option in ("medium", "keyword", "attach", "tag", "untag"):
        parser.add_argument(f"--{option}", metavar="WORD", action="append", help=say(f"canned.{option}_help"))
    parser.add_argument(
        "--status", choices=("open", "pending", "complete", ""), help=say("canned.status_help")
    )
    parser.add_argument("--assign", metavar="WHO", help=say("canned.assign_help"))
    parser.add_argument(
        "--priority", choices=("urgent", "high", "normal", "low", ""), help=say("canned.priority_help")
    )
    parser.add_argument("--for", metavar="N", dest="number", help=say("canned.for_help"))
    parser.add_argument(
        "--set", metavar="WHAT=TEXT", action="append", default=[], dest="answers", help=say("canned.set_help")
    )
    parser.add_argument("--format", choices=exchange.FORMATS, help=say("canned.format_help"))
    parser.add_argument("--replace", action="store_true", help=say("canned.replace_help"))
    takes_dry_run(parser)
    takes_json(parser)


def _canned(given: argparse.Namespace) -> int:
    does = {
        "list": _list,
        "show": _show,
        "add": _add,
        "edit": _edit,
        "remove": _remove,
        "import": _import,
        "export": _export,
    }
    return does[given.what](given)


# --- look -------------------------------------------------------------------------------------------


def _list(given: argparse.Namespace) -> int:
    library, used = files.library(given.home), _used(given.home)
    replies = (*library.replies, *_of_channels(given.home))
    found = canned.ranked(replies, " ".join(given.words), given.language or "", used)
    if given.json:
        output.json_lines(_form(reply, used) for reply in found)
    elif found:
        heads = say("canned.heads").split("|")
        output.table(heads, (_row(reply, used.get(reply.name, NEVER)) for reply in found))
    else:
        output.words(say("canned.nothing" if replies else "canned.none"))
    if not given.json and not library.replies:
        names = ", ".join(reply.name for reply in library.with_shipped())
        output.words(say("canned.all_shipped", names=names))
    for problem in library.problems:
        output.talk(str(problem))
    return PARTLY if library.problems else DONE


def _used(home: str | None) -> dict[str, Used]:
    from tuidesk.desk.canned import stats

    try:
        with reading(home) as connection:
            return stats(connection)
    except NotFound:  # nothing was ever sent
        return {}


def _of_channels(home: str | None) -> tuple[Canned, ...]:
    """Those that the accounts' channels keep."""
    from tuidesk.desk.canned import of_channels

    try:
        with reading(home) as connection:
            return of_channels(connection)
    except NotFound:  # no account was ever reached
        return ()


def _row(reply: Canned, used: Used) -> Sequence[str]:
    from tuidesk.desk.canned import kind_words

    counts = (used.uses, used.changed, used.reopened)
    numbers = (str(count) if used.uses else "" for count in counts)
    return (
        reply.name,
        reply.shortcut,
        reply.language,
        *numbers,
        kind_words(reply),
        reply.title,
        reply.account or _short(reply.source),
    )


def _short(path: str) -> str:
    home = os.path.expanduser("~")
    return f"~{path[len(home) :]}" if path.startswith(home + os.sep) else path


def _form(reply: Canned, used: dict[str, Used]) -> dict[str, Any]:
    one = used.get(reply.name, NEVER)
    return exchange.as_object(reply) | {
        "source": reply.source,
        "own": reply.own,
        "account": reply.account or None,
        "template": reply.template or None,
        "uses": one.uses,
        "changed": one.changed,
        "reopened": one.reopened,
        "last_used": rfc3339(one.last) if one.last else None,
    }


def _show(given: argparse.Namespace) -> int:
    (name,) = _names(given, 1)
    library = files.library(given.home)
    reply = files.named((*library.with_shipped(), *_of_channels(given.home)), name)
    if given.number is not None:
        whole = for_customer(given, name, number(given.number)).reply.text
        if given.json:
            output.json_line(_form(replace(reply, body=whole), _used(given.home)))
        else:
            output.block(whole, "")
    elif given.json:
        output.json_line(_form(reply, _used(given.home)))
    else:
        output.block(files.written([reply]).partition("\n\n")[2].rstrip("\n"), "")
        kept = say("canned.from_account", account=reply.account) if reply.account else ""
        output.talk(kept or _short(reply.source) or say("canned.from_shipped"))
    return DONE


class ForCustomer(NamedTuple):
    """A canned reply for the customer of a conversation."""

    reply: Reply
    """With nothing else in it."""
    files: tuple[str, ...]


def for_customer(given: argparse.Namespace, name: str, conversation: int) -> ForCustomer:
    """The reply of this name, with what `--set` says, and what it does besides.

    Raises:
        UsageError: something is missing in it, and is named; or `--set` names what it does not ask for.
    """
    from tuidesk.desk import canned as desk_canned

    library = files.library(given.home)
    agent, accounts = files.who(given.home)
    with reading(given.home) as connection:
        customer = desk_canned.customer(connection, agent, accounts, conversation, SystemClock().now())
    reply = files.named((*library.with_shipped(), *customer.kept), name)
    if not reply.body:
        raise UsageError(say("canned.only_acts", name=reply.name))
    bodies = canned.bodies(library.with_shipped())
    answers = _fitting(_answers(given.answers), canned.filled(reply, {}, {}, bodies))
    filled = canned.filled(reply, customer.values, answers, bodies)
    if filled.holes:
        how = " ".join(f'--set "{hole.what}=…"' for hole in filled.holes)
        what = ", ".join(hole.source for hole in filled.holes)
        raise UsageError(say("canned.missing", name=reply.name, what=what, how=how))
    inserted = channel_canned.inserted(reply, customer.values, answers, bodies)
    written = Reply(conversation=conversation, text=filled.text, canned=(inserted,))
    return ForCustomer(desk_canned.meant(written, library, customer, agent), reply.attachments)


def _fitting(answers: dict[str, str], empty: Filled) -> dict[str, str]:
    """Answers by what is asked; `choose=…` answers the only choice.

    Raises:
        UsageError: one answers nothing, or not with an option.
    """
    known = {hole.what: hole for hole in empty.holes}
    choices = [what for what, hole in known.items() if hole.kind == "choose"]
    if "choose" in answers and len(choices) == 1:
        answers[choices[0]] = answers.pop("choose")
    for what, words in answers.items():
        if what not in known and not what.startswith("contact."):
            raise UsageError(
                say("canned.not_asked", what=what, known=", ".join(known) or say("canned.asks_nothing"))
            )
        options = known[what].choices if what in known else ()
        if options and words.strip().casefold() not in [option.casefold() for option in options]:
            raise UsageError(say("canned.no_option", what=words, known=", ".join(options)))
    return answers


def _answers(given: Sequence[str]) -> dict[str, str]:
    answers = {}
    for one in given:
        what, sign, words = one.partition("=")
        if not sign:
            raise UsageError(say("canned.set_how", word=one))
        answers[" ".join(what.split())] = words
    return answers


# --- change -----------------------------------------------------------------------------------------


def _add(given: argparse.Namespace) -> int:
    name, *more = _names(given, 1, 2)
    body = given.body if given.body is not None else more[0] if more else ""
    made = _changed(given, Canned(name=name, body=text(body) if body else ""))
    return _put(given, [made], replacing=given.replace)


def _edit(given: argparse.Namespace) -> int:
    name, *more = _names(given, 1, 2)
    reply = files.named(files.library(given.home).replies, name)
    if not reply.own:
        raise UsageError(say("canned.not_yours", name=reply.name, path=reply.source))
    body = given.body if given.body is not None else more[0] if more else None
    made = _changed(given, reply if body is None else replace(reply, body=text(body)))
    if made != reply:
        return _put(given, [made], replacing=True)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(say("canned.edit_how", name=reply.name, path=reply.source))
    return _edit_body(given, reply)


def _edit_body(given: argparse.Namespace, reply: Canned) -> int:
    """The text in the agent's editor. What cannot be written stays in the file that was edited."""
    begun, command = files.in_editor(given.home, reply.body)
    try:
        code = _run(command)
    except OSError as error:
        begun.close()
        raise UsageError(say("editor.cannot_run", command=command[0], reason=error.strerror)) from error
    if code:
        begun.close()
        raise Refused(say("editor.ended", code=code))
    try:
        body = begun.read().rstrip("\n")
        done = _put(given, [replace(reply, body=f"{body}\n" if "\n" in body else body)], replacing=True)
    except TuideskError as error:
        begun.leave()
        raise Refused(say("canned.editor_left", why=error, path=begun.path)) from error
    begun.close()
    return done


def _run(command: Sequence[str]) -> int:
    """Its exit code. Ctrl+C is its own."""
    import signal
    import subprocess

    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.call(command)
    finally:
        signal.signal(signal.SIGINT, before)


def _changed(given: argparse.Namespace, reply: Canned) -> Canned:
    """The reply with what the options say."""
    fields = {
        "title": given.title,
        "shortcut": given.shortcut,
        "language": given.language,
        "media": _several(given.medium),
        "tags": _several(given.keyword),
        "attachments": _paths(given.attach),
    }
    was = reply.then
    then = Then(
        status=was.status if given.status is None else given.status or None,
        tag=was.tag if given.tag is None else _several(given.tag) or (),
        untag=was.untag if given.untag is None else _several(given.untag) or (),
        assign=was.assign if given.assign is None else given.assign,
        priority=was.priority if given.priority is None else given.priority or None,
    )
    fields["holding"] = given.holding
    if given.survey or (given.scale and reply.survey is not None):
        kind = given.survey or (reply.survey.kind if reply.survey is not None else "csat")
        fields["survey"] = replace(reply.survey or Survey(), kind=kind, scale=given.scale or FITS[kind][0])
    said: dict[str, Any] = {key: value for key, value in fields.items() if value is not None}
    made = replace(reply, **said, then=then)
    return replace(made, survey=None) if given.survey == "" else made


def _several(words: Sequence[str] | None) -> tuple[str, ...] | None:
    """`--tag a --tag b,c`; `--tag ""` is none."""
    if words is None:
        return None
    return tuple(dict.fromkeys(part for word in words for one in word.split(",") if (part := one.strip())))


def _paths(words: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if words is None else tuple(os.path.abspath(os.path.expanduser(one)) for one in words if one)


def _put(given: argparse.Namespace, replies: Sequence[Canned], *, replacing: bool) -> int:
    changed = files.put(given.home, replies, replace=replacing, dry_run=given.dry_run)
    if given.json:
        output.json_lines(map(exchange.as_object, changed))
    else:
        words = "canned.would_write" if given.dry_run else "canned.wrote"
        for reply in changed:
            output.data(say(words, name=reply.name, path=_short(str(files.own_file(given.home)))))
        if not changed:
            output.talk(say("canned.nothing_new"))
    return DONE


def _remove(given: argparse.Namespace) -> int:
    names = _names(given, 1, None)
    files.take_out(given.home, names, dry_run=given.dry_run)
    for name in names:
        output.data(say("canned.would_remove" if given.dry_run else "canned.removed", name=name))
    return DONE


# --- from others, and for them ----------------------------------------------------------------------


def _import(given: argparse.Namespace) -> int:
    (name,) = _names(given, 1)
    data = _read(name)
    kind = given.format or exchange.format_of(name, data)
    read = files.parsed(data) if kind == "toml" else exchange.take(data, kind, files.html_text)
    taken = files.writable(given.home, read)
    for words in taken.told:
        output.talk(words)
    if not taken.replies:
        raise NotFound(say("canned.none_taken"))
    code = _put(given, taken.replies, replacing=given.replace)
    return code or (PARTLY if taken.told else DONE)


def _read(name: str) -> str:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(_MOST + 1)
        else:
            with Path(name).expanduser().open("rb") as file:
                data = file.read(_MOST + 1)
    except OSError as error:
        raise NotFound(say("cli.no_file", path=name, reason=error.strerror)) from error
    if len(data) > _MOST:
        raise UsageError(say("canned.too_large", path=name, most=_MOST // 1_000_000))
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(say("canned.not_text", path=name, at=error.start)) from None


def _export(given: argparse.Namespace) -> int:
    library = files.library(given.home)
    found = [files.named(library.replies, name) for name in given.words] or list(library.replies)
    kind = given.format or ("json" if given.json else "toml")
    match kind:
        case "toml":
            output.words(files.written(found).rstrip("\n"))
        case "csv":
            output.words(exchange.as_csv(found).rstrip("\r\n"))
        case "json":
            output.json_lines(map(exchange.as_object, found))
        case _:
            raise UsageError(say("canned.no_export", kind=kind))
    return DONE


def _names(given: argparse.Namespace, least: int, most: int | None = 1) -> list[str]:
    words: list[str] = given.words
    if len(words) < least or (most is not None and len(words) > most):
        raise UsageError(say(f"canned.takes_{given.what}"))
    return words


NOUN = Noun(_arguments, _canned)
