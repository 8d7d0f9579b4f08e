"""Commands, a customer, a colleague, a channel and a clock at random: what must hold holds, and an undo at once is as
if nothing had been done."""

import random
from contextlib import suppress
from typing import Any

import pytest

from tests.desk.bench import ANA, DANA, LEGAL, SAM, Bench, received, sent, status
from tests.desk.invariants import broken
from tuidesk.desk import alarms
from tuidesk.domain import commands
from tuidesk.domain.commands import Command
from tuidesk.domain.instants import HOUR, MINUTE
from tuidesk.errors import Refused, Rejected, Unavailable, Unconfirmed

STEPS = 150
SEEDS = range(8)
UNDO = commands.Undo(door="screen")
_WRITES = (commands.Reply, commands.Note, commands.Start, commands.Forward)


class Day:
    """A random day at a desk; every step is told by its seed."""

    def __init__(self, bench: Bench, seed: int) -> None:
        self.bench = bench
        self.dice = random.Random(seed)
        self.messages = 0
        self.told: list[str] = []

    def numbers(self) -> list[int]:
        return [int(row[0]) for row in self.bench.query("SELECT id FROM conversation ORDER BY id")]

    def some(self) -> tuple[int, ...]:
        known = self.numbers()
        return tuple(self.dice.sample(known, self.dice.randint(1, min(4, len(known)))))

    def one(self) -> int:
        return self.dice.choice(self.numbers())

    def command(self) -> Command:
        some, dice, on = self.some(), self.dice, self.dice.random() < 0.7
        now = self.bench.clock.now()
        made: list[Command] = [
            commands.Complete(conversations=some),
            commands.Reopen(conversations=some),
            commands.Pending(conversations=some, pending_for=dice.choice([None, "billing"])),
            commands.Snooze(conversations=some, until=now + dice.randint(1, 5) * HOUR, firm=on),
            commands.Snooze(conversations=some, until=None),
            commands.Assign(conversations=some, to=dice.choice([None, SAM, ANA, LEGAL])),
            commands.Tag(conversations=some, add=(dice.choice("abc"),), remove=(dice.choice("abc"),)),
            commands.SetPriority(conversations=some, priority=dice.choice(["urgent", "low"])),
            commands.Star(conversations=some, on=on),
            commands.Mute(conversations=some, on=on),
            commands.Spam(conversations=some, on=on),
            commands.Merge(conversations=some),
            commands.Merge(conversations=some[:1], into=self.one()),
            commands.Split(conversations=some[:1]),
            commands.Handover(to=dice.choice([None, SAM])),
            commands.Reply(conversation=some[0], text="an answer", hold=on),
            commands.Note(conversation=some[0], text="a note"),
            commands.Forward(conversation=some[0], to=(LEGAL,), text="look", hold=on),
            commands.Start(account="shop", to=(DANA,), text="hello", hold=on),
        ]
        return dice.choice(made)

    def event(self) -> None:
        """Something happens that is not this agent's doing."""
        bench, dice = self.bench, self.dice
        bench.clock.advance(dice.randint(1, 1200))
        now = bench.clock.now()
        self.messages += 1
        name, conversation = f"m{self.messages}", f"c{dice.randint(0, 5)}"
        match dice.randint(0, 6):
            case 0 | 1 | 2:
                who = LEGAL if conversation == "c5" else DANA
                bench.take(received(name, now - MINUTE, conversation=conversation, sender=who))
            case 3:
                bench.take(sent(name, now - MINUTE, conversation=conversation))
            case 4:
                word = dice.choice(["open", "pending", "complete"])
                if bench.query("SELECT 1 FROM conversation WHERE remote = ?", conversation):
                    bench.take(status(word, now - MINUTE, conversation=conversation))
            case 5:
                bench.script.performs = dice.choice(
                    [[], [], [], [Rejected("no")], [Unavailable("down")], [Unconfirmed("broke")]]
                )
                bench.deliver()
            case 6:
                bench.desk.write(lambda c: alarms.wake(c, now)).result()

    def step(self) -> None:
        if self.dice.random() < 0.4 or not self.numbers():
            self.event()
            self.told.append("event")
            return
        if self.dice.random() < 0.3:
            for mode in ("reply", "note"):
                self.bench.do(
                    commands.SaveDraft(conversation=self.one(), mode=mode, text=f"draft {self.messages}")
                )
        command, before = self.command(), self.state()
        self.told.append(repr(command))
        try:
            step = self.bench.do(command).step
        except Refused:
            assert self.state() == before, ("what is refused changes nothing", self.told[-1])
            return
        if self.dice.random() < 0.6:
            self.bench.do(commands.Undo(door="screen", step=step))
            drafts_too = not isinstance(command, (*_WRITES, commands.Merge))
            assert self.state(drafts_too) == before if drafts_too else self.state()[:3] == before[:3], (
                self.told[-1]
            )
        elif self.dice.random() < 0.2:
            self.undo()

    def undo(self) -> None:
        with suppress(Refused):
            self.told.append("undo " + self.bench.do(UNDO).words)

    def state(self, drafts: bool = True) -> list[list[Any]]:
        """All that is of the desk but its history: rows, tags, messages, open drafts."""
        queries = [
            "SELECT * FROM conversation ORDER BY id",
            "SELECT conversation, tag FROM tag ORDER BY conversation, tag",
            "SELECT id, conversation, state, text FROM message ORDER BY id",
        ]
        if drafts:
            queries.append(
                "SELECT conversation, mode, text FROM draft WHERE archived_at IS NULL ORDER BY 1, 2"
            )
        return [[tuple(row) for row in self.bench.query(query)] for query in queries]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_day_keeps_what_must_hold(bench: Bench, seed: int) -> None:
    day = Day(bench, seed)
    for _ in range(STEPS):
        day.step()
        found = bench.desk.write(lambda c: broken(c, bench.clock.now(), bench.desk.timing)).result()
        assert found == [], "\n".join([*found, *day.told[-5:]])
    for _ in range(20):
        day.undo()
        found = bench.desk.write(lambda c: broken(c, bench.clock.now(), bench.desk.timing)).result()
        assert found == [], "\n".join([*found, *day.told[-14:]])


