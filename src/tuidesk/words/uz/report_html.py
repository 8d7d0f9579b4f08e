"""The page of a report: its headings, what its pictures say, and its foot."""

TEXTS: dict[str, str] = {
    "made": "Tuzilgan vaqti: {at}.",
    "contents": "Mundarija",
    # sections
    "figures": "Koʻrsatkichlar",
    "groups": "Guruhlab: {what}",
    "pictures": "Rasmlar",
    "topics": "Mavzular va tayyor javoblar",
    # volume
    "course_days": "Kunma-kun, har bir qator oʻz oʻlchovida.",
    "course_weeks": "Haftama-hafta, birinchi kunidan, har bir qator oʻz oʻlchovida.",
    "course_told": "Xabarlar keldi: {received:,}, suhbatlar yakunlandi: {completed:,}. Qolgan suhbatlar: "
    "boshida {first:,}, oxirida {last:,}, koʻpi bilan {most:,}.",
    "numbers": "Bu rasmning raqamlari",
    # heat
    "heat_received": "Mijozlar qachon yozadi",
    "heat_received_about": "Hafta kuni va soat boʻyicha kelgan xabarlar. Rang qancha kuchli boʻlsa, shuncha "
    "koʻp.",
    "heat_reply": "Ular qancha kutadi",
    "heat_reply_about": "Mijoz yozgan hafta kuni va soat boʻyicha javob vaqtining medianasi, taqvim "
    "boʻyicha. Rang qancha kuchli boʻlsa, shuncha uzoq; butun daqiqa (d), soat (s) yoki kunda (k).",
    # distribution
    "replies_about": "Qancha javob qancha vaqt olgan, maqsadlar soati boʻyicha: har bir ustunda chapidagi "
    "vaqtdan oʻngidagi vaqtgacha boʻlganlar.",
    "replies_target": "Koʻpining maqsadi {span} edi; undan butunlay oshgan ustunlar shtrixlangan.",
    "replies_no_target": "Koʻpining maqsadi yoʻq edi.",
    "replies_told": "Javoblar: {count:,}.",
    "target": "maqsad {span}",
    # team
    "team_about": "Bir necha kishi javob beradigan hisoblarda kanal koʻrsatadigani. Javob vaqtlari taqvim "
    "boʻyicha.",
    # comments
    "comments_about": "Yangisi oldin, mijozlar yozganicha.",
    "unnamed": "nomsiz",
    # durations, in one unit
    "seconds": "{count}sek",
    "minutes": "{count}d",
    "hours": "{count}s",
    "days": "{count}k",
    # the foot
    "alone": "Bu sahifa hech narsa yuklamaydi va ishga tushirmaydi. Uni shundayligicha saqlash, yuborish va "
    "chop etish mumkin.",
}
