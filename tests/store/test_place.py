"""Where a store may lie."""

import os
import stat
from pathlib import Path

import pytest

from tuidesk.errors import StoreError, StoreUnsafe
from tuidesk.store import db, place

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="gives a file away, which only root may")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
def test_what_is_made_is_ours_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "some" / "where" / "store.sqlite3"
    before = os.umask(umask)
    try:
        connection = db.open_store(path)
        with db.transaction(connection):
            connection.execute("INSERT INTO change (kind, id) VALUES ('a', 'b')")
        db.backup(connection, tmp_path / "copy")
        db.mark_suspect(path)
        files = sorted(file.name for file in path.parent.iterdir())
        modes = {file.name: _mode(file) for file in path.parent.iterdir()}
        connection.close()
    finally:
        os.umask(before)
    assert {"store.sqlite3", "store.sqlite3-wal", "store.sqlite3-shm", "store.sqlite3.opening"} < set(files)
    assert set(modes.values()) == {0o600}
    assert _mode(tmp_path / "copy") == 0o600
    assert [_mode(tmp_path / folder) for folder in ("some", "some/where")] == [0o700, 0o700]


def test_a_store_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    db.open_store(path).close()
    path.chmod(0o644)
    db.open_store(path).close()
    assert _mode(path) == 0o600


def _refused(path: Path) -> str:
    """What opening says, for writing and for reading; nothing may have been touched."""
    before = sorted((p, p.lstat().st_mtime_ns, p.lstat().st_mode) for p in path.parent.parent.rglob("*"))
    with pytest.raises(StoreUnsafe) as writing:
        db.open_store(path)
    with pytest.raises(StoreUnsafe) as reading:
        db.open_reader(path)
    assert str(writing.value) == str(reading.value)
    assert before == sorted(
        (p, p.lstat().st_mtime_ns, p.lstat().st_mode) for p in path.parent.parent.rglob("*")
    )
    return str(writing.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "data" / "store.sqlite3"
    db.open_store(path).close()
    return path


@pytest.mark.parametrize("bits", [0o020, 0o002])
def test_others_may_not_write_it(path: Path, bits: int) -> None:
    path.chmod(0o600 | bits)
    assert f"chmod go-w {path}" in _refused(path)
    path.chmod(0o600)
    path.parent.chmod(0o700 | bits)
    assert f"chmod go-w {path.parent}" in _refused(path)


@needs_root
def test_it_is_ours_or_roots(path: Path) -> None:
    os.chown(path, 4242, 4242)
    assert "another user (uid 4242)" in _refused(path)
    os.chown(path, 0, 0)
    os.chown(path.parent, 4242, 4242)
    assert "another user (uid 4242)" in _refused(path)


def test_a_link_to_nothing_is_named(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("nowhere"))
    assert "nowhere, which is not there" in _refused(path)


def test_a_link_to_a_store_is_refused_but_its_folder_may_be_one(path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    path.parent.rename(elsewhere)
    path.parent.symlink_to(elsewhere)
    db.open_store(path).close()
    (elsewhere / path.name).rename(tmp_path / "moved")
    path.symlink_to(tmp_path / "moved")
    assert f"is a link to {tmp_path / 'moved'}" in _refused(path)


def test_a_folder_in_its_place_is_refused(path: Path) -> None:
    path.unlink()
    path.mkdir()
    assert "is not a file" in _refused(path)


def test_a_file_in_its_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "data").write_text("a file")
    assert "is not a folder" in _refused(tmp_path / "home" / "data" / "store.sqlite3")


TABLE = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /tmp rw shared:2 - tmpfs tmpfs rw
31 22 0:40 / {root}/net rw,relatime shared:9 master:3 - nfs4 server:/export rw,vers=4.2
32 22 0:41 / {root}/over\\040there rw - fuse.sshfs me@there: rw
33 31 0:42 / {root}/net/local rw - ext4 /dev/vdb rw
34 22 0:43 / {root}/twice rw - ext4 /dev/vdc rw
35 34 0:44 / {root}/twice rw - cifs //box/share rw
36 22 0:45 / {root}/netting rw - xfs /dev/vdd rw
nonsense
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    table = tmp_path / "mountinfo"
    table.write_text(TABLE.format(root=tmp_path))
    return table


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("net", "nfs4"),
        ("net/home/ana", "nfs4"),
        ("netting/home", "xfs"),
        ("net/local/tuidesk", "ext4"),
        ("over there/x", "fuse.sshfs"),
        ("twice", "cifs"),
    ],
)
def test_the_kernels_table_says_what_a_path_lies_on(
    tmp_path: Path, mounts: Path, folder: str, kind: str
) -> None:
    assert place.file_system(tmp_path / folder, mounts) == kind


def test_no_table_says_nothing(tmp_path: Path) -> None:
    assert place.file_system(tmp_path, tmp_path / "none") == ""


def test_the_real_table_is_understood() -> None:
    assert place.file_system(Path("/proc/self")) == "proc"


@pytest.mark.parametrize("folder", ["net/home", "over there", "twice/data"])
def test_a_network_is_refused_and_nothing_is_made(
    tmp_path: Path, mounts: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.setattr(place, "MOUNTS", mounts)
    (tmp_path / folder.split("/")[0]).mkdir()
    said = _refused(tmp_path / folder / "store.sqlite3")
    assert "network file system" in said
    assert "local_dir" in said
    assert not (tmp_path / folder / "store.sqlite3").exists()


def test_a_link_to_a_folder_on_a_network_is_refused(
    path: Path, tmp_path: Path, mounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.rename(tmp_path / "net")
    path.parent.symlink_to(tmp_path / "net")
    monkeypatch.setattr(place, "MOUNTS", mounts)
    assert "nfs4" in _refused(path)


def test_a_name_aside_is_never_taken_twice(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    names = []
    for end in ("", "-wal", "-shm"):
        made = place.aside(path, "damaged")
        made.with_name(made.name + end).touch()
        names.append(made)
    assert len(set(names)) == 3


def test_a_foreign_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "home" / "data" / "store.sqlite3"
    path.parent.mkdir(parents=True)
    import sqlite3

    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE song (name TEXT)")
    other.close()
    path.chmod(0o600)
    content = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        db.open_store(path)
    with pytest.raises(StoreError, match="another program"):
        db.open_reader(path)
    assert content == path.read_bytes()
