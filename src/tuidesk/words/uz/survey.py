"""Soʻrovlar haqida: nega mijozga yuborib boʻlmasligi."""

TEXTS = {
    "not_complete": "soʻrov faqat yakunlangan suhbatga yuboriladi",
    "spam": "bu mijozning xabarlari spam edi: undan soʻralmaydi",
    "asked": "{days} kun oldin soʻralgan, {every} kun ichida qayta soʻralmaydi",
    "asked_day": "bir kun oldin soʻralgan, {every} kun ichida qayta soʻralmaydi",
    "asked_today": "bir kun ham oʻtmadi, {every} kun ichida qayta soʻralmaydi",
}
