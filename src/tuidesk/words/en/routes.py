"""By which way a reply goes to the customer."""

TEXTS: dict[str, str] = {
    "title": "#{n}: by which way?",
    "now": "Now: {medium}, direct.",
    "now_public": "Now: {medium}, PUBLIC.",
    "thread": "{medium}, {seen}: #{n} to {to}, via {via}",
    "start": "{medium}, {seen}: a new conversation with {to}, via {via}",
    "window": "replies until {when}",
    "closed": "the time for replies is over",
    "most": "at most {room}",
    "unit_characters": "{count:,} chars",
    "unit_graphemes": "{count:,} chars",
    "unit_utf16": "{count:,} chars",
    "unit_bytes": "{count:,} bytes",
    "unit_gsm7": "{count:,} SMS signs",
    "unit_x-weighted": "{count:,} chars",
    "recipients": "the same way, to others: change To and Cc",
    "not_saved": "The text is not on disk yet, so it stays here.",
    "begun": "A new conversation is begun already (“{text}”): c shows it; send or empty it first.",
    "now_unlisted": "Now: {medium}, UNLISTED.",
    "now_private": "Now: {medium}, for followers too.",
}
