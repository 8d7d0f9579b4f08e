"""What is said of files that are fetched."""

TEXTS: dict[str, str] = {
    "no_attachment": "이 메시지에 첨부 파일 {name}이(가) 없습니다",
    "no_source": "이 메시지의 원문은 보관되지 않았고 채널에서도 받을 수 없습니다",
    "too_many": "{name}: 같은 이름의 파일이 너무 많습니다",
    "too_large": "{most}MB보다 커서 받지 않습니다",
}
