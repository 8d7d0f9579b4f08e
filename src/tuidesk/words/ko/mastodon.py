"""What the Mastodon channel says."""

TEXTS: dict[str, str] = {
    "help_server": "인스턴스, 예: mastodon.social",
    "help_days": "첫 동기화에서 읽을 기간(일)",
    "help_poll_s": "스트리밍이 없는 인스턴스에서 확인하는 간격(초)",
    "help_ca": "시스템 외에 신뢰할 인증 기관의 PEM 파일",
    "credential": "비밀 값은 계정의 액세스 토큰입니다. 인스턴스의 환경설정, 개발, 새 애플리케이션에서 "
    "read와 write 범위를 골라 만든 뒤 액세스 토큰 줄을 복사하세요.",
    "found": "계정: {server}의 @{acct}",
    "scope": "토큰에 {scope} 범위가 없습니다. 환경설정, 개발에서 새로 만드세요",
    "unsupported": "Mastodon에는 {type} 기능이 없습니다",
    "stranger": "본문에 @{handle}이(가) 있어 이 다이렉트 메시지가 그 사람에게도 갑니다. @를 지우세요",
    "media_slow": "{name} 파일이 서버에서 아직 준비되지 않았습니다. 나중에 다시 보냅니다",
    "nobody": "@{handle}(이)라는 사람이 없습니다",
    "no_file": "그런 파일이 없습니다",
}
