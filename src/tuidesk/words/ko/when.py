"""Times as they are typed (`domain.when`). Words that mean the same are separated by `|`, all in small letters."""

TEXTS: dict[str, str] = {
    # what is understood; in every other language besides what stands there. The beginning of a name will do
    "weekdays": "월요일 화요일 수요일 목요일 금요일 토요일 일요일",
    "months": "1월 2월 3월 4월 5월 6월 7월 8월 9월 10월 11월 12월",
    "today": "오늘",
    "tomorrow": "내일",
    "after_tomorrow": "모레",
    "next": "다음",
    "next_week": "다음주|다음 주",
    "reply": "답장|답장까지|답장 올 때까지",
    "firm": "고정|답장이 와도",
    "minute_units": "분",
    "hour_units": "시간",
    "day_units": "일",
    "week_units": "주|주일",
    "am": "오전",
    "pm": "오후",
    "at": "",
    "day_endings": "일",
    "hour_endings": "시",
    # what is said
    "usual": "내일 9시",
    "unreadable": "“{typed}”은(는) 시각이 아닙니다. 예: 2시간, 30분, 3일, 내일 9시, 월 14:00, 12월 2일, "
    "답장; 뒤에 ! 는 답장이 와도",
    "past": "“{typed}”은(는) 지난 시각입니다",
    "no_change": "“{typed}”는 고칠 시간이 아닙니다: +5m은 더하고, -5m은 빼고, 12m은 전체를 그 시간으로 합니다",
    "firm_reply": "고정 미루기에는 시각이 필요합니다",
    "now": "지금",
    "yesterday": "어제",
    "this_week": "이번 주|이번주",
    "last_week": "지난주|지난 주",
    "this_month": "이번 달|이번달",
    "last_month": "지난달|지난 달",
    "unreadable_past": "“{typed}”은(는) 시각이 아닙니다. 예: 7일, 어제, 월요일, 지난주, 지난달, 11월 "
    "2일, 2026-11, 2026-11-20, 2026-11-20 9:00",
    "period_ends": "기간이 시작하기 전에 끝납니다",
}
