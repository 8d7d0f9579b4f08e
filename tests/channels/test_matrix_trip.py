"""Matrix spoken with Synapse: round trips of the whole program, and what only a real server can show."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

import pytest

from tests.channels.contract import Pulled, keep, pull, run, site
from tests.channels.trip import Agent, Far, Trip, agent_at, secret_of, until
from tests.servers.faults import FaultProxy, Lose
from tests.servers.synapse import Synapse
from tuidesk.channels.matrix.adapter import Matrix
from tuidesk.channels.matrix.options import Options
from tuidesk.domain.events import Edited, Received, Sent, Terms
from tuidesk.domain.model import File
from tuidesk.domain.model import Person as Somebody
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt
from tuidesk.errors import Rejected

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("synapse")]
_STATUS = "tuidesk.status"


class FarSynapse(Far):
    """The customer opens a room, invites the desk, and writes in a thread there."""

    sending: ClassVar[str] = r"PUT /_matrix/client/v3/rooms/[^/]+/send/"
    completes: ClassVar[bool] = True

    def __init__(self, synapse: Synapse) -> None:
        self.us, self.dana = synapse.new_person("support"), synapse.new_person("dana")
        self.url, self.secret = synapse.url, self.us.token
        self.room = self.dana.open_room(self.us)
        self._root = ""

    def account(self, url: str) -> str:
        head = f'kind = "matrix"\nuser = "{self.us.id}"\nlogin = "token"\nhomeserver = "{url}"\n'
        return head + f'secret = {{ env = "{secret_of("shop")}" }}\n'

    def writes(self, text: str) -> None:
        thread = {"rel_type": "m.thread", "event_id": self._root, "is_falling_back": True}
        more = {"m.relates_to": {**thread, "m.in_reply_to": {"event_id": self._root}}} if self._root else {}
        event = self.dana.write(self.room, text, **more)
        self._root = self._root or event

    def sees(self) -> list[str]:
        ours = [said for said in self.dana.ledger(self.room) if said.sender == self.us.id]
        first = next((said.id for said in self.dana.ledger(self.room)), "")
        for said in ours:
            relation = said.content["m.relates_to"]
            assert first in (relation.get("event_id"), relation["m.in_reply_to"]["event_id"])
        return [said.text for said in ours]

    def completed(self) -> bool:
        path = f"/user/{quote(self.us.id)}/rooms/{quote(self.room)}/account_data/{_STATUS}"
        answer = self.us.ask("GET", path)
        return answer.status == 200 and answer.json()["is"] == "complete"


@pytest.fixture
def far(synapse: Synapse) -> FarSynapse:
    return FarSynapse(synapse)


class TestTrip(Trip):
    """Synapse's."""

    def test_a_storm_of_lost_answers_sends_nothing_twice_and_loses_nothing(
        self, far: FarSynapse, proxy: FaultProxy, agent: Agent
    ) -> None:
        far.writes("question 0")
        number = until(lambda: agent.conversation("question 0"), "the first")
        proxy.storm(0.3, seed=8841, match=r"/sync|/send/|/state/|/event/")
        for n in range(6):
            far.writes(f"and {n}")
            assert agent.run("reply", str(number), "-", text=f"answer {n}\n").returncode in (0, 4, 5)
        proxy.calm()

        def settled() -> bool:
            said = [one["text"] for one in agent.messages(number)]
            states = {one["state"] for one in agent.messages(number, "out")}
            return states == {"sent"} and all(f"and {n}" in said for n in range(6))

        until(settled, "everything in and out", within=90)
        assert sorted(far.sees()) == [f"answer {n}" for n in range(6)]
        assert len(agent.messages(number, "out")) == 6
        assert len(agent.messages(number)) == 7

    def test_a_colleague_at_the_same_account_sees_what_was_done(
        self, far: FarSynapse, agent: Agent, tmp_path: Path
    ) -> None:
        """Another home, another machine: the replies are a colleague's there, the states come with who set them."""
        far.writes("who takes this?")
        number = until(lambda: agent.conversation("who takes this?"), "the message")
        with agent_at(tmp_path / "other", far, far.url) as other:
            theirs = until(lambda: other.conversation("who takes this?"), "the message at the colleague's")
            assert agent.run("reply", str(number), "-", text="I do.\n").returncode in (0, 4)
            until(lambda: [one["text"] for one in other.messages(theirs, "out")] == ["I do."], "the reply")
            assert agent.run("assign", str(number), "me").returncode in (0, 4)
            assert agent.run("tag", str(number), "+refund").returncode in (0, 4)
            assert agent.run("complete", str(number)).returncode in (0, 4)

            def theirs_now() -> tuple[str, list[str], str]:
                row = next(one for one in other.lines("list", "all") if one["n"] == theirs)
                return row["status"], row["tags"], (row["assignee"] or {}).get("name", "")

            until(lambda: theirs_now() == ("complete", ["refund"], "Ana"), "what was set")
            far.writes("one more thing")
            until(lambda: theirs_now()[0] == "open", "the customer's next word")
            assert len(other.messages(theirs, "out")) == 1

    def test_a_server_in_no_hurry_gets_every_reply_once(
        self, far: FarSynapse, agent: Agent, synapse: Synapse
    ) -> None:
        far.writes("are you there?")
        number = until(lambda: agent.conversation("are you there?"), "the message")
        synapse.slow_down(far.us)
        for n in range(4):
            assert agent.run("reply", str(number), "-", text=f"answer {n}\n").returncode in (0, 4)
        until(lambda: len(far.sees()) == 4, "all of them")
        assert far.sees() == [f"answer {n}" for n in range(4)]

    def test_a_conversation_is_begun_from_the_shell(self, far: FarSynapse, agent: Agent) -> None:
        words = ("start", "--account", "shop", "--to", far.dana.id, "-")
        done = agent.run(*words, text="Your refund has left.\n")
        assert done.returncode in (0, 4), done.stderr
        (room,) = until(lambda: list(far.dana.ask("GET", "/sync").good()["rooms"].get("invite", ())), "it")
        far.dana.join(room)
        assert [said.text for said in far.dana.ledger(room)] == ["Your refund has left."]
        far.dana.write(room, "thank you so much")
        number = until(lambda: agent.conversation("thank you so much"), "the answer")
        assert [one["state"] for one in agent.messages(number, "out")] == ["sent"]


