"""Why the user's own program has not said what it knows of a customer."""

TEXTS: dict[str, str] = {
    "not_started": "{command} cannot be started: {why}",
    "too_slow": "no answer within {seconds} s",
    "too_much": "it said more than {most} kB",
    "failed": "it ended with status {status}: {why}",
    "status": "it ended with status {status}",
    "not_understood": "line {n} of its answer: {why}",
    "no_contact": "line {n} of its answer is no contact line",
}
