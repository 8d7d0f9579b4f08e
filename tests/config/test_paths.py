"""Places, modes and owners, on a real disk."""

import os
import stat
from pathlib import Path

import pytest

from tests.config.files import as_nobody, open_folder, write
from tests.nobody import NOBODY
from tuidesk.config import paths
from tuidesk.errors import ConfigError

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_xdg_variables_say_where_everything_is() -> None:
    found = paths.find(
        environ={
            "HOME": "/home/ana",
            "XDG_CONFIG_HOME": "/etc/ana",
            "XDG_STATE_HOME": "not/absolute",
            "XDG_CONFIG_DIRS": "/strong:relative:/weak",
        }
    )
    assert found.config_toml == Path("/etc/ana/tuidesk/config.toml")
    assert found.accounts == Path("/etc/ana/tuidesk/accounts")
    assert found.store == Path("/home/ana/.local/share/tuidesk/store.sqlite3")
    assert found.log == Path("/home/ana/.local/state/tuidesk/tuidesk.log")
    assert found.layers == (Path("/weak/tuidesk"), Path("/strong/tuidesk"))


def test_one_folder_moves_everything_and_the_word_on_the_line_wins(tmp_path: Path) -> None:
    environ = {"TUIDESK_HOME": "/elsewhere", "XDG_CONFIG_HOME": "/etc/ana", "HOME": "/home/ana"}
    for home, given in (("/elsewhere", None), (str(tmp_path), str(tmp_path))):
        found = paths.find(given, environ)
        places = [
            found.config,
            found.data,
            found.state,
            found.canned,
            found.crashes,
            found.account_folder("x"),
        ]
        assert all(str(place).startswith(home + "/") for place in places)
        assert found.layers == (Path("/etc/xdg/tuidesk"),)


def test_the_demo_keeps_to_a_folder_of_its_own() -> None:
    found = paths.find("/home/ana/desk", {})
    demo = found.demo()
    assert demo.layers == ()
    assert not {demo.config, demo.data, demo.state} & {found.config, found.data, found.state}
    assert demo.store.is_relative_to(found.data / "demo")


def test_nothing_says_where_home_is() -> None:
    with pytest.raises(ConfigError, match="--home"):
        paths.find(environ={"HOME": "nowhere"})


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
def test_folders_are_0700_and_files_0600_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    found = paths.find(str(tmp_path / "deep" / "home"), {})
    before = os.umask(umask)
    try:
        found.make()
        paths.private(found.data / "a").close()
        paths.write_new(found.data / "b", b"text")
    finally:
        os.umask(before)
    folders = [tmp_path / "deep", found.data, found.spool, found.raw, found.files, found.state, found.editor]
    assert [mode(folder) for folder in folders] == [0o700] * len(folders)
    assert [mode(found.data / name) for name in "ab"] == [0o600, 0o600]


def test_a_folder_that_stands_is_tightened(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    paths.make_private(folder)
    assert mode(folder) == 0o700


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    file = write(tmp_path / "file", "")
    for place in (file, file / "below"):
        with pytest.raises(ConfigError, match=str(file)):
            paths.make_private(place)


def test_a_new_file_never_follows_a_link_and_never_takes_the_place_of_another(tmp_path: Path) -> None:
    target = write(tmp_path / "target", "precious")
    (tmp_path / "link").symlink_to(target)
    (tmp_path / "dangling").symlink_to(tmp_path / "made by us")
    for name in ("target", "link", "dangling"):
        with pytest.raises(FileExistsError):
            paths.private(tmp_path / name)
        with pytest.raises(ConfigError, match="never overwrites"):
            paths.write_new(tmp_path / name, b"other")
    assert target.read_text() == "precious"
    assert sorted(os.listdir(tmp_path)) == ["dangling", "link", "target"]


@pytest.mark.parametrize("bits", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, bits: int
) -> None:
    file = write(tmp_path / "config.toml", "", bits)
    with pytest.raises(ConfigError, match=f"chmod go-w {file}"):
        paths.read_trusted(file, paths.trusted_owners())


def test_readable_by_others_is_no_harm(tmp_path: Path) -> None:
    file = write(tmp_path / "config.toml", "a = 1", 0o644)
    assert paths.read_trusted(file, paths.trusted_owners()) == b"a = 1"


def test_a_folder_that_others_may_write_is_refused_also_behind_a_link(tmp_path: Path) -> None:
    file = write(tmp_path / "dotfiles" / "config.toml", "")
    link = tmp_path / "config.toml"
    link.symlink_to(file)
    assert paths.read_trusted(link, paths.trusted_owners()) == b""
    file.parent.chmod(0o770)
    with pytest.raises(ConfigError, match=f"chmod go-w {file.parent}"):
        paths.read_trusted(link, paths.trusted_owners())


def test_what_is_no_file_neither_hangs_nor_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "folder").mkdir(0o700)
    with pytest.raises(ConfigError, match="not a file"):
        paths.read_trusted(tmp_path / "pipe", paths.trusted_owners())
    with pytest.raises(IsADirectoryError):
        paths.read_trusted(tmp_path / "folder", paths.trusted_owners())


def test_a_file_larger_than_any_config_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "config.toml", "#" * 4_000_001)
    with pytest.raises(ConfigError, match="too large"):
        paths.read_trusted(file, paths.trusted_owners())


@needs_root
def test_a_file_of_a_stranger_is_refused_and_one_of_the_team_folders_owner_is_not(tmp_path: Path) -> None:
    file = write(tmp_path / "config.toml", "")
    os.chown(file, NOBODY, NOBODY)
    with pytest.raises(ConfigError, match=f"sudo chown 0 {file}"):
        paths.read_trusted(file, paths.trusted_owners())
    assert paths.read_trusted(file, paths.trusted_owners(NOBODY)) == b""


@needs_root
def test_a_user_without_rights_trusts_roots_files_and_no_strangers() -> None:
    with open_folder() as folder:
        roots = write(folder / "root.toml", "", 0o644)
        theirs = write(folder / "stranger.toml", "", 0o644)
        os.chown(theirs, 1234, 1234)
        code = f"""
from pathlib import Path
from tuidesk.config import paths
from tuidesk.errors import ConfigError
print(paths.read_trusted(Path({str(roots)!r}), paths.trusted_owners()))
for place, act in (({str(theirs)!r}, paths.read_trusted), ({str(folder / "src")!r}, paths.make_private)):
    try:
        act(Path(place), paths.trusted_owners()) if act is paths.read_trusted else act(Path(place))
    except ConfigError as error:
        print(error)
try:
    paths.make_private(Path({str(folder / "new")!r}))
except ConfigError as error:
    print(error)
"""
        lines = as_nobody(folder, code).splitlines()
    assert lines[0] == "b''"
    assert f"sudo chown {NOBODY} {theirs}" in lines[1]
    assert "belongs to another user (uid 0)" in lines[2]
    assert lines[3].endswith("cannot be made: Permission denied")
