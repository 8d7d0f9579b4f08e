"""What is English, and what a score is called."""

import pytest

from tests.domain.naughty import NAUGHTY
from tuidesk.domain.sentiment import is_english, sentiment

ENGLISH = (
    "I still have not received my refund for order 8841. It was promised on Friday.",
    "Where is my parcel?",
    "Thank you so much, that was great!",
    "the app crashes when i log in",
    "It’s been a week and I’ve heard nothing",
    "Zoë told me that you can help with this, is that so?",
)
OTHERS = (
    "",
    "4",
    "8841",
    "ok",
    "Great!",
    "👍👍",
    "Wo ist mein Paket? Ich warte seit einer Woche und bin sehr unzufrieden.",
    "Was ist das? Die App ist kaputt.",
    "Où est mon colis ? Merci de me répondre.",
    "Mon colis est perdu, je ne suis pas content",
    "¿Dónde está mi paquete? Gracias",
    "No me ha llegado el paquete y no estoy contento",
    "Dove sono i miei soldi? Non ho ricevuto il rimborso",
    "Waar is mijn pakket? We hebben het nog niet",
    "Onde está o meu pacote? Obrigado",
    "Toʻlov ikki marta yechildi, pulimni qaytaring",
    "Buyurtmam qachon keladi? Rahmat",
    "Siparişim nerede? Bu çok kötü",
    "Gdzie jest moja paczka? Proszę o pomoc",
    "Var är mitt paket? Jag är inte nöjd",
    "환불 언제 되나요?",
    "返金の件",
    "Где моя посылка?",
    "أين طلبي؟",
    "환불 please, 안녕하세요 the order is not here",
)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_read(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize("text", OTHERS)
def test_what_may_be_another_language_is_not(text: str) -> None:
    assert not is_english(text)


def test_naughty_strings_do_no_harm() -> None:
    found = [text for text, _ in NAUGHTY if is_english(text)]
    assert all(sign.isascii() for text in found for sign in text if sign.isalpha())


def test_a_long_text_is_looked_at_in_part() -> None:
    assert is_english("where is my parcel, and when will it be here? " * 10_000)


@pytest.mark.parametrize(
    ("compound", "word"),
    [
        (1, "positive"),
        (0.05, "positive"),
        (0.049, "neutral"),
        (0, "neutral"),
        (-0.05, "negative"),
        (-1, "negative"),
    ],
)
def test_the_authors_own_bounds(compound: float, word: str) -> None:
    assert sentiment(compound) == word
