"""A report as Markdown."""

from collections.abc import Iterable, Sequence

from tuidesk.desk.report_words import Line, Table, name
from tuidesk.domain.text import clean
from tuidesk.words import say

_SIGNS = {sign: f"\\{sign}" for sign in "\\`*_{}[]<>|~&!$#"}


def markdown(
    title: str, tables: Iterable[Table], notes: Sequence[str], definitions: Sequence[tuple[str, str]]
) -> str:
    """As GitHub and most others read it: whatever a customer wrote is text in it, and no link."""
    parts = [f"# {escaped(title)}", *map(escaped, notes)]
    for table in tables:
        marks = ["---" if place < table.words else "---:" for place in range(len(table.heads))]
        rows = (table.heads, *((_first(line), *line.cells[1:]) for line in table.lines))
        head, *lines = (f"| {' | '.join(map(escaped, row))} |" for row in rows)
        parts.append(f"## {escaped(table.title)}")
        parts.append("\n".join([head, f"|{'|'.join(marks)}|", *lines]))
    if definitions:
        parts.append(f"## {escaped(say('report.definitions'))}")
    parts += [f"**{escaped(name)}.** {escaped(words)}" for name, words in definitions]
    return "\n\n".join(parts) + "\n"


def _first(line: Line) -> str:
    """What a line is of: below another one it may say only how it differs."""
    if line.clock == "business" and not line.group:
        return say("report.in_business", title=name(line.metric))
    return line.cells[0]


def escaped(text: str) -> str:
    """One line of text, none of whose signs acts in Markdown; an address is no link."""
    made = "".join(_SIGNS.get(sign, sign) for sign in clean(text, lines=False))
    return made.replace("://", "\\://").replace("www.", "www\\.")
