"""What is said about `[hours]`, which say when people work."""

TEXTS = {
    "table": 'must be a table: [hours], zone = "Europe/Berlin", week = {{ mon-fri = ["09:00-17:00"] }}',
    "near_zone": "there is no such time zone; did you mean {near}?",
    "no_zone": 'there is no such time zone: write continent and city, as in "Europe/Berlin"',
    "no_day": 'must be a day, or two with "-" between them as in mon-fri (the days: {days})',
    "no_period": '“{period}” is no period: write two times of the day, "09:00-17:00"; the second may be on the '
    'next day, "22:00-02:00", and is "24:00" for midnight',
    "overlap": "overlaps with {other}: write each stretch of time once",
    "holidays": 'must be a list of dates, ["2026-12-25"]',
    "no_date": 'must be a date with year, month and day: "2026-12-25"',
}
