"""Response timers: pure functions from a conversation's history to waits, samples and due times.

The definitions are the field's own; where its products differ, the README's table names the choice. Everything here
follows from the moments alone, in whichever order they became known.
"""

from collections.abc import Iterable, Sequence

from tuidesk.domain.instants import Instant
from tuidesk.domain.measured import Cycle, Measured, Metric, Moment, Rules, Run, Running, Sample
from tuidesk.domain.timeline import Cut, Timeline


def waiting_since(history: Iterable[Moment]) -> Instant | None:
    """Start of the Wait: the first customer message that nobody has answered, None where nobody waits.

    A person's answer, a bot's answer and a completion clear it; notes, reactions and automatic mail are no moments.
    """
    run: list[Moment] = []
    for moment in in_order(history):
        if moment.what == "customer":
            run.append(moment)
        elif moment.what in ("answer", "bot", "complete"):
            run.clear()
    return next((moment.at for moment in run if moment.gone_at is None), None)


def in_order(history: Iterable[Moment]) -> list[Moment]:
    """As the conversation went."""
    return sorted(history, key=lambda m: (m.after, m.arrival, m.ours, m.at, m.what, m.message))


def measure(history: Iterable[Moment], rules: Rules, now: Instant) -> Measured:
    """Everything that follows from a history.

    Args:
        now: up to when what still runs is counted.
    """
    walk = _Walk(rules, now)
    for moment in in_order(history):
        walk.step(moment)
    return walk.measured()


