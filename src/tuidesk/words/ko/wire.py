"""What the wire itself says."""

TEXTS: dict[str, str] = {
    "unknown_kind": '"{kind}" 종류의 어댑터가 없습니다(가능: {known})',
    "several": "이 메시지일 수 있는 것이 여럿입니다. 대화에서 확인하세요",
    "early": "방금 연결이 끊겼고, 서비스가 아직 처리하고 있을 수 있습니다",
    "not_whole": "서비스가 보여 주는 대화가 너무 적어 알 수 없습니다",
}
