"""What HTML becomes where it has no text of its own."""

TEXTS: dict[str, str] = {
    "too_deep": "HTML 중첩이 {limit}단계를 넘습니다",
    "image": "[{alt}]",
}
