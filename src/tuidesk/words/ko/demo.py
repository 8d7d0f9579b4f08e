"""What the demo says itself. What its customers and colleagues write is in the channel's own data."""

TEXTS: dict[str, str] = {
    "help_seed": "상황 번호: 같은 번호는 같은 데스크를 만듭니다",
    "help_size": "부하 시험용으로 만들 대화 수. 0은 미리 작성된 데스크",
    "help_live": "실행 중 새 메시지가 오고 고객이 답합니다. 끄면 저절로 일어나는 일이 없습니다",
    "help_pace": "진행 속도: 0.5는 두 배 빠르게",
    "bad_size": "size는 0 이상의 대화 수입니다",
    "bad_pace": "pace는 0보다 큰 수입니다",
    "found": "데모는 내장되어 있습니다. 보내는 내용은 이 컴퓨터를 벗어나지 않습니다.",
    "faults": "문제 상황을 보려면 답장에 다음을 쓰세요: #fail(거부), #limit(20초 대기), #unknown(응답 "
    "유실, 한 번), #bounce(나중에 반송).",
    "fail": "데모는 #fail이 있는 글을 거부합니다.",
    "limit": "요청이 너무 많습니다. 데모는 #limit이 있는 글을 기다리게 합니다.",
    "unknown": "글에 #unknown이 있어 데모가 응답하기 전에 연결이 끊어졌습니다.",
    "bounced": "데모는 #bounce가 있는 글을 반송합니다. 그런 편지함이 없습니다.",
    "no_file": "데모의 메시지에 그런 파일이 없습니다.",
}
