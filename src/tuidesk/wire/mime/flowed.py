"""format=flowed (RFC 3676): lines that were broken on the way, joined again."""

import re

_QUOTE = re.compile(r">*")


def unflowed(text: str, delsp: bool) -> str:
    """Joins each line that ends in a blank with the next one of its quote depth; `-- ` stays what it is."""
    out: list[list[str]] = []
    """Lines, in pieces."""
    flows, depth_before = False, 0
    for line in text.split("\n"):
        match = _QUOTE.match(line)
        depth = match.end() if match else 0
        body = line[depth:].removeprefix(" ")
        if flows and depth == depth_before and body != "-- ":
            if delsp:
                out[-1][-1] = out[-1][-1][:-1]
            out[-1].append(body)
        else:
            out.append([">" * depth + " " if depth else "", body])
        flows, depth_before = body.endswith(" ") and body != "-- ", depth
    return "\n".join("".join(line) for line in out)