class _Walk:
    """One pass over a history."""

    def __init__(self, rules: Rules, now: Instant) -> None:
        self._rules = rules
        self._now = now
        self._samples: list[Sample] = []
        self._timeline = Timeline()
        self._run: list[Moment] = []
        """Customer messages that wait for an answer."""
        self._acted = True
        """Whether a person has done anything since the run began."""
        self._opening: Moment | None = None
        self._first_customer: Moment | None = None
        self._handed: Moment | None = None
        """The hand-off that nobody has answered."""
        self._had_first = False
        """A first response is not to come any more: it came, or never will."""
        self._asked_first: Moment | None = None
        """What the first response answered."""
        self._has_answer = False
        """A reply that was more than a holding one came, or never will as the first answer."""
        self._runs: list[Run] = []
        self._cycles: list[Cycle] = []
        self._completions: list[Moment] = []
        self._resolving: Moment | None = None
        """What the first completion resolved."""

    def step(self, moment: Moment) -> None:
        match moment.what:
            case "customer":
                self._customer(moment)
            case "answer":
                self._answer(moment)
            case "bot":
                self._begin(moment)
                self._note(bot=True)
                self._end_run()
                self._handed = None
            case "handoff":
                self._handed = moment
            case "complete":
                self._complete(moment)
            case "reopen" | "wake":
                self._open(moment)
            case "pending":
                self._act(moment)
                self._timeline.turn(moment.at, "pending")
            case "snooze":
                self._act(moment)
                self._timeline.turn(moment.at, "snoozed", moment.until, firm=moment.firm)
            case "act":
                self._act(moment)

    def _customer(self, moment: Moment) -> None:
        self._begin(moment)
        self._first_customer = self._first_customer or moment
        if not self._timeline.sleeps_on(moment.at):
            self._open(moment)
        if not self._run:
            self._runs.append(Run(moment.at))
            self._cycle(runs=1)
            self._acted = False
        self._run.append(moment)

    def _answer(self, moment: Moment) -> None:
        if self._opening is None:
            self._had_first = self._has_answer = True  # we opened it
        self._begin(moment)
        self._cycle(replies=1)
        self._act(moment)
        asked = self._asked(moment)
        if asked is not None:
            self._note(replied=True)
            self._add("reply", asked, moment)
        elif self._handed is not None and not self._run:
            self._add("handoff_wait", self._handed, moment)
        self._first(asked, moment)
        self._end_run()
        self._handed = None

    def _first(self, asked: Moment | None, answer: Moment) -> None:
        """The first response; where that was a holding reply, the first answer that says more as well."""
        if self._first_customer is None:
            return
        if not self._had_first:
            self._asked_first = self._handed or asked
            if self._asked_first is None:
                return
            self._had_first, self._has_answer = True, not answer.holding
            self._add("first_response", self._asked_first, answer)
        elif not self._has_answer and self._asked_first is not None and not answer.holding:
            self._has_answer = True
            self._add("first_answer", self._asked_first, answer)

    def _complete(self, moment: Moment) -> None:
        self._act(moment)
        if self._timeline.status == "complete":
            return
        self._end_run()
        self._handed = None
        self._had_first = self._has_answer = True
        self._begin(moment)
        self._completions.append(moment)
        self._cycles[-1] = self._cycles[-1]._replace(
            ended=max(moment.at, self._cycles[-1].began), mine=moment.mine, by=moment.by
        )
        self._resolving = self._resolving or self._first_customer or self._opening or moment
        self._timeline.turn(moment.at, "complete")

    def _open(self, moment: Moment) -> None:
        if moment.ours and moment.what == "reopen":
            self._act(moment)
        if self._timeline.status == "complete":
            last = self._cycles[-1]
            self._cycles[-1] = last._replace(reopened=max(moment.at, last.ended or 0))
            self._cycles.append(Cycle(moment.at))
        self._timeline.turn(moment.at, "open")

    def _act(self, moment: Moment) -> None:
        if not self._acted and moment.is_person and (asked := self._asked(moment)) is not None:
            self._acted = True
            self._note(acted=True)
            self._add("reaction", asked, moment)

    def _asked(self, moment: Moment) -> Moment | None:
        """The first message that waits and had not been taken back by then."""
        return next((m for m in self._run if m.gone_at is None or m.gone_at >= moment.at), None)

    def _begin(self, moment: Moment) -> None:
        if self._opening is None:
            self._opening = moment
            self._cycles.append(Cycle(moment.at))

    def _note(self, **told: bool) -> None:
        """What became of the run under way."""
        if self._run:
            self._runs[-1] = self._runs[-1]._replace(**told)

    def _cycle(self, *, runs: int = 0, replies: int = 0) -> None:
        last = self._cycles[-1]
        self._cycles[-1] = last._replace(runs=last.runs + runs, replies=last.replies + replies)

    def _end_run(self) -> None:
        if self._run and all(m.gone_at is not None for m in self._run) and not any(self._runs[-1][1:]):
            self._runs.pop()  # nobody had said anything
        self._run.clear()
        self._acted = True

    def _add(self, metric: Metric, start: Moment, stop: Moment) -> None:
        """A sample: between two moments, less what does not count."""
        ended = max(stop.at, start.at)
        cut = self._cuts(metric, start.at, ended)
        messages = tuple(number for number in (start.message, stop.message) if number)
        self._samples.append(
            self._sample(metric, start.at, ended, cut)._replace(
                mine=stop.mine,
                by=stop.by,
                messages=messages,
                answer=stop.message if stop.what == "answer" and stop.message else None,
                holding=stop.holding,
            )
        )

    def _cuts(self, metric: Metric, start: Instant, stop: Instant) -> tuple[Cut, ...]:
        if metric == "resolution_active":
            statuses: frozenset[str] = frozenset({"pending", "snoozed"})
        elif metric in ("wait", "first_response", "first_answer", "reply", "handoff_wait"):
            statuses = self._rules.pause_when
        else:
            return ()
        return tuple(cut for cut in self._timeline.within(start, stop) if cut.status in statuses)

    def _sample(
        self, metric: Metric, start: Instant, stop: Instant, cut: Sequence[Cut], *, runs: bool = False
    ) -> Sample:
        between = self._rules.calendar.between
        business: int | None = between(start, stop) - sum(between(one.start, one.end) for one in cut)
        calendar = stop - start - sum(one.end - one.start for one in cut)
        if self._rules.hours_rule == "reply" and not runs:
            business = calendar if self._rules.calendar.is_working(stop) else None
        return Sample(metric, start, None if runs else stop, calendar, business, cut=tuple(cut))

    # What it comes to

    def measured(self) -> Measured:
        wait = next((m for m in self._run if m.gone_at is None), None)
        if wait is None:
            self._end_run()
        self._timeline.end(max(self._now, self._timeline.since))
        running = self._running(wait)
        if wait is not None:
            stop = max(self._now, wait.at)
            cut = self._cuts("wait", wait.at, stop)
            sample = self._sample("wait", wait.at, stop, cut, runs=True)
            self._samples.append(sample._replace(messages=(wait.message,) if wait.message else ()))
        self._resolutions()
        self._requester_wait()
        return Measured(
            status=self._timeline.status,
            wait=wait.at if wait is not None else None,
            samples=tuple(self._samples),
            running=running,
            cuts=self._timeline.cuts(),
            runs=tuple(self._runs),
            cycles=tuple(self._cycles),
        )

    def _running(self, wait: Moment | None) -> tuple[Running, ...]:
        found: list[Running] = []
        if (began := self._handed or wait) is not None and not self._had_first and self._first_customer:
            found.append(Running("first_response", began.at, began.message))
        if (began := wait or self._handed) is not None:
            found.append(Running("reply", began.at, began.message))
        if self._opening is not None and self._timeline.status != "complete":
            began = self._first_customer or self._opening
            found.append(Running("resolution", began.at, began.message))
        return tuple(found)

    def _resolutions(self) -> None:
        began = self._resolving
        if began is None:
            return
        for metric, done in (
            ("resolution_first", self._completions[0]),
            ("resolution_last", self._completions[-1]),
            ("resolution_active", self._completions[-1]),
        ):
            self._add(metric, began, done)  # type: ignore[arg-type]  # a tuple of literals is a tuple of str to it

    def _requester_wait(self) -> None:
        began = self._first_customer or self._opening
        if began is None:
            return
        spans = self._timeline.open_spans(began.at)
        between = self._rules.calendar.between
        is_over = bool(spans) and self._timeline.status == "complete"
        self._samples.append(
            Sample(
                "requester_wait",
                began.at,
                spans[-1].end if is_over else None,
                sum(span.end - span.start for span in spans),
                sum(between(span.start, span.end) for span in spans),
                mine=is_over and self._completions[-1].mine,
                by=self._completions[-1].by if is_over else "",
                spans=spans,
            )
        )
