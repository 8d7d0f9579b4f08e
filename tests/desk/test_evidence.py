"""Who may be the same person: said with the evidence, and only where there is some."""

import json
import sys

import pytest

from tests.desk.bench import DANA, Bench, at, received
from tuidesk.desk import customer as desk_customer
from tuidesk.desk import evidence, lookup
from tuidesk.domain.commands import MergeContacts, Undo, UnmergeContacts
from tuidesk.domain.events import ContactSeen
from tuidesk.domain.model import Person

SIGNED = "Where is it?\n\n-- \nDana Ortiz\n{}\n"


def suggested(bench: Bench, contact: int) -> list[tuple[int, str]]:
    found = bench.desk.read(evidence.suggestions, contact).result()
    return [(one.contact, one.why) for one in found]


def wrote(bench: Bench, id_: str, medium: str, handle: str, text: str, name: str = "") -> int:
    """Somebody's message; the contact."""
    bench.take(received(id_, at("10:00"), text, medium=medium, sender=Person(name, handle), conversation=id_))
    return bench.row(bench.conversation_of(id_)).contact


def test_an_address_in_a_field_is_seen_from_both_sides(bench: Bench) -> None:
    mail = wrote(bench, "m", "mail", DANA.handle, "hello", "Dana Ortiz")
    bench.take(
        ContactSeen(medium="post", handle="@dana_o", fields=(("bio", "write to Dana@Ortiz.example!"),))
    )
    post = bench.desk.read(desk_customer.number_of, "@dana_o").result()
    assert suggested(bench, post) == [(mail, "bio here says Dana@Ortiz.example")]
    assert suggested(bench, mail) == [(post, "their bio says Dana@Ortiz.example")]


def test_a_number_in_a_field_however_it_is_written(bench: Bench) -> None:
    phone = wrote(bench, "m", "whatsapp", "+821055500117", "hello")
    bench.take(ContactSeen(medium="chat", handle="visitor-7", fields=(("mobile", "+82 (10) 5550-0117"),)))
    chat = bench.desk.read(desk_customer.number_of, "visitor-7").result()
    assert suggested(bench, chat) == [(phone, "mobile here says +82 (10) 5550-0117")]
    assert suggested(bench, phone) == [(chat, "their mobile says +82 (10) 5550-0117")]


def test_an_address_in_a_signature_is_seen_from_both_sides(bench: Bench) -> None:
    phone = wrote(bench, "m", "sms", "+821055500117", "hello")
    mail = wrote(bench, "s", "mail", DANA.handle, SIGNED.format("+821055500117"))
    n = bench.conversation_of("s")
    assert suggested(bench, mail) == [(phone, f"+821055500117 in a signature here, #{n}")]
    assert suggested(bench, phone) == [(mail, f"+821055500117 in their signature, #{n}")]


@pytest.mark.parametrize(
    "text",
    [
        "Please answer lee@x.example instead",  # told in the text: a colleague, a spouse, anybody
        "Hello\n\nOn Mon, Nov 2, 2026 at 10:00 Lee <lee@x.example> wrote:\n> hi\n> -- \n> lee@x.example",
        "-- \nDana, not-lee@x.example",
    ],
)
def test_what_is_no_evidence_suggests_nothing(bench: Bench, text: str) -> None:
    lee = wrote(bench, "l", "mail", "lee@x.example", "hello")
    dana = wrote(bench, "d", "mail", DANA.handle, text)
    assert suggested(bench, dana) == []
    assert suggested(bench, lee) == []


def test_the_same_name_says_something_beside_the_same_order_alone(bench: Bench) -> None:
    mail = wrote(bench, "m", "mail", DANA.handle, "my order 8841 is late", "Dana Ortiz")
    chat = wrote(bench, "c", "chat", "visitor-7", "any news on #8841?", "dana ortiz")
    wrote(bench, "d", "chat", "visitor-8", "any news on 8842?", "Dana Ortiz")
    wrote(bench, "e", "chat", "visitor-9", "any news on 8841?", "Dana")
    m, c = bench.conversation_of("m"), bench.conversation_of("c")
    assert suggested(bench, mail) == [(chat, f"same name, and 8841 in #{m} and #{c}")]


def test_what_the_agent_has_said_is_not_asked_again(bench: Bench) -> None:
    mail = wrote(bench, "m", "mail", DANA.handle, "hello")
    phone = wrote(bench, "s", "mail", "d@work.example", SIGNED.format(DANA.handle))
    assert [n for n, _ in suggested(bench, mail)] == [phone]
    bench.do(UnmergeContacts(contact=mail, other=phone))
    assert suggested(bench, mail) == suggested(bench, phone) == []
    bench.do(Undo(door="screen"))
    bench.do(MergeContacts(contact=mail, other=phone))
    assert suggested(bench, mail) == suggested(bench, phone) == []


def test_nobody_is_joined_by_a_suggestion(bench: Bench) -> None:
    mail = wrote(bench, "m", "mail", DANA.handle, "hello")
    other = wrote(bench, "s", "mail", "d@work.example", SIGNED.format(DANA.handle))
    suggested(bench, mail)
    assert bench.query("SELECT * FROM contact_link") == []
    assert mail != other


def test_what_a_look_up_says_is_evidence_and_joins_nobody(bench: Bench) -> None:
    mail = wrote(bench, "m", "mail", DANA.handle, "hello")
    phone = wrote(bench, "p", "sms", "+821055500117", "hello")
    answer = {"type": "contact", "medium": "mail", "handle": DANA.handle} | {
        "same_as": [{"medium": "sms", "handle": "+821055500117"}]
    }
    shown = bench.desk.read(desk_customer.of, mail, bench.clock.now()).result()
    fields = lookup.ask((sys.executable, "-c", f"print({json.dumps(json.dumps(answer))})"), shown)
    bench.desk.write(lambda connection: lookup.keep(connection, mail, bench.clock.now(), fields)).result()
    assert suggested(bench, mail) == [(phone, "same_as here says +821055500117")]
    assert bench.query("SELECT * FROM contact_link") == []
