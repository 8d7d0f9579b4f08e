"""The vocabulary: both directions of every type, and what a hostile or careless line must not do."""

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.domain import events, instants, vocabulary
from tuidesk.domain.events import (
    Assigned,
    Body,
    ChannelEvent,
    ContactSeen,
    Cursor,
    Deleted,
    Delivered,
    Edited,
    Handoff,
    Idle,
    NoteSeen,
    PrioritySet,
    Rated,
    Received,
    Sent,
    StatusSet,
    Tagged,
    Terms,
)
from tuidesk.domain.model import PRIORITIES, STATUSES, Attachment, Person
from tuidesk.domain.vocabulary import Line, dump, dump_line, load, parse, parse_line
from tuidesk.errors import BadEvent

AT = "2026-11-20T12:50:00Z"
NOON = instants.parse(AT)
DANA = {"name": "Dana Ortiz", "handle": "dana@ortiz.example"}
RECEIVED = {"type": "received", "id": "m1", "at": AT, "medium": "mail", "from": DANA, "text": "Hello"}


# Both directions ---------------------------------------------------------------------------------------

texts = st.text(max_size=40)
names = st.text(min_size=1, max_size=20)
times = st.integers(-62135596800000, 253402300799999)
people = st.builds(
    Person, name=texts, handle=texts, me=st.booleans(), kind=st.sampled_from(["person", "bot", "auto"])
)
counts = st.integers(0, 2**63 - 1)
several = st.lists(names, max_size=3).map(tuple)
crowd = st.lists(people, max_size=3).map(tuple)
files = st.builds(Attachment, name=texts, size=counts, type=texts, ref=texts, alt=texts)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
extras = st.dictionaries(names.map(lambda name: "x-" + name), json_values.map(json.dumps), max_size=2).map(
    lambda kept: tuple(kept.items())
)
noted = st.dictionaries(names, texts, max_size=3).map(lambda kept: tuple(kept.items()))
pairs = st.lists(st.tuples(names, names), max_size=3).map(tuple)

common = {"id": st.none() | names, "at": times, "by": st.none() | people, "extra": extras}
message = common | {
    "medium": names,
    "sender": people,
    "text": st.none() | texts,
    "html": st.none() | texts,
    "conversation": st.none() | names,
    "refs": several,
    "subject": st.none() | texts,
    "reply_to": st.none() | names,
    "to": crowd,
    "cc": crowd,
    "reply_address": st.none() | names,
    "visibility": st.sampled_from(["direct", "public"]),
    "kind": st.sampled_from(get_args(events.Kind)),
    "ids": several,
    "digest": st.none() | names,
    "body": st.none() | st.builds(Body, counts, texts),
    "attachments": st.lists(files, max_size=2).map(tuple),
    "by_subject": st.booleans(),
    "in_inbox": st.booleans(),
    "remote_images": counts,
}
within = common | {"conversation": names}
about = common | {"message": names}
scores = st.floats(allow_nan=False, allow_infinity=False)
STRATEGIES: dict[type[Any], dict[str, st.SearchStrategy[Any]]] = {
    Received: message,
    Sent: message | {"key": st.none() | names},
    NoteSeen: within | {"text": texts},
    Edited: about | {"text": texts},
    Deleted: about,
    Delivered: about
    | {"state": st.sampled_from(["delivered", "read", "failed"]), "reason": st.none() | texts},
    StatusSet: within
    | {
        "refs": several,
        "status": st.sampled_from(STATUSES),
        "until": st.none() | times,
        "until_reply": st.booleans(),
        "pending_for": st.none() | names,
    },
    Assigned: within | {"to": st.none() | people},
    Tagged: within | {"add": several, "remove": several, "tags": st.none() | several},
    PrioritySet: within | {"priority": st.sampled_from(PRIORITIES)},
    Handoff: within,
    Terms: within | {"refuses": texts, "window_ends": st.none() | times, "fields": noted},
    Rated: within
    | {
        "score": scores,
        "scale": scores.filter(lambda scale: scale > 0),
        "text": st.none() | texts,
    },
    ContactSeen: {
        "medium": names,
        "handle": names,
        "name": st.none() | texts,
        "fields": noted,
        "same_as": pairs,
        "extra": extras,
    },
    Cursor: {"cursor": texts},
    Idle: {},
}
lines: st.SearchStrategy[Line] = st.one_of([st.builds(made, **of) for made, of in STRATEGIES.items()])


def test_the_property_below_reaches_every_field_of_every_type() -> None:
    assert set(STRATEGIES) == {*get_args(ChannelEvent), Cursor, Idle}
    for made, of in STRATEGIES.items():
        assert {field.name for field in fields(made)} - {"source"} == set(of), made


