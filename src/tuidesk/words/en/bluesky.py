"""What the Bluesky channel says."""

TEXTS: dict[str, str] = {
    "help_handle": "the account's handle, as in acme.bsky.social",
    "help_server": "the server that the account logs in at; most are at bsky.social",
    "help_days": "how many days back the first sync reads",
    "help_chat": "whether direct messages are read and answered too",
    "help_poll_s": "seconds between two looks; twice that when nobody has written for a while",
    "help_ca": "PEM file of an authority to trust besides the system's",
    "credential": "The secret is an app password, not the account's own: on bsky.app, Settings, Privacy and "
    'security, App passwords, Add app password. Tick "Allow access to your direct messages" if '
    "they are to be answered here. It is shown once, as four groups of four letters.",
    "found": "Logged in as @{handle}, whose data is on {server}",
    "public": "Everything outside the direct messages is public: a reply to a post can be read by everybody",
    "second_factor": "The server asks for a code by mail: use an app password in place of the account's own",
    "logins": "The session ended soon after it was begun; logging in is limited, so it is tried again later",
    "no_session": "{host} gave no session",
    "no_chat": "Direct messages cannot be read or sent ({why}): make an app password that is allowed to, "
    "under Settings, Privacy and security, App passwords",
    "chat_off": "the account's file says chat = false",
    "unsupported": "Bluesky has no {type}",
    "mixed": "It is not clear whether this is public or a direct message, so it stays here",
    "too_long": "Longer than Bluesky takes: {most} characters",
    "gone": "What this answers is not there any more, or its author has blocked this account",
    "blocked_by": "Its author has blocked this account",
    "blocking": "This account has blocked its author",
    "gated": "Its author does not let this account reply there: nobody would see the reply",
    "locked": "The conversation is locked",
    "chat_disabled": "They take no direct messages at the moment",
    "one_person": "A direct message is begun with one person",
    "not_there": "@{handle} is not in this conversation: whoever is would get it",
    "key_taken": "There is another post under the name that this reply would have",
    "picture": "{name} is no picture that Bluesky takes: PNG, JPEG, GIF or WebP of at most 2 MB",
    "pictures": "At most {most} pictures go with a post",
    "no_files": "A direct message on Bluesky takes no files",
    "no_file": "There is no such file",
}
