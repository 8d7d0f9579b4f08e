"""A text in the agent's own editor."""

TEXTS: dict[str, str] = {
    "cannot_write": "글을 편집기에 넘길 수 없음: {reason}",
    "cannot_read": "{path}: 읽을 수 없음: {reason}",
    "no_file": "파일이 아님",
    "too_large": "글로는 너무 큼",
    "bad": "편집기 {command}을(를) 읽을 수 없음: {reason}",
    "cannot_run": "편집기 {command}을(를) 시작할 수 없음: {reason}",
    "no_terminal": "편집기를 띄울 터미널이 없습니다.",
    "ended": "편집기가 {code}(으)로 끝났습니다. 글은 이전 그대로입니다.",
    "killed": "편집기가 시그널 {number}(으)로 종료되었습니다. 쓴 데까지 가져왔습니다.",
    "found": "{when}에 편집기에서 쓰던 #{n}의 글을 찾았습니다: “{text}”. 이제 초안이며 g d에 있습니다.",
    "found_start": "{when}에 편집기에서 쓰던 새 대화의 글을 찾았습니다: “{text}”. c로 이어서 씁니다.",
    "left": "{when}에 편집기에서 쓰던 글을 초안으로 보관할 수 없어 {path}에 남깁니다: {reason}",
}
