"""How an account's line is."""

TEXTS: dict[str, str] = {
    "silent": "서버 응답 없음",
}
