"""What is wrong with keys in the config (`domain.keymap`)."""

TEXTS: dict[str, str] = {
    "unknown": "bunday amal yoʻq: roʻyxatini `tuidesk keys --json` beradi",
    "unknown_near": "bunday amal yoʻq; balki `{near}`?",
    "not_here": "bu amal boshqa joyda ishlaydi: {places}",
    "no_keys": 'tugma, tugmalar roʻyxati yoki yoʻq boʻlsa "" boʻlishi kerak',
    "no_key": "bu tugma emas: `j`, `Ctrl+D`, `PgDn`, `F5`, ketma-ketini `g o` kabi yozing",
    "alt": "{key} ni Esc va oʻsha tugmadan ajratib boʻlmaydi: Alt siz tugma tanlang",
    "same": "{key} terminal uchun {other} bilan bir xil: boshqasini tanlang",
    "esc": "Esc boshqa tugmadan oldin tura olmaydi: u darhol chiqadi",
    "edits": "{key} matnda yozadi yoki tahrirlaydi, shunday qoladi: u yerda buyruq — Ctrl va harf yoki "
    "F1–F12",
    "seldom": "koʻp terminal {key} ni yubormaydi: hammasida bor tugma qoʻshing",
    "taken": '`{key}` {place} da `{other}` tugmasi ham: unga boshqasini bering yoki oling (`{other} = ""`)',
    "prefix": "`{key}` {place} da ketma-ket tugmalarning boshi, oʻzi yolgʻiz tugma boʻlolmaydi: "
    "`{other}` ga qarang",
}
