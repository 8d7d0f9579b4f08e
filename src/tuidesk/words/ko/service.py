"""What is said about the systemd user unit."""

TEXTS: dict[str, str] = {
    "description": "tuidesk: 메일을 받고 답장을 보냅니다",
    "odd": "{word}: systemd 유닛에 쓸 수 없습니다. 일반 문자로 된 경로로 옮기세요",
    "foreign": "{path}: tuidesk가 쓴 파일이 아닙니다. 먼저 옮기세요",
    "start": "지금과 로그인할 때마다 시작: systemctl --user daemon-reload && systemctl --user enable "
    "--now tuidesk",
    "linger": "로그아웃 중에도 실행: loginctl enable-linger",
    "env": "{account}: 서비스는 셸의 {name}을(를) 볼 수 없습니다. `systemctl --user edit "
    "{unit}`(EnvironmentFile=)으로 설정하거나 비밀을 파일에 두세요",
    "keyring": "{account}: 아무도 로그인하지 않은 동안 키링이 잠겨 이 계정은 기다립니다",
    "command": "{account}: {program}이(가) 묻지 않고 비밀을 내주어야 합니다. 아니면 로그인할 때까지 이 "
    "계정은 기다립니다",
}
