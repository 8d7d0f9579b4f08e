"""Programs of the user's own (`desk.programs`)."""

TEXTS: dict[str, str] = {
    "none": "어느 프로그램인가요? 입력이 없습니다.",
    "not_words": "프로그램과 인자로 읽을 수 없음: {reason}.",
    "cannot_start": "{program}: 시작할 수 없음: {reason}.",
}
