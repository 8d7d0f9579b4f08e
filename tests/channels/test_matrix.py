"""The Matrix adapter: the contract, and bodies that nobody expects."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.contract import CANARY, Contract, do, pull
from tests.channels.matrixing import DANA, NOW, MatrixRig
from tests.fakes.matrix import DOMAIN, Matrix
from tests.fakes.service import Asked, route
from tuidesk.channels.matrix.parse import of_account_data, of_timeline
from tuidesk.channels.matrix.rooms import Room, Us
from tuidesk.domain.events import (
    Received,
    Sent,
)
from tuidesk.domain.instants import DAY


@pytest.fixture
def server() -> Iterator[Matrix]:
    with Matrix(CANARY) as running:
        yield running


@pytest.fixture
def rig(server: Matrix, tmp_path: Path) -> MatrixRig:
    return MatrixRig(server, tmp_path / "account")


class TestContract(Contract):
    pass


_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_TALK = json.loads((Path(__file__).parent / "recorded" / "matrix" / "talk.json").read_text(encoding="utf-8"))


def test_only_a_fallback_is_cut_from_an_answer() -> None:
    """Quadratic patterns and words of the customer's own, further down, are not touched."""
    room = Room("!r1:fake.test", Us(f"@support:{DOMAIN}"))
    own = "I mean this:\n> <@support:fake.test> done\n\nIs it?"
    relation = {"m.in_reply_to": {"event_id": "$ask"}}
    html = {"format": "org.matrix.custom.html", "formatted_body": "<mx-reply>" * 6_000}
    content = {"msgtype": "m.text", "body": own, "m.relates_to": relation, **html}
    began = time.monotonic()
    (read,) = of_timeline({"type": "m.room.message", "sender": DANA, "content": content}, room, NOW)
    assert time.monotonic() - began < 0.5
    assert isinstance(read, Received)
    assert read.text == own


@st.composite
def _mutated(draw: st.DrawFn) -> Any:
    """One of the recorded events, with something in it that nobody expects."""
    event = json.loads(json.dumps(draw(st.sampled_from(_TALK["timeline"]))))
    for _ in range(draw(st.integers(1, 3))):
        at: Any = event
        while isinstance(at, dict) and at:
            name = draw(st.sampled_from(sorted(at)))
            if not isinstance(at[name], dict) or draw(st.booleans()):
                if draw(st.booleans()):
                    at[name] = draw(_ANYTHING)
                else:
                    del at[name]
                break
            at = at[name]
    return event


@given(_mutated() | _ANYTHING)
def test_no_body_is_too_strange_and_no_message_is_lost(event: Any) -> None:
    room = Room("!r1:fake.test", Us(f"@support:{DOMAIN}"))
    room.take_state(event)
    room.take_summary(event)
    room.terms()
    found = of_timeline(event, room, NOW)
    is_state = isinstance(event, dict) and "state_key" in event
    redaction = isinstance(event, dict) and event.get("type") == "m.room.redaction"
    assert is_state or redaction or len(found) == 1
    for read in found:
        assert 0 <= read.at <= NOW + DAY  # type: ignore[union-attr]
        assert not isinstance(read, Received | Sent) or read.text
    of_account_data(event, room, NOW)


class _Strange(Matrix):
    body: Any = None

    @route("GET", r"/_matrix/client/v3/sync")
    def _sync(self, asked: Asked) -> Any:  # noqa: ARG002 - whatever is asked
        room = {"timeline": self.body, "state": self.body, "summary": self.body, "account_data": self.body}
        rooms = {"join": {"!r:x": self.body, "!q:x": room}, "invite": self.body, "leave": self.body}
        return {"next_batch": "s1", "rooms": rooms}


def test_a_strange_answer_to_a_poll_is_no_crash(tmp_path: Path) -> None:
    with _Strange(CANARY) as server:

        @settings(max_examples=30)
        @given(_ANYTHING)
        def strange(body: Any) -> None:
            server.body = body if _is_json(body) else None
            rig = MatrixRig(server, tmp_path / "account")
            assert do(rig, pull).cursor == "s1"

        strange()


def _is_json(body: Any) -> bool:
    try:
        return bool(json.dumps(body).encode())
    except (ValueError, UnicodeError):
        return False
