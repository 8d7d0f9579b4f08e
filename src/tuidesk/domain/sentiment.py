"""How a customer sounds: the words for it, and whether a text is English at all. For any other it would be a guess."""

import re

from tuidesk.domain.model import Sentiment

FROM = 0.05
"""The authors' own bounds of VADER's compound score, which goes from -1 to 1."""

COURTESY = frozenset("dear please yes ok okay help like promise promised sincerely number well sure".split())  # noqa: SIM905
"""What the lexicon has for friendly, and what stands in every complaint: it is not counted."""

_ENGLISH_WORDS = """
the and you your yours is are was were have has had my not don't didn't it's i'm i've for with this that these what
where when why how been it i to of on still they we us our can could would please thanks thank hello there any from
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_FOREIGN_WORDS = """
der die das und ist nicht ich mein meine wo wann ein eine für mit auf bitte danke
de het een en ik niet mijn van dat met voor waar wanneer graag
le la les et est pas je mon ma où quand une pour avec merci vous ne
el los las y es no mi dónde cuándo una por con gracias que para
il lo gli e non mio dove quando una per con grazie che
o os as não meu onde uma por com obrigado
va bu uchun men mening yo'q yoʻq qachon qayerda bilan rahmat emas
ve bir bu için ben değil nerede ne zaman teşekkürler
jest nie moja gdzie kiedy dla dziękuję się proszę
och är inte jag min var tack för
"""
_FOREIGN = frozenset(_FOREIGN_WORDS.split())
_LOOKED_AT = 2000
"""Characters."""


def is_english(text: str) -> bool:
    """Whether a text is English for certain: in plain Latin letters, with English words that few can do without."""
    looked_at = text[:_LOOKED_AT]
    letters = [sign for sign in looked_at if sign.isalpha()]
    if not letters or sum(sign.isascii() for sign in letters) < 0.97 * len(letters):
        return False
    words = re.findall(r"[^\W\d_]+(?:['’ʻ][^\W\d_]+)*", looked_at.casefold().replace("’", "'"))
    english, foreign = set(words) & _ENGLISH, set(words) & _FOREIGN
    often = sum(word in _ENGLISH for word in words)
    return len(english) >= 2 and len(english) > 2 * len(foreign) and often * 6 >= len(words)


def sentiment(compound: float) -> Sentiment:
    """The word for VADER's compound score."""
    if compound >= FROM:
        return "positive"
    return "negative" if compound <= -FROM else "neutral"