def test_the_checker_sees_what_is_broken(bench: Bench) -> None:
    """Each rule, broken by hand."""
    bench.take(received("m1", 1), received("m2", 2, subject="x"))
    bench.reply(1, hold=True)
    assert bench.desk.write(lambda c: broken(c, bench.clock.now(), bench.desk.timing)).result() == []
    wrongs = [
        ("UPDATE conversation SET status = 'closed' WHERE id = 1", "is closed"),
        ("UPDATE conversation SET snooze_firm = 1 WHERE id = 2", "and snoozed"),
        ("UPDATE conversation SET merged_into = 2 WHERE id = 2", "no thread of its own"),
        ("UPDATE message SET state = 'sent' WHERE state = 'queued'", "its work 'queued'"),
        ("DELETE FROM message WHERE key IS NOT NULL", "stands in no thread"),
        ("UPDATE conversation SET status = 'open', pending_for = NULL WHERE id = 1", "its history says"),
        ("UPDATE conversation SET unread = 7 WHERE id = 2", "not up to date: unread"),
        ("UPDATE entry SET undone_by = 999", "is annulled by 999"),
    ]
    for wrong, said in wrongs:

        def job(connection: Any, wrong: str = wrong) -> list[str]:
            connection.execute("SAVEPOINT wrong")
            connection.execute(wrong)
            found = broken(connection, bench.clock.now(), bench.desk.timing)
            connection.execute("ROLLBACK TO wrong")
            return found

        found = bench.desk.write(job).result()
        assert any(said in one for one in found), (wrong, found)
