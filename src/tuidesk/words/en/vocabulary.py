"""What is wrong with a line of the vocabulary. `{field}` is a name of ours, never the line's own text."""

TEXTS = {
    "not_utf8": "the line is not UTF-8",
    "not_json": "the line is not JSON: {why}",
    "too_deep": "the line is nested too deeply",
    "not_object": "the line is not a JSON object",
    "no_type": 'the line has no "type"',
    "unknown_type": "unknown type {type}",
    "missing": "{type}: {field} is missing",
    "either": "{type}: {one} or {other} is needed",
    "text": "{field} must be a string",
    "flag": "{field} must be true or false",
    "count": "{field} must be a whole number, 0 or more",
    "number": "{field} must be a number, as in 5",
    "positive": "{field} must be more than 0",
    "when": "{field} must be an RFC 3339 time with a zone, as in 2026-11-20T12:50:00Z",
    "object": "{field} must be an object",
    "list": "{field} must be a list",
    "choice": "{field} must be one of: {choices}",
    "extra": "{field} cannot be kept as JSON",
}
