"""What stands in place of a mail that cannot be read, and why a mail came back."""

TEXTS = {
    "unreadable": "unreadable message, {size} bytes",
    "unreadable_why": "unreadable message, {size} bytes: {why}",
    "bounced": "{who}: {why}",
    "bounced_without_reason": "came back without a reason",
}
