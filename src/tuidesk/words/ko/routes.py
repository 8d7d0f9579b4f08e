"""By which way a reply goes to the customer."""

TEXTS: dict[str, str] = {
    "title": "#{n}: 어느 경로로 보낼까요?",
    "now": "지금: {medium}, 비공개.",
    "now_public": "지금: {medium}, 공개.",
    "thread": "{medium}, {seen}: #{n}, 받는 사람 {to}, {via}(으)로",
    "start": "{medium}, {seen}: {to}와(과) 새 대화, {via}(으)로",
    "window": "답장 가능 {when}까지",
    "closed": "답장 기한이 지남",
    "most": "최대 {room}",
    "unit_characters": "{count:,}자",
    "unit_graphemes": "{count:,}자",
    "unit_utf16": "{count:,}자",
    "unit_bytes": "{count:,}바이트",
    "unit_gsm7": "SMS {count:,}자",
    "unit_x-weighted": "{count:,}자",
    "recipients": "같은 경로로 다른 사람에게: 받는 사람과 참조 변경",
    "not_saved": "글이 아직 저장되지 않아 여기에 둡니다.",
    "begun": "이미 시작한 새 대화가 있습니다(“{text}”). c로 보고, 먼저 보내거나 비우세요.",
    "now_unlisted": "지금: {medium}, 목록 제외.",
    "now_private": "지금: {medium}, 팔로워 포함.",
}
