"""Reply windows by medium, and in the channel's own word: the row, the order, the view, the alarm, the snooze."""

from typing import Any

import pytest

from tests.desk.bench import Bench, at
from tuidesk.config.tables import Notify
from tuidesk.desk import deadlines, read, routes
from tuidesk.domain.commands import Merge, Reply, Snooze, Split
from tuidesk.domain.events import Terms
from tuidesk.domain.instants import DAY, HOUR, Instant
from tuidesk.domain.model import Person

TEN = at("10:00")
PHONE = Person("Aziza K.", "+998901234567")


@pytest.fixture
def both(bench: Bench) -> Bench:
    """An account with SMS, which always takes a reply, and WhatsApp, which takes one for a day."""
    bench.can(windows={"whatsapp": 24 * 3600}, lengths={"sms": 20, "whatsapp": 40})
    return bench


def wrote(bench: Bench, id_: str, medium: str, when: Instant = TEN, **more: Any) -> int:
    return bench.customer(id_, when, medium=medium, sender=PHONE, conversation=more.pop("of", id_), **more)


def terms(of: str, when: Instant, **said: Any) -> Terms:
    return Terms(at=when, conversation=of, **said)


def ends(bench: Bench, number: int) -> Instant | None:
    return bench.row(number).window_ends


def queue(bench: Bench, view: str, when: Instant) -> list[int]:
    return list(bench.desk.read(read.queue, view, when).result())


def told(bench: Bench, when: Instant) -> list[tuple[str, int]]:
    found = bench.desk.write(lambda c: deadlines.claim(c, Notify(on=("window",)), when)).result()
    return [(item.kind, item.conversation) for item in found]


def test_of_two_media_one_has_a_window(both: Bench) -> None:
    sms, chat = wrote(both, "s", "sms"), wrote(both, "w", "whatsapp")
    assert (ends(both, sms), ends(both, chat)) == (None, at("10:00", 21))
    closing = at("10:00", 21) - HOUR
    assert queue(both, "window", closing - 1) == []
    assert queue(both, "window", closing) == [chat]
    assert (told(both, closing), told(both, closing + 1)) == ([("window", chat)], [])
    assert both.desk.read(read.counts, closing).result().window == 1
    assert both.desk.read(read.search, "window:>1h", at("12:00")).result() == [chat]
    snooze = Snooze(conversations=(sms, chat), until=at("12:00", 21))
    (warning,) = both.do(snooze).warnings
    assert f"#{chat}" in warning


def test_of_two_media_each_has_its_length(both: Bench) -> None:
    sms, chat, mail = (wrote(both, medium, medium) for medium in ("sms", "whatsapp", "mail"))
    assert [both.thread(n).max_length for n in (sms, chat, mail)] == [20, 40, None]
    text = "It leaves today, and will be there soon."
    for number, parts in ((sms, 2), (chat, 1)):
        both.do(Reply(conversation=number, text=text, parts=True))
        assert len([m for m in both.messages(number) if m.direction == "out"]) == parts


def test_routes_have_the_limits_of_their_medium(both: Bench) -> None:
    sms, chat = wrote(both, "s", "sms"), wrote(both, "w", "whatsapp")
    labels = {"shop": "the phone"}
    (way,) = both.desk.read(routes.of, sms, labels).result()
    assert (way.conversation, way.max_length, way.window_ends) == (chat, 40, at("10:00", 21))
    (way,) = both.desk.read(routes.of, chat, labels).result()
    assert (way.conversation, way.max_length, way.window_ends) == (sms, 20, None)


def test_a_customers_next_word_opens_the_window_anew(both: Bench) -> None:
    chat = wrote(both, "w", "whatsapp")
    wrote(both, "w2", "whatsapp", at("12:00"), of="w")
    assert ends(both, chat) == at("12:00", 21)


