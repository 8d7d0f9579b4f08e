"""What a maildir account says."""

TEXTS: dict[str, str] = {
    "help_path": "Maildir 또는 mbox 파일(mbox는 읽기만 함)",
    "help_sent": "보낸 편지함: 받은 편지함 옆의 이름 또는 경로",
    "help_send": "답장을 보내는 방법: command = [...] 또는 host, port, security, user가 있는 smtp; "
    "없으면 읽기 전용",
    "help_days": "첫 동기화에서 읽을 날수",
    "help_poll_s": "다음 확인까지의 초",
    "one_way_to_send": "send에는 command나 smtp 중 하나가 필요합니다",
    "no_box": "{path}: Maildir도 mbox 파일도 아닙니다",
    "cannot_read": "{path}: 읽을 수 없음: {why}",
    "cannot_write": "{path}: 쓸 수 없음: {why}",
    "message_gone": "메시지가 더 이상 없습니다",
    "read_only": "이 계정은 보낼 방법이 없습니다(계정 파일의 `send` 참고)",
    "unsupported": "Maildir에는 {type}이(가) 없어 여기에만 보관합니다",
    "no_trace": "보낸 편지함에 없습니다",
    "closed": "계정을 닫는 중입니다",
    "found_maildir": "Maildir, 메시지 {count}건, 최근 {days}일 {recent}건",
    "found_mbox": "mbox 파일, 메시지 {count}건, 최근 {days}일 {recent}건; 읽기만 함",
    "found_sent": "답장을 {path}에 보관함",
    "found_no_sent": "보낸 편지함 {path}이(가) 없어 답장을 여기에만 보관함",
    "found_program": "답장은 {program}(으)로 나감",
    "found_no_program": "{program}: 프로그램이 없어 답장을 보낼 수 없음",
    "found_smtp": "답장은 {host}(으)로 나감",
    "found_no_smtp": "지금은 메일을 보낼 수 없음: {reason}",
    "found_read_only": "아무것도 보낼 수 없음",
}
