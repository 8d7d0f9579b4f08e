"""The figures of a thread in words, for the shell and the screen."""

from collections.abc import Callable, Iterator

from tuidesk.desk.handling import Handling, length, signed
from tuidesk.desk.why import Figure, Said, Why
from tuidesk.domain.instants import Instant
from tuidesk.domain.targets import Aimed
from tuidesk.domain.text import clean
from tuidesk.words import say

Words = Callable[[Instant], str]


def why_words(told: Why, moment: Words, span: Words) -> Iterator[tuple[str, str]]:
    """(style, line): a `title` and what explains it for each figure. `moment` words an instant, `span` a duration."""
    if not told.figures:
        yield "words", say("why.nothing", n=told.n)
    for figure in told.figures:
        yield "title", _head(figure, span)
        for line in _explained(figure, told, moment, span):
            yield "words", "  " + line
    if told.due is not None and told.due.running.aim == "resolution":
        yield "title", say("why.resolution_last")
        yield "words", "  " + _target(told.due.target, span)
        yield "words", "  " + say("why.due", at=moment(told.due.at))
    if told.handling is not None:
        yield from _handled(told.handling, moment)
    if not told.figures:
        return
    yield "words", ""
    yield "words", _hours(told)
    yield "words", say("why.rule", rule=told.rule)


def _handled(handling: Handling, moment: Words) -> Iterator[tuple[str, str]]:
    words = "why.so_far" if handling.runs else "why.took"
    yield "title", say(words, name=say("why.handling"), span=length(handling.ms))
    last = handling.measured[-1] if handling.runs else None
    for one in handling.parts:
        if one.reason:
            reason = clean(one.reason, lines=False)
            line = say("why.corrected", change=signed(one.ms), at=moment(one.start), reason=reason)
        else:
            stop = say("why.now") if one is last else moment(one.stop)
            line = say("why.worked", span=length(one.ms), start=moment(one.start), stop=stop)
        yield "words", "  " + line
    yield "words", "  " + say("why.private")


def _head(figure: Figure, span: Words) -> str:
    sample = figure.sample
    name = say(f"why.{sample.metric}")
    if sample.stop is None:
        return say("why.so_far", name=name, span=span(sample.calendar))
    whose = say("why.by_me") if sample.mine else clean(sample.by, lines=False)
    head = say("why.took", name=name, span=span(sample.calendar))
    return say("why.by", head=head, who=whose) if whose else head


def _explained(figure: Figure, told: Why, moment: Words, span: Words) -> Iterator[str]:
    sample = figure.sample

    def end(at: Instant) -> str:
        return say("why.now") if sample.stop is None and at >= told.now else moment(at)

    if sample.business is None:
        yield say("why.off_hours")
    elif sample.business != sample.calendar:
        yield say("why.business", span=span(sample.business))
    yield say("why.from_to", start=moment(sample.start), stop=end(sample.stop or told.now))
    for number in sample.messages:
        if (said := told.messages.get(number)) is not None:
            yield say("why.message", n=number, who=_who(said), at=moment(said.at))
    for cut in sample.cut:
        status = say(f"why.status_{cut.status}")
        yield say("why.cut", status=status, start=moment(cut.start), end=end(cut.end))
    for stretch in sample.spans:
        yield say("why.span", start=moment(stretch.start), end=end(stretch.end))
    if figure.target is not None:
        yield _target(figure.target, span)
        if sample.metric == "wait" and told.due is not None:
            yield say("why.due", at=moment(told.due.at))


def _target(target: Aimed, span: Words) -> str:
    return say("why.target", span=span(target.ms), place=target.place or say("why.shipped"))


def _who(said: Said) -> str:
    return clean(said.who, lines=False) or say("why.you")


def _hours(told: Why) -> str:
    if not told.hours:
        return say("why.always")
    return say(
        "why.hours", whose=say("why.the_agents") if told.hours == "agent" else told.hours, zone=told.zone
    )