@given(lines)
def test_parse_is_the_inverse_of_dump(line: Line) -> None:
    assert parse(dump(line)) == line
    assert parse_line(dump_line(line)) == line
    assert parse_line(dump_line(line).encode()) == line


def test_every_type_of_the_specification_as_it_is_written_there() -> None:
    dana = Person("Dana Ortiz", "dana@ortiz.example")
    ana = Person("Ana", "ana@acme.example", me=True)
    me = {"name": "Ana", "handle": "ana@acme.example", "me": True}
    said: list[tuple[dict[str, object], Line]] = [
        (
            RECEIVED
            | {
                "conversation": "c1",
                "subject": "Refund",
                "cc": [{"name": "", "handle": "l@x.example", "kind": "bot"}],
                "visibility": "public",
                "body": {"size": 70000, "ref": "b"},
                "attachments": [
                    {"name": "a.pdf", "size": 3, "type": "application/pdf", "ref": "r"},
                    {"name": "b.png", "size": 4, "type": "image/png", "ref": "s", "alt": "a box"},
                ],
            },
            Received(
                id="m1",
                at=NOON,
                medium="mail",
                sender=dana,
                text="Hello",
                conversation="c1",
                subject="Refund",
                cc=(Person("", "l@x.example", kind="bot"),),
                visibility="public",
                body=Body(70000, "b"),
                attachments=(
                    Attachment("a.pdf", 3, "application/pdf", "r"),
                    Attachment("b.png", 4, "image/png", "s", "a box"),
                ),
            ),
        ),
        (
            {"type": "sent", "at": AT, "medium": "chat", "from": me, "html": "<p>", "key": "k-1"},
            Sent(at=NOON, medium="chat", sender=ana, html="<p>", key="k-1"),
        ),
        (
            {"type": "note", "id": "n", "conversation": "c", "at": AT, "by": me, "text": "t"},
            NoteSeen(id="n", conversation="c", at=NOON, by=ana, text="t"),
        ),
        ({"type": "edited", "message": "m", "at": AT, "text": "t"}, Edited(message="m", at=NOON, text="t")),
        ({"type": "deleted", "message": "m", "at": AT}, Deleted(message="m", at=NOON)),
        (
            {"type": "delivered", "message": "m", "at": AT, "state": "failed", "reason": "full"},
            Delivered(message="m", at=NOON, state="failed", reason="full"),
        ),
        (
            {"type": "status", "refs": ["m"], "at": AT, "status": "snoozed", "until": AT}
            | {"until_reply": False, "for": "billing"},
            StatusSet(
                refs=("m",),
                at=NOON,
                status="snoozed",
                until=NOON,
                until_reply=False,
                pending_for="billing",
            ),
        ),
        (
            {"type": "assigned", "conversation": "c", "at": AT, "to": None},
            Assigned(conversation="c", at=NOON, to=None),
        ),
        (
            {"type": "tagged", "conversation": "c", "at": AT, "tags": []},
            Tagged(conversation="c", at=NOON, tags=()),
        ),
        (
            {"type": "priority", "conversation": "c", "at": AT, "priority": "high"},
            PrioritySet(conversation="c", at=NOON, priority="high"),
        ),
        ({"type": "handoff", "conversation": "c", "at": AT}, Handoff(conversation="c", at=NOON)),
        (
            {"type": "terms", "conversation": "c", "at": AT, "refuses": "it is encrypted"}
            | {"window_ends": AT, "fields": {"queue": "Support"}},
            Terms(
                conversation="c",
                at=NOON,
                refuses="it is encrypted",
                window_ends=NOON,
                fields=(("queue", "Support"),),
            ),
        ),
        (
            {"type": "rated", "conversation": "c", "at": AT, "score": 4, "scale": 5},
            Rated(conversation="c", at=NOON, score=4, scale=5),
        ),
        (
            {"type": "contact", "medium": "dm", "handle": "@d", "fields": {"vip": "yes"}}
            | {"same_as": [{"medium": "mail", "handle": "d@x.example"}]},
            ContactSeen(
                medium="dm", handle="@d", fields=(("vip", "yes"),), same_as=(("mail", "d@x.example"),)
            ),
        ),
        ({"type": "cursor", "cursor": "42"}, Cursor("42")),
        ({"type": "idle"}, Idle()),
    ]
    for obj, line in said:
        assert parse(obj) == line
        assert dump(line) == obj  # so only the fields that are set are written
    assert {type(line) for _, line in said} == set(STRATEGIES)


def test_unknown_fields_are_ignored_kept_and_written_again() -> None:
    line = json.dumps(RECEIVED | {"shop": {"order": [8841, None]}, "odd": "\ud800"})
    event = parse_line(line)
    assert isinstance(event, Received)
    assert event.extra == (("shop", '{"order": [8841, null]}'), ("odd", '"\\ud800"'))
    assert dump(event) == json.loads(line)


