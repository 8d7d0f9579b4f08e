"""What stands in place of a mail that cannot be read, and why a mail came back."""

TEXTS: dict[str, str] = {
    "unreadable": "oʻqib boʻlmaydigan xabar, {size} bayt",
    "unreadable_why": "oʻqib boʻlmaydigan xabar, {size} bayt: {why}",
    "bounced": "{who}: {why}",
    "bounced_without_reason": "sababsiz qaytib keldi",
}
