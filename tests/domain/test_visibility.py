"""Who can read a message: what is wider, what is narrower."""

from tuidesk.domain.visibility import WIDENING, is_shared, is_wider, known, narrower


def test_from_the_customer_alone_to_everybody() -> None:
    assert [is_shared(word) for word in WIDENING] == [False, True, True, True]
    for place, word in enumerate(WIDENING):
        for other_place, other in enumerate(WIDENING):
            assert is_wider(word, other) == (place > other_place)
            assert narrower(word, other) == WIDENING[min(place, other_place)]


def test_a_word_that_nobody_knows_counts_as_the_widest() -> None:
    assert known("friends-of-friends") == "public"
    assert is_shared("friends-of-friends")
    assert is_wider("friends-of-friends", "unlisted")
