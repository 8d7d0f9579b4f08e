"""The page of a report: its headings, what its pictures say, and its foot."""

TEXTS: dict[str, str] = {
    "made": "Tuzilgan vaqti: {at}.",
    "nothing": "Bu vaqtda hech narsa oʻlchanmagan.",
    "contents": "Mundarija",
    # sections
    "figures": "Koʻrsatkichlar",
    "groups": "Guruhlab: {what}",
    "pictures": "Rasmlar",
    "team": "Jamoa",
    "topics": "Mavzular va tayyor javoblar",
    "comments": "Mijozlar soʻzi",
    "definitions": "Har bir koʻrsatkich nima",
    # volume
    "course": "Hajm va qolgan ish",
    "course_days": "Kunma-kun, har bir qator oʻz oʻlchovida.",
    "course_weeks": "Haftama-hafta, birinchi kunidan, har bir qator oʻz oʻlchovida.",
    "received": "Kelgan xabarlar",
    "completed": "Yakunlangan suhbatlar",
    "backlog": "Oxirida qolgan suhbatlar",
    "course_told": "Xabarlar keldi: {received:,}, suhbatlar yakunlandi: {completed:,}. Qolgan suhbatlar: "
    "boshida {first:,}, oxirida {last:,}, koʻpi bilan {most:,}.",
    "numbers": "Bu rasmning raqamlari",
    "from": "boshlanishi",
    # heat
    "heat_received": "Mijozlar qachon yozadi",
    "heat_received_about": "Hafta kuni va soat boʻyicha kelgan xabarlar. Rang qancha kuchli boʻlsa, shuncha "
    "koʻp.",
    "heat_reply": "Ular qancha kutadi",
    "heat_reply_about": "Mijoz yozgan hafta kuni va soat boʻyicha javob vaqtining medianasi, taqvim "
    "boʻyicha. Rang qancha kuchli boʻlsa, shuncha uzoq; butun daqiqa (d), soat (s) yoki kunda (k).",
    # distribution
    "replies": "Javob vaqtlari",
    "replies_about": "Qancha javob qancha vaqt olgan, maqsadlar soati boʻyicha: har bir ustunda chapidagi "
    "vaqtdan oʻngidagi vaqtgacha boʻlganlar.",
    "replies_target": "Koʻpining maqsadi {span} edi; undan butunlay oshgan ustunlar shtrixlangan.",
    "replies_no_target": "Koʻpining maqsadi yoʻq edi.",
    "replies_told": "Javoblar: {count:,}.",
    "replies_bar": "{below} dan kam: {count:,}",
    "replies_rest": "uzoqroq: {count:,}",
    "target": "maqsad {span}",
    # team
    "team_about": "Bir necha kishi javob beradigan hisoblarda kanal koʻrsatadigani. Javob vaqtlari taqvim "
    "boʻyicha.",
    "person": "kishi",
    "me": "men",
    "replies_sent": "javoblar",
    "done": "yakunlangan",
    # ranked
    "received_most": "Eng koʻp kelgan",
    "topic": "mavzu",
    "conversations": "suhbatlar",
    "used_most": "Eng koʻp ishlatilgan",
    "canned": "tayyor javob",
    "uses": "ishlatilgan",
    # comments
    "comments_about": "Yangisi oldin, mijozlar yozganicha.",
    "score": "{scale} dan {score}",
    "unnamed": "nomsiz",
    "kind_csat": "mamnunlik",
    "kind_nps": "tavsiya",
    "kind_effort": "qulaylik",
    # durations, in one unit
    "seconds": "{count}sek",
    "minutes": "{count}d",
    "hours": "{count}s",
    "days": "{count}k",
    # the foot
    "alone": "Bu sahifa hech narsa yuklamaydi va ishga tushirmaydi. Uni shundayligicha saqlash, yuborish va "
    "chop etish mumkin.",
}
