"""The user's own program is asked about a customer: bounded in time and size, untrusted, its failures words."""

import json
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.desk.bench import CONFIG, Bench, at, bench_at
from tuidesk.desk import customer as desk_customer
from tuidesk.desk import lookup
from tuidesk.desk.picture import Answer, Customer
from tuidesk.domain.instants import MINUTE
from tuidesk.errors import LookupFailed


def customer(bench: Bench) -> Customer:
    number = bench.customer("m1", at("10:00"))
    return bench.desk.read(desk_customer.of, bench.row(number).contact, bench.clock.now()).result()


def asked(shown: Customer, program: str, deadline_s: float = 5.0) -> dict[str, str]:
    return lookup.ask((sys.executable, "-c", program), shown, deadline_s)


def line(**fields: object) -> str:
    return json.dumps({"type": "contact", "medium": "mail", "handle": "d@x.example", "fields": fields})


def test_it_gets_the_identities_and_its_fields_are_told(bench: Bench) -> None:
    program = (
        "import json, sys\n"
        "for said in map(json.loads, sys.stdin):\n"
        "    said['fields'] = {said['medium']: said['handle'], 'name': said['name']}\n"
        "    print(json.dumps(said))\n"
    )
    assert asked(customer(bench), program) == {"mail": "dana@ortiz.example", "name": "Dana Ortiz"}


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import sys; sys.exit(3)", "status 3"),
        ("import sys; sys.exit('no such \\x1b[31mtable')", "status 1: no such ␛"),
        ("print('hello')", "line 1 of its answer"),
        (f"print('{line(a='b')}'); print('[]')", "line 2 of its answer"),
        ('print(\'{"type": "idle"}\')', "no contact line"),
        ('print(\'{"type": "contact", "medium": "mail"}\')', "line 1 of its answer"),
        ("import sys\nwhile True: sys.stdout.write('x' * 65536)", "more than 256 kB"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "status -9"),
    ],
)
def test_what_goes_wrong_is_said_in_words(bench: Bench, program: str, words: str) -> None:
    with pytest.raises(LookupFailed) as failed:
        asked(customer(bench), program)
    assert words in str(failed.value)
    assert "\x1b" not in str(failed.value)


def test_a_program_that_is_not_there_is_named(bench: Bench) -> None:
    with pytest.raises(LookupFailed, match="/nowhere/crm"):
        lookup.ask(("/nowhere/crm",), customer(bench))


@pytest.mark.parametrize(
    "program",
    [
        "import time; time.sleep(60)",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('{}', flush=True); time.sleep(60)",
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])",
    ],
)
def test_one_that_hangs_is_ended_with_all_it_started(bench: Bench, tmp_path: Path, program: str) -> None:
    shown, begun = customer(bench), time.monotonic()
    with pytest.raises(LookupFailed, match=r"within 0\.5 s"):
        asked(
            shown, f"import os; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n{program}", 0.5
        )
    assert time.monotonic() - begun < 4
    group = (tmp_path / "pid").read_text()
    until = time.monotonic() + 3
    while _runs(group) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _runs(group)


def _runs(group: str) -> bool:
    """Whether anything of a process group is there that has not ended."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, its_group, *_ = stat.read_text().rpartition(")")[2].split()
            if its_group == group and state != "Z":
                return True
    return False


def test_one_that_does_not_read_what_it_is_told_may_answer(bench: Bench) -> None:
    assert asked(customer(bench), f"import sys; sys.stdin.close(); print('{line(plan='gold')}')") == {
        "plan": "gold"
    }


def test_an_answer_is_kept_with_its_age_and_asked_again_when_it_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = json.dumps([sys.executable, "-c", f"print('{line(orders='12')}')"])
    with bench_at(
        tmp_path, monkeypatch, config=f"{CONFIG}\n[lookup]\ncommand = {command}\nminutes = 5\n"
    ) as bench:
        shown = customer(bench)
        assert bench.desk.lookup_due(shown)
        bench.desk.look_up(shown).result()
        shown = bench.desk.read(desk_customer.of, shown.n, bench.clock.now()).result()
        assert shown.answer == Answer(bench.clock.now(), (("orders", "12"),))
        assert not bench.desk.lookup_due(shown)
        bench.clock.at += 5 * MINUTE
        assert bench.desk.lookup_due(shown)
        assert lookup.is_due(
            Answer(bench.clock.now() + MINUTE, ()), bench.clock.now(), 5
        )  # a clock was wrong


def test_without_a_program_nothing_is_due(bench: Bench) -> None:
    assert not bench.desk.lookup_due(customer(bench))
