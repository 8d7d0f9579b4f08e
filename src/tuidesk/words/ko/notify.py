"""What is said to an agent who does not look: in notifications, and in the title of the window."""

TEXTS: dict[str, str] = {
    "title": "tuidesk",
    "title_new": "tuidesk: 새 글 {count}건",
    "all": "tuidesk: {what}",
    "mine": "내 대화에 {count}건",
    "new": "새 글 {count}건",
    "back": "미루기에서 돌아옴 {count}건",
    "check": "확인할 것 {count}건",
    "from": "{what}, {who}",
    "more": "외 {count}건",
}
