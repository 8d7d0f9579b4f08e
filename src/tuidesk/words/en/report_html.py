"""The page of a report: its headings, what its pictures say, and its foot."""

TEXTS: dict[str, str] = {
    "made": "Made {at}.",
    "contents": "Contents",
    # sections
    "figures": "Figures",
    "groups": "By {what}",
    "pictures": "Pictures",
    "topics": "Topics and canned replies",
    # volume
    "course_days": "Day by day, each series on a scale of its own.",
    "course_weeks": "Week by week from its first day, each series on a scale of its own.",
    "course_told": "{received:,} messages received, {completed:,} conversations completed. The backlog was "
    "{first:,} at first, {last:,} at the end, and {most:,} at most.",
    "numbers": "The numbers of this picture",
    # heat
    "heat_received": "When customers write",
    "heat_received_about": "Messages received, by weekday and hour. The stronger the colour, the more.",
    "heat_reply": "How long they wait",
    "heat_reply_about": "The median reply time by the calendar, by the weekday and hour in which customers "
    "wrote. The stronger the colour, the longer; in whole minutes, hours or days.",
    # distribution
    "replies_about": "How many replies took how long, by the clock that targets count by: each bar holds "
    "those from the time at its left to the time at its right.",
    "replies_target": "Most had a target of {span}; bars wholly beyond it are hatched.",
    "replies_no_target": "Most had no target.",
    "replies_told": "{count:,} replies.",
    "target": "target {span}",
    # team
    "team_about": "What the channels show, of accounts on which more than one person answers. Reply times "
    "are by the calendar.",
    # comments
    "comments_about": "Newest first, as they wrote it.",
    "unnamed": "unnamed",
    # durations, in one unit
    "seconds": "{count}s",
    "minutes": "{count}m",
    "hours": "{count}h",
    "days": "{count}d",
    # the foot
    "alone": "This page loads nothing and runs nothing. It can be kept, sent and printed as it is.",
}
