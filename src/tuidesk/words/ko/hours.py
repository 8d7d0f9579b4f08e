"""What is said about `[hours]`, which say when people work."""

TEXTS: dict[str, str] = {
    "table": '테이블이어야 합니다: [hours], zone = "Asia/Seoul", week = {{ mon-fri = ["09:00-17:00"] }}',
    "near_zone": "그런 시간대는 없습니다. {near}을(를) 찾으셨나요?",
    "no_zone": '그런 시간대는 없습니다. "Asia/Seoul"처럼 대륙과 도시로 쓰세요',
    "no_day": 'mon-fri처럼 요일 하나, 또는 "-"로 이은 두 요일이어야 합니다(요일: {days})',
    "no_period": '“{period}”은(는) 시간대가 아닙니다. "09:00-17:00"처럼 두 시각을 쓰세요. 둘째는 다음 날이어도 되고'
    '("22:00-02:00"), 자정은 "24:00"입니다',
    "overlap": "{other}과(와) 겹칩니다. 같은 시간은 한 번만 쓰세요",
    "no_date": '연, 월, 일이 있는 날짜여야 합니다: "2026-12-25"',
    "holidays": '날짜 목록 ["2026-12-25"], {{ ics = "path" }}, 또는 {{ country = "KR" }}(필요하면 '
    "region도)이어야 합니다",
    "ics_closed": "{path}: 읽을 수 없음({reason}). 경로를 고치거나 읽기 권한을 주세요",
    "ics_large": "{path}: 1MiB보다 큽니다. 휴일만 있는 캘린더를 지정하세요",
    "ics_broken": "{path}: 캘린더가 아닙니다. iCalendar(.ics)로 다시 내보내세요",
    "ics_empty": "{path}: {first}년부터 {last}년까지 종일 일정이 없습니다. 휴일 캘린더를 지정하세요",
    "ics_unread": "{path}: 읽을 수 없어 빠지는 일정 {count}개. 날짜를 넣고, 반복은 매일에서 매년 사이로 하세요",
    "no_extra": "국가를 쓰려면 holidays 라이브러리가 필요합니다. `{python} -m pip install "
    "'tuidesk[holidays]'`를 실행하거나 날짜를 나열하세요",
    "no_country": '그런 국가는 없습니다. "DE", "KR"처럼 두 글자로 쓰세요',
    "no_region": "그 국가에 그런 지역은 없습니다. 다음 중 하나를 쓰세요: {regions}",
    "no_regions": "이 국가에는 지역이 없습니다. `region`을 지우세요",
}
