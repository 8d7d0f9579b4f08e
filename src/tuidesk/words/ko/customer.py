"""The customer pane."""

TEXTS: dict[str, str] = {
    "nobody": "고객이 없습니다.",
    "opening": "…",
    "unnamed": "(이름 없음)",
    "field": "{name}: {value}",
    "there": "현지 시각 {when}",
    "since": "{year}년 {month}부터, 대화 {count:,}건",
    "since_one": "{year}년 {month}부터, 대화 1건",
    "also_open": "지금 열린 다른 대화",
    "past": "지난 대화",
    "nothing_else": "다른 대화 없음",
    "open_head": "#{n} {medium}",
    "past_head": "{when} {medium}",
    "waits": "대기 {span}",
    "more": "외 {count:,}건",
}
