"""What is said of a Matrix account."""

TEXTS: dict[str, str] = {
    "help_user": "계정의 ID: @support:acme.example",
    "help_login": "비밀값의 종류: token(액세스 토큰) 또는 password(비밀번호)",
    "help_homeserver": "홈서버 주소, ID의 도메인이 가리키는 곳이 아닐 때",
    "help_ca": "시스템 인증 기관 외에 신뢰할 기관의 PEM 파일",
    "help_days": "첫 동기화에서 며칠 전까지 읽을지",
    "help_invites": "누구의 초대를 받을지: everybody(모두), listed(invites_from에 있는 이), nobody(없음)",
    "help_invites_from": "listed일 때: 사용자 ID나 서버, 예: @dana:example.org, example.org, *.example.org",
    "help_colleagues": "이 방들에서 우리 쪽으로 말하는 이(사람, 봇, 브리지), 형식은 invites_from과 같음",
    "help_receipts": (
        "답장을 보낸 뒤 고객의 메시지를 읽었다고 방에 알림: none, private(내 다른 클라이언트만 봄), public"
    ),
    "help_typing": "답장의 파일을 올리는 동안 입력 중이라고 고객에게 표시",
    "bad_user": "user는 완전한 Matrix ID여야 합니다: @support:acme.example",
    "bad_days": "days는 1 이상이어야 합니다",
    "credential": (
        "데스크 전용 계정을 만드는 것이 가장 좋습니다. Element에서 그 계정으로 로그인해 모든 설정, 도움말 "
        "및 정보를 열고 맨 아래의 액세스 토큰을 복사하세요. 그 Element에서 로그아웃하면 토큰이 끝나니 "
        "로그아웃하지 마세요. 또는 login = password로 하고 계정의 비밀번호를 주세요. tuidesk는 "
        "시작할 때마다 늘 같은 기기로 로그인합니다. 토큰이 몇 분 만에 끝나는 곳(matrix.org)에서는 "
        "비밀번호를 쓰세요."
    ),
    "no_token": "홈서버가 토큰을 주지 않았습니다",
    "no_sync": "홈서버의 응답에 이어 갈 위치가 없습니다",
    "no_room": "홈서버가 어떤 방을 만들었는지 말하지 않았습니다",
    "no_event": "홈서버가 어떤 메시지를 만들었는지 말하지 않았습니다",
    "no_upload": "홈서버가 파일을 어디에 두었는지 말하지 않았습니다",
    "no_file": "홈서버에 그런 파일이 없습니다",
    "no_such_file": "파일을 읽을 수 없음: {why}",
    "no_user": "받을 Matrix ID가 없습니다: {who}",
    "no_forward": "Matrix는 메시지를 전달할 수 없습니다: 내용을 복사하세요",
    "other_user": "비밀값은 {user}의 것인데 계정 파일에는 {wanted}라고 되어 있습니다",
    "unsupported": "Matrix에는 {type}이(가) 없습니다",
    "too_long": "글이 {limit}바이트를 넘습니다",
    "repeatable": "다시 해도 해가 없습니다",
    "same_words": "방에 같은 말이 있지만 이것이라는 증거가 없습니다",
    "too_much": "그 뒤로 오간 말이 너무 많아 찾을 수 없습니다",
    "encrypted": (
        "종단 간 암호화된 방이라 tuidesk로는 답할 수 없습니다: Element에서 답하거나 새 방을 여세요"
    ),
    "public": "이제 이 방은 누구나 읽을 수 있습니다: 쓰신 글은 그 고객에게만 보내려던 것입니다",
    "left": "우리는 더 이상 이 방에 없습니다",
    "moved": "방이 닫히고 다른 방이 대신합니다: 거기서 답하세요",
    "alone": "방에 다른 사람이 없습니다",
    "uninvited": "규칙이 받지 않는 초대 {count}개가 기다립니다",
    "unreadable": "[암호화된 메시지: tuidesk는 읽을 수 없음]",
    "lost": "tuidesk가 없는 동안 이 앞에서 오간 말을 읽을 수 없습니다: {why}",
    "deleted": "[삭제된 메시지]",
    "call": "[통화]",
    "location": "[위치 {where}]",
    "file": "[{name}]",
    "locked_file": "[암호화된 파일 {name}]",
    "sort": "[{sort}]",
    "no_sort": "[읽을 수 없는 메시지]",
    "field_room": "방",
    "field_topic": "주제",
    "field_network": "네트워크",
    "finding_server": "홈서버는 {host}입니다",
    "finding_encrypted": (
        "종단 간 암호화된 방은 보이지만 읽거나 답할 수 없습니다: 서버가 끄지 않으면 Element는 다이렉트 "
        "메시지를 암호화합니다"
    ),
    "finding_password": (
        "tuidesk는 시작할 때마다 비밀번호로 로그인합니다. 서버는 잇따른 로그인을 제한하지만 액세스 토큰에는 "
        "로그인이 필요 없습니다"
    ),
}
