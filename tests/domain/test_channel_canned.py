"""Canned replies that a channel keeps, as ours; and whether a text is still the template that it was."""

from hypothesis import given
from hypothesis import strategies as st

from tuidesk.domain import canned, channel_canned, template
from tuidesk.domain.channel_canned import inserted, left_as, of_channel
from tuidesk.domain.model import Inserted, Offered

ORDER = Offered(
    name="order", text="Hi {{1}}, order {{ 2 }} is {{status}}.", template="HX1", media=("whatsapp",)
)


def only(offered: Offered) -> canned.Canned:
    (made,) = of_channel((offered,), "acme")
    return made


def test_a_place_is_a_question_and_what_has_a_value_with_us_is_none() -> None:
    made = only(
        Offered(name="hi", text="Hi {{contact.first_name}} at {{ Contact name }}, {{contact.nam}} {{x")
    )
    assert made.name == "acme/hi"
    filled = canned.filled(made, {"contact.first_name": "Dana"}, {}, {})
    assert [hole.what for hole in filled.holes] == ["Contact name", "contact.nam"]
    answers = {"Contact name": "Acme", "contact.nam": "Bo"}
    assert canned.filled(made, {"contact.first_name": "Dana"}, answers, {}).text == "Hi Dana at Acme, Bo {{x"


def test_a_template_keeps_its_id_and_what_stands_in_its_places() -> None:
    made = inserted(only(ORDER), {}, {"1": "Dana", "2": "88\n41", "status": "late"}, {})
    assert made.text == "Hi Dana, order 88 41 is late."
    assert (made.name, made.template) == ("acme/order", "HX1")
    assert made.values == (("1", "Dana"), ("2", "88 41"), ("status", "late"))
    plain = inserted(only(Offered(name="hi", text="Hi {{1}}")), {}, {"1": "Dana"}, {})
    assert plain == Inserted("acme/hi", "Hi Dana")


def test_only_what_the_medium_can_send() -> None:
    both = (ORDER, Offered(name="hi", text="Hi"))
    assert [one.title for one in of_channel(both, "acme", "sms")] == ["hi"]
    assert [one.title for one in of_channel(both, "acme", "whatsapp")] == ["order", "hi"]
    assert len(of_channel(both, "acme")) == 2


def test_a_text_is_a_template_only_as_it_was() -> None:
    made = inserted(only(ORDER), {}, {"1": "Dana", "2": "8841", "status": "late"}, {})
    other = Inserted("mine", "Hi Dana, order 8841 is late.")
    assert left_as(f" {made.text}\n", (made, other)) == made
    assert left_as(made.text + " Sorry!", (made,)) is None
    assert left_as(made.text.replace("late", "here"), (made,)) is None
    assert left_as(other.text, (other,)) is None


@given(st.text(max_size=60))
def test_any_text_of_a_channel_can_be_filled_and_without_places_is_itself(text: str) -> None:
    made = only(Offered(name="x", text=text))
    holes = canned.filled(made, {}, {}, {}).holes
    whole = canned.filled(made, {}, {hole.what: "a" for hole in holes}, {}).text
    if not channel_canned._PLACE.search(text):
        assert whole == template.plain(text).rstrip("\n")
