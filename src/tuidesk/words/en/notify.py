"""What is said to an agent who does not look: in notifications, and in the title of the window."""

TEXTS = {
    "title": "tuidesk",
    "title_new": "tuidesk: {count} new",
    "all": "tuidesk: {what}",
    "mine": "{count} in your conversations",
    "new": "{count} new",
    "back": "{count} back from a snooze",
    "check": "{count} to check",
    "from": "{what}, {who}",
    "more": "{count} more",
}
