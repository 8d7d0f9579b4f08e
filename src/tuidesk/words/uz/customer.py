"""The customer pane."""

TEXTS: dict[str, str] = {
    "nobody": "Mijoz yoʻq.",
    "opening": "…",
    "unnamed": "(ismsiz)",
    "field": "{name}: {value}",
    "there": "u yerda soat {when}",
    "since": "{year}-yil {month} oyidan, {count} ta suhbat",
    "since_one": "{year}-yil {month} oyidan, 1 ta suhbat",
    "also_open": "HOZIR OCHIQ BOSHQALARI",
    "past": "AVVALGILARI",
    "nothing_else": "boshqa suhbat yoʻq",
    "open_head": "#{n} {medium}",
    "past_head": "{when} {medium}",
    "waits": "kutmoqda {span}",
    "more": "va yana {count} ta",
}
