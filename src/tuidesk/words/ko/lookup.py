"""Why the user's own program has not said what it knows of a customer."""

TEXTS: dict[str, str] = {
    "not_started": "{command}: 시작할 수 없음: {why}",
    "too_slow": "{seconds}초 안에 응답 없음",
    "too_much": "응답이 {most}kB를 넘음",
    "failed": "종료 상태 {status}: {why}",
    "status": "종료 상태 {status}",
    "not_understood": "응답 {n}번째 줄: {why}",
    "no_contact": "응답 {n}번째 줄이 contact 줄이 아님",
}
