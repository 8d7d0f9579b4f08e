"""What the wire itself says."""

TEXTS: dict[str, str] = {
    "unknown_kind": '"{kind}" turi uchun adapter yoʻq (borlari: {known})',
}
