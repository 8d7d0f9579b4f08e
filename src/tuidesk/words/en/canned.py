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
}
