"""What is asked once before a text leaves (`domain.guards`)."""

TEXTS: dict[str, str] = {
    "placeholder": "“{what}” hali toʻldirilmagan.",
    "file": "“{what}” fayl vaʼda qiladi, lekin fayl yoʻq.",
    "note": "“{what}” jamoaga qaydga oʻxshaydi, bu esa mijozga ketadi.",
    "window": "Bu kanalning javob muddati oʻtgan; ehtimol rad etiladi.",
    "long": "Bitta xabar uchun juda uzun: har biri koʻpi bilan {most} dan, {what} qismda ketma-ket "
    "yuboriladi.",
    "card": "Karta raqamini ({what}) hamma oʻqisinmi?",
    "direct": "Bu shaxsiy xabarga javob, uni hamma oʻqiy oladi.",
    "public": "OMMAVIY: buni hamma oʻqiy oladi.",
    "bare": "Oʻzingizdan bir soʻz ham yoʻq.",
    "domain": "{who}: @ dan keyin nuqta yoʻq.",
    "moved_in": "{who} yozdi ({ago}): {text}",
    "moved_out": "{who} javob berdi ({ago}): {text}",
    "moved_note": "{who} qayd yozdi ({ago}): {text}",
    "moved_more": "Boshlaganingizdan beri yana {count} ta.",
    "moved_you": "Siz",
    "sent_already": "Xuddi shu matn allaqachon yuborilgan ({ago}).",
    "question": "{ask}  {send} yana bosilsa yuboradi, {leave} ortga qaytaradi",
    "wider": "Bu kamroq odam oʻqiy olgan xabarga javob.",
    "unlisted": "ROʻYXATSIZ: ochiq roʻyxatda boʻlmasa ham, buni hamma oʻqiy oladi.",
    "private": "OBUNACHILAR: buni faqat mijoz emas, obunachilar ham oʻqiy oladi.",
}
