"""What is said about the systemd user unit."""

TEXTS: dict[str, str] = {
    "description": "tuidesk: xatlarni oladi, javoblarni yuboradi",
    "odd": "{word}: systemd unitida yozib boʻlmaydi, oddiy harfli yoʻlga koʻchiring",
    "foreign": "{path}: tuidesk yozgan fayl emas, avval boshqa joyga koʻchiring",
    "start": "Hozir va har kirishda ishga tushirish: systemctl --user daemon-reload && systemctl "
    "--user enable --now tuidesk",
    "linger": "Siz kirmaganda ham ishlashi uchun: loginctl enable-linger",
    "env": "{account}: xizmat terminalingizdagi {name} ni koʻrmaydi: `systemctl --user edit {unit}` "
    "(EnvironmentFile=) bilan bering yoki maxfiy soʻzni faylda saqlang",
    "keyring": "{account}: hech kim kirmaganda kalitdon qulflangan boʻladi va bu hisob kutadi",
    "command": "{account}: {program} maxfiy soʻzni soʻramasdan berishi kerak, aks holda bu hisob siz "
    "kirguningizcha kutadi",
}
