"""What is remembered of the newest things alone."""

from tuidesk.wire.newest import MOST, keep


def test_the_oldest_goes_and_what_is_told_again_is_new() -> None:
    kept: dict[int, str] = {}
    for n in range(MOST):
        keep(kept, n, "once")
    keep(kept, 0, "again")
    keep(kept, MOST, "one too many")
    assert len(kept) == MOST
    assert (kept[0], 1 in kept, MOST in kept) == ("again", False, True)
