"""Why a delivery stands where it stands."""

TEXTS: dict[str, str] = {
    "cut": "yuborayotganda dastur toʻxtadi; yetib borgan boʻlishi mumkin",
    "silent": "yuborilgach javob kelmadi; yetib borgan boʻlishi mumkin",
    "crashed": "yuborayotganda kanal adapteri ishdan chiqdi ({what}); yetib borgan boʻlishi mumkin",
    "refused": "qabul qilinmadi: {who}",
    "shown": "kanalda {at} da yuborilgan shu soʻzlar bor: aftidan, yetib borgan",
    "missing": "yetib bormagan ekan, qayta yuborilmoqda",
}