def test_the_seq_of_follow_is_not_kept() -> None:
    assert parse(RECEIVED | {"seq": 7}) == parse(RECEIVED)


def test_null_is_absent() -> None:
    nothing = dict.fromkeys(["id", "html", "conversation", "to", "refs", "body", "attachments", "kind"])
    assert parse(RECEIVED | nothing) == parse({k: v for k, v in RECEIVED.items() if k != "id"})


def test_an_empty_id_does_not_make_one_message_of_two() -> None:
    event = parse(RECEIVED | {"id": "", "conversation": "", "refs": ["", "a"]})
    assert isinstance(event, Received)
    assert (event.id, event.conversation, event.refs) == (None, None, ("a",))


def test_a_lone_surrogate_becomes_what_utf8_can_hold() -> None:
    event = parse_line(
        b'{"type": "received", "at": "2026-11-20T12:50:00Z", "medium": "dm", '
        b'"from": {"name": "\\ud83d\\ude00 \\udc00", "handle": "\\ud800"}, "text": "a\\ud800b", "\\udfff": 1}'
    )
    assert isinstance(event, Received)
    assert event.sender == Person("😀 \ufffd", "\ufffd")
    assert event.text == "a\ufffdb"
    dump_line(event).encode()


def test_other_text_comes_through_as_it_came() -> None:
    odd = "\x00\x1b[31m\x85\u202e\ufeff\U000e0001 환불"
    event = parse(RECEIVED | {"text": odd})
    assert isinstance(event, Received)
    assert event.text == odd


def test_fields_of_a_contact_that_are_no_strings_are_kept_as_json() -> None:
    event = parse(
        {
            "type": "contact",
            "medium": "dm",
            "handle": "d",
            "fields": {"orders": 3, "vip": True, "since": None, "tags": ["a"]},
        }
    )
    assert isinstance(event, ContactSeen)
    assert event.fields == (("orders", "3"), ("vip", "true"), ("tags", '["a"]'))


def test_of_a_name_that_stands_twice_the_last_counts() -> None:
    assert parse_line('{"type": "cursor", "cursor": "a", "cursor": "b"}') == Cursor("b")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-20T12:50:00+09:00", NOON - 9 * instants.HOUR),
        ("2026-11-20T12:50:00.25-00:30", NOON + 30 * instants.MINUTE + 250),
        ("0001-01-01T00:00:00+23:59", -62135596800000),  # before what can be written: the first that can
        ("9999-12-31T23:59:59.999-23:59", 253402300799999),
    ],
)
def test_times(text: str, at: int) -> None:
    assert parse({"type": "deleted", "message": "m", "at": text}) == Deleted(message="m", at=at)


