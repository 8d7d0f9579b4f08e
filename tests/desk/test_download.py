"""Attachments: fetched on demand, under names that can do no harm, never over another file, whole or not at all."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.bench import Bench, at, received, sent
from tests.domain.naughty import NAUGHTY
from tuidesk.desk import download
from tuidesk.desk.download import safe_name
from tuidesk.domain.events import Body
from tuidesk.domain.model import Attachment
from tuidesk.domain.text import clean
from tuidesk.errors import NotFound, Refused, Rejected, Unavailable


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("box.jpg", "box.jpg"),
        ("../../.ssh/authorized_keys", "authorized_keys"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("/etc/passwd", "passwd"),
        ("C:\\Users\\x.doc", "x.doc"),
        ("..", "attachment"),
        (".", "attachment"),
        ("", "attachment"),
        ("  . ", "attachment"),
        ("folder/", "attachment"),
        ("a\x00b.txt", "a_b.txt"),
        ("a\nb\rc.txt", "a_b_c.txt"),
        ("\x1b]0;t\x07.txt", "_]0;t_.txt"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("Lpt1.tar.gz", "_Lpt1.tar.gz"),
        ("console.txt", "console.txt"),
        (".bashrc", "bashrc"),
        ("...hidden", "hidden"),
        ("-rf", "_-rf"),
        (" --help.txt", "_--help.txt"),
        ("invoice\u202efdp.exe", "invoice_U+202E_fdp.exe"),
        ("x\u200b.pdf", "x_U+200B_.pdf"),
        ("half \ud83d.png", "half _U+D83D_.png"),
        ('a<b>c:d"e|f?g*h.txt', "a_b_c_d_e_f_g_h.txt"),
        ("영수증 환불.pdf", "영수증 환불.pdf"),
        ("report.final.pdf. ", "report.final.pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("a" * 5000 + ".pdf", "a" * 116 + ".pdf"),
        ("환" * 300 + ".pdf", "환" * 38 + ".pdf"),
        ("no.ending" + "x" * 300, ("no.ending" + "x" * 300)[:119]),
    ],
)
def test_names_that_can_do_no_harm(given_name: str, safe: str) -> None:
    assert safe_name(given_name) == safe


@given(
    st.one_of(
        st.text(), st.sampled_from([raw for raw, _ in NAUGHTY]), st.text("./\\- \x00con:\u202e", max_size=40)
    )
)
def test_whatever_the_name_it_is_one_file_in_its_folder(given_name: str) -> None:
    safe = safe_name(given_name)
    assert safe
    assert len(os.fsencode(safe)) <= 120
    assert os.path.basename(safe) == safe
    assert safe[0] not in ".-"
    assert "/" not in safe
    assert "\0" not in safe
    assert clean(safe, lines=False) == safe
    assert safe_name(safe) == safe


# --- saving -----------------------------------------------------------------------------------------


def attached(bench: Bench, name: str = "box.jpg", ref: str = "r1", **more: Any) -> int:
    """A message with one attachment; its number."""
    bench.take(received("m1", at("10:00"), attachments=(Attachment(name, 3, "image/jpeg", ref),), **more))
    return bench.messages(bench.conversation_of("m1"))[0].n


def test_it_is_saved_for_the_user_alone_and_never_over_another(bench: Bench, tmp_path: Path) -> None:
    bench.script.files["r1"] = [b"ab", b"c"]
    number, folder = attached(bench), tmp_path / "deep" / "down"
    saved = [download.save(bench.desk, number, "r1", "../box.jpg", folder).result(10) for _ in range(3)]
    assert [path.name for path in saved] == ["box.jpg", "box (2).jpg", "box (3).jpg"]
    assert {path.parent for path in saved} == {folder}
    assert {path.read_bytes() for path in saved} == {b"abc"}
    assert {path.stat().st_mode & 0o777 for path in saved} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_link_that_lies_in_wait_is_not_followed(bench: Bench, tmp_path: Path) -> None:
    bench.script.files["r1"] = [b"abc"]
    target = tmp_path / "precious"
    target.write_text("precious")
    (tmp_path / "box.jpg").symlink_to(target)
    (tmp_path / "box (2).jpg").symlink_to(tmp_path / "nowhere")
    saved = download.save(bench.desk, attached(bench), "r1", "box.jpg", tmp_path).result(10)
    assert (saved.name, target.read_text()) == ("box (3).jpg", "precious")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("error", [Unavailable("gone"), Rejected("no"), KeyError("x")])
def test_what_could_not_be_fetched_whole_leaves_nothing(
    bench: Bench, tmp_path: Path, error: Exception
) -> None:
    bench.script.files["r1"] = [b"ab", error]
    folder = tmp_path / "saved"
    with pytest.raises(type(error)):
        download.save(bench.desk, attached(bench), "r1", "box.jpg", folder).result(10)
    assert list(folder.iterdir()) == []


def test_what_never_ends_is_given_up(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MOST", 10)
    bench.script.files["r1"] = [b"x" * 6, b"x" * 6, b"never asked for"]
    folder = tmp_path / "saved"
    with pytest.raises(Refused):
        download.save(bench.desk, attached(bench), "r1", "box.jpg", folder).result(10)
    assert list(folder.iterdir()) == []


def test_only_what_the_message_has_can_be_fetched(bench: Bench, tmp_path: Path) -> None:
    number = attached(bench)
    for message, ref in ((number, "other"), (999, "r1")):
        with pytest.raises(NotFound):
            download.save(bench.desk, message, ref, "x", tmp_path / "saved").result(10)


def test_a_channel_cannot_name_our_own_files(bench: Bench, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    for place, ref in enumerate((f"spool:{secret}", f"spool:{bench.desk.paths.spool}/../../secret")):
        event = received(f"m{place}", at("10:00"), attachments=(Attachment("x", 1, "x", ref),))
        bench.take(event)
        ours = sent(f"o{place}", at("10:00"), attachments=(Attachment("x", 1, "x", ref),))
        bench.take(ours)
        for id_ in (f"m{place}", f"o{place}"):
            number = next(m.n for m in bench.messages(bench.conversation_of(id_)) if m.id == id_)
            with pytest.raises(NotFound):
                download.save(bench.desk, number, ref, "x", tmp_path / "saved").result(10)


# --- sources ----------------------------------------------------------------------------------------


def test_the_source_is_what_was_kept_else_what_the_channel_has(bench: Bench) -> None:
    raw = b"\xff\xfe poison"
    bench.take(received("u1", at("10:00"), kind="unreadable", source=raw))
    bench.take(received("m1", at("10:00"), body=Body(6, "whole"), conversation="c"))
    bench.take(received("m2", at("10:00"), conversation="d"))
    bench.script.files["whole"] = [b"who", b"le"]

    def number(id_: str) -> int:
        return bench.messages(bench.conversation_of(id_))[0].n

    assert download.source(bench.desk, number("u1")).result(10) == raw
    assert download.source(bench.desk, number("m1")).result(10) == b"whole"
    with pytest.raises(NotFound):
        download.source(bench.desk, number("m2")).result(10)
    kept = list(bench.desk.paths.raw.iterdir())
    assert [path.stat().st_mode & 0o777 for path in kept] == [0o600]