def test_the_channels_own_word_goes_before_the_caps(both: Bench) -> None:
    chat, sms = wrote(both, "w", "whatsapp"), wrote(both, "s", "sms")
    both.take(
        terms("w", at("10:01"), window_ends=at("11:00")), terms("s", at("10:01"), window_ends=at("13:00"))
    )
    assert (ends(both, chat), ends(both, sms)) == (at("11:00"), at("13:00"))
    assert queue(both, "window", at("10:30")) == [chat]
    assert told(both, at("10:30")) == [("window", chat)]
    both.take(terms("w", at("10:40"), window_ends=at("14:00")))
    assert ends(both, chat) == at("14:00")
    both.take(terms("w", at("10:20"), window_ends=at("11:00"), refuses="late word"))
    assert (ends(both, chat), both.row(chat).refuses) == (at("14:00"), ""), "the newest holds"
    both.take(terms("w", at("10:50")))
    assert ends(both, chat) == at("10:00", 21), "it says nothing more: as the caps have it"


def test_terms_of_what_is_not_known_yet_wait_for_it(both: Bench) -> None:
    both.take(terms("w", at("10:01"), window_ends=at("11:00"), refuses="blocked"))
    chat = wrote(both, "w", "whatsapp")
    assert (ends(both, chat), both.row(chat).refuses) == (at("11:00"), "blocked")


def test_other_caps_move_the_windows_that_there_are(both: Bench) -> None:
    chat = wrote(both, "w", "whatsapp")
    said = wrote(both, "t", "whatsapp")
    both.take(terms("t", at("10:01"), window_ends=at("11:00")))
    before = max(row["seq"] for row in both.query("SELECT seq FROM change"))
    both.can(windows={"whatsapp": 3600})
    assert (ends(both, chat), ends(both, said)) == (at("11:00"), at("11:00"))
    changed = both.query("SELECT id FROM change WHERE kind = 'conversation' AND seq > ?", before)
    assert [row["id"] for row in changed] == [str(chat)], "one has moved, and the screen hears of it"
    both.can(windows={}, window_s=7200)
    assert (ends(both, chat), ends(both, said)) == (at("12:00"), at("11:00"))


def test_a_store_from_before_there_were_media_learns_its_windows_at_the_first_check(both: Bench) -> None:
    chat = wrote(both, "w", "whatsapp")
    both.desk.write(
        lambda c: c.execute("UPDATE conversation SET window_ends = NULL").connection.execute(
            "UPDATE account SET caps = '{\"window_s\": 60}'"
        )
    ).result()
    both.can(windows={}, window_s=60)
    assert ends(both, chat) == at("10:01")


def test_of_threads_shown_as_one_the_part_counts_that_is_answered(both: Bench) -> None:
    sms, chat = wrote(both, "s", "sms"), wrote(both, "w", "whatsapp", at("11:00"))
    both.do(Merge(conversations=(sms, chat)))
    assert ends(both, sms) == at("11:00", 21)
    assert (both.thread(sms).max_length, queue(both, "window", at("10:30", 21))) == (40, [sms])
    wrote(both, "s2", "sms", at("12:00"), of="s")
    assert (ends(both, sms), both.thread(sms).max_length) == (None, 20)
    both.can(windows={"whatsapp": 3600, "sms": 60})
    assert ends(both, sms) == at("12:01")
    both.do(Split(conversations=(chat,)))
    assert (ends(both, sms), ends(both, chat)) == (at("12:01"), at("12:00"))


def test_a_window_that_ends_before_an_answer_is_due_is_the_order(both: Bench) -> None:
    soon = wrote(both, "soon", "sms", at("09:00"))
    chat = wrote(both, "w", "whatsapp", at("09:30"))
    due = {number: both.row(number).due or 0 for number in (soon, chat)}
    assert 0 < due[soon] < due[chat]
    assert queue(both, "open", at("12:50")) == [soon, chat]
    both.take(terms("w", at("10:01"), window_ends=due[soon] - 1))
    assert queue(both, "open", at("12:50")) == [chat, soon]
    both.take(terms("w", at("10:02"), window_ends=due[chat] + DAY))
    assert queue(both, "open", at("12:50")) == [soon, chat]
    both.take(terms("w", at("10:03"), window_ends=due[soon] - 1))
    both.reply(chat)
    both.deliver()
    assert queue(both, "open", at("12:50")) == [soon], "nobody waits there: no end of a window presses"