# What cannot be read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"at": None}, "at is missing"),
        ({"at": 1795179000}, "at must be"),
        ({"at": "2026-11-20T12:50:00"}, "at must be"),
        ({"at": "10000-01-01T00:00:00Z"}, "at must be"),
        ({"at": "yesterday"}, "at must be"),
        ({"at": "2026-11-20T12:50:00+99:00"}, "at must be"),
        ({"medium": ""}, "medium is missing"),
        ({"medium": 7}, "medium must be a string"),
        ({"id": 311}, "id must be a string"),
        ({"id": 10**4000}, "id must be a string"),
        ({"text": ["Hello"]}, "text must be a string"),
        ({"from": "Dana"}, "from must be an object"),
        ({"from": [DANA]}, "from must be an object"),
        ({"from": {"name": "Dana"}}, "handle is missing"),
        ({"from": DANA | {"handle": 5}}, "from.handle must be a string"),
        ({"from": DANA | {"me": 1}}, "from.me must be true or false"),
        ({"from": DANA | {"me": "false"}}, "from.me must be true or false"),
        ({"from": DANA | {"kind": "robot"}}, "from.kind must be one of"),
        ({"to": DANA}, "to must be a list"),
        ({"cc": [DANA, "x"]}, "cc[1] must be an object"),
        ({"refs": "m0"}, "refs must be a list"),
        ({"refs": ["m0", 1]}, "refs[1] must be a string"),
        ({"visibility": "Public"}, "visibility must be one of"),
        ({"visibility": ["public"]}, "visibility must be one of"),
        ({"kind": "human"}, "kind must be one of"),
        ({"body": {"size": 1}}, "ref is missing"),
        ({"body": {"size": -1, "ref": "r"}}, "body.size must be a whole number"),
        ({"body": {"size": 2**63, "ref": "r"}}, "body.size must be a whole number"),
        ({"body": {"size": True, "ref": "r"}}, "body.size must be a whole number"),
        ({"attachments": [{"name": "a", "size": 1.5}]}, "attachments[0].size must be a whole number"),
        ({"attachments": {"name": "a"}}, "attachments must be a list"),
        ({"in_inbox": "no"}, "in_inbox must be true or false"),
        ({"x-thing": {1, 2}}, "x-thing"),
        ({"x-thing": float("nan")}, "x-thing"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(change: dict[str, object], named: str) -> None:
    with pytest.raises(BadEvent) as error:
        parse(RECEIVED | change)
    assert named in str(error.value)


@pytest.mark.parametrize(
    ("obj", "named"),
    [
        ({"type": "status", "at": AT, "status": "open"}, "conversation or refs"),
        ({"type": "status", "conversation": "c", "at": AT, "status": "closed"}, "status must be one of"),
        ({"type": "assigned", "conversation": "c", "at": AT}, "to is missing"),
        ({"type": "edited", "message": "m", "at": AT}, "text is missing"),
        ({"type": "deleted", "message": "", "at": AT}, "message is missing"),
        ({"type": "rated", "conversation": "c", "at": AT, "score": "4", "scale": 5}, "score must be"),
        ({"type": "rated", "conversation": "c", "at": AT, "score": 10**400, "scale": 5}, "score must be"),
        ({"type": "rated", "conversation": "c", "at": AT, "score": 4, "scale": 0}, "scale must be"),
        ({"type": "contact", "medium": "dm"}, "handle is missing"),
        ({"type": "contact", "medium": "dm", "handle": "d", "same_as": [{"medium": "x"}]}, "handle"),
        ({"type": "cursor"}, "cursor is missing"),
        ({"type": "cursor", "cursor": 42}, "cursor must be a string"),
        ({}, 'no "type"'),
        ({"type": None}, 'no "type"'),
        ({"type": "\x1b[31mreceived"}, r"'\x1b[31mreceived'"),
        ({"type": ["received"]}, "unknown type"),
        ({"type": {"a": 1}}, "unknown type"),
        ([RECEIVED], "not a JSON object"),
        (None, "not a JSON object"),
        (7, "not a JSON object"),
    ],
)
def test_what_is_wrong_is_said(obj: object, named: str) -> None:
    with pytest.raises(BadEvent) as error:
        parse(obj)
    assert named in str(error.value)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b'{"type": "idle"', "not JSON"),
        (b"{'type': 'idle'}", "not JSON"),
        (b'{"type": "idle"} {"type": "idle"}', "not JSON"),
        (b'{"type": "idle", "x": NaN}', "NaN"),
        (b'{"type": "idle", "x": -Infinity}', "Infinity"),
        (b'{"type": "idle", "x": ' + b"9" * 10_000 + b"}", "not JSON"),
        (
            b'{"type": "rated", "conversation": "c", "at": "2026-11-20T12:50:00Z", "scale": 5, '
            b'"score": 1e999}',
            "score",
        ),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"type": "received", "x": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, "nested too deeply"),
        (b'"type"', "not a JSON object"),
        (b"null", "not a JSON object"),
    ],
)
def test_a_broken_line_is_a_bad_event(line: bytes, named: str) -> None:
    with pytest.raises(BadEvent) as error:
        parse_line(line)
    assert named in str(error.value)


@given(
    st.recursive(
        json_values,
        lambda inner: st.fixed_dictionaries(
            {"type": st.just("received")},
            optional={
                "at": inner | st.just(AT),
                "medium": inner,
                "from": inner,
                "text": inner,
                "to": inner,
                "body": inner,
            },
        ),
    )
)
def test_nothing_else_is_ever_raised(obj: object) -> None:
    try:
        line = parse(obj)
    except BadEvent:
        return
    dump_line(line).encode()


@given(st.binary(max_size=200))
def test_bytes_raise_nothing_else(line: bytes) -> None:
    with pytest.raises(BadEvent):  # no random bytes make a line of a known type
        parse_line(line)


def test_load_gives_the_object_of_any_type() -> None:
    assert load('{"type": "outbox", "n": 1}') == {"type": "outbox", "n": 1}


def test_only_light_things_are_imported() -> None:
    code = "import sys, tuidesk.domain.vocabulary; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert {"asyncio", "sqlite3", "wcwidth", "importlib.metadata"} & set(loaded.split()) == set()


def test_the_readme_names_every_event_and_every_field_a_channel_can_use() -> None:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")
    own = {"digest", "by_subject", "in_inbox", "remote_images"}  # an export's, not a channel's
    for entry in vocabulary._TABLE:
        assert f"`{entry.type}`" in readme, entry.type
        for name in entry.names - own - {"type", "seq", "extra"}:
            assert f"`{name}`" in readme, (entry.type, name)
