"""What stands in place of a mail that cannot be read, and why a mail came back."""

TEXTS: dict[str, str] = {
    "unreadable": "읽을 수 없는 메시지, {size}바이트",
    "unreadable_why": "읽을 수 없는 메시지, {size}바이트: {why}",
    "bounced": "{who}: {why}",
    "bounced_without_reason": "이유 없이 반송됨",
}
