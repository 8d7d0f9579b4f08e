"""What the mail parser says."""

TEXTS: dict[str, str] = {
    "too_big": "메일이 {size:,}바이트입니다. 최대 {limit:,}바이트까지 읽습니다",
    "too_many_parts": "메일 파트가 {limit:,}개를 넘습니다",
    "too_deep": "메일 중첩이 {limit}단계를 넘습니다",
    "too_many_headers": "메일 헤더가 {limit:,}줄을 넘습니다",
    "header_too_long": "메일 헤더 하나가 {limit:,}바이트를 넘습니다",
    "malformed": "메일을 읽을 수 없습니다({kind})",
    "no_part": "메일에 파트 {ref}이(가) 없습니다",
    "slow": "메일을 읽는 데 {seconds:g}초를 넘겼습니다",
    "died": "메일을 읽던 프로세스가 멈췄습니다(메모리 부족 또는 충돌)",
    "garbled": "메일을 읽는 프로세스의 응답이 올바르지 않습니다",
    "no_worker": "메일을 읽는 프로세스를 시작할 수 없음: {reason}",
}
