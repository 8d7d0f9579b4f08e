"""The customer pane."""

TEXTS: dict[str, str] = {
    "nobody": "Mijoz yoʻq.",
    "opening": "…",
    "unnamed": "(ismsiz)",
    "field": "{name}: {value}",
    "there": "u yerda soat {when}",
    "since": "{month} {year} dan, {count} ta suhbat",
    "since_one": "{month} {year} dan, 1 ta suhbat",
    "also_open": "HOZIR OCHIQ BOSHQALARI",
    "past": "AVVALGILARI",
    "nothing_else": "boshqa suhbat yoʻq",
    "open_head": "#{n} {medium}",
    "past_head": "{when} {medium}",
    "waits": "kut {span}",
    "more": "va yana {count} ta",
}
