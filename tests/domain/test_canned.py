"""Canned replies filled for customers: a table of templates and customers, and that a hole never leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tuidesk.domain import canned, template
from tuidesk.domain.canned import Canned, Then, Used
from tuidesk.domain.model import Inserted, Person
from tuidesk.errors import UsageError

ANA = Person("Ana", "ana@acme.example", me=True)
SHOP = ("Acme Support", "support@acme.example")
CUSTOMERS = {
    "dana": canned.values(
        name="Dana Ortiz",
        handles=(("mail", "dana@ortiz.example"), ("whatsapp", "+821055500117")),
        fields=(("plan", "vip"), ("Time zone", "Asia/Seoul")),
        number=42,
        subject="Refund for order 8841",
        medium="mail",
        agent=ANA,
        account=SHOP,
    ),
    "minji": canned.values(
        name="최민지",
        handles=(("instagram", "minji.choi"),),
        number=7,
        medium="instagram",
        agent=ANA,
        account=SHOP,
    ),
    "caller": canned.values(handles=(("call", "+442079460917"),), number=9, medium="call", agent=ANA),
    "phisher": canned.values(
        name="Sam (Acme Support) <sam@acme.example>", handles=(("mail", "sam@acme-support.test"),), agent=ANA
    ),
    "braces": canned.values(
        name="{{agent.name}} {{ask:pin}}",
        subject="{{account.name}} }} {{{{",
        number=3,
        agent=ANA,
        account=SHOP,
    ),
    "controls": canned.values(
        name="Da\x1b[31mna\u202e\u200b Or\ntiz", subject="one\r\ntwo\x00\u2028three", agent=ANA, account=SHOP
    ),
}
GREETING = "Hi {{contact.first_name|there}},"
NESTED = {
    "greeting": GREETING + "\n",
    "bye": "Best regards,\n{{agent.first_name}}, {{account.name|Acme}}\n",
    "letter": "{{canned:greeting}}\n\n{{canned:bye}}",
}
TABLE = [
    (GREETING, "dana", "Hi Dana,"),
    (GREETING, "minji", "Hi 최민지,"),
    (GREETING, "caller", "Hi there,"),
    (GREETING, "phisher", "Hi there,"),
    (GREETING, "braces", "Hi there,"),
    (GREETING, "controls", "Hi there,"),
    ("{{ contact.name }}님", "minji", "최민지님"),
    ("{{contact.last_name|friend}}", "minji", "friend"),
    ("{{contact.email|no mail}} {{contact.phone|no phone}}", "dana", "dana@ortiz.example +821055500117"),
    ("{{contact.email|no mail}} {{contact.phone|no phone}}", "caller", "no mail +442079460917"),
    ("{{contact.plan}} in {{contact.time_zone}}", "dana", "vip in Asia/Seoul"),
    ("{{contact.plan|standard}}", "caller", "standard"),
    (
        "About {{conversation.subject}} (#{{conversation.number}})",
        "dana",
        "About Refund for order 8841 (#42)",
    ),
    ("“{{conversation.subject}}”", "braces", "“{{account.name}} }} {{{{”"),
    ("{{conversation.subject}}", "controls", "one two three"),
    ("{{account.name}} <{{account.address}}>", "dana", "Acme Support <support@acme.example>"),
    ("{{canned:letter}}", "dana", "Hi Dana,\n\nBest regards,\nAna, Acme Support"),
    ("{{canned:letter}}", "caller", "Hi there,\n\nBest regards,\nAna, Acme"),
    ("Write {{{{contact.name}}}} for the name", "dana", "Write {{contact.name}} for the name"),
    ("{ } }} {{{{ {not one}", "dana", "{ } }} {{ {not one}"),
    ("{{{contact.first_name}}}", "dana", "{Dana}"),
    ("{{contact.plan|}}", "caller", ""),
    ("tab\tand\x1b[31m red\r\nline\n\n", "dana", "tab\tand[31m red\nline"),
]


@pytest.mark.parametrize(("body", "customer", "expected"), TABLE)
def test_templates_and_customers(body: str, customer: str, expected: str) -> None:
    assert template.fill(body, CUSTOMERS[customer], {}, NESTED).text == expected


HOLES = [
    ("{{contact.plan}}", "caller", ["{{contact.plan}}"]),
    ("{{contact.first_name}}", "phisher", ["{{contact.first_name}}"]),
    ("{{contact.name}}", "caller", ["{{contact.name}}"]),
    ("{{conversation.subject}}", "minji", ["{{conversation.subject}}"]),
    ("{{ask:order number}} {{ask: order   number }}", "dana", ["{{ask:order number}}"]),
    ("{{ask:when|today}}", "dana", ["{{ask:when|today}}"]),
    ("{{choose: refund , replacement }}", "dana", ["{{choose:refund,replacement}}"]),
    ("{{canned:letter}} {{ask:sum}} {{contact.city}}", "dana", ["{{ask:sum}}", "{{contact.city}}"]),
]


@pytest.mark.parametrize(("body", "customer", "missing"), HOLES)
def test_a_hole_is_named_and_never_leaves(body: str, customer: str, missing: list[str]) -> None:
    filled = template.fill(body, CUSTOMERS[customer], {}, NESTED)
    assert [hole.source for hole in filled.holes] == missing
    with pytest.raises(UsageError) as refused:
        _ = filled.text
    assert all(one in str(refused.value) for one in missing)


def test_answers_fill_holes_and_are_data() -> None:
    body = "{{ask:order number}}: {{choose:refund,replacement}}, {{contact.city}}"
    answers = {
        "order number": "{{agent.name}}\x1b 8841",
        "refund,replacement": "Refund",
        "contact.city": "Seoul",
    }
    assert template.fill(body, CUSTOMERS["dana"], answers).text == "{{agent.name}} 8841: refund, Seoul"
    wrong = template.fill(body, CUSTOMERS["dana"], answers | {"refund,replacement": "neither"})
    assert [hole.kind for hole in wrong.holes] == ["choose"], "an answer that is no option is none"
    blank = template.fill("{{ask:order number}}", {}, {"order number": "  "})
    assert blank.holes, "a blank answer is none"


WRONG = [
    ("{{", "line 1"),
    ("one\ntwo {{contact.name", "line 2"),
    ("{{contact.name\n}}", "line 1"),
    ("{{contact.frist_name}}", "contact.first_name"),
    ("{{agent.nam}}", "agent.name"),
    ("{{nobody}}", "nobody"),
    ("{{}}", "line 1"),
    ("{{ask:}}", "ask"),
    ("{{choose:one}}", "two options"),
    ("{{choose:one,one}}", "two options"),
    ("{{canned:nowhere}}", "nowhere"),
    ("{{canned:loop}}", "loop > pool > loop"),
    ("{{canned:itself}}", "itself > itself"),
    ("{{canned:bomb9}}", "characters"),
]
LOOPS = {
    "loop": "{{canned:pool}}",
    "pool": "{{canned:loop}}",
    "itself": "{{canned:itself}}",
    "bomb0": "ha" * 100,
    **{f"bomb{n}": f"{{{{canned:bomb{n - 1}}}}}" * 10 for n in range(1, 10)},
}


@pytest.mark.parametrize(("body", "named"), WRONG)
def test_what_is_no_template_is_refused_with_its_place(body: str, named: str) -> None:
    with pytest.raises(UsageError, match=named.replace(".", r"\.")):
        template.fill(body, {}, {}, LOOPS)
    with pytest.raises(UsageError):
        template.check("", body, LOOPS)


@given(some.text())
def test_escaped_text_comes_out_as_it_went_in(text: str) -> None:
    assert "".join(map(str, template.parse(template.escaped(text)))) == text


_BRACED = some.text(alphabet="{}|:,.ask chontetgr\n") | some.sampled_from([body for body, *_ in TABLE])


@given(_BRACED, some.dictionaries(some.sampled_from(template.VARIABLES), some.text()))
def test_a_filled_text_has_no_hole_whatever_the_template_and_the_values(
    body: str, values: dict[str, str]
) -> None:
    try:
        filled = template.fill(body, values, {}, NESTED)
    except UsageError:
        return
    for part in filled.parts:
        assert isinstance(part, str) or part in filled.holes
    if filled.holes:
        with pytest.raises(UsageError):
            _ = filled.text
    else:
        assert filled.text == "".join(map(str, filled.parts)).rstrip("\n")


@given(some.text())
def test_a_value_stands_as_one_line_without_controls(value: str) -> None:
    text = template.fill("{{contact.name|-}}", {"contact.name": value}).text
    assert "\n" not in text
    assert all(sign.isprintable() or not sign.isascii() for sign in text)
    assert not set(text) & set("\u202e\u2066\u200b\x1b\x9b\u2028\ufeff")
    assert template.fill("{{contact.name|-}}", {"contact.name": text}).text == text


def test_placeholders_left_in_a_text() -> None:
    text = "Hi {{contact.first_name|there}}, {{ask:when}} {{ user.name }} {{x}}\n> {{contact.name}}"
    assert template.left_in(text) == ("{{contact.first_name|there}}", "{{ask:when}}")
    assert template.left_in("{{contact.name}}", ["write {{contact.name}}"]) == (), "it is meant so"
    assert template.left_in("{{choose:a,b}} {{canned:x}}") == ("{{choose:a,b}}", "{{canned:x}}")


# --- finding one ------------------------------------------------------------------------------------

REPLIES = [
    Canned(
        name="refund-late",
        title="Refund is late",
        shortcut="rl",
        language="en",
        body="sorry",
        tags=("money",),
    ),
    Canned(name="refund-late.ko", title="환불 지연", language="ko", body="죄송합니다"),
    Canned(name="greeting", title="Greeting", body="Hi"),
    Canned(
        name="parcel",
        title="Where is my parcel",
        language="en",
        media=("mail",),
        body="The refund takes long",
    ),
]


def _names(typed: str, language: str = "", used: dict[str, Used] | None = None) -> list[str]:
    return [reply.name for reply in canned.ranked(REPLIES, typed, language, used)]


def test_the_best_match_comes_first_then_the_language_then_the_most_used() -> None:
    assert _names("rl")[0] == "refund-late", "the shortcut"
    assert _names("refund") == ["refund-late", "refund-late.ko", "parcel"], (
        "then who has the word in the text"
    )
    assert _names("refund", "ko")[0] == "refund-late.ko"
    assert _names("", "ko") == ["refund-late.ko", "greeting", "refund-late", "parcel"]
    assert _names("", "ko-KR")[0] == "refund-late.ko"
    assert _names("", "", {"parcel": Used(uses=9)})[0] == "parcel"
    assert _names("", "ko", {"parcel": Used(uses=9)})[:3] == ["refund-late.ko", "greeting", "parcel"]
    assert _names("money") == ["refund-late"]
    assert _names("환불") == ["refund-late.ko"]
    assert _names("grt") == ["greeting"]
    assert _names("zzz") == []


def test_the_medium() -> None:
    assert [canned.fits(REPLIES[3], medium) for medium in ("mail", "sms", "")] == [True, False, True]
    assert canned.fits(REPLIES[0], "sms")


def test_names() -> None:
    for name, first, last in [
        ("Dana Ortiz", "Dana", "Ortiz"),
        ("Ortiz, Dana", "Dana", "Ortiz"),
        ("DANA ORTIZ", "Dana", "Ortiz"),
        ("dana", "Dana", ""),
        ("Dr. Lena Vogt", "Lena", "Vogt"),
        ("Zoë 🧵 Martin", "Zoë", "Martin"),
        ("Bobur To'rayev", "Bobur", "To'rayev"),
        ("최민지", "최민지", ""),
        ("田中 由紀", "田中 由紀", ""),
        ("Kim Seo-yeon", "Kim Seo-yeon", ""),
        ("Hyun-woo Lee", "Hyun-woo", "Lee"),
        ("ليلى منصور", "ليلى", "منصور"),
        ("@dana_o", "", ""),
        ("dana@ortiz.example", "", ""),
        ("+442079460917", "", ""),
        ("visitor-7f31", "", ""),
        ("🧵", "", ""),
        ("", "", ""),
    ]:
        assert (canned.first_name(name), canned.last_name(name)) == (first, last), name


def test_the_language_that_a_script_gives_away() -> None:
    found = {
        text: canned.language_of(text)
        for text in ("환불 언제 되나요?", "返金はいつ", "退款什么时候", "Где заказ", "مرحبا", "hello")
    }
    assert list(found.values()) == ["ko", "ja", "zh", "ru", "ar", ""]
    assert canned.language_of("toʻlov ikki marta yechildi, boʻldi") == "uz"


# --- what has become of it --------------------------------------------------------------------------


def test_what_is_left_of_an_inserted_reply() -> None:
    one = Inserted("late", "I am sorry about the wait.\nYour refund is on its way.")
    assert (
        canned.still_in("Hi Dana,\n\nI am sorry about the wait. Your refund is on its way.\n", one) == "whole"
    )
    assert canned.still_in("I am so sorry about the long wait. The refund is on its way.", one) == "changed"
    assert canned.still_in("We have found your parcel.", one) == ""
    assert canned.remaining("We have found your parcel.", [one]) == ()
    assert canned.remaining(one.text, [one, one]) == (one,)


def test_a_text_that_is_nothing_but_canned() -> None:
    hi, late = Inserted("hi", "Hi Dana,"), Inserted("late", "It is late.")
    assert canned.is_scripted("Hi Dana,\n\nIt is late.\n", (hi, late))
    assert not canned.is_scripted("Hi Dana,\n\nIt is late. Sorry!", (hi, late))
    assert not canned.is_scripted("", ())


def test_the_same_text_again() -> None:
    assert canned.is_same("It is late.\nSorry.", "It is late. Sorry.\n\n-- \nAcme Support\n")
    assert not canned.is_same("It is late.", "It is late. Sorry.")


def test_what_several_replies_do_together() -> None:
    one, two = Then("pending", ("a",), (), "me", None), Then("complete", ("a", "b"), ("c",), "", "high")
    assert canned.together((one, two)) == Then("complete", ("a", "b"), ("c",), "me", "high")
    assert not canned.together(())
