"""What a mail account says."""

TEXTS: dict[str, str] = {
    # the line
    "certificate": "{host} shows a certificate that cannot be trusted: {reason}. Nothing was sent.",
    "tls": "no secure connection to {host}: {reason}",
    "no_such_host": "there is no host {host}, or the name cannot be looked up now",
    "silent": "{host} does not answer",
    "line": "{host}: {reason}",
    "nonsense": "{host} answered something that is no IMAP ({reason})",
    "no_connection_left": "{host} has no connection left for this mailbox: {reason}",
    "polled": "new mail is looked for now and then, not told at once: {reason}",
    "closed": "the account is being closed",
    "ascii_login": "this server takes only ASCII letters in user names and passwords",
    "line_end": "a line end or NUL stands where it could begin another command",
    "ca": "{path}: not a file of certificates: {reason}",
    "renumbered": "{folder} was numbered anew",
    "bad_days": "days must be 1 or more",
    "bad_seconds": "idle_s must be between 1 and {limit}, poll_s more than 0",
    # messages and work
    "message_gone": "the message is not on the server any more",
    "unsupported": "mail has no {type}",
    "no_keywords": "{folder} keeps no keywords and mail is not moved to an archive, so the server cannot know",
    "repeatable": "this can be done again",
    "no_trace": "neither the folder of sent mail nor an answer shows it, and SMTP keeps no record",
    # what check found
    "found_messages": "{folder} has {count} messages of the last {days} days",
    "found_idle": "new mail is told at once (IDLE)",
    "found_polling": "the server cannot tell of new mail (no IDLE): it is asked every {seconds} s",
    "found_condstore": "the server says which flags changed (CONDSTORE)",
    "found_no_condstore": "the server cannot say which flags changed: those of the newest messages are compared",
    "found_keywords": "completed mail is marked with the keyword {keyword}, which other clients of the mailbox see",
    "found_no_keywords": "the server keeps no keywords: what is complete is known here only",
    "found_archive": "completed mail is moved to {folder}",
    "found_sent": "replies are in the folder {folder}",
    "found_sent_by_name": "replies are in the folder {folder}, going by its name",
    "found_no_smtp": "mail cannot be sent now: {reason}",
    "found_no_sent": "there is no folder of sent mail: the first reply makes one",
}
