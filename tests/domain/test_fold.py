"""Folding: nothing lost, what is new stays visible."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import samples
from tuidesk.domain.fold import Segment, split

SOURCES = ("github-email_reply_parser", "zapier-email-reply-parser")
CUT_DIFFERENTLY = {"email_1_1.txt", "email_long_quote.txt", "greedy_on.txt"}
"""Neighbours of one kind are two fragments there (a name and a list's footer, say), one segment here."""

ATTRIBUTIONS = {
    "English": "On Wed, May 18, 2016 at 11:10 PM Dana Ortiz <dana@ortiz.example> wrote:",
    "English, wrapped": "On Wed, May 18, 2016 at 11:10 PM Dana Ortiz\n<dana@ortiz.example>\nwrote:",
    "German": "Am Mi., 18. Mai 2016 um 23:10 Uhr schrieb Dana Ortiz <dana@ortiz.example>:",
    "German, Thunderbird": "Am 18.05.16 um 23:10 schrieb Dana Ortiz:",
    "French": "Le mer. 18 mai 2016 à 23:10, Dana Ortiz <dana@ortiz.example> a écrit :",
    "Spanish": "El mié, 18 may 2016 a las 23:10, Dana Ortiz (<dana@ortiz.example>) escribió:",
    "Korean": "2016년 5월 18일 (수) 오후 11:10, Dana Ortiz <dana@ortiz.example>님이 작성:",
    "Japanese": "2016年5月18日(水) 23:10 Dana Ortiz <dana@ortiz.example>:",
    "Japanese, Outlook": "2016年5月18日(水) 23:10 Dana Ortiz さんは書きました:",
    "Russian": "ср, 18 мая 2016 г. в 23:10, Dana Ortiz <dana@ortiz.example>:",
    "Russian, mail.ru": "Среда, 18 мая 2016, 23:10 +03:00 от Dana <dana@ortiz.example> написал(а):",
    "Uzbek": "2016-yil 18-may, 23:10 Dana Ortiz <dana@ortiz.example> yozdi:",
    "Arabic": "في الأربعاء، ١٨ مايو ٢٠١٦ في ١١:١٠ م تمت كتابة ما يلي بواسطة Dana <dana@ortiz.example>:",
    "Dutch": "Op wo 18 mei 2016 om 23:10 schreef Dana Ortiz <dana@ortiz.example>:",
    "Italian": "Il giorno mer 18 mag 2016 alle ore 23:10 Dana Ortiz <dana@ortiz.example> ha scritto:",
    "Portuguese": "Em qua., 18 de mai. de 2016 às 23:10, Dana Ortiz <dana@ortiz.example> escreveu:",
    "Turkish": "Dana Ortiz <dana@ortiz.example>, 18 May 2016 Çar, 23:10 tarihinde şunu yazdı:",
}
DEVICES = (
    "Sent from my iPhone",
    "Sent from my Verizon Wireless BlackBerry",
    "Get Outlook for iOS",
    "Von meinem iPhone gesendet",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Verzonden vanaf mijn iPhone",
    "나의 iPhone에서 보냄",
    "iPhoneから送信",
    "Отправлено с iPhone",
    "iPhone'umdan gönderildi",
    "Enviado do meu iPhone",
    "أرسلت من هاتفي",
    "iPhone'imdan yuborildi",
)


def visible(segments: tuple[Segment, ...]) -> str:
    return "".join(segment.text for segment in segments if not segment.folded)


def folded(segments: tuple[Segment, ...]) -> str:
    return "".join(segment.text for segment in segments if segment.folded)


def problems(name: str, text: str, expected: dict[str, Any]) -> list[str]:
    """What does not hold of one sample."""
    began = time.perf_counter()
    segments = split(text)
    slow = time.perf_counter() - began > 0.5
    shown, hidden = visible(segments), folded(segments)
    found = ["slow"] if slow else []
    found += [f"lost {text!r}"] if "".join(segment.text for segment in segments) != text else []
    found += [f"not shown {part!r}" for part in expected.get("visible_contains", []) if part not in shown]
    found += [f"not folded {part!r}" for part in expected.get("hidden_contains", []) if part not in hidden]
    found += [f"shown {part!r}" for part in expected.get("not_in_reply", []) if part in shown]
    if "reply" in expected and shown.strip() != expected["reply"]:
        found.append(f"reply is {shown!r}")
    if name in CUT_DIFFERENTLY:
        return found
    if "fragments" in expected and len(segments) != expected["fragments"]:
        found.append(f"{len(segments)} fragments")
    if "hidden" in expected and [segment.folded for segment in segments] != expected["hidden"]:
        found.append(f"folds {segments}")
    return found


@pytest.mark.parametrize("source", SOURCES)
def test_the_shared_replies(source: str) -> None:
    folder = samples("replies", source)
    expectations = json.loads((folder / "expected.json").read_text())
    found = {}
    for name, expected in expectations.items():
        with (folder / name).open(newline="") as file:
            found[name] = problems(name, file.read(), expected)
    assert len(found) >= 20
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("quoted", ["> first\n> second\n", "first\nsecond\n"], ids=["marked", "unmarked"])
@pytest.mark.parametrize("language", ATTRIBUTIONS)
def test_attributions(language: str, quoted: str) -> None:
    segments = split(f"I still wait.\n\n{ATTRIBUTIONS[language]}\n\n{quoted}")
    assert [(segment.kind, segment.folded) for segment in segments] == [("text", False), ("quote", True)]
    assert visible(segments).strip() == "I still wait."


@pytest.mark.parametrize("line", DEVICES)
def test_device_lines(line: str) -> None:
    segments = split(f"Where is my parcel?\n\n{line}\n")
    assert visible(segments).strip() == "Where is my parcel?"
    assert segments[-1].kind == "signature"


@pytest.mark.parametrize(
    "text",
    [
        "On Friday I wrote:\n\nplease send the parcel to my office.\n",
        "Am 3. Mai schrieb ich:\n\nBitte stornieren.\n",
        "Please cancel:\n-shoes\n-Shirt\n",
        "Kargo İstanbul'dan gönderildi\n",
        "Two chapters.\n--\n" + "A long letter goes on.\n" * 40,
        "From: the bottom of my heart\nthank you.\n",
        "Our options:\n\n---\n\nFirst, a refund.\n",
    ],
)
def test_what_people_write_is_not_folded(text: str) -> None:
    assert visible(split(text)) == text


def test_outlook_blocks() -> None:
    for first, sent, to, subject in (
        ("From", "Sent", "To", "Subject"),
        ("Von", "Gesendet", "An", "Betreff"),
        ("De", "Envoyé", "À", "Objet"),
        ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
        ("差出人", "送信日時", "宛先", "件名"),
        ("От", "Отправлено", "Кому", "Тема"),
        ("*From", "*Sent", "*To", "*Subject"),
    ):
        head = f"{first}: Ana <ana@x.example>\n{sent}: Monday 10:00\n{to}: Dana\n{subject}: Refund\n"
        segments = split(f"Thank you.\n\n________________________________\n{head}\nDear Dana,\nit is done.\n")
        assert visible(segments).strip() == "Thank you."
        assert segments[-1].kind == "quote"


def test_what_is_passed_on_stays_visible() -> None:
    text = (
        "See below.\n\n---------- Forwarded message ---------\nFrom: Carrier <c@x.example>\n"
        "Date: Mon, 3 Nov 2025\nSubject: lost\nTo: Dana <d@x.example>\n\nYour parcel is lost.\n"
    )
    assert visible(split(text)) == text


@pytest.mark.parametrize(
    "text", ["> all quoted\n> really\n", "-- \nAnna\n", "Sent from my iPhone", "\n> x\n\n", ""]
)
def test_a_message_without_text_of_its_own_is_shown_whole(text: str) -> None:
    assert visible(split(text)) == text


def test_answers_between_quotes_keep_their_quotes() -> None:
    segments = split("> when?\n\nFriday.\n\n> where?\n\nSeoul.\n\n> end\n")
    assert [segment.folded for segment in segments] == [False, False, False, False, True]


@given(st.text(alphabet=st.sampled_from("ab>-_—:\n\r \t<@1On wrote:From")))
def test_nothing_is_lost(text: str) -> None:
    segments = split(text)
    assert "".join(segment.text for segment in segments) == text
    assert visible(segments).strip() or not text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "> x\n" * 200_000,
        "On 1 " * 200_000,
        "On 1\n" * 200_000,
        "\n" * 500_000,
        "-- \n" * 200_000,
        "From: a@b\n" * 100_000,
    ],
    ids=["quotes", "one line", "attributions", "empty", "dashes", "headers"],
)
def test_time_is_linear(text: str) -> None:
    began = time.process_time()
    split(text)
    assert time.process_time() - began < 8
