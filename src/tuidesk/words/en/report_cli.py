"""The command `report`."""

TEXTS = {
    "since_help": "from when: 7d, yesterday, monday, last month, 2 nov, 2026-11, 2026-11-20 9:00, RFC "
    "3339; left out: seven days before the end",
    "until_help": "up to when: the end of the day, week or month that is named; left out: now",
    "by_help": "grouped by one of: {known}",
    "me_help": "only what is yours",
    "compare_help": "against the period of the same length before",
    "team_help": "only the team: who replied, how soon, what they completed, on accounts that several "
    "people answer",
    "pictures_help": "also volume and backlog, the week by its hours, how reply times are spread, team, "
    "topics, canned replies, what customers said (html always has them)",
    "format_help": "one of: {known}; left out: as the file is called, else a table",
    "output_help": "into this file, for you alone; left out: to stdout",
    "force_help": "in the place of a file that is there already",
    "one_format": "either --json or --format",
    "no_pictures": "a CSV file has one table: leave --pictures out, or use another format",
    "no_team_alone": "the page has the whole report, with the team: leave --team out",
    "no_ending": "{ending} is no form of a report: call the file {known}, or say which with --format",
    "team_alone": "the team has one table, person by person: leave {option} out",
    "exists": "{path} is there already: --force puts the report in its place",
    "written": "The report is in {path}.",
}
