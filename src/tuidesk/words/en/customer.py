"""The customer pane."""

TEXTS: dict[str, str] = {
    "nobody": "No customer.",
    "opening": "…",
    "unnamed": "(no name)",
    "field": "{name}: {value}",
    "there": "{when} there",
    "since": "since {month} {year}, {count:,} threads",
    "since_one": "since {month} {year}, 1 thread",
    "also_open": "ALSO OPEN NOW",
    "past": "BEFORE",
    "nothing_else": "no other conversation",
    "open_head": "#{n} {medium}",
    "past_head": "{when} {medium}",
    "waits": "waits {span}",
    "more": "and {count:,} more",
}
