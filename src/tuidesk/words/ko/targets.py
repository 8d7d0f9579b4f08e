"""What is said about `[[targets]]`."""

TEXTS: dict[str, str] = {
    "table": '테이블이어야 합니다: 한 줄에 [[targets]], 그 아래에 first_response = "1h"',
    "no_aim": '목표가 없습니다. first_response, reply, resolution 중 하나를 넣으세요. 예: reply = "4h"',
    "length": '"90m", "4h", "2d" 같은 길이여야 합니다',
    "near_account": "그런 계정은 없습니다. {near}을(를) 찾으셨나요?",
    "no_account": "그런 계정은 없습니다(있는 계정: {known})",
}
