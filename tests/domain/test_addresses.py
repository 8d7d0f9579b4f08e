"""Recipients as typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.domain.addresses import parse, write
from tuidesk.domain.model import Person
from tuidesk.errors import UsageError

DANA = Person("Dana Ortiz", "dana@ortiz.example")


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("", ()),
        (" , ; ", ()),
        ("dana@ortiz.example", (Person("", "dana@ortiz.example"),)),
        ("Dana Ortiz <dana@ortiz.example>", (DANA,)),
        ('"Ortiz, Dana" <dana@ortiz.example>', (Person("Ortiz, Dana", "dana@ortiz.example"),)),
        ("Dana Ortiz <dana@ortiz.example>; legal@ortiz.example,", (DANA, Person("", "legal@ortiz.example"))),
        ("dana@ortiz.example, Dana <Dana@Ortiz.example>", (Person("", "dana@ortiz.example"),)),
        ("root@localhost", (Person("", "root@localhost"),)),
        ("김서연 <kim@예.kr>", (Person("김서연", "kim@예.kr"),)),
        ('"a \\"b\\" \\\\ c" <x@y.example>', (Person('a "b" \\ c', "x@y.example"),)),
    ],
)
def test_people_as_typed(typed: str, people: tuple[Person, ...]) -> None:
    assert parse(typed) == people


@pytest.mark.parametrize(
    "typed",
    [
        "dana",
        "@",
        "a@",
        "@b.example",
        "a@b@c.example",
        "a b@c.example",
        "a@b..example",
        "a@.example",
        "<>",
        "Dana <>",
        "Dana <dana@ortiz.example",
        '"Dana <dana@ortiz.example>',
        "Dana <dana@ortiz.example> legal@ortiz.example",
        "a@b.example\r\nBcc: evil@x.example",
        "a@b.example\x00",
        "a\u202eb@c.example",
        "x" * 65 + "@b.example",
        "a@" + "b" * 260,
    ],
)
def test_what_is_no_recipient_is_refused_in_words(typed: str) -> None:
    with pytest.raises(UsageError, match=r"\w{3}"):
        parse(typed)


def test_handles_of_other_media_are_the_services_own() -> None:
    assert parse("@dana_o", "post") == (Person("", "@dana_o"),)
    assert parse("Dana <+82105550117>", "whatsapp") == (Person("Dana", "+82105550117"),)


@given(
    st.lists(st.tuples(st.text(max_size=20), st.from_regex(r"[a-z0-9.]{1,9}x@[a-z]{1,9}", fullmatch=True)))
)
def test_what_is_written_reads_back(pairs: list[tuple[str, str]]) -> None:
    people = {handle: Person(name, handle) for name, handle in pairs if ".." not in handle}
    again = parse(write(people.values()))
    assert [person.handle for person in again] == list(people)


@pytest.mark.parametrize("medium", ["sms", "whatsapp"])
@pytest.mark.parametrize(
    ("typed", "handle"),
    [
        ("+821055500117", "+821055500117"),
        ("Kim <+82 (0)10-5550-0117>", "+821055500117"),
        ("0049 30 901820", "+4930901820"),
    ],
)
def test_a_number_is_written_as_one_likes_and_goes_out_in_one_form(
    typed: str, handle: str, medium: str
) -> None:
    assert [person.handle for person in parse(typed, medium)] == [handle]


@pytest.mark.parametrize("typed", ["dana@b.example", "010-5550-0117", "+82", "+82105550011712345", "kim"])
def test_what_is_no_number_with_its_countrys_code_gets_no_sms(typed: str) -> None:
    with pytest.raises(UsageError, match="no telephone number"):
        parse(typed, "sms")


@pytest.mark.parametrize(
    "handle", ["@dana:example.org", "@dana@mastodon.example", "did:plc:ab12cd", "dana.bsky.social", "8841"]
)
def test_elsewhere_a_handle_is_anything_without_blanks(handle: str) -> None:
    assert parse(f"Dana <{handle}>", "dm") == (Person("Dana", handle),)
    with pytest.raises(UsageError, match="a blank in it"):
        parse(f"{handle} and more", "dm")
