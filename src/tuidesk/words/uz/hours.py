"""What is said about `[hours]`, which say when people work."""

TEXTS: dict[str, str] = {
    "table": 'jadval boʻlishi kerak: [hours], zone = "Asia/Tashkent", week = {{ mon-fri = ["09:00-17:00"] }}',
    "near_zone": "bunday vaqt mintaqasi yoʻq; balki {near}?",
    "no_zone": 'bunday vaqt mintaqasi yoʻq: qitʼa va shaharni yozing, masalan "Asia/Tashkent"',
    "no_day": 'kun yoki mon-fri kabi "-" bilan bogʻlangan ikki kun boʻlishi kerak (kunlar: {days})',
    "no_period": '“{period}” oraliq emas: kunning ikki vaqtini yozing, "09:00-17:00"; ikkinchisi ertasi kuni boʻlishi '
    'mumkin, "22:00-02:00", yarim tun esa "24:00"',
    "overlap": "{other} bilan ustma-ust tushadi: har bir vaqtni bir marta yozing",
    "no_date": 'yil, oy va kun yozilgan sana boʻlishi kerak: "2026-12-25"',
    "holidays": 'sanalar roʻyxati ["2026-12-25"] yoki {{ ics = "path" }} yoki {{ country = "UZ" }} (kerak '
    "boʻlsa region ham) boʻlishi kerak",
    "ics_closed": "{path}: oʻqib boʻlmadi ({reason}): yoʻlni toʻgʻrilang yoki oʻzingizga oʻqish huquqini bering",
    "ics_large": "{path} 1 MiB dan katta: faqat bayramlar yozilgan taqvimni koʻrsating",
    "ics_broken": "{path} taqvim emas: uni yana iCalendar (.ics) qilib eksport qiling",
    "ics_empty": "{path} da {first}–{last}-yillarda kun boʻyi davom etadigan voqea yoʻq: bayramlar taqvimini "
    "koʻrsating",
    "ics_unread": "{path}: oʻqib boʻlmaydigan va hisobga olinmaydigan voqealar: {count}. Har biriga sana "
    "bering, takrori kunlikdan yillikkacha boʻlsin",
    "no_extra": "davlatlar uchun holidays kutubxonasi kerak: `{python} -m pip install 'tuidesk[holidays]'` "
    "buyrugʻini bering yoki sanalarni sanab yozing",
    "no_country": 'bunday davlat yoʻq: ikki harfini yozing, masalan "DE" yoki "UZ"',
    "no_region": "bu davlatda bunday hudud yoʻq: shulardan birini yozing: {regions}",
    "no_regions": "bu davlatda hududlar yoʻq: `region` ni olib tashlang",
}
