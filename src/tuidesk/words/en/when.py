"""Times as they are typed (`domain.when`). Words that mean the same are separated by `|`, all in small letters."""

TEXTS: dict[str, str] = {
    # what is understood; in every other language besides what stands there. The beginning of a name will do
    "weekdays": "monday tuesday wednesday thursday friday saturday sunday",
    "months": "january february march april may june july august september october november december",
    "today": "today|tod",
    "tomorrow": "tomorrow|tom|tmr",
    "after_tomorrow": "day after tomorrow|the day after tomorrow",
    "next": "next",
    "next_week": "next week",
    "reply": "reply|a reply|until reply",
    "firm": "firm|firmly|even if they reply",
    "minute_units": "m|min",
    "hour_units": "h",
    "day_units": "d",
    "week_units": "w",
    "am": "am",
    "pm": "pm",
    "at": "at",
    "day_endings": "st|nd|rd|th",
    "hour_endings": "",
    # what is said
    "usual": "tomorrow 9",
    "unreadable": "“{typed}” is no time: try 2h, 30m, 3d, tomorrow 9, mon 14:00, 2 dec, reply; with ! "
    "behind it: even if they reply",
    "past": "“{typed}” is past",
    "no_change": "“{typed}” is no correction: +5m adds, -5m takes away, 12m is what all of it comes to",
    "firm_reply": "a firm snooze needs a time",
    "now": "now",
    "yesterday": "yesterday",
    "this_week": "this week",
    "last_week": "last week|past week",
    "this_month": "this month",
    "last_month": "last month|past month",
    "unreadable_past": "“{typed}” is no time: try 7d, yesterday, monday, last week, last month, 2 nov, "
    "2026-11, 2026-11-20, 2026-11-20 9:00",
    "period_ends": "the period ends before it begins",
}
