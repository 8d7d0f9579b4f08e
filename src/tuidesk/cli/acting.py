"""Commands that change something: carried out or rehearsed, delivered as far as a moment allows, and accounted for."""

import argparse
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from tuidesk.cli import forms, output
from tuidesk.cli.times import moment
from tuidesk.desk import now, read
from tuidesk.desk.desk import Desk, Rehearsed
from tuidesk.desk.entry_words import entry_words
from tuidesk.desk.home import locate, reading
from tuidesk.desk.now import Outcome
from tuidesk.desk.picture import ShownEntry, ShownMessage
from tuidesk.domain import addresses
from tuidesk.domain.commands import Command, Done, Reply, SaveDraft
from tuidesk.domain.instants import Instant
from tuidesk.domain.visibility import is_shared
from tuidesk.errors import Moved, NotFound, TuideskError
from tuidesk.words import say

DONE, FAILED, PARTLY, QUEUED, UNKNOWN = 0, 1, 3, 4, 5
DOOR = "shell"


@contextmanager
def opened(home: str | None) -> Iterator[Desk]:
    """The home's desk with its log, for as long as the block runs."""
    from tuidesk.desk import log, memory

    memory.keep_private()
    desk = Desk.open(locate(home), door=DOOR)
    try:
        if not desk.read_only:
            log.start(desk.paths, desk.config.file.log.level)
        if desk.salvaged:
            output.talk(desk.salvaged)
        yield desk
    finally:
        desk.close()


def known(home: str | None, numbers: Sequence[int]) -> tuple[int, ...]:
    """Those of the conversations that are there; the others are named on stderr.

    Raises:
        NotFound: none of them is.
    """
    with reading(home) as connection:
        found = read.rows(connection, numbers, 0)
    missing = [number for number in numbers if number not in found]
    if len(missing) == len(numbers):
        raise NotFound("; ".join(say("desk.no_conversation", n=number) for number in missing))
    for number in missing:
        output.talk(say("cli.error", why=say("desk.no_conversation", n=number)))
    return tuple(number for number in numbers if number in found)


def carry_out(
    given: argparse.Namespace, commands: Sequence[Command], *, all_known: bool = True, back: bool = False
) -> int:
    """Do these commands, one after the other, or say what they would do; the exit code.

    Args:
        all_known: False where some of what was named is not there, and has been said.
        back: they take back what their words say.

    Raises:
        TuideskError: the first of them cannot be done, so nothing was.
    """
    with opened(given.home) as desk:
        if given.dry_run:
            rehearsed = desk.rehearse(commands).result()
            if given.json:
                output.json_lines(map(forms.would, rehearsed))
            else:
                for one in rehearsed:
                    _say_rehearsed(one, back=back)
            _warn(warning for one in rehearsed for warning in one.warnings)
            return DONE if all_known else PARTLY
        begun = desk.clock.now()
        done, refusal = _all(desk, commands)
        tried = _delivered(desk, done)
        letters = list(_letters(desk, done, begun))
        outcomes = [_by_its_letter(outcome, letters) for outcome in tried]
        with output.at_any_rate():
            if given.json:
                _print_forms(desk, done, outcomes)
            else:
                _print_words(done, outcomes, back=back)
        _warn(warning for one in done for warning in one.warnings)
        _say_beside(outcomes, letters)
        if refusal is not None:
            output.talk(say("cli.error", why=refusal))
    whole = all_known and refusal is None and not any(letter.not_taken for letter in letters)
    code = exit_code(outcomes)
    return code if code or whole else PARTLY


@dataclass(frozen=True, slots=True)
class _Letter:
    """A message that was made here, as it is once its delivery was tried."""

    words: str
    """Of its command."""
    shown: ShownMessage
    not_taken: tuple[str, ...]
    """Whom of its recipients the channel did not take, in words."""


def _warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        output.talk(say("cli.warning", what=warning))


def _threads(desk: Desk, numbers: Iterable[int]) -> list[int]:
    """Each thread once, by the number that it has now."""
    return list(dict.fromkeys(desk.read(read.shown_in, number).result() for number in numbers))


def _letters(desk: Desk, done: Sequence[Done], begun: Instant) -> Iterator[_Letter]:
    for one in done:
        for number in _threads(desk, one.conversations) if one.messages else ():
            items = desk.read(read.thread, number, desk.clock.now()).result().items
            not_taken = tuple(
                entry_words(item, moment).removeprefix("-- ")
                for item in items
                if isinstance(item, ShownEntry) and item.what == "refused" and item.at >= begun
            )
            for item in items:
                if isinstance(item, ShownMessage) and item.n in one.messages:
                    yield _Letter(one.words, item, not_taken)


def _by_its_letter(outcome: Outcome, letters: Sequence[_Letter]) -> Outcome:
    """What left, but came back from the customer's address at once, has failed."""
    for letter in letters:
        if letter.shown.key == outcome.key and letter.shown.state == "failed" and outcome.state == "sent":
            return replace(outcome, state="failed", reason=letter.shown.reason or "")
    return outcome


