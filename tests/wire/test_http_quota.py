"""What a service announces is obeyed before it is hit: the server's own ledger is the judge."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clock import NOON, ManualClock
from tests.wire.http_bench import Asked, always, as_json, client, reply, serving, site
from tuidesk.errors import RateLimited, Unavailable, Unconfirmed
from tuidesk.wire.http.quota import Quota, retry_after

NOW = NOON / 1000


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(NOW + seconds, UTC).isoformat()


def dated(seconds: float) -> str:
    return format_datetime(datetime.fromtimestamp(NOW + seconds, UTC), usegmt=True)


def left_and_wait(headers: dict[str, str]) -> tuple[int, float]:
    """How many more may leave after such an answer, and for how long the next must wait."""
    quota = Quota(ManualClock())
    quota.heard(200, headers)
    for number in range(10_000):
        try:
            quota.spend(sending=True)
        except RateLimited as error:
            return number, error.after or 0.0
    raise AssertionError("no limit was understood")


WAYS = {
    "seconds": lambda wait: str(wait),
    "unix": lambda wait: str(int(NOW + wait)),
    "unix, milliseconds": lambda wait: str(int((NOW + wait) * 1000)),
    "ISO": iso,
    "ISO with Z": lambda wait: iso(wait).replace("+00:00", "Z"),
    "HTTP date": dated,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("prefix", ["x-ratelimit-", "ratelimit-", "x-rate-limit-"])
@settings(max_examples=25)
@given(left=st.integers(0, 50), wait=st.integers(1, 80_000))
def test_every_form_of_three_headers(prefix: str, way: str, left: int, wait: int) -> None:
    headers = {prefix + "limit": "100", prefix + "remaining": str(left), prefix + "reset": WAYS[way](wait)}
    found, after = left_and_wait(headers)
    assert found == left
    assert after == pytest.approx(wait, abs=1.0)


@given(left=st.integers(0, 50), wait=st.integers(1, 80_000), of=st.integers(50, 1000))
def test_both_forms_of_the_draft(left: int, wait: int, of: int) -> None:
    for value in (
        f'"default";r={left};t={wait}',
        f'"x;r=0;t=9, y" ; r={left} ; t={wait}',
        f"limit={of}, remaining={left}, reset={wait}",
        f'"hour";r={left + 1};t=3600, "day";r={left};t={wait}',
        f'"day";r={left};t={wait}, "hour";r={left + 5};t=1',
    ):
        found, after = left_and_wait({"ratelimit": value})
        assert (found, after) == (left, wait)


@given(wait=st.integers(0, 80_000))
def test_retry_after_in_seconds_and_as_a_date(wait: int) -> None:
    assert retry_after(str(wait), NOW) == wait
    assert retry_after(f" {wait}.5 ", NOW) == wait + 0.5
    for value in (dated(wait), iso(wait)):
        found = retry_after(value, NOW)
        assert found is not None
        assert found == pytest.approx(wait, abs=1.0)


DATE_BEYOND = "Mon, 1 Jan 2020 00:00:00 +99999999999999999999"


@pytest.mark.parametrize(
    "value", ["", "soon", "nan", "1e", "Tue, 99 Foo 2026 99:99:99 GMT", "0x10", DATE_BEYOND]
)
def test_a_retry_after_that_says_nothing(value: str) -> None:
    assert retry_after(value, NOW) is None


def test_no_wait_is_negative_or_longer_than_a_day() -> None:
    assert retry_after("-5", NOW) == 0
    assert retry_after(dated(-3600), NOW) == 0
    for long in ("999999999", "inf", "1e300", "9" * 5000, dated(864_000), "9999-12-31T23:59:59Z"):
        assert retry_after(long, NOW) == 86_400, long[:30]


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "retry-after",
                "ratelimit",
                *(f"{p}{n}" for p in ("x-ratelimit-", "ratelimit-") for n in ("limit", "remaining", "reset")),
            ]
        ),
        st.one_of(
            st.text(max_size=30),
            st.from_regex(r'("?[rtq]"?[;=, ]*[0-9²٣]{0,30}){0,4}', fullmatch=True),
            st.integers().map(str),
            st.just("9" * 5000),
        ),
    ),
    st.sampled_from([200, 429, 503]),
)
def test_no_header_whatever_it_holds_breaks_anything(headers: dict[str, str], status: int) -> None:
    quota = Quota(ManualClock())
    quota.heard(status, headers)
    after = quota.wait(status, headers)
    assert after is None or 0 <= after <= 86_400
    with suppress(RateLimited):
        quota.spend(sending=True)


# --- against a server ---


class Limited:
    """Lets `of` requests through in so many seconds of the test's clock; counts those it had to refuse."""

    def __init__(self, clock: ManualClock, of: int, every: int) -> None:
        self.clock, self.of, self.every = clock, of, every
        self.left, self.until = of, clock.seconds + every
        self.refused = 0

    async def answer(self, _: Asked, writer: asyncio.StreamWriter) -> None:
        if self.clock.seconds >= self.until:
            self.left, self.until = self.of, self.clock.seconds + self.every
        status = 200 if self.left else 429
        self.refused += status == 429
        self.left = max(0, self.left - 1)
        said = {
            "x_ratelimit_limit": str(self.of),
            "x_ratelimit_remaining": str(self.left),
            "x_ratelimit_reset": str(int(self.until - self.clock.seconds)),
        }
        await asyncio.sleep(0)
        writer.write(as_json({}, status, **said))


