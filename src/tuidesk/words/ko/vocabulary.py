"""What is wrong with a line of the vocabulary. `{field}` is a name of ours, never the line's own text."""

TEXTS: dict[str, str] = {
    "not_utf8": "줄이 UTF-8이 아닙니다",
    "not_json": "줄이 JSON이 아닙니다: {why}",
    "too_deep": "줄의 중첩이 너무 깊습니다",
    "not_object": "줄이 JSON 객체가 아닙니다",
    "no_type": '줄에 "type"이 없습니다',
    "unknown_type": "알 수 없는 type {type}",
    "missing": "{type}: {field}이(가) 없습니다",
    "either": "{type}: {one} 또는 {other}이(가) 필요합니다",
    "text": "{field}: 문자열이어야 합니다",
    "flag": "{field}: true 또는 false여야 합니다",
    "count": "{field}: 0 이상의 정수여야 합니다",
    "number": "{field}: 5와 같은 수여야 합니다",
    "positive": "{field}: 0보다 커야 합니다",
    "when": "{field}: 시간대가 있는 RFC 3339 시각이어야 합니다(예: 2026-11-20T12:50:00Z)",
    "object": "{field}: 객체여야 합니다",
    "list": "{field}: 목록이어야 합니다",
    "choice": "{field}: 다음 중 하나여야 합니다: {choices}",
    "extra": "{field}: JSON으로 보관할 수 없습니다",
}
