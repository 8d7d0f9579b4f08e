"""Telegram's own list of types and methods as the referee: of what is asked for, what is sent, and what is read."""

import json
from typing import Any

import pytest

from tests.fakes.telegram import TAKES
from tests.servers.prism import SPECS
from tuidesk.channels.telegram import content, parse, sending
from tuidesk.channels.telegram.places import Place
from tuidesk.domain.model import File
from tuidesk.domain.outgoing import Outgoing

_SPEC = SPECS / "telegram-bot-api.json"
_LEGACY = {"forward_from", "forward_from_chat", "forward_from_message_id", "forward_signature", "forward_date"} | {
    "forward_sender_name", "new_chat_participant", "new_chat_member", "left_chat_participant"
}  # fmt: skip
"""What the server still sends for programs older than the specification."""

pytestmark = pytest.mark.skipif(not _SPEC.exists(), reason="the specification is not there")


@pytest.fixture(scope="module")
def spec() -> Any:
    return json.loads(_SPEC.read_text(encoding="utf-8"))


def _fields(of: Any) -> dict[str, list[str]]:
    return {field["name"]: field["types"] for field in of["fields"]}


def test_we_ask_for_updates_that_there_are(spec: Any) -> None:
    assert set(parse.KINDS) <= set(_fields(spec["types"]["Update"]))


def test_what_we_send_is_what_its_method_takes(spec: Any) -> None:
    photo, paper = File("a.jpg", "image/jpeg", "a.jpg"), File("a.pdf", "application/pdf", "a.pdf")
    places = (Place("7"), Place("-7", "5", "t"), Place("-7", "5", "d"), Place("7", connection="b"))
    for place in places:
        for files in ((), (photo,), (paper,), (photo, photo), (paper,) * 11):
            out = Outgoing(key="k", type="reply", at=0, text="x" * 1024, reply_to="7:1", files=files)
            for call in sending.calls(out, place, place.chat):
                known = spec["methods"][call.method]["fields"]
                assert set(call.params) <= {field["name"] for field in known}
                assert {field["name"] for field in known if field["required"]} <= set(call.params)
    for method, takes in TAKES.items():
        assert takes <= set(_fields(spec["methods"][method])), "nor is the fake wider than that"


def test_every_sort_of_message_says_what_it_is(spec: Any) -> None:
    fields = _fields(spec["types"]["Message"])
    assert set(fields) | _LEGACY >= content.FRAME | content.SERVICE
    for name, types in fields.items():
        if name in content.FRAME:
            continue
        values: list[Any] = [True] if types == ["Boolean"] else [{}, [], [{}], "words", 7, True]
        for value in values:
            assert content.said({name: value}).strip("[] "), name
