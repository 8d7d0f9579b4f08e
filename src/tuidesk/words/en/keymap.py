"""What is wrong with keys in the config (`domain.keymap`)."""

TEXTS = {
    "unknown": "no action is called so: `tuidesk keys --json` lists them",
    "unknown_near": "no action is called so; did you mean `{near}`?",
    "not_here": "that action holds elsewhere: {places}",
    "no_keys": 'must be a key, a list of keys, or "" for none',
    "no_key": "that is no key: write `j`, `Ctrl+D`, `PgDn`, `F5`, or `g o` for one after the other",
    "alt": "{key} cannot be told from Esc and that key: choose one without Alt",
    "same": "{key} is {other} to a terminal: choose another one",
    "esc": "Esc cannot stand before another key: it leaves at once",
    "edits": "{key} writes or edits in a text, and stays so: a command there is Ctrl and a letter, or F1 to F12",
    "seldom": "many terminals do not send {key}: add a key that all of them have",
    "taken": '`{key}` is the key of `{other}` in the {place} too: give that one another, or none (`{other} = ""`)',
    "prefix": "`{key}` begins two keys in a row in the {place}, and cannot be a key by itself too: see `{other}`",
}
