"""What is said about `[hours]`, which say when people work."""

TEXTS = {
    "table": 'must be a table: [hours], zone = "Europe/Berlin", week = {{ mon-fri = ["09:00-17:00"] }}',
    "near_zone": "there is no such time zone; did you mean {near}?",
    "no_zone": 'there is no such time zone: write continent and city, as in "Europe/Berlin"',
    "no_day": 'must be a day, or two with "-" between them as in mon-fri (the days: {days})',
    "no_period": '“{period}” is no period: write two times of the day, "09:00-17:00"; the second may be on the '
    'next day, "22:00-02:00", and is "24:00" for midnight',
    "overlap": "overlaps with {other}: write each stretch of time once",
    "no_date": 'must be a date with year, month and day: "2026-12-25"',
    "holidays": 'must be a list of dates, ["2026-12-25"], or {{ ics = "path" }}, or {{ country = "DE" }} '
    "with a region if need be",
    "ics_closed": "{path} cannot be read ({reason}): correct the path, or make the file readable for you",
    "ics_large": "{path} is larger than 1 MiB: name a calendar that has nothing but holidays",
    "ics_broken": "{path} is no calendar: export it as iCalendar (.ics) once more",
    "ics_empty": "{path} has no all-day events from {first} to {last}: name a calendar of holidays",
    "ics_unread": "{path}: events that cannot be read, and stay out: {count}. Give each a date, and repeat it "
    "daily to yearly",
    "no_extra": "countries need the holidays library: run `{python} -m pip install 'tuidesk[holidays]'`, or "
    "list the dates",
    "no_country": 'there is no such country: write its two letters, such as "DE" or "KR"',
    "no_region": "there is no such region of the country: write one of {regions}",
    "no_regions": "this country has no regions here: take `region` out",
}
