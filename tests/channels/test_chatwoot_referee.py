"""Chatwoot's own specification between the adapter and the fake: neither of them may say what it does not have."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.channels.contract import ANA, CANARY, Pulled, pull, run, site
from tests.fakes.chatwoot import MAIL, SAM, WHATSAPP, FakeChatwoot
from tests.servers.prism import Referee, Violation
from tuidesk.channels.chatwoot.adapter import Chatwoot
from tuidesk.channels.chatwoot.options import Options
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Outgoing

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("prism")]

_UNDOCUMENTED = {"/macros", "/update_last_seen", "/cable", "/rails/active_storage/blobs/redirect"}
"""What the specification does not have. `updated_within`, `echo_id` and `to_emails` are not in it either, but it lets
what it does not name pass."""
_ASSIGNED = "post /api/v1/accounts/3/conversations/1/assignments"
_MADE = "post /api/v1/accounts/3/contacts"
_DIFFERENT = (
    Violation(_ASSIGNED, "response.body", "Response body must be object"),
    Violation(_MADE, "response.body.payload", "Response body property payload must be array"),
)
"""Where Chatwoot's server is not as its own specification says, and the fake is as the server:
`assignments_controller.rb` answers `null` where nobody is assigned any more, and `contacts/create.json.jbuilder` an
object with the contact and its inbox."""


def test_every_call_is_as_the_specification_has_it(
    prism: Callable[[Path | str, str], Referee], tmp_path: Path
) -> None:
    path = tmp_path / "receipt.pdf"
    path.write_bytes(b"%PDF")
    with FakeChatwoot(CANARY) as server:
        dana = server.contact("Dana", WHATSAPP, "821055500117", phone_number="+821055500117")
        server.contacts[dana]["sources"][MAIL] = "dana@ortiz.example"
        thread = server.begin(dana, WHATSAPP, assignee=SAM, labels=["vip"], priority="high")
        server.write(thread, "hello", attachments=[server.attach("box.jpg", b"jpg", "image")])
        server.answer(thread, "hello Dana")
        server.change(thread, status="snoozed", snoozed_until=None)
        server.write(thread, "still there?")
        server.has_cable = False  # a referee passes no websocket on
        referee = prism("chatwoot-openapi.json", server.base)
        run(lambda: _everything(referee.url, tmp_path, File("receipt.pdf", "application/pdf", str(path))))
        assert [found for found in referee.violations() if found not in _DIFFERENT] == []
        unknown = {call.partition(" ")[2] for call in referee.unknown()}
        assert {one for one in unknown if not any(known in one for known in _UNDOCUMENTED)} == set()
        assert {one for one in _UNDOCUMENTED if not any(one in call for call in unknown)} <= {
            "/rails/active_storage/blobs/redirect"
        }, "all of them were asked for"


async def _everything(url: str, folder: Path, file: File) -> None:
    channel = Chatwoot(
        Options(server=url, pending=True, marks_read=True, request_s=0.1), site(folder / "account")
    )
    try:
        await channel.check()
        found = await _pulled(channel)
        question = found.received[-1]
        at = int(time.time() * 1000)
        letter = Outgoing(
            key="k-1",
            type="reply",
            at=at,
            agent=ANA,
            conversation=question.conversation,
            medium="whatsapp",
            text="It leaves today.",
            to=(question.sender,),
        )
        template = "12/UTILITY/en/parcel_ready"
        for out in (
            letter,
            replace(letter, key="k-2", type="note", text="carrier says lost"),
            replace(letter, key="k-3", files=(file,)),
            replace(letter, key="k-4", template=template, values=(("1", "Dana"), ("2", "8841"))),
            replace(letter, type="assign", assignee=Person(handle="sam@acme.example")),
            replace(letter, type="assign", assignee=None),
            replace(letter, type="tag", add=("refund",), remove=("vip",)),
            replace(letter, type="priority", priority="normal"),
            replace(letter, type="priority", priority="urgent"),
            replace(letter, type="snooze", until=at + 3_600_000),
            replace(letter, type="pending"),
            replace(letter, type="complete", seen=question.id),
            replace(letter, type="reopen"),
            replace(
                letter, key="k-5", type="start", medium="mail", to=(Person("Lena", "lena@vogt.example"),)
            ),
        ):
            await channel.perform(out)
            await asyncio.sleep(0)
        await channel.find(letter)
        await _pulled(channel)
        ref = next(one.attachments[0].ref for one in found.received if one.attachments)
        assert b"".join([piece async for piece in channel.fetch(ref)]) == b"jpg"
    finally:
        await channel.aclose()


async def _pulled(channel: Chatwoot) -> Pulled:
    return await pull(channel, until=lambda found: found.caught_up)
