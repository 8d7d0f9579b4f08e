"""What is said before a face is up."""

TEXTS: dict[str, str] = {
    "cannot_open": "tuidesk: {why}",
    "no_terminal": "tuidesk: ekran uchun kirish va chiqishda terminal kerak; `tuidesk --plain`, "
    "`tuidesk list` va boshqa buyruqlar (`tuidesk --help`) terminalsiz ham ishlaydi",
    "dumb_terminal": 'tuidesk: "{term}" terminali ekran chiza olmaydi: TERM ni oʻrnating (masalan '
    "`TERM=xterm-256color tuidesk`), yoki `tuidesk --plain`, yoki `tuidesk list` va boshqa "
    "buyruqlardan foydalaning",
    "demo": "stolni namuna kanalda, sozlamasdan ochish",
    "demo_seed": "qaysi namuna stol: bir xil raqam bir xil mijoz va xabarlarni beradi",
    "demo_size": "yuklama sinovi uchun nechta suhbat yaratilsin; 0 — qoʻlda yozilgan stol",
    "demo_size_negative": "--size manfiy boʻlolmaydi",
}
