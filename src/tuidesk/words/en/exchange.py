"""What import and export say."""

TEXTS = {
    "no_account": 'there is no account "{account}" here',
    "bad_account": "`account` is no name of an account",
    "stray": "a line of type {type} without the conversation or contact it belongs to",
    "bad_work": "`out` is no work for a channel",
}