# --- the adapter alone ---


def _adapter(far: FarSynapse, folder: Path, *, password: bool = False, url: str = "") -> Matrix:
    options = Options(user=far.us.id, login="password" if password else "token", homeserver=url or far.url)
    return Matrix(options, site(folder, far.us.password if password else far.secret))


def _pulled(
    far: FarSynapse, folder: Path, until: Callable[[Pulled], bool], before: Pulled | None = None
) -> Pulled:
    async def whole() -> Pulled:
        channel = _adapter(far, folder)
        try:
            start = before or Pulled([], "", b"")
            return await pull(channel, start.cursor, start.state, until)
        finally:
            await channel.aclose()

    return run(whole)


def _heard(text: str) -> Callable[[Pulled], bool]:
    return lambda found: found.caught_up and any(text in (one.text or "") for one in found.received)


def _reply(far: FarSynapse, to: Received, text: str, key: str, **more: object) -> Outgoing:
    made = {"conversation": far.room, "reply_to": to.id, "text": text, "medium": "chat", **more}
    return Outgoing(key=key, type="reply", at=int(time.time() * 1000), **made)  # type: ignore[arg-type]


def test_a_gap_of_many_pages_is_filled_in_order(far: FarSynapse, tmp_path: Path) -> None:
    far.dana.write(far.room, "first")
    before = _pulled(far, tmp_path, _heard("first"))
    for place in range(170):
        far.dana.write(far.room, f"line {place}")
    after = _pulled(far, tmp_path, _heard("line 169"), before)
    assert [one.text for one in after.received] == [f"line {place}" for place in range(170)]
    fresh = _pulled(far, tmp_path / "new", lambda found: _heard("first")(found) and _heard("line 169")(found))
    assert {one.id for one in (*before.received, *after.received)} == {one.id for one in fresh.received}


