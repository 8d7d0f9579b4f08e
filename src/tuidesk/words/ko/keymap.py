"""What is wrong with keys in the config (`domain.keymap`)."""

TEXTS: dict[str, str] = {
    "unknown": "그런 동작이 없습니다. `tuidesk keys --json`으로 목록을 봅니다",
    "unknown_near": "그런 동작이 없습니다. `{near}`을(를) 찾으셨나요?",
    "not_here": "그 동작은 다른 곳에서 씁니다: {places}",
    "no_keys": '키, 키의 목록, 또는 없으면 ""여야 합니다',
    "no_key": "키가 아닙니다. `j`, `Ctrl+D`, `PgDn`, `F5`, 이어 누르는 키는 `g o`처럼 씁니다",
    "alt": "{key}은(는) Esc와 그 키로 구분되지 않습니다. Alt 없는 키를 고르세요",
    "same": "{key}은(는) 터미널에서 {other}와(과) 같습니다. 다른 키를 고르세요",
    "esc": "Esc는 다른 키 앞에 올 수 없습니다. 바로 나갑니다",
    "edits": "{key}은(는) 글을 쓰거나 고치는 키라 그대로 둡니다. 작성 중 명령은 Ctrl과 글자, 또는 "
    "F1~F12입니다",
    "seldom": "{key}을(를) 보내지 않는 터미널이 많습니다. 어디에나 있는 키를 더하세요",
    "taken": "`{key}`은(는) {place}에서 `{other}`의 키이기도 합니다. 그쪽에 다른 키를 주거나 "
    '없애세요(`{other} = ""`)',
    "prefix": "`{key}`은(는) {place}에서 이어 누르는 키의 시작이라 혼자 쓸 수 없습니다: `{other}` 참고",
}
