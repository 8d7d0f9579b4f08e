"""`tuidesk --plain`: the desk as a conversation in lines, for screen readers and for terminals that draw nothing.

One thing a line, no colour, no cursor. A command is about the conversation that was opened last, or about the numbers
in front of its words. What is typed is on disk with every line.
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from tuidesk.cli import output
from tuidesk.cli.parser import number
from tuidesk.cli.plain_canned import CannedLines
from tuidesk.cli.ringing import teller
from tuidesk.cli.thread import tell
from tuidesk.cli.times import ends, span
from tuidesk.desk import news, read
from tuidesk.desk.desk import Desk
from tuidesk.desk.news import Item
from tuidesk.desk.picture import Thread
from tuidesk.desk.rows import Row
from tuidesk.desk.writing_on import keeping
from tuidesk.domain import addresses, when
from tuidesk.domain.commands import (
    Assign,
    Command,
    Complete,
    Mode,
    Note,
    Pending,
    Reopen,
    Reply,
    Seen,
    Snooze,
    Tag,
    Undo,
)
from tuidesk.domain.model import Person
from tuidesk.domain.query import VIEWS
from tuidesk.domain.visibility import is_shared
from tuidesk.errors import Refused, TuideskError, UsageError
from tuidesk.words import say

DOOR = "plain"
_SHOWN = 20
"""Rows that are said at once; `more` says the next ones."""
_NEWEST = 5
"""Messages that are read out when a conversation is opened; `all` reads the rest."""
_END = "."


class _Left(Exception):
    """Nobody types any more."""


class Given(NamedTuple):
    """What was typed behind a command."""

    numbers: tuple[int, ...] = ()
    words: str = ""


class Session:
    """One agent at one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._view = "open"
        self._ids: list[int] = []
        self._said = 0
        """How many rows of the list have been said."""
        self._current = 0
        self._heard: dict[int, Row] = {}
        """Conversations as they were when they were read out, or their row was."""
        self._told = desk.read(news.mark).result()
        self._due: list[Item] = []
        """What this process has claimed, and not said yet."""
        self._canned = CannedLines(desk, self._line)
        desk.tell = self._tell

    def run(self) -> int:
        """Until the agent leaves; the exit code."""
        output.words(say("plain.hello"))
        for problem in (self._desk.read_only, self._desk.salvaged):
            if problem:
                output.data(problem)
        self.view(Given())
        while True:
            try:
                self._say_news()
                if not self._obey(self._line(say("plain.prompt", n=self._current or "-"))):
                    return 0
            except _Left:
                return 0
            except KeyboardInterrupt:
                output.words("")
            except TuideskError as error:
                output.data(str(error))

    # Asking

    def _line(self, prompt: str) -> str:
        output.ask(prompt)
        line = sys.stdin.readline()
        if not line:
            raise _Left
        return line.rstrip("\r\n")

    def _obey(self, line: str) -> bool:
        """One line; False where it ends the program."""
        words = line.split()
        if not words:
            return True
        if words[0].removeprefix("#").isdigit():
            self.open(Given((number(words[0]),)))
            return True
        name, rest = words[0].casefold(), words[1:]
        if name in ("quit", "exit", "q"):
            return False
        found = [name] if name in VERBS else [verb for verb in VERBS if verb.startswith(name)]
        if len(found) != 1:
            names = ", ".join(found)
            raise UsageError(say("plain.which", names=names) if found else say("plain.unknown", name=name))
        numbers = []
        sign = "#" if found[0] in _BARE_NUMBERS else ""  # `snooze #42 2`: a bare number is one of the words
        while rest and rest[0].startswith(sign) and rest[0].removeprefix("#").isdigit():
            numbers.append(number(rest.pop(0)))
        VERBS[found[0]](self, Given(tuple(numbers), " ".join(rest)))
        return True

    def _about(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        """
        Raises:
            UsageError: none is named, and none is open.
        """
        if not numbers and not self._current:
            raise UsageError(say("plain.none_open"))
        return numbers or (self._current,)

    def _do(self, command: Command) -> None:
        output.data(self._desk.do(command).result().words)

    def _tell(self, items: Sequence[Item]) -> None:
        """On the engine's thread: ring, and say it when there is a line to be said."""
        self._due.extend(items)
        if (ring := teller(self._desk)) is not None:
            ring(items)

    def _say_news(self) -> None:
        """What has come since the last line, and what has become due."""
        self._told, items = self._desk.read(news.since, self._told, self._desk.clock.now()).result()
        due = [self._due.pop(0) for _ in self._due[:]]
        for item in (*due, *items):
            output.data(say(f"plain.news_{item.kind}", n=item.conversation, who=item.name))

    # Looking

    def view(self, given: Given) -> None:
        """A view, from its beginning."""
        view = given.words or self._view
        if view not in VIEWS:
            raise UsageError(say("plain.no_view", view=view, views=", ".join(VIEWS)))
        self._view = view
        self._ids = [int(n) for n in self._desk.read(read.queue, view, self._desk.clock.now()).result()]
        self._said = 0
        output.words(say("plain.list", view=view, count=len(self._ids)))
        self.more(Given())

    def search(self, given: Given) -> None:
        self._ids = self._desk.read(read.search, given.words, self._desk.clock.now()).result()
        self._said = 0
        output.words(say("plain.list", view=say("plain.found"), count=len(self._ids)))
        self.more(Given())

    def more(self, _: Given) -> None:
        """The next rows of the list."""
        part = self._ids[self._said : self._said + _SHOWN]
        found = self._desk.read(read.rows, part, self._desk.clock.now()).result()
        for n in part:
            if n in found:
                self._say_row(found[n])
        self._said += len(part)
        if left := len(self._ids) - self._said:
            output.words(say("plain.more", count=left))

    def _say_row(self, row: Row) -> None:
        self._heard[row.n] = row
        waits = (
            ""
            if row.waiting_since is None
            else say("plain.waits", span=span(self._desk.clock.now() - row.waiting_since))
        )
        flags = [say("plain.draft")] if row.draft else []
        flags += [say(f"cli.trouble_{row.trouble}")] if row.trouble else []
        parts = (
            row.name or row.handle,
            row.medium,
            waits or say(f"cli.status_{row.status}"),
            ends(row),
            *flags,
        )
        said = f"{row.subject}: {row.snippet}" if row.subject else row.snippet
        output.data(f"#{row.n} {', '.join(filter(None, parts))}. {said}")

    def open(self, given: Given) -> None:
        """Read a conversation out: its newest messages."""
        (n,) = self._about(given.numbers)[:1]
        self._read_out(n, _NEWEST)

    def all(self, given: Given) -> None:
        """Read all of it out."""
        (n,) = self._about(given.numbers)[:1]
        self._read_out(n, 1_000_000)

    def _read_out(self, n: int, newest: int) -> None:
        found: Thread = self._desk.read(read.thread, n, self._desk.clock.now(), newest).result()
        self._current = n
        if found.earlier:
            output.words(say("plain.earlier", count=found.earlier))
        tell(found)
        self._heard[n] = found.row
        if not self._desk.read_only:
            self._desk.do(Seen(conversation=n)).result()

    def next(self, _: Given) -> None:
        """The next one of the list."""
        self._step(1)

    def previous(self, _: Given) -> None:
        self._step(-1)

    def _step(self, step: int) -> None:
        at = self._ids.index(self._current) + step if self._current in self._ids else 0
        if not 0 <= at < len(self._ids):
            raise UsageError(say("plain.at_the_end"))
        self._read_out(self._ids[at], _NEWEST)

    def help(self, _: Given) -> None:
        for verb in VERBS:
            output.words(f"{verb}: {say('plain.does_' + verb)}")
        output.words(say("plain.does_quit"))

    # Writing

    def reply(self, given: Given) -> None:
        """A text of several lines, then who gets it, and a yes."""
        (n,) = self._about(given.numbers)[:1]
        if n != self._current or n not in self._heard:
            self._read_out(n, _NEWEST)
        row = self._heard[n]
        thread: Thread = self._desk.read(read.thread, n, self._desk.clock.now(), 1).result()
        if thread.refuses:
            raise Refused(say("desk.refuses", n=n, why=thread.refuses))
        text = self._text(n, "reply")
        if text is None:
            return
        ours = self._desk.ours(row.account)
        to = self._desk.read(read.recipients, n, ours, None, self._desk.settings.agent_addresses).result()
        people = addresses.write((*to.to, *to.cc)) or row.name or row.handle
        word = f"plain.{to.visibility}" if is_shared(to.visibility) else "plain.to"
        output.data(say(word, who=people, medium=to.medium))
        draft = self._desk.read(read.draft, n, "reply").result()
        files, inserted = (draft.files, draft.canned) if draft is not None else ((), ())
        alts = draft.alts if draft is not None else ()
        if files:
            output.data(say("canned.files", names=", ".join(files)))
        if not self._yes(say("plain.send")):
            output.words(say("plain.kept"))
            return
        reply = Reply(
            conversation=n,
            text=text,
            files=files,
            alts=alts,
            visibility=to.visibility,
            canned=inserted,
            last_seen=row.last_message,
            if_last=row.last_message,
            hold=True,
        )
        self._do(self._canned.meant(reply) if inserted else reply)
        if held := self._desk.settings.hold(row.medium, to.visibility):
            output.words(say("plain.leaves", seconds=int(held)))

    def canned(self, given: Given) -> None:
        """A canned reply, and what else there is to write; without a name, which ones there are."""
        (n,) = self._about(given.numbers)[:1]
        if not given.words:
            self._canned.tell(n)
        elif self._canned.take(n, given.words):
            self.reply(Given((n,)))

    def note(self, given: Given) -> None:
        """The same for the team: what is behind the command, else lines."""
        (n,) = self._about(given.numbers)[:1]
        text = given.words or self._text(n, "note")
        if text:
            self._do(Note(conversation=n, text=text))

    def _row(self, n: int) -> Row:
        found: Row = self._desk.read(read.thread, n, self._desk.clock.now(), 1).result().row
        return found

    def _text(self, n: int, mode: Mode) -> str | None:
        """Lines up to one with a dot alone, each on disk as it is typed; None where nothing is to leave."""
        kept = self._desk.read(read.draft, n, mode).result()
        lines = kept.text.split("\n") if kept is not None and kept.text else []
        if lines:
            output.words(say("plain.draft_so_far"))
            output.block("\n".join(lines))
        output.words(say(f"plain.write_{mode}"))
        try:
            while (line := self._line("")) != _END:
                over = "\n".join(lines)
                lines.append(line)
                save = keeping(n, mode, "\n".join(lines), kept)
                self._desk.do(replace(save, over=over)).result()
        except (KeyboardInterrupt, _Left):
            output.words(say("plain.kept"))
            raise
        text = "\n".join(lines).strip("\n")
        if not text.strip():
            output.words(say("plain.nothing"))
            return None
        return text

    def _yes(self, question: str) -> bool:
        return self._line(question).strip().casefold() in (say("plain.yes"), say("plain.yes")[:1])

    # Settling

    def complete(self, given: Given) -> None:
        """Complete, and the next one of the list is the one that is open."""
        about = self._about(given.numbers)
        found = self._desk.read(read.rows, about, self._desk.clock.now()).result()
        seen = tuple((n, self._heard.get(n, found[n]).last_in) for n in about if n in found)
        self._do(Complete(conversations=about, seen=seen))
        self._say_next(about)

    def _say_next(self, done: tuple[int, ...]) -> None:
        if self._current not in done or self._current not in self._ids:
            return
        rest = [n for n in self._ids[self._ids.index(self._current) + 1 :] if n not in done]
        if rest:
            self._current = rest[0]
            output.words(say("plain.next_is"))
            self._say_row(self._row(rest[0]))

    def pending(self, given: Given) -> None:
        self._do(Pending(conversations=self._about(given.numbers), pending_for=given.words or None))

    def reopen(self, given: Given) -> None:
        self._do(Reopen(conversations=self._about(given.numbers)))

    def snooze(self, given: Given) -> None:
        sleeps = when.parse(given.words or say("plain.snooze_default"), self._desk.clock.now())
        self._do(Snooze(conversations=self._about(given.numbers), until=sleeps.at, firm=sleeps.firm))

    def tag(self, given: Given) -> None:
        """`refund`, `+refund`, `-refund`."""
        tags = given.words.split()
        remove = tuple(tag[1:] for tag in tags if tag.startswith("-"))
        add = tuple(tag.removeprefix("+") for tag in tags if not tag.startswith("-"))
        self._do(Tag(conversations=self._about(given.numbers), add=add, remove=remove))

    def take(self, given: Given) -> None:
        self._do(Assign(conversations=self._about(given.numbers), to=self._desk.settings.agent))

    def assign(self, given: Given) -> None:
        self._do(Assign(conversations=self._about(given.numbers), to=self._colleague(given.words)))

    def _colleague(self, name: str) -> Person | None:
        """`-` is nobody, `me` is the agent, else a colleague by the beginning of the name.

        Raises:
            UsageError: nobody is called so, or several are.
        """
        if name == "-":
            return None
        if name.casefold() == "me":
            return self._desk.settings.agent
        known = self._desk.read(read.agents).result()
        wanted = name.casefold()
        near = [
            p
            for p in known
            if name and (p.name.casefold().startswith(wanted) or p.handle.casefold() == wanted)
        ]
        if len(near) == 1:
            return near[0]
        names = ", ".join(["me", "-", *(person.name or person.handle for person in near or known)])
        raise UsageError(say("plain.whom", names=names))

    def undo(self, _: Given) -> None:
        done = self._desk.do(Undo(door=DOOR)).result()
        output.data(say("plain.undone", what=done.words))

    def accounts(self, _: Given) -> None:
        for account in self._desk.read(read.accounts).result():
            output.data(
                say(
                    "plain.account",
                    name=account.label or account.id,
                    health=account.health,
                    why=account.detail,
                )
            )


VERBS: dict[str, Callable[[Session, Given], None]] = {
    "list": Session.view,
    "more": Session.more,
    "open": Session.open,
    "all": Session.all,
    "next": Session.next,
    "previous": Session.previous,
    "search": Session.search,
    "reply": Session.reply,
    "canned": Session.canned,
    "note": Session.note,
    "complete": Session.complete,
    "pending": Session.pending,
    "reopen": Session.reopen,
    "snooze": Session.snooze,
    "tag": Session.tag,
    "take": Session.take,
    "assign": Session.assign,
    "undo": Session.undo,
    "accounts": Session.accounts,
    "help": Session.help,
}
_BARE_NUMBERS = ("snooze", "search", "note", "tag")
"""Commands whose own words may begin with a number: a conversation's has its sign there."""


def run(desk: Desk) -> int:
    """The desk in lines. The result is the exit code."""
    try:
        session = Session(desk)
        desk.start()
        return session.run()
    except BrokenPipeError:
        output.discard()
        return 0
    finally:
        with suppress(KeyboardInterrupt):
            desk.close()
