"""What the Mastodon channel says."""

TEXTS: dict[str, str] = {
    "help_server": "the instance, as in mastodon.social",
    "help_days": "how many days back the first sync reads",
    "help_poll_s": "seconds between two looks, where the instance has no streaming",
    "help_ca": "PEM file of an authority to trust besides the system's",
    "credential": "The secret is an access token of the account: on the instance, Preferences, Development, "
    'New application, with the scopes read and write; then copy the line "Your access token".',
    "found": "The account is @{acct} on {server}",
    "scope": "The token lacks the scope {scope}: make another one under Preferences, Development",
    "unsupported": "Mastodon has no {type}",
    "stranger": "The text names @{handle}, who would get this direct message too: take the @ away",
    "media_slow": "{name} is not ready on the server yet: again later",
    "nobody": "Nobody is called @{handle} there",
    "no_file": "There is no such file",
}
