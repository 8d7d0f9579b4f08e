"""What the demo says itself. What its customers and colleagues write is in the channel's own data."""

TEXTS: dict[str, str] = {
    "help_seed": "qaysi voqealar: bir xil raqam bir xil stolni beradi",
    "help_size": "yuklama sinovi uchun nechta suhbat yaratilsin; 0 — qoʻlda yozilgan stol",
    "help_live": "ish paytida yangi xabarlar keladi va mijozlar javob beradi; oʻchiq boʻlsa, "
    "oʻz-oʻzidan hech narsa boʻlmaydi",
    "help_pace": "tezlik: 0.5 ikki baravar tez",
    "bad_size": "size — suhbatlar soni, 0 yoki undan koʻp",
    "bad_pace": "pace — 0 dan katta son",
    "found": "Namuna dasturning ichida: yuborganingiz shu kompyuterdan chiqmaydi.",
    "faults": "Nosozliklarni koʻrish uchun javobga yozing: #fail (rad etiladi), #limit (20 soniya "
    "kutadi), #unknown (javob bir marta yoʻqoladi), #bounce (keyin qaytadi).",
    "fail": "Namuna #fail bor matnlarni rad etadi.",
    "limit": "Birdaniga juda koʻp: namuna #limit bor matnlarni kuttiradi.",
    "unknown": "Matnda #unknown bor: namuna javob berishdan oldin aloqa uzildi.",
    "bounced": "Namuna #bounce bor matnlarni qaytaradi: bunday pochta qutisi yoʻq.",
    "no_file": "Namuna xabarlarida bunday fayl yoʻq.",
}
