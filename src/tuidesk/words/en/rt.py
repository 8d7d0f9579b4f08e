"""What the channel to Request Tracker says."""

TEXTS: dict[str, str] = {
    "help_server": "the address of RT, as in https://rt.acme.example",
    "help_user": "your user name, if the secret is its password; empty: it is a token",
    "help_queues": "names of the queues to work in; empty: all you can see",
    "help_days": "how many days back the first sync reads",
    "help_poll_s": "seconds between two looks: RT rings no bell",
    "help_ca": "PEM file of an authority to trust besides the system's",
    "credential": "The secret is an authentication token of yours: in RT, Logged in as, Settings, Auth Tokens, Create. "
    "Where RT offers none, set `user` and take your password.",
    "found": "Queues: {queues}",
    "no_user": "RT does not say whose token this is ({why}): look at `server`, set `user`, or take one of your own",
    "no_queue": "There is no queue {name} that this account can see",
    "unsupported": "RT has no {type}; it is kept on this machine",
    "repeatable": "A state can be set again",
    "hidden": "[RT does not show what was written: {why}]",
    "no_file": "There is no such file",
    "not_set": "RT did not change {name}",
}
