"""A text in the agent's own editor."""

TEXTS: dict[str, str] = {
    "cannot_write": "the text cannot be handed to the editor: {reason}",
    "cannot_read": "{path} cannot be read: {reason}",
    "no_file": "it is no file",
    "too_large": "it is too large for a text",
    "bad": "the editor {command} cannot be read: {reason}",
    "cannot_run": "The editor {command} cannot be started: {reason}",
    "no_terminal": "There is no terminal here that an editor could have.",
    "ended": "The editor ended with {code}: the text is as it was before.",
    "killed": "The editor was ended by signal {number}; here is what it had written.",
    "found": "A text from the editor of {when} for #{n} was found: “{text}”. It is the draft now, g d lists it.",
    "found_start": "A text from the editor of {when} for a new conversation was found: “{text}”. c goes on with it.",
    "left": "A text from the editor of {when} could not be kept as a draft and stays at {path}: {reason}",
}