def test_encryption_edits_and_files_as_synapse_has_them(far: FarSynapse, tmp_path: Path) -> None:
    asked = far.dana.write(far.room, "my parcel is lost")
    far.dana.send_file(far.room, "steps.txt", b"one, two")
    change = {"msgtype": "m.text", "body": "my parcel is found"}
    relation = {"rel_type": "m.replace", "event_id": asked}
    far.dana.write(far.room, "* my parcel is found", **{"m.new_content": change, "m.relates_to": relation})
    far.dana.write(far.room, "that is all")
    found = _pulled(far, tmp_path, _heard("that is all"))
    (edit,) = (event for event in found.events if isinstance(event, Edited))
    assert (edit.message, edit.text) == (asked, "my parcel is found")
    file = next(one.attachments[0] for one in found.received if one.attachments)
    path = tmp_path / "answer.txt"
    path.write_bytes(b"three " * 20_000)
    sent = _reply(
        far, found.received[0], "see there", "k-1", files=(File("answer.txt", "text/plain", str(path)),)
    )

    async def whole() -> tuple[bytes, Receipt]:
        channel = _adapter(far, tmp_path)
        try:
            return b"".join([piece async for piece in channel.fetch(file.ref)]), await channel.perform(sent)
        finally:
            await channel.aclose()

    content, receipt = run(whole)
    assert content == b"one, two"
    ours = [said for said in far.dana.ledger(far.room) if said.sender == far.us.id]
    assert [said.id for said in ours] == [*receipt.ids, receipt.id]
    assert far.dana.download(ours[0].content["url"]) == path.read_bytes()

    state = {"algorithm": "m.megolm.v1.aes-sha2"}
    far.dana.ask("PUT", f"/rooms/{quote(far.room)}/state/m.room.encryption", state).good()

    async def refused() -> None:
        channel = _adapter(far, tmp_path)
        try:
            with pytest.raises(Rejected, match="encrypted"):
                await channel.perform(_reply(far, found.received[0], "in the clear", "k-2"))
        finally:
            await channel.aclose()

    run(refused)
    assert len(far.dana.ledger(far.room)) == 6
    after = _pulled(far, tmp_path, lambda found: found.caught_up, found)
    (terms,) = (event for event in after.events if isinstance(event, Terms))
    assert "encrypted" in terms.refuses


def test_a_password_keeps_its_device_and_so_its_keys(far: FarSynapse, tmp_path: Path) -> None:
    """A txnId is a device's: over a restart, and a new login, it is still the same message."""
    far.dana.write(far.room, "hello")
    out: list[Outgoing] = []

    async def once() -> Receipt:
        channel = _adapter(far, tmp_path, password=True)
        try:
            if not out:
                found = await pull(channel, until=_heard("hello"))
                out.append(_reply(far, found.received[0], "hi", "k-1"))
            receipt = await channel.perform(out[0])
            known = await channel.find(out[0])
            assert isinstance(known, Found)
            assert known.id == receipt.id
            return receipt
        finally:
            await channel.aclose()

    assert run(once) == run(once)
    assert [said.text for said in far.dana.ledger(far.room)] == ["hello", "hi"]
    devices = far.us.ask("GET", "/devices").good()["devices"]
    assert sum(one["display_name"] == "tuidesk" for one in devices) == 1


def test_a_new_room_whose_answer_was_lost_is_one_room(far: FarSynapse, tmp_path: Path) -> None:
    start = Outgoing(
        key="k-9", type="start", at=int(time.time() * 1000), medium="chat", text="About your order",
        to=(Somebody("Dana", far.dana.id),),
    )  # fmt: skip

    async def whole() -> Receipt:
        with FaultProxy(far.url) as proxy:
            channel = _adapter(far, tmp_path, url=proxy.url)
            try:
                proxy.add("POST .*/createRoom", Lose())
                with pytest.raises(Exception, match="broke"):
                    await channel.perform(start)
                assert isinstance(await channel.find(start), Missing)
                return await channel.perform(start)
            finally:
                await channel.aclose()

    receipt = asyncio.run(whole())
    room = str(receipt.conversation)
    assert list(far.dana.ask("GET", "/sync").good()["rooms"]["invite"]) == [room]
    far.dana.join(room)
    assert [said.text for said in far.dana.ledger(room)] == ["About your order"]
    found = _pulled(far, tmp_path, lambda found: bool(found.sent))
    (echo,) = (one for one in found.sent if one.conversation == room)
    assert (echo.key, [person.handle for person in echo.to]) == ("k-9", [far.dana.id])


def test_a_long_poll_wakes_when_the_customer_writes(far: FarSynapse, tmp_path: Path) -> None:
    took: list[float] = []

    async def whole() -> None:
        channel, found = _adapter(far, tmp_path), Pulled([], "", b"")
        try:
            began = 0.0
            async for batch in channel.events("", b""):
                keep(found, batch)
                if _heard("now?")(found):
                    took.append(time.monotonic() - began)
                    return
                if any(isinstance(event, Sent | Received | Terms) for event in batch.events) and not began:
                    began = time.monotonic()
                    await asyncio.to_thread(far.dana.write, far.room, "now?")
        finally:
            await channel.aclose()

    run(whole)
    assert took[0] < 10
