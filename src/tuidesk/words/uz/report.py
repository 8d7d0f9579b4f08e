"""The figures of a report: what they are called, and from what to what each one counts."""

TEXTS: dict[str, str] = {
    # what a figure is called, in 24 cells at most, and what it is
    "metric_first_response": "Birinchi javob",
    "define_first_response": "Mijozning birinchi xabari yoki bot topshirgan paytdan odamning birinchi "
    "ochiq javobigacha. Suhbatda bir marta; suhbatni biz tomon boshlagan yoki u javobsiz yakunlangan "
    "boʻlsa, yoʻq.",
    "metric_first_answer": "Mazmunli birinchi javob",
    "define_first_answer": "Birinchi javob kabi, lekin “shugʻullanyapmiz”dan koʻproq aytgan birinchi "
    "javobgacha: tinchlantiruvchi javoblar hisobga olinmaydi.",
    "metric_reply": "Javob vaqti",
    "define_reply": "Hech kim javob bermagan birinchi xabardan odamning ochiq javobigacha. Mijoz har gal "
    "kutganida bitta; keyingi xabarlar, qaydlar, reaksiyalar va avtomatik javoblar hech narsani "
    "oʻzgartirmaydi, javob esa joʻnab ketgan paytidan hisoblanadi.",
    "metric_handoff_wait": "Topshirilgach kutish",
    "define_handoff_wait": "Hali hech kim kutmayotgan boʻlsa, bot topshirgan paytdan odamning ochiq "
    "javobigacha.",
    "metric_reaction": "Birinchi harakat",
    "define_reaction": "Hech kim javob bermagan birinchi xabardan odam qilgan birinchi ishgacha: javob, "
    "qayd, teg, topshirish, keyinga surish yoki yakunlash.",
    "metric_resolution_first": "Hal qilish, birinchi",
    "define_resolution_first": "Mijozning birinchi xabari yoki suhbat boshlanishidan birinchi "
    "yakunlashgacha.",
    "metric_resolution_last": "Hal qilish, oxirgi",
    "define_resolution_last": "Mijozning birinchi xabari yoki suhbat boshlanishidan oxirgi yakunlashgacha.",
    "metric_resolution_active": "Hal qilish, faol",
    "define_resolution_active": "Oxirgi hal qilish, suhbat kutuvda yoki keyinga surilgan vaqti ayirilgan.",
    "metric_requester_wait": "Mijoz kutgan jami vaqt",
    "define_requester_wait": "Suhbat yakunlangunicha ochiq turgan jami vaqt. Kutuvda yoki keyinga "
    "surilgan vaqt hisobga olinmaydi.",
    "metric_handling": "Ishlov vaqti",
    "define_handling": "Siz ishlayotganda suhbat ekraningizda turgan vaqt, faqat shu kompyuterda: tugma "
    "bosilmasa, kompyuter uxlasa yoki aloqa uzilsa toʻxtaydi. Har bir suhbatga bitta, qoʻlda tuzatilgani "
    "ham ichida; u faqat sizniki.",
    "metric_on_target_first_response": "Maqsaddagi 1-javoblar",
    "define_on_target_first_response": "Maqsadga yetgan birinchi javoblar ÷ maqsadi bor birinchi "
    "javoblar. Ish soatlari belgilangan boʻlsa, ish vaqti hisoblanadi.",
    "metric_first_response_within_a_day": "1-javob bir kun ichida",
    "define_first_response_within_a_day": "Koʻp mijozlar kutganidek 24 soat ichidagi birinchi javoblar ÷ "
    "birinchi javoblar. Siz maqsad belgilaguningizcha.",
    "metric_on_target_reply": "Maqsaddagi javoblar",
    "define_on_target_reply": "Maqsadga yetgan javob vaqtlari ÷ maqsadi bor javob vaqtlari. Ish soatlari "
    "belgilangan boʻlsa, ish vaqti hisoblanadi.",
    "metric_on_target_resolution": "Maqsaddagi hal qilish",
    "define_on_target_resolution": "Maqsadga yetgan oxirgi hal qilishlar ÷ maqsadi bor oxirgi hal "
    "qilishlar. Ish soatlari belgilangan boʻlsa, ish vaqti hisoblanadi.",
    "metric_resolution_rate": "Hal qilish ulushi",
    "define_resolution_rate": "Yakunlashlar ÷ kelgan suhbatlar, ikkalasi shu davrda. Eskilari tozalansa, "
    "100 % dan oshadi.",
    "metric_reply_rate": "Javob ulushi",
    "define_reply_rate": "Mijozlar yozib, odam javob bergan gallar ÷ ular yozgan gallar. Orasida javob "
    "boʻlmagan xabarlar bitta gal; faqat bot javob bergani hisobga olinmaydi.",
    "metric_action_rate": "Harakat ulushi",
    "define_action_rate": "Mijozlar yozib, odam biror ish qilgan gallar ÷ ular yozgan gallar. Qoidalar "
    "qilgani harakat emas; faqat bot javob bergani hisobga olinmaydi.",
    "metric_reopen_rate": "Qayta ochilish ulushi",
    "define_reopen_rate": "7 kun ichida suhbat qayta ochilgan yakunlashlar ÷ yakunlashlar.",
    "metric_one_touch": "Bir javobda hal",
    "define_one_touch": "Roppa-rosa bitta ochiq javobdan keyin yakunlangan va 7 kun ichida qayta "
    "ochilmaganlar ÷ yakunlashlar.",
    "metric_contacts_per_resolution": "Bir yechimga murojaat",
    "define_contacts_per_resolution": "Yakunlangunicha mijoz necha gal yozgani, oʻrtacha. Orasida javob "
    "boʻlmagan xabarlar bitta gal.",
    "metric_at_once": "Bir vaqtda",
    "define_at_once": "Bir odam bir chorak soat ichida nechta suhbatga javob bergani, oʻrtacha; hech "
    "boʻlmasa bitta javob berilgan choraklar (n) hisoblanadi.",
    "metric_messages_received": "Kelgan xabarlar",
    "define_messages_received": "Mijozlar yozgan xabarlar. Reaksiyalar, qaytgan va avtomatik xatlar "
    "hisobga olinmaydi.",
    "metric_replies_sent": "Yuborilgan javoblar",
    "define_replies_sent": "Biz tomondagi odamlar yuborgan ochiq xabarlar. Qaydlar, botlar va avtomatik "
    "javoblar hisobga olinmaydi.",
    "metric_conversations": "Kelgan suhbatlar",
    "define_conversations": "Boshlangan yoki yakunlangandan keyin qayta ochilgan suhbatlar.",
    "metric_completed": "Yakunlangan",
    "define_completed": "Yakunlashlar. Qaytarib olingani boʻlmagan; qayta ochilib, yana yakunlangan "
    "suhbat ikki marta hisoblanadi.",
    "metric_backlog": "Qolgan suhbatlar",
    "define_backlog": "Shu davr oxirida yakunlanmagan suhbatlar: ochiq, kutuvdagi va keyinga surilganlar.",
    "metric_customers": "Mijozlar",
    "define_customers": "Yozgan turli mijozlar. Birlashtirilganlar bitta.",
    "metric_csat": "Mamnunlik (CSAT)",
    "define_csat": "Shkalaning kamida beshdan toʻrt qismidagi baholar (5 dan 4–5, 10 dan 8–10) ÷ "
    "baholar. Soʻrovga oxirgi javob hisoblanadi.",
    "metric_nps": "Tavsiya (NPS)",
    "define_nps": "9 yoki 10 berganlar ulushidan 0–6 berganlar ulushi ayirilgani, -100 dan 100 gacha ball.",
    "metric_effort": "Osonlik (CES)",
    "define_effort": "Mijozlar qanchalik oson boʻlganiga bergan baholarning oʻrtachasi, eng yuqorisining "
    "ulushi sifatida: 5 dan 4 — 80 %.",
    "metric_survey_response": "Soʻrovga javoblar",
    "define_survey_response": "Shu davrdagi soʻrovlardan qachon boʻlsa ham javob olganlari ÷ yuborilgan "
    "soʻrovlar.",
    # what it is by
    "by_account": "hisob",
    "by_medium": "vosita",
    "by_tag": "teg",
    "by_priority": "muhimlik",
    "by_hour": "soat",
    "by_weekday": "hafta kuni",
    "by_day": "kun",
    "by_week": "hafta",
    "by_canned": "tayyor javob",
    "by_person": "odam",
    # columns
    "figure": "koʻrsatkich",
    "n": "n",
    "mean": "oʻrtacha",
    "median": "mediana",
    "p90": "p90",
    "value": "qiymat",
    "change": "oʻzgarish",
    "business": "ish vaqti",
    # values
    "percent": "{value} %",
    "points": "{value} punkt",
    "better": "yaxshi",
    "worse": "yomon",
    "same": "oldingidek",
    # groups
    "whole": "jami",
    "weekdays": "dushanba|seshanba|chorshanba|payshanba|juma|shanba|yakshanba",
    # titles
    "title": "Hisobot",
    "title_mine": "Hisobot: sizniki",
    "times": "Vaqtlar",
    "rates": "Ulushlar va sonlar",
    "by": "{figure}: {by} boʻyicha",
    "in_business": "{title}, ish vaqtida",
    # about the report as a whole
    "period": "{since} dan {until} gacha, {zone}.",
    "here": "shu kompyuter soati boʻyicha",
    "against": "Oʻzgarish: {since} dan {until} gacha davrga nisbatan; vaqtlarda medianalar solishtiriladi.",
    "first_at": "Eng birinchi xabar vaqti: {at}.",
    "behind": "Hali eski ish vaqti, maqsad yoki qoidalar bilan oʻlchangan suhbatlar: {count:,}. "
    "Ochiq turgan ish stoli ularni yangidan oʻlchaydi; `tuidesk doctor --recompute` ham.",
    "provisional": "Oxirgi yetti kunda yakunlangani hali qayta ochilishi mumkin: qayta ochilish ulushi "
    "va bir javobda hal yakuniy emas.",
    "columns": "Mediana: oʻrtadagisi. p90: oʻntadan toʻqqiztasi bundan uzun emas. Ish vaqti: belgilangan "
    "soatlar ichida; qolgani kalendar boʻyicha.",
    "rule": "Qoidalar, {rule}-versiya.",
    "you": "siz",
    "belongs": "Vaqt tugagan paytida hisoblanadi. Spam deb belgilangan suhbatlar hisobga olinmaydi.",
    "since": "boshi",
    "received": "kelgan",
    "completed": "yakunlangan",
    "backlog": "qolgan",
    "volume": "Hajm va qolgan suhbatlar",
    "days": "Du|Se|Ch|Pa|Ju|Sh|Ya",
    "heat_received": "Kelgan xabarlar, soat va hafta kuni boʻyicha",
    "heat_reply": "Oʻsha paytda kelganiga javob medianasi",
    "replies": "Javob vaqtlari taqsimoti",
    "replies_target": "{title}; koʻpining maqsadi {target}",
    "by_reply": "javob vaqti",
    "share": "ulush",
    "longer": "{span} va undan koʻp",
    "shorter": "{span} dan kam",
    "team": "Jamoa",
    "replies_sent": "javoblar",
    "topics": "Eng koʻp kelgan mavzular",
    "topic": "mavzu",
    "conversations": "suhbatlar",
    "canned": "Eng koʻp ishlatilgan tayyor javoblar",
    "uses": "necha marta",
    "comments": "Mijozlar aytgani",
    "conversation": "raqam",
    "moment": "qachon",
    "rating": "baho",
    "customer": "mijoz",
    "comment": "izoh",
    "score": "{kind}: {scale} dan {score}",
    "nothing": "Bu davrda hech narsa oʻlchanmagan.",
    "team_nobody": "Bu davrda birorta hisobda bir kishidan ortiq javob bergani yoʻq.",
    "definitions": "Koʻrsatkichlar maʼnosi",
}
