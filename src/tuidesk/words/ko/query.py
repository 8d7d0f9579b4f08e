"""Mistakes in a query (`domain.query`)."""

TEXTS: dict[str, str] = {
    "near": "{why}: {near}을(를) 찾으셨나요?",
    "quote_it": "{why} ({known}); 콜론이 있는 글은 따옴표로 묶습니다",
    "unknown_key": "{key}: 그런 항목이 없습니다",
    "unknown_value": "{key}: {value}을(를) 모릅니다",
    "known": "{why}. 가능한 것: {known}",
    "no_value": "{key}: 값이 없습니다. {known}",
    "no_text": "{key}: 누구 또는 무엇인가요?",
    "bracketed_value": "{key}: 뒤의 값에는 괄호를 쓰지 않습니다",
    "no_span": "{key}: >30m, <2h, >1d 같은 시간을 씁니다",
    "no_date": "{key}: 날짜(2026-11-20), today, yesterday, 7d를 씁니다",
    "or_alone": 'or는 두 가지 사이에 씁니다. 단어로 찾으려면 “"or"”',
    "not_closed": "이 괄호가 닫히지 않았습니다",
    "not_opened": "닫을 괄호가 없습니다",
    "nothing_inside": "괄호 안이 비어 있습니다",
    "too_deep": "괄호 중첩이 너무 깊습니다. 최대 {most}단계",
    "too_long": "검색식은 최대 {most}개까지입니다",
    "sort_once": "sort:는 한 번만 씁니다",
    "sort_inside": "sort:는 검색식 전체에 적용됩니다. -나 괄호 없이 따로 씁니다",
}
