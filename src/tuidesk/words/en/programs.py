"""Programs of the user's own (`desk.programs`)."""

TEXTS = {
    "none": "Which program? Nothing was typed.",
    "not_words": "That cannot be read as a program and its arguments: {reason}.",
    "cannot_start": "{program} cannot be started: {reason}.",
}
