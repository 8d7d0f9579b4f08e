"""Mistakes in a query (`domain.query`)."""

TEXTS: dict[str, str] = {
    "near": "{why}: {near}?",
    "quote_it": "{why} ({known}); a text with a colon stands in quotes",
    "unknown_key": "nothing is called {key}:",
    "unknown_value": "{key}: does not know {value}",
    "known": "{why}, but {known}",
    "no_value": "{key}: what? {known}",
    "no_text": "{key}: whom or what?",
    "bracketed_value": "what follows {key}: stands without parentheses",
    "no_span": "{key}: takes a time such as >30m, <2h or >1d",
    "no_date": "{key}: takes a date (2026-11-20), today, yesterday, or 7d",
    "or_alone": 'or stands between two things; the word itself is “"or"”',
    "not_closed": "this parenthesis is not closed",
    "not_opened": "there is no parenthesis to close",
    "nothing_inside": "nothing is in these parentheses",
    "too_deep": "parentheses in parentheses in parentheses: {most} are the most",
    "too_long": "a query has at most {most} parts",
    "sort_once": "sort: is said once",
    "sort_inside": "sort: is for the whole query: it stands for itself, without - and parentheses",
}