def test_no_request_leaves_after_the_last_until_the_reset() -> None:
    async def whole() -> None:
        clock = ManualClock()
        limited = Limited(clock, of=20, every=60)
        async with serving(limited.answer) as server, client(server, site=site(clock)) as http:
            for _ in range(20):
                await http.post("/send", {})
            for _ in range(5):
                with pytest.raises(RateLimited) as caught:
                    await http.post("/send", {})
                assert caught.value.after == 60
            assert len(server.asked) == 20
            clock.advance(59)
            with pytest.raises(RateLimited):
                await http.get("/")
            clock.advance(1)
            await http.post("/send", {})
            assert len(server.asked) == 21
            assert limited.refused == 0

    asyncio.run(whole())


def test_reading_leaves_a_tenth_to_what_the_agent_sends() -> None:
    async def whole() -> None:
        clock = ManualClock()
        limited = Limited(clock, of=30, every=60)
        async with serving(limited.answer) as server, client(server, site=site(clock)) as http:
            read = 0
            for _ in range(40):
                try:
                    await http.get("/")
                    read += 1
                except RateLimited:
                    break
            assert read == 27
            await http.put("/state", {})
            await http.patch("/state", {})
            await http.post("/send", {})
            with pytest.raises(RateLimited):
                await http.post("/send", {})
            assert len(server.asked) == 30
            assert limited.refused == 0

    asyncio.run(whole())


def test_those_under_way_at_once_do_not_go_over_the_limit_together() -> None:
    """Eight at a time: an answer that does not count the other seven yet must not let more out."""

    async def whole() -> None:
        clock = ManualClock()
        limited = Limited(clock, of=40, every=60)
        async with serving(limited.answer) as server, client(server, site=site(clock)) as http:
            await http.post("/send", {})
            calls = (http.post("/send", {}) for _ in range(100))
            results = await asyncio.gather(*calls, return_exceptions=True)
            assert limited.refused == 0
            assert len(server.asked) == 40
            assert sum(isinstance(result, RateLimited) for result in results) == 61

    asyncio.run(whole())


def test_what_had_no_answer_is_not_under_way_for_ever() -> None:
    clock = ManualClock()
    quota = Quota(clock)
    for _ in range(5):
        quota.spend(sending=True)
        quota.done()
    quota.heard(200, {"ratelimit-remaining": "1", "ratelimit-reset": "60"})
    quota.spend(sending=True)
    with pytest.raises(RateLimited):
        quota.spend(sending=True)


def test_an_answer_may_not_count_those_still_under_way() -> None:
    quota = Quota(ManualClock())
    for _ in range(3):
        quota.spend(sending=True)
    quota.done()
    quota.heard(200, {"ratelimit-remaining": "3", "ratelimit-reset": "60"})
    quota.spend(sending=True)
    with pytest.raises(RateLimited):
        quota.spend(sending=True)


def test_an_answer_that_comes_late_does_not_give_back_what_is_spent() -> None:
    quota = Quota(ManualClock())
    quota.heard(200, {"ratelimit-remaining": "1", "ratelimit-reset": "60"})
    quota.heard(200, {"ratelimit-remaining": "2", "ratelimit-reset": "61"})
    quota.spend(sending=True)
    with pytest.raises(RateLimited):
        quota.spend(sending=True)
    quota.heard(200, {"ratelimit-remaining": "2", "ratelimit-reset": "120"})  # which is another window
    quota.spend(sending=True)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry_after": "30"}, 30),
        ({"retry_after": dated(30)}, 30),
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": "45"}, 45),
        ({"ratelimit": '"a";r=0;t=15'}, 15),
    ],
)
def test_after_429_nobody_asks_before_the_time(headers: dict[str, str], wait: int) -> None:
    async def whole() -> None:
        clock = ManualClock()
        async with (
            serving(always(reply(b"{}", 429, **headers))) as server,
            client(server, site=site(clock)) as http,
        ):
            with pytest.raises(RateLimited) as caught:
                await http.get("/")
            assert caught.value.after == pytest.approx(wait, abs=1)
            clock.advance(wait - 1)
            for call in (http.get("/"), http.post("/", {})):
                with pytest.raises(RateLimited):
                    await call
            assert len(server.asked) == 1
            clock.advance(1)
            with pytest.raises(RateLimited):
                await http.get("/")
            assert len(server.asked) == 2

    asyncio.run(whole())


def test_429_without_a_word_leaves_the_wait_to_the_desk() -> None:
    async def whole() -> None:
        async with serving(always(reply(status=429))) as server, client(server) as http:
            with pytest.raises(RateLimited) as caught:
                await http.post("/", {})
            assert caught.value.after is None

    asyncio.run(whole())


def test_unavailable_for_a_time_said() -> None:
    """A question waits that long; what must not be repeated is unknown all the same."""

    async def whole() -> None:
        async with serving(always(reply(status=503, retry_after="20"))) as server, client(server) as http:
            with pytest.raises(RateLimited) as caught:
                await http.get("/")
            assert caught.value.after == 20
            with pytest.raises(Unconfirmed):
                await http.post("/", {})
        async with serving(always(reply(status=503))) as server, client(server) as http:
            with pytest.raises(Unavailable):
                await http.get("/")

    asyncio.run(whole())
