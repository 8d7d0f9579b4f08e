"""What a mail account says."""

TEXTS: dict[str, str] = {
    # the line
    "certificate": "{host}: 신뢰할 수 없는 인증서: {reason}. 아무것도 보내지 않았습니다.",
    "tls": "{host}: 보안 연결 실패: {reason}",
    "no_such_host": "{host}: 그런 호스트가 없거나 지금 찾을 수 없습니다",
    "silent": "{host}: 응답이 없습니다",
    "line": "{host}: {reason}",
    "hung_up": "서버가 연결을 닫았습니다",
    "nonsense": "{host}: IMAP이 아닌 응답을 했습니다({reason})",
    "no_connection_left": "{host}: 이 편지함에 남은 연결이 없습니다: {reason}",
    "polled": "새 메일을 바로 알지 못하고 가끔 확인합니다: {reason}",
    "closed": "계정을 닫는 중입니다",
    "ascii_login": "이 서버는 사용자 이름과 비밀번호에 ASCII 문자만 받습니다",
    "line_end": "다른 명령이 될 수 있는 곳에 줄바꿈이나 NUL이 있습니다",
    "ca": "{path}: 인증서 파일이 아닙니다: {reason}",
    "renumbered": "{folder}의 번호가 새로 매겨졌습니다",
    "bad_days": "days는 1 이상이어야 합니다",
    "bad_seconds": "idle_s는 1과 {limit} 사이, poll_s는 0보다 커야 합니다",
    # messages and work
    "message_gone": "메시지가 더 이상 서버에 없습니다",
    "unsupported": "메일에는 {type}이(가) 없습니다",
    "no_keywords": "{folder}에 키워드를 둘 수 없고 메일을 보관함으로 옮기지도 않아 서버에는 알릴 수 "
    "없습니다",
    "repeatable": "다시 할 수 있습니다",
    "no_trace": "보낸 편지함에도 응답에도 없고, SMTP는 기록을 남기지 않습니다",
    # what check found
    "found_messages": "{folder}: 최근 {days}일의 메시지 {count}건",
    "found_idle": "새 메일을 바로 알 수 있음(IDLE)",
    "found_polling": "서버가 새 메일을 알려 줄 수 없어(IDLE 없음) {seconds}초마다 확인함",
    "found_condstore": "서버가 바뀐 플래그를 알려 줌(CONDSTORE)",
    "found_no_condstore": "서버가 바뀐 플래그를 알려 주지 않아 최신 메시지의 플래그를 비교함",
    "found_keywords": "완료한 메일에 키워드 {keyword}을(를) 붙임. 편지함의 다른 프로그램에도 보임",
    "found_no_keywords": "서버가 키워드를 두지 않아 완료 여부는 여기서만 알 수 있음",
    "found_archive": "완료한 메일을 {folder}(으)로 옮김",
    "found_sent": "답장은 {folder} 폴더에 있음",
    "found_sent_by_name": "답장은 이름으로 보아 {folder} 폴더에 있음",
    "found_no_smtp": "지금은 메일을 보낼 수 없음: {reason}",
    "found_no_sent": "보낸 편지함이 없음: 첫 답장 때 만듦",
}
