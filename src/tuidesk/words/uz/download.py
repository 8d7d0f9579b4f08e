"""What is said of files that are fetched."""

TEXTS: dict[str, str] = {
    "no_attachment": "bu xabarda {name} fayli yoʻq",
    "no_source": "bu xabarning asl matni saqlanmagan, kanal ham bermaydi",
    "too_many": "{name} nomli fayllar juda koʻp",
    "too_large": "{most} MB dan katta: olinmadi",
}
