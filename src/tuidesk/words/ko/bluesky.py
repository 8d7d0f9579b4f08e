"""What the Bluesky channel says."""

TEXTS: dict[str, str] = {
    "help_handle": "계정의 핸들, 예: acme.bsky.social",
    "help_server": "계정이 로그인하는 서버. 대부분 bsky.social입니다",
    "help_days": "첫 동기화에서 읽을 기간(일)",
    "help_chat": "다이렉트 메시지도 읽고 답할지 여부",
    "help_poll_s": "두 번 확인하는 사이의 시간(초). 한동안 아무도 쓰지 않으면 그 두 배",
    "help_ca": "시스템 외에 신뢰할 인증 기관의 PEM 파일",
    "credential": "비밀 값은 계정 비밀번호가 아니라 앱 비밀번호입니다. bsky.app의 설정, 개인정보 및 보안, 앱 "
    "비밀번호에서 추가하세요. 다이렉트 메시지에도 답하려면 다이렉트 메시지 접근 허용을 선택하세요. 네 글자씩 네"
    " 묶음으로 한 번만 표시됩니다.",
    "found": "@{handle}(으)로 로그인함. 데이터는 {server}에 있음",
    "public": "다이렉트 메시지 외에는 모두 공개됩니다. 게시물에 단 답글은 누구나 읽을 수 있습니다",
    "second_factor": "서버가 메일로 보낸 코드를 요구합니다. 계정 비밀번호 대신 앱 비밀번호를 쓰세요",
    "logins": "세션이 시작 직후 끝났습니다. 로그인 횟수에 제한이 있어 나중에 다시 시도합니다",
    "no_session": "{host}이(가) 세션을 주지 않았습니다",
    "no_chat": "다이렉트 메시지를 읽거나 보낼 수 없습니다({why}). 설정, 개인정보 및 보안, 앱 비밀번호에서 "
    "접근이 허용된 것을 만드세요",
    "chat_off": "계정 파일에 chat = false로 되어 있음",
    "unsupported": "Bluesky에는 {type} 기능이 없습니다",
    "mixed": "공개인지 다이렉트 메시지인지 분명하지 않아 보내지 않습니다",
    "too_long": "Bluesky의 길이 제한({most}자)을 넘습니다",
    "gone": "답하려는 글이 없어졌거나 작성자가 이 계정을 차단했습니다",
    "blocked_by": "작성자가 이 계정을 차단했습니다",
    "blocking": "이 계정이 작성자를 차단했습니다",
    "gated": "작성자가 이 계정의 답글을 허용하지 않아 답글이 아무에게도 보이지 않습니다",
    "locked": "잠긴 대화입니다",
    "chat_disabled": "지금은 다이렉트 메시지를 받지 않습니다",
    "one_person": "다이렉트 메시지는 한 사람과 시작합니다",
    "not_there": "@{handle}은(는) 이 대화에 없습니다. 대화에 있는 다른 사람에게 가게 됩니다",
    "key_taken": "이 답글이 쓸 이름에 이미 다른 게시물이 있습니다",
    "picture": "{name}은(는) Bluesky가 받는 그림이 아닙니다. 2MB 이하의 PNG, JPEG, GIF, WebP만 됩니다",
    "pictures": "게시물 하나에 그림은 {most}개까지입니다",
    "no_files": "Bluesky 다이렉트 메시지에는 파일을 붙일 수 없습니다",
    "no_file": "그런 파일이 없습니다",
}
