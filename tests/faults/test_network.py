"""A home on a network file system: refused with the way out, and the way out works."""

from pathlib import Path

import pytest

from tests.desk.home import make_home, sync_once
from tuidesk.desk.desk import Desk
from tuidesk.desk.home import locate, reading
from tuidesk.errors import StoreUnsafe
from tuidesk.store import place

CONFIG = '[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n'
DEMO = 'kind = "demo"\nsize = 3\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the kernel's table calls a network disk."""
    home = tmp_path / "home"
    table = tmp_path / "mountinfo"
    table.write_text(
        f"22 1 254:0 / / rw - ext4 /dev/vda rw\n31 22 0:40 / {home} rw - nfs4 server:/export rw\n"
    )
    monkeypatch.setattr(place, "MOUNTS", table)
    return home


def test_it_is_refused_before_anything_is_made(home: Path) -> None:
    paths = make_home(home, CONFIG, demo=DEMO)
    with pytest.raises(StoreUnsafe, match=r"nfs4.*local_dir"):
        Desk.open(paths)
    assert sorted(path.name for path in home.iterdir()) == ["config"]


def test_a_local_folder_is_the_way_out(home: Path, tmp_path: Path) -> None:
    local = tmp_path / "var" / "tuidesk"
    paths = make_home(home, f'{CONFIG}[store]\nlocal_dir = "{local}"\n', demo=DEMO)
    desk = Desk.open(paths)
    try:
        assert sync_once(desk) == {}
    finally:
        desk.close()
    assert (local / "store.sqlite3").exists()
    assert not (home / "data").exists()
    assert locate(str(home)).store == local / "store.sqlite3"
    with reading(str(home)) as connection:
        assert connection.execute("SELECT count(*) FROM conversation").fetchone()[0] == 3


def test_a_local_folder_that_is_none_is_refused_as_well(home: Path) -> None:
    paths = make_home(home, f'{CONFIG}[store]\nlocal_dir = "{home / "local"}"\n', demo=DEMO)
    with pytest.raises(StoreUnsafe, match="nfs4"):
        Desk.open(paths)
    assert not (home / "local").exists()
