"""`why`: the figures of a conversation, and what each was made of."""

import argparse
from typing import Any

from tuidesk.cli import forms, output
from tuidesk.cli.parser import Noun, number, takes_json, takes_number
from tuidesk.cli.times import moment, span
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.handling import Handling
from tuidesk.desk.home import reading, timing
from tuidesk.desk.why import Figure, Why, why
from tuidesk.desk.why_words import why_words
from tuidesk.domain.instants import SECOND, rfc3339


def _arguments(parser: argparse.ArgumentParser) -> None:
    takes_number(parser)
    takes_json(parser)


def _why(given: argparse.Namespace) -> int:
    rules = timing(given.home)
    with reading(given.home) as connection:
        told = why(connection, number(given.number), rules, SystemClock().now())
    if given.json:
        handling = () if told.handling is None else (_handling(told.handling, told),)
        output.json_lines((*(_form(figure, told) for figure in told.figures), *handling))
    else:
        for _, line in why_words(told, moment, span):
            output.data(line)
    return 0


def _form(figure: Figure, told: Why) -> dict[str, Any]:
    """`figure`, in the vocabulary of the JSON lines. A sum has its spans."""
    sample, target = figure.sample, figure.target
    form: dict[str, Any] = {
        "type": "figure",
        "metric": sample.metric,
        "start": rfc3339(sample.start),
        "stop": None if sample.stop is None else rfc3339(sample.stop),
        "calendar_s": sample.calendar / SECOND,
        "business_s": None if sample.business is None else sample.business / SECOND,
        "mine": sample.mine,
        "cut": [[rfc3339(cut.start), rfc3339(cut.end), cut.status] for cut in sample.cut],
        "messages": list(sample.messages),
        "hours": told.hours or None,
        "target": None if target is None else {"s": target.ms / SECOND, "from": target.place or "shipped"},
        "rule": told.rule,
    }
    if sample.metric == "requester_wait":
        form["spans"] = [[rfc3339(span.start), rfc3339(span.end)] for span in sample.spans]
    return form


def _handling(handling: Handling, told: Why) -> dict[str, Any]:
    """The same of this agent's own time. No hours and no target apply to it."""
    measured = handling.measured
    return {
        "type": "figure",
        "metric": "handling",
        "start": rfc3339(min(one.start for one in handling.parts)),
        "stop": None if handling.runs else rfc3339(max(one.stop for one in measured or handling.parts)),
        "calendar_s": handling.ms / SECOND,
        "business_s": None,
        "mine": True,
        "cut": [],
        "messages": [],
        "hours": None,
        "target": None,
        "rule": told.rule,
        "spans": [[rfc3339(one.start), rfc3339(one.stop)] for one in measured],
        "corrections": [forms.handled(one) for one in handling.corrections],
    }


NOUN = Noun(_arguments, _why)
