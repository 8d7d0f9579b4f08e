"""Times as they are typed (`domain.when`)."""

TEXTS: dict[str, str] = {
    "weekdays": "monday tuesday wednesday thursday friday saturday sunday",
    "months": "january february march april may june july august september october november december",
    "unreadable": "“{typed}” is no time: try 2h, 30m, 3d, tomorrow 9, mon 14:00, 2 dec, reply; "
    "with ! behind it: even if they reply",
    "past": "“{typed}” is past",
    "firm_reply": "a firm snooze needs a time",
}
