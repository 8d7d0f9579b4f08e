"""What the Telegram channel says."""

TEXTS: dict[str, str] = {
    "help_server": "Bot API 서버: Telegram의 서버 또는 직접 운영하는 서버",
    "help_team": "자기 Telegram 계정으로 답하는 동료의 번호 또는 @이름",
    "help_mark_read": "답한 메시지를 읽었음을 비즈니스 계정의 고객에게 보일지 여부",
    "help_poll_s": "서버가 새 소식을 기다리는 시간(초)",
    "help_ca": "시스템 외에 신뢰할 인증 기관의 PEM 파일",
    "credential": "비밀 값은 봇의 토큰입니다. Telegram에서 @BotFather에게 /newbot(이미 있으면 /token)을 보내고 "
    "123456:ABC처럼 생긴 줄을 복사하세요. 다른 프로그램이 이 봇을 동시에 읽으면 안 됩니다. "
    "그룹의 모든 메시지를 보려면 /setprivacy로 프라이버시 모드를 끄세요.",
    "found": "봇: {name} (@{handle})",
    "one_reader": "봇은 한 프로그램만 읽을 수 있습니다. 이 토큰은 한 기기의 tuidesk에만 쓰세요",
    "privacy": "그룹에서 봇은 명령, 멘션, 봇에게 한 답장만 봅니다. @BotFather의 /setprivacy로 바꿀 수 있습니다",
    "bad_token": "Telegram이 모르는 토큰입니다. @BotFather의 /token에서 확인하세요",
    "webhook": "{host}의 웹훅이 이 봇의 메시지를 받고 있어 tuidesk는 받을 수 없습니다. tuidesk용 봇을 따로 만들거나 "
    "그쪽에서 웹훅을 없애세요(deleteWebhook)",
    "second_reader": "다른 프로그램이 이 봇을 읽고 있어 메시지가 나뉘어 갑니다. 그 프로그램을 멈추거나 tuidesk용 봇을 "
    "따로 만드세요. tuidesk는 5분 동안 비켜 있다가 다시 봅니다",
    "unsupported": "Telegram 봇에는 {type} 기능이 없습니다",
    "no_chat": "어느 채팅인지 알 수 없습니다",
    "window": "비즈니스 계정의 고객에게는 마지막 메시지 후 하루 동안만 답할 수 있습니다",
    "nobody": "봇은 먼저 말을 건 한 사람에게만 따로 쓸 수 있습니다",
    "no_file": "그런 파일이 없습니다",
    "no_find": "봇은 보낸 메시지를 볼 수 없습니다. 채팅에서 확인하세요",
    "too_big": "{name}은(는) 봇이 보낼 수 있는 {limit}MB보다 큽니다",
    "too_long": "메시지는 최대 {most}자입니다",
    "half": "일부만 보냈습니다: {reason}",
    "paced": "Telegram 그룹에는 1분에 20개까지 보낼 수 있습니다. 잠시 기다립니다",
    "blocked": "고객이 봇을 차단했습니다",
    "removed": "봇이 더 이상 이 그룹에 없습니다",
    "no_right": "{who}이(가) 봇의 답장을 허용하지 않았습니다",
    "disconnected": "{who}이(가) 봇 연결을 끊었습니다",
}
