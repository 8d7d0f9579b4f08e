"""Others work in the mailbox while we follow it, and we are cut again and again: in the end we know what is there."""

import asyncio
import random
from typing import Any

import pytest

from tests.channels.mailing import Account, Heard, mail
from tests.servers.mail import MailServers
from tuidesk.domain.events import Received, StatusSet
from tuidesk.errors import Unavailable

pytestmark = pytest.mark.servers

_KEYWORD = b"tuidesk-complete"


def _disturb(account: Account, dice: random.Random, number: int) -> None:
    """Something that a colleague's mail program or a customer does."""
    with account.servers.mailbox(account.user) as box:
        what = dice.choice(["new", "new", "mark", "unmark", "away", "back", "seen"])
        if what == "new":
            box.append("INBOX", mail(account.user, account.customer, f"m{number}").as_bytes())
            return
        folder, other = ("Archive", "INBOX") if what == "back" else ("INBOX", "Archive")
        box.select_folder(folder)
        uids = box.search()
        if not uids:
            return
        chosen = dice.sample(uids, min(len(uids), dice.randint(1, 3)))
        match what:
            case "mark":
                box.add_flags(chosen, [_KEYWORD])
            case "unmark":
                box.remove_flags(chosen, [_KEYWORD])
            case "seen":
                box.add_flags(chosen, ["\\Seen"])
            case _:
                box.move(chosen, other)


async def _follow_for_a_while(account: Account, heard: Heard, dice: random.Random, **more: Any) -> None:
    """Cut after some batches, as a kill would."""
    batches = dice.randint(1, 4)
    async with account.open(**more) as channel:
        try:
            async with asyncio.timeout(1.0):
                async for batch in channel.events(heard.cursor, heard.state):
                    heard.take(batch)
                    batches -= 1
                    if not batches:
                        return
        except (TimeoutError, Unavailable):
            return


def _told(heard: Heard) -> tuple[list[str], dict[str, str]]:
    """Refs in the order they came, and the status of each that the events leave."""
    refs: list[str] = []
    status: dict[str, str] = {}
    for event in heard.events:
        if isinstance(event, Received):
            refs.append(event.ids[0])
            status.setdefault(event.ids[0], "open")
        elif isinstance(event, StatusSet):
            status[event.refs[0]] = event.status
    return refs, status


def _there(account: Account) -> dict[str, str]:
    """The inbox as it is."""
    with account.servers.mailbox(account.user) as box:
        validity = box.select_folder("INBOX", readonly=True)[b"UIDVALIDITY"]
        flags = box.get_flags(box.search())
        return {
            f"imap:INBOX;{validity};{uid}": "complete" if _KEYWORD in names else "open"
            for uid, names in flags.items()
        }


async def _storm(account: Account, seed: int, rounds: int, **more: Any) -> None:
    dice = random.Random(seed)
    heard = Heard()
    account.fill([f"old{number}" for number in range(120)])
    for number in range(rounds):
        disturbing = asyncio.create_task(asyncio.to_thread(_disturb, account, dice, number))
        await _follow_for_a_while(account, heard, dice, **more)
        await disturbing
    there = _there(account)
    async with asyncio.timeout(20), account.open(**more) as channel:
        async for batch in channel.events(heard.cursor, heard.state):
            heard.take(batch)
            if batch.caught_up:
                break
    refs, status = _told(heard)
    assert len(refs) == len(set(refs)), "told twice"
    assert {ref: status.get(ref) for ref in there} == there
    gone = {ref: state for ref, state in status.items() if ref not in there}
    assert set(gone.values()) <= {"complete"}


@pytest.mark.parametrize("seed", [1])
def test_after_a_storm_we_know_what_is_there(mail_servers: MailServers, seed: int) -> None:
    asyncio.run(_storm(Account.new(mail_servers), seed, 12))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 110))
@pytest.mark.parametrize("poor", [False, True])
def test_after_many_storms(mail_servers: MailServers, seed: int, poor: bool) -> None:
    more = {"port": mail_servers.poor_port, "poll_s": 0.2} if poor else {}
    asyncio.run(_storm(Account.new(mail_servers), seed, 40, **more))
