"""What the channel to Request Tracker says."""

TEXTS: dict[str, str] = {
    "help_server": "RT 주소, 예: https://rt.acme.example",
    "help_user": "비밀번호로 로그인할 때의 사용자 이름. 비우면 비밀 값은 토큰",
    "help_queues": "다룰 대기열 이름. 비우면 볼 수 있는 모두",
    "help_days": "첫 동기화에서 읽을 기간(일)",
    "help_poll_s": "확인하는 간격(초). RT는 알림을 보내지 않습니다",
    "help_ca": "시스템 외에 신뢰할 인증 기관의 PEM 파일",
    "credential": "비밀 값은 자신의 인증 토큰입니다. RT의 설정, Auth Tokens, 만들기. "
    "RT에 토큰이 없으면 `user`를 적고 비밀번호를 쓰세요.",
    "found": "대기열: {queues}",
    "no_user": "토큰의 주인을 알 수 없습니다({why}). `server`를 확인하고, `user`를 적거나 자신의 토큰을 쓰세요",
    "no_queue": "이 계정이 볼 수 있는 대기열 {name}이(가) 없습니다",
    "unsupported": "RT에는 {type} 기능이 없습니다. 이 컴퓨터에만 남습니다",
    "repeatable": "상태는 다시 정할 수 있습니다",
    "hidden": "[RT가 내용을 보여 주지 않습니다: {why}]",
    "no_file": "그런 파일이 없습니다",
    "not_set": "RT가 {name}을(를) 바꾸지 않았습니다",
}
