"""What is said to an agent who does not look: in notifications, and in the title of the window."""

TEXTS: dict[str, str] = {
    "title": "tuidesk",
    "all": "tuidesk: {what}",
    "mine": "내 대화에 {count}건",
    "new": "새 글 {count}건",
    "back": "미루기에서 돌아옴 {count}건",
    "check": "확인할 것 {count}건",
    "soon": "곧 지연 {count}건",
    "late": "지연 {count}건",
    "window": "답장 기한 임박 {count}건",
    "from": "{what}, {who}",
    "more": "외 {count}건",
}