def _say_beside(outcomes: Sequence[Outcome], letters: Sequence[_Letter]) -> None:
    """What the channel said to letters that left, and what to do about those that may have."""
    for letter in letters:
        if letter.shown.state in ("sent", ""):
            for told in (*letter.not_taken, letter.shown.reason):
                if told:
                    output.talk(say("cli.reason", what=letter.words, reason=told))
    if any(outcome.state == "unknown" for outcome in outcomes):
        output.talk(say("cli.unknown_next"))


def _delivered(desk: Desk, done: Sequence[Done]) -> tuple[Outcome, ...]:
    try:
        return now.deliver(desk, [key for one in done for key in one.keys])
    except KeyboardInterrupt:
        what = ", ".join(one.words for one in done)
        output.talk("\n" + say("cli.interrupted", what=what))
        raise


def _all(desk: Desk, commands: Sequence[Command]) -> tuple[list[Done], TuideskError | None]:
    """What was done, and why the rest of it could not be. Tried out first: half of it is not wanted.

    Raises:
        TuideskError: nothing was done.
    """
    first, *others = commands
    done = [_do(desk, first, others)]
    for command in others:
        try:
            done.append(_do(desk, command))
        except TuideskError as error:
            return done, error
    return done, None


def _do(desk: Desk, command: Command, others: Sequence[Command] = ()) -> Done:
    try:
        if others:
            desk.rehearse([command, *others]).result()
        return desk.do(command).result()
    except Moved:
        if isinstance(command, Reply):
            _keep(desk, command)
        raise


def _keep(desk: Desk, reply: Reply) -> None:
    """The text of a reply that did not leave: the conversation's draft, where it has none."""
    n = reply.conversation
    if desk.read(read.draft, n, "reply").result() is not None:
        output.talk(say("cli.text_not_kept", n=n))
        return
    draft = SaveDraft(
        conversation=n,
        mode="reply",
        text=reply.text,
        to=addresses.write(reply.to or ()),
        cc=addresses.write(reply.cc or ()),
        bcc=addresses.write(reply.bcc),
        sender=reply.sender or "",
        files=tuple(os.path.abspath(os.path.expanduser(path)) for path in reply.files),
        alts=tuple((os.path.abspath(os.path.expanduser(path)), words) for path, words in reply.alts),
    )
    desk.do(draft).result()
    output.talk(say("cli.text_kept", n=n))


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """What the shell is told of work for a channel: unknown before failed before queued."""
    found = [outcome.state for outcome in outcomes]
    if "unknown" in found:
        return UNKNOWN
    lost = sum(state in ("failed", "dropped") for state in found)
    if lost:
        return FAILED if lost == len(found) else PARTLY
    return QUEUED if {"queued", "sending"} & set(found) else DONE


def _say_rehearsed(rehearsed: Rehearsed, *, back: bool) -> None:
    output.data(say("cli.would_take_back" if back else "cli.would", what=rehearsed.words))
    letter = rehearsed.letter
    if letter is None:
        return
    if is_shared(letter.visibility):
        output.data(say(f"cli.would_{letter.visibility}"))
    for name, people in (("To", letter.to), ("Cc", letter.cc), ("Bcc", letter.bcc)):
        if people:
            output.data(f"  {name}: {addresses.write(people)}")
    if letter.subject:
        output.data(f"  Subject: {letter.subject}")
    for file in letter.files:
        output.data(say("cli.would_attach", name=file.name))
        if file.alt:
            output.data(say("cli.show_alt", words=file.alt))
    output.block(letter.text.rstrip("\n"), "  | ")


def _print_words(done: Sequence[Done], outcomes: Sequence[Outcome], *, back: bool) -> None:
    """A line for each command, with what became of its work for the channel."""
    by_key = {outcome.key: outcome for outcome in outcomes}
    for one in done:
        of_it = [by_key[key] for key in one.keys if key in by_key]
        states = dict.fromkeys(outcome.state for outcome in of_it)
        told = ", ".join(say(f"cli.state_{state}") for state in states)
        words = say("cli.took_back", what=one.words) if back else one.words
        output.data(f"{words}: {told}" if told else words)
        for reason in dict.fromkeys(o.reason for o in of_it if o.reason and o.state != "sent"):
            output.talk(say("cli.reason", what=one.words, reason=reason))


def _print_forms(desk: Desk, done: Sequence[Done], outcomes: Sequence[Outcome]) -> None:
    """The messages that were made, else the conversations that changed."""
    messages = {number for one in done for number in one.messages}
    numbers = list(dict.fromkeys(number for one in done for number in one.conversations))
    at = desk.clock.now()
    lines: list[dict[str, Any]] = []
    if messages:
        for number in _threads(desk, numbers):
            items = desk.read(read.thread, number, at).result().items
            made = (item for item in items if isinstance(item, ShownMessage) and item.n in messages)
            lines.extend(map(forms.message, made))
    else:
        found = desk.read(read.rows, numbers, at).result()
        lines.extend(forms.conversation(found[number]) for number in numbers if number in found)
    output.json_lines(lines)
    for outcome in outcomes:
        if outcome.reason and outcome.state != "sent":
            output.talk(say("cli.reason", what=outcome.type, reason=outcome.reason))
