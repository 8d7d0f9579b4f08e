"""What is said of a Matrix account."""

TEXTS: dict[str, str] = {
    "help_user": "your account's id: @support:acme.example",
    "help_login": "what the secret is: token (an access token) or password",
    "help_homeserver": "the homeserver's address, if it is not the one that the domain of the id names",
    "help_ca": "PEM file of an authority to trust besides the system's",
    "help_days": "how many days back the first sync reads",
    "help_invites": "whose invitations are accepted: everybody, listed (see invites_from), nobody",
    "help_invites_from": (
        "with listed: user ids or servers, as @dana:example.org, example.org, *.example.org"
    ),
    "help_colleagues": (
        "who else speaks for your side in these rooms (people, bots, bridges), as in invites_from"
    ),
    "help_receipts": (
        "tell the room, when a reply has left, that its customer's message was read: none, private (only"
        " your other clients see it), public"
    ),
    "help_typing": "show the customer that somebody writes while a reply's files are on their way",
    "bad_user": "user must be a whole Matrix id: @support:acme.example",
    "bad_days": "days must be 1 or more",
    "credential": (
        "Best make an account of its own for the desk. In Element: log in as that account, open All "
        "settings, Help & About, at the bottom Access Token, and copy it; do not log that Element out "
        "afterwards, which would end the token. Or take login = password and give the account's "
        "password: tuidesk logs in with it at each start as one and the same device. Where tokens end "
        "after minutes (matrix.org), take the password."
    ),
    "no_token": "The homeserver gave no token",
    "no_sync": "The homeserver's answer names no place to go on from",
    "no_room": "The homeserver did not say which room it made",
    "no_event": "The homeserver did not say which message it made",
    "no_upload": "The homeserver did not say where it put the file",
    "no_file": "No such file on the homeserver",
    "no_such_file": "The file cannot be read: {why}",
    "no_user": "No Matrix id to write to: {who}",
    "no_forward": "Matrix cannot pass a message on: copy its text",
    "other_user": "The secret is that of {user}, the account's file says {wanted}",
    "unsupported": "Matrix has no {type}",
    "too_long": "The text is longer than {limit} bytes",
    "repeatable": "It can be done again without harm",
    "same_words": "The room has the same words, but nothing says that they are these",
    "too_much": "Too much was said there since to find it",
    "encrypted": (
        "The room is end-to-end encrypted, which tuidesk cannot: answer in Element, or begin a new room"
    ),
    "public": "Everybody can read this room now: what you wrote was for its customer alone",
    "left": "We are not in the room any more",
    "moved": "The room was closed and another has taken its place: answer there",
    "alone": "Nobody else is in the room",
    "uninvited": "{count} invitations wait that the rule does not accept",
    "unreadable": "[encrypted message: tuidesk cannot read it]",
    "lost": "What was said before this while tuidesk was not there cannot be read: {why}",
    "deleted": "[deleted message]",
    "call": "[call]",
    "location": "[location {where}]",
    "file": "[{name}]",
    "locked_file": "[encrypted file {name}]",
    "sort": "[{sort}]",
    "no_sort": "[message that cannot be read]",
    "field_room": "room",
    "field_topic": "topic",
    "field_network": "network",
    "finding_server": "The homeserver is {host}",
    "finding_encrypted": (
        "Rooms with end-to-end encryption are shown, but neither read nor answered: Element encrypts "
        "direct messages unless the server tells it not to"
    ),
    "finding_password": (
        "tuidesk logs in with the password at each start; servers allow few logins in a row, an access "
        "token needs none"
    ),
}
