"""What is wrong with a line of the vocabulary. `{field}` is a name of ours, never the line's own text."""

TEXTS: dict[str, str] = {
    "not_utf8": "qator UTF-8 emas",
    "not_json": "qator JSON emas: {why}",
    "too_deep": "qator juda chuqur",
    "not_object": "qator JSON obyekti emas",
    "no_type": 'qatorda "type" yoʻq',
    "unknown_type": "nomaʼlum type {type}",
    "missing": "{type}: {field} yoʻq",
    "either": "{type}: {one} yoki {other} kerak",
    "text": "{field} matn boʻlishi kerak",
    "flag": "{field} true yoki false boʻlishi kerak",
    "count": "{field} butun son boʻlishi kerak, 0 yoki undan katta",
    "number": "{field} 5 kabi son boʻlishi kerak",
    "positive": "{field} 0 dan katta boʻlishi kerak",
    "when": "{field} mintaqali RFC 3339 vaqti boʻlishi kerak, masalan 2026-11-20T12:50:00Z",
    "object": "{field} obyekt boʻlishi kerak",
    "list": "{field} roʻyxat boʻlishi kerak",
    "choice": "{field} shulardan biri boʻlishi kerak: {choices}",
    "extra": "{field}: JSON sifatida saqlab boʻlmaydi",
}
