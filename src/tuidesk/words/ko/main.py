"""What is said before a face is up."""

TEXTS: dict[str, str] = {
    "cannot_open": "tuidesk: {why}",
    "no_terminal": "tuidesk: 화면에는 입출력 터미널이 필요합니다. `tuidesk --plain`, `tuidesk list` 등 "
    "다른 명령(`tuidesk --help`)은 터미널 없이 됩니다",
    "dumb_terminal": 'tuidesk: 터미널 "{term}"에는 화면을 그릴 수 없습니다. TERM을 설정하거나(예: '
    "`TERM=xterm-256color tuidesk`) `tuidesk --plain`, 또는 `tuidesk list` 등 다른 명령을 쓰세요",
    "demo": "설정 없이 예시 채널로 데스크 열기",
    "demo_seed": "예시 데스크 번호: 같은 번호는 같은 고객과 메시지",
    "demo_size": "부하 시험용으로 만들 대화 수; 0은 미리 작성된 데스크",
    "demo_size_negative": "--size는 음수일 수 없습니다",
}
