"""What import and export say."""

TEXTS: dict[str, str] = {
    "no_account": '여기에는 계정 "{account}"이(가) 없습니다',
    "bad_account": "`account`가 계정 이름이 아닙니다",
    "stray": "{type} 줄이 속할 대화나 고객이 없습니다",
    "bad_work": "`out`이 채널 작업이 아닙니다",
}
