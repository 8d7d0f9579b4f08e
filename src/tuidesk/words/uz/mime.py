"""What the mail parser says."""

TEXTS: dict[str, str] = {
    "too_big": "xat {size} bayt; koʻpi bilan {limit} bayt oʻqiladi",
    "too_many_parts": "xatda {limit} dan koʻp qism bor",
    "too_deep": "xat {limit} darajadan chuqur",
    "too_many_headers": "xatda {limit} dan koʻp sarlavha qatori bor",
    "header_too_long": "xatning bir sarlavhasi {limit} baytdan uzun",
    "malformed": "xatni oʻqib boʻlmadi ({kind})",
    "no_part": "xatda {ref} qismi yoʻq",
    "slow": "xatni oʻqish {seconds:g} soniyadan oshdi",
    "died": "xatni oʻquvchi jarayon toʻxtadi (xotira yetmadi yoki xato)",
    "garbled": "xatni oʻquvchi jarayon tushunarsiz javob berdi",
    "no_worker": "xatni oʻquvchi jarayonni ishga tushirib boʻlmadi: {reason}",
}
