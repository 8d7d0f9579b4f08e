"""Why a delivery stands where it stands."""

TEXTS: dict[str, str] = {
    "cut": "보내는 중에 프로그램이 종료되었습니다. 전송되었을 수 있습니다",
    "silent": "보낸 뒤 응답이 없습니다. 전송되었을 수 있습니다",
    "crashed": "보내는 중에 채널 어댑터가 멈췄습니다({what}). 전송되었을 수 있습니다",
    "refused": "수신 거부됨: {who}",
    "shown": "채널에 {at}에 보낸 같은 내용이 있습니다. 전송된 것으로 보입니다",
    "missing": "전송되지 않아 다시 보냅니다",
}
