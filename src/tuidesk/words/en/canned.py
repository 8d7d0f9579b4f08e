"""What is said about canned replies: their language, their files, the picker, the shell."""

TEXTS = {
    # the language
    "unclosed": "line {line}: `{{{{` without its `}}}}` on the same line (a literal `{{{{` is written `{{{{{{{{`)",
    "empty": "line {line}: `{{{{{kind}:}}}}` says nothing behind the colon",
    "one_choice": "line {line}: `{{{{choose:…}}}}` needs two options or more, with commas between them",
    "unknown_near": "line {line}: there is no value called {name}; did you mean `{near}`?",
    "unknown": "line {line}: there is no value called {name} (there are: {known}; contact.NAME is a custom field)",
    "holes": "not everything in it is known: {what}",
    "cycle": "these replies contain each other without end: {names}",
    "too_deep": "replies within replies, more than {most} deep",
    "no_nested": "it contains {{{{canned:{name}}}}}, and there is no such reply",
    "too_long": "filled, it would have more than {most} characters",
    # the files
    "header": "# Canned replies. Yours to edit; `tuidesk canned` writes it as well, and keeps no comments.\n",
    "twice": "another reply has this name: {other}. The first one is used",
    "no_source": "there is no such file or folder: correct `canned` in config.toml",
    "no_table": 'must be a table: [name], and below it body = "…"',
    "bad_name": "a reply's name is letters, digits and . _ - (at most 64, the first a letter or digit)",
    "does_nothing": "says nothing (`body`) and does nothing (`then`)",
    "outside": "the files of a reply that is not your own lie in the folder of the reply's file",
    "changed_meanwhile": "{path} has changed meanwhile: nothing was written; do it again",
    "left_in": "not sent: {what} is still in the text. Write what belongs there",
    # at the desk
    "no_colleague": "{name} assigns to {who}, whom no account knows: correct `then.assign`",
}
