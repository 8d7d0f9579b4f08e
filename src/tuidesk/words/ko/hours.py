"""What is said about `[hours]`, which say when people work."""

TEXTS: dict[str, str] = {
    "table": '테이블이어야 합니다: [hours], zone = "Asia/Seoul", week = {{ mon-fri = ["09:00-17:00"] }}',
    "near_zone": "그런 시간대는 없습니다. {near}을(를) 찾으셨나요?",
    "no_zone": '그런 시간대는 없습니다. "Asia/Seoul"처럼 대륙과 도시로 쓰세요',
    "no_day": 'mon-fri처럼 요일 하나, 또는 "-"로 이은 두 요일이어야 합니다(요일: {days})',
    "no_period": '“{period}”은(는) 시간대가 아닙니다. "09:00-17:00"처럼 두 시각을 쓰세요. 둘째는 다음 날이어도 되고'
    '("22:00-02:00"), 자정은 "24:00"입니다',
    "overlap": "{other}과(와) 겹칩니다. 같은 시간은 한 번만 쓰세요",
    "holidays": '날짜 목록이어야 합니다: ["2026-12-25"]',
    "no_date": '연, 월, 일이 있는 날짜여야 합니다: "2026-12-25"',
}
