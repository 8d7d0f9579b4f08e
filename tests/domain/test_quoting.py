"""A message quoted in its answer."""

from tuidesk.domain.quoting import quoted


def test_each_line_stands_behind_a_sign_and_an_empty_one_follows() -> None:
    assert quoted("Where is it?\n\nThanks", "Dana", "20 Nov 12:50") == (
        "On 20 Nov 12:50, Dana wrote:\n> Where is it?\n>\n> Thanks\n\n"
    )


def test_what_was_quoted_before_and_signatures_are_left_out() -> None:
    text = (
        "It is still not here.\n-- \nDana Ortiz\n\nOn 19 Nov 2026 at 10:00, Sam wrote:\n> It leaves today.\n"
    )
    assert quoted(text, "Dana", "now").splitlines()[1:] == ["> It is still not here.", ""]


def test_a_long_message_is_cut_and_an_empty_one_is_nothing() -> None:
    lines = quoted("\n".join(f"line {n}" for n in range(100)), "Dana", "now").splitlines()
    assert len(lines) < 50
    assert lines[-2] == "> […]"
    assert quoted(" \n ", "Dana", "now") == ""
