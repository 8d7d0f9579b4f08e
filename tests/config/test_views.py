"""`[[views]]`: the user's own queries with a name, and every way in which one is wrong."""

from pathlib import Path

import pytest

from tests.config.files import home, write
from tuidesk.config.load import load
from tuidesk.config.paths import Paths
from tuidesk.domain.query import View, parse


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return home(tmp_path)


def test_views_in_their_order(paths: Paths) -> None:
    write(
        paths.config_toml,
        """
        [[views]]
        name = "Refunds"
        query = 'is:open tag:refund'
        key = 1
        sort = "new"
        [[views]]
        name = "VIP"
        query = 'tag:vip or from:"dana ortiz" sort:old'
        """,
    )
    config = load(paths)
    assert config.problems == ()
    assert config.views == (
        View("Refunds", parse("is:open tag:refund sort:new"), "1"),
        View("VIP", parse('tag:vip or from:"dana ortiz" sort:old')),
    )


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        ('name = "A"\nquery = "is:open is:opne"', "query", "is:open is:>>opne<<"),
        ('name = "A"\nquery = "is:open is:opne"', "query", "is:open?"),
        ('name = "A"\nquery = "(box"', "query", ">>(<<box"),
        ('name = "A"', "query", "missing"),
        ('query = "box"', "name", "missing"),
        ('name = " "\nquery = "box"', "name", "a name"),
        ('name = "Mine"\nquery = "box"', "name", "Mine"),
        ('name = "second"\nquery = "box"', "name", "another view"),
        ('name = "A"\nquery = "box"\nkey = "x"', "key", "digit"),
        ('name = "A"\nquery = "box"\nkey = 10', "key", "digit"),
        ('name = "A"\nquery = "box"\nkey = 7', "key", "another view has the digit 7"),
        ('name = "A"\nquery = "box"\nsort = "newest"', "sort", "new?"),
        ('name = "A"\nquery = "box sort:new"\nsort = "old"', "sort", "already"),
        ('name = "A"\nqurey = "box"', "qurey", "query"),
    ],
)
def test_a_wrong_view_is_named_and_stays_out(paths: Paths, table: str, key: str, said: str) -> None:
    good = '[[views]]\nname = "Second"\nquery = "bag"\nkey = 7\n'
    write(paths.config_toml, f'{good}[[views]]\n{table}\n[[views]]\nname = "Third"\nquery = "cup"\n')
    config = load(paths)
    assert [one.name for one in config.views] == ["Second", "Third"]
    problem = next(one for one in config.problems if one.key == f"views.2.{key}")
    assert problem.file == str(paths.config_toml)
    assert said in problem.text


def test_what_is_no_list_of_tables(paths: Paths) -> None:
    write(paths.config_toml, 'views = ["is:open"]\neditor = "vi"\n')
    config = load(paths)
    assert (config.views, config.file.editor) == ((), "vi")
    assert [problem.key for problem in config.problems] == ["views.1"]
    write(paths.config_toml, 'views = "is:open"\neditor = "vi"\n')
    config = load(paths)
    assert (config.views, config.file.editor) == ((), "vi")
    assert [problem.key for problem in config.problems] == ["views"]


def test_the_teams_views_are_there_as_well_and_ones_own_have_the_name_and_the_key(
    paths: Paths, tmp_path: Path
) -> None:
    team = tmp_path / "team"
    shared = [("VIP", "tag:vip", 1), ("Billing", "tag:billing", 2)]
    text = "".join(f'[[views]]\nname = "{n}"\nquery = "{q}"\nkey = {k}\n' for n, q, k in shared)
    write(team / "config.toml", text)
    own = '[[views]]\nname = "vip"\nquery = "tag:gold"\nkey = 2\n'
    write(paths.config_toml, f'team = "{team}"\n{own}')
    config = load(paths)
    assert config.problems == ()
    assert config.views == (View("Billing", parse("tag:billing")), View("vip", parse("tag:gold"), "2"))
