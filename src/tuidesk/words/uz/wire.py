"""What the wire itself says."""

TEXTS: dict[str, str] = {
    "unknown_kind": '"{kind}" turi uchun adapter yoʻq (borlari: {known})',
    "several": "Shu xabar boʻlishi mumkin boʻlgani bir nechta: suhbatda koʻrinadi",
    "early": "Aloqa hozirgina uzildi, xizmat hali ishlayotgan boʻlishi mumkin",
    "not_whole": "Xizmat suhbatning juda oz qismini koʻrsatadi, aytib boʻlmaydi",
}
