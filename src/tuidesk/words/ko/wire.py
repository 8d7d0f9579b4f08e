"""What the wire itself says."""

TEXTS: dict[str, str] = {
    "unknown_kind": '"{kind}" 종류의 어댑터가 없습니다(가능: {known})',
}
