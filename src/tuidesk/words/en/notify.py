"""What is said to an agent who does not look: in notifications, and in the title of the window."""

TEXTS = {
    "title": "tuidesk",
    "all": "tuidesk: {what}",
    "mine": "{count} in your conversations",
    "new": "{count} new",
    "back": "{count} back from a snooze",
    "check": "{count} to check",
    "soon": "{count} due soon",
    "late": "{count} late",
    "window": "{count} near the end of the reply window",
    "from": "{what}, {who}",
    "more": "{count} more",
}
