"""What is asked once before a text leaves (`domain.guards`)."""

TEXTS: dict[str, str] = {
    "placeholder": "“{what}”을(를) 아직 채우지 않았습니다.",
    "file": "“{what}”: 파일을 보낸다고 썼는데 첨부가 없습니다.",
    "note": "“{what}”: 팀 메모처럼 보이는데 고객에게 갑니다.",
    "window": "이 채널의 답장 기한이 지나 거부될 가능성이 큽니다.",
    "long": "한 메시지로는 너무 깁니다. 최대 {most:,}씩 {what}개로 나누어 차례로 보냅니다.",
    "card": "카드 번호({what})를 누구나 읽게 할까요?",
    "direct": "비공개 메시지에 대한 답인데 누구나 읽을 수 있게 됩니다.",
    "public": "공개: 누구나 읽을 수 있습니다.",
    "bare": "직접 쓴 말이 하나도 없습니다.",
    "domain": "{who}: @ 뒤에 점이 없습니다.",
    "moved_in": "{who}의 글({ago}): {text}",
    "moved_out": "{who}의 답장({ago}): {text}",
    "moved_note": "{who}의 메모({ago}): {text}",
    "moved_more": "쓰기 시작한 뒤 {count}건 더 있습니다.",
    "moved_you": "나",
    "sent_already": "같은 글을 이미 보냈습니다({ago}).",
    "question": "{ask}  {send} 한 번 더 누르면 보내고 {leave}로 돌아갑니다",
    "wider": "이것은 더 적은 사람만 읽을 수 있던 글에 대한 답입니다.",
    "unlisted": "목록 제외: 공개 목록에 없지만 누구나 읽을 수 있습니다.",
    "private": "팔로워: 고객만이 아니라 팔로워도 읽을 수 있습니다.",
}
