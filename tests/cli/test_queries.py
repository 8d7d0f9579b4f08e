"""`list` and `search` speak the language of the screen's `/`, and the views are its queries with a name."""

import json

import pytest

from tests.cli.program import Home, demo


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = demo(tmp_path_factory.mktemp("queries"))
    home.write(
        "config.toml",
        '[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n'
        '[[views]]\nname = "Refunds"\nquery = "refund is:open"\nsort = "old"\nkey = 1\n'
        '[[views]]\nname = "Broken"\nquery = "is:opne"\n',
    )
    return home


def numbers(home: Home, *words: str) -> list[int]:
    return [line["n"] for line in home.json("list", "--limit", "500", *words)]


def test_a_query_is_listed(home: Home) -> None:
    everything = numbers(home, "all")
    opened, pending = numbers(home, "is:open"), numbers(home, "is:pending")
    assert opened == numbers(home) == numbers(home, "open") == numbers(home, "--view", "open")
    assert sorted(numbers(home, "-is:open")) == sorted(set(everything) - set(opened))
    assert set(numbers(home, "is:open or is:pending")) == {*opened, *pending}
    assert set(numbers(home, "is:open", "or", "is:pending")) == {*opened, *pending}
    assert set(numbers(home, "is:open", "-refund")) == set(opened) - set(numbers(home, "refund", "is:any"))
    assert numbers(home, "is:open sort:new") != opened
    others = {line["priority"] for line in home.json("list", "-priority:normal", "sort:priority")}
    assert others == {"urgent", "high"}
    assert numbers(home, f"#{opened[1]}")[0] == opened[1]


def test_a_view_and_a_query_are_what_both_find(home: Home) -> None:
    refunds = numbers(home, "refund is:any")
    assert set(numbers(home, "--view", "pending", "refund")) == set(refunds) & set(numbers(home, "pending"))
    assert set(numbers(home, "--view", "late")) == set(numbers(home, "is:late"))
    assert numbers(home, "--view", "late", "is:complete") == []
    assert set(numbers(home, "--view", "mine")) <= set(numbers(home))


def test_a_view_of_ones_own(home: Home) -> None:
    own = numbers(home, "--view", "Refunds")
    assert own == numbers(home, "refunds") == numbers(home, "refund is:open sort:old")
    assert own
    assert set(numbers(home, "--view", "refunds", "-is:unassigned")) <= set(own)


def test_search_is_the_same_language(home: Home) -> None:
    assert home.json("search", "refund", "is:open") == home.json("list", "refund is:open")
    assert home.json("search", "-is:open", "--limit", "3") == home.json("list", "-is:open", "--limit", "3")
    behind = home.run("search", "--json", "--", "-refund").stdout.splitlines()
    assert [json.loads(line) for line in behind] == home.json("list", "-refund")


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (
            ["list", "is:open is:opne"],
            ["there is no is:opne; did you mean is:open?", "  is:open is:opne", "             ^^^^"],
        ),
        (["search", "환불", "form:dana"], [None, "  환불 form:dana", "       ^^^^^"]),
        (["search", "(refund"], [None, "  (refund", "  ^"]),
        (
            ["list", "--view", "mine", "\x1b[31m is:\u202e"],
            [None, "  ␛[31m is:<U+202E>", "           ^^^^^^^^"],
        ),
    ],
)
def test_a_mistake_is_marked_where_it_is(home: Home, words: list[str], lines: list[str | None]) -> None:
    told = home.run(*words, code=2)
    assert told.stdout == ""
    for found, line in zip(told.stderr.splitlines(), lines, strict=True):
        assert line is None or found == line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list", "opne"], "did you mean open?"),
        (["list", "--view", "refnds"], "did you mean Refunds?"),
        (["list", "frobnicate"], "`tuidesk search frobnicate`"),
        (["list", "--view", "Broken"], "no view Broken"),
        (["list", "--frob"], "--frob"),
        (["list", "--view"], "--view"),
        (["search"], "QUERY"),
        (["search", "--limit", "2"], "QUERY"),
    ],
)
def test_what_is_no_view_or_option(home: Home, words: list[str], said: str) -> None:
    assert said in home.run(*words, code=2).stderr


def test_options_stand_anywhere(home: Home) -> None:
    assert home.json("list", "--limit", "2", "-refund", "is:open") == home.json(
        "list", "-refund", "is:open", "--limit=2"
    )
    assert "--view" in home.run("list", "--help").stdout
    assert home.run("list", "refund", "-h").stdout
