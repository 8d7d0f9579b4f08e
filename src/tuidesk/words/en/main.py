"""What is said before a face is up."""

TEXTS = {
    "cannot_open": "tuidesk: {why}",
    "no_terminal": "tuidesk: the screen needs a terminal for its input and output; `tuidesk --plain`, `tuidesk "
    "list` and the other commands (`tuidesk --help`) work without one",
    "dumb_terminal": 'tuidesk: the terminal says it is "{term}", which cannot draw a screen: set TERM (for example '
    "`TERM=xterm-256color tuidesk`), or use `tuidesk --plain`, or `tuidesk list` and the other "
    "commands",
    "demo": "open the desk on a sample channel, with nothing to configure",
    "demo_seed": "which sample desk: the same number gives the same customers and messages",
    "demo_size": "how many conversations to make, for load tests; 0 is the hand-written desk",
    "demo_size_negative": "--size cannot be negative",
}
