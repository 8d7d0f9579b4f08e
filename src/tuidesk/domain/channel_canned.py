"""Canned replies that a channel keeps (`Offered`), as ours are; and what of a text leaves as the channel's template."""

import re
from collections.abc import Iterable, Mapping, Sequence

from tuidesk.domain import template
from tuidesk.domain.canned import Canned
from tuidesk.domain.model import Inserted, Offered
from tuidesk.errors import UsageError

_PLACE = re.compile(r"\{\{\s*([^{}|\n]{1,80}?)\s*\}\}")


def of_channel(offered: Iterable[Offered], account: str, medium: str = "") -> tuple[Canned, ...]:
    """Those that an account's channel keeps, as ours: called `ACCOUNT/NAME`, its places questions.

    Args:
        medium: by which they are to leave; "": whichever.
    """
    return tuple(_canned(one, account) for one in offered if one.fits(medium))


def _canned(offered: Offered, account: str) -> Canned:
    return Canned(
        name=f"{account}/{offered.name}",
        title=offered.name,
        media=offered.media,
        body=_body(offered.text),
        own=False,
        account=account,
        template=offered.template,
    )


def _body(text: str) -> str:
    """A channel's text as a template of ours: what is a value with us is one, every other place is asked for."""
    made, at = "", 0
    for place in _PLACE.finditer(text):
        made += template.escaped(text[at : place.start()]) + _placeholder(_what(place[1]))
        at = place.end()
    return made + template.escaped(text[at:])


def _placeholder(what: str) -> str:
    named = f"{{{{{what}}}}}"
    try:
        (part,) = template.parse(named)
    except (UsageError, ValueError):
        return f"{{{{ask:{what}}}}}"
    return named if isinstance(part, template.Placeholder) and part.kind == "value" else f"{{{{ask:{what}}}}}"


def _what(place: str) -> str:
    return " ".join(place.split())


def inserted(
    reply: Canned, known: Mapping[str, str], answers: Mapping[str, str], library: Mapping[str, str]
) -> Inserted:
    """A reply as it is put into a text; of a template, with what stands in its places.

    Raises:
        UsageError: something is missing; it names what.
    """
    text = template.fill(reply.body, known, answers, library).text
    if not reply.template:
        return Inserted(reply.name, text)
    places = dict.fromkeys(
        part.what for part in template.parse(reply.body) if isinstance(part, template.Placeholder)
    )
    said = ((what, template.as_value(answers.get(what) or known.get(what, ""))) for what in places)
    return Inserted(reply.name, text, reply.template, tuple(said))


def left_as(text: str, within: Sequence[Inserted]) -> Inserted | None:
    """The template that a text is, with nothing changed or added; None: it is free text."""
    now = text.split()
    return next((one for one in reversed(within) if one.template and one.text.split() == now), None)
