"""What is said about `[hours]`, which say when people work."""

TEXTS: dict[str, str] = {
    "table": 'jadval boʻlishi kerak: [hours], zone = "Asia/Tashkent", week = {{ mon-fri = ["09:00-17:00"] }}',
    "near_zone": "bunday vaqt mintaqasi yoʻq; balki {near}?",
    "no_zone": 'bunday vaqt mintaqasi yoʻq: qitʼa va shaharni yozing, masalan "Asia/Tashkent"',
    "no_day": 'kun yoki mon-fri kabi "-" bilan bogʻlangan ikki kun boʻlishi kerak (kunlar: {days})',
    "no_period": '“{period}” oraliq emas: kunning ikki vaqtini yozing, "09:00-17:00"; ikkinchisi ertasi kuni boʻlishi '
    'mumkin, "22:00-02:00", yarim tun esa "24:00"',
    "overlap": "{other} bilan ustma-ust tushadi: har bir vaqtni bir marta yozing",
    "holidays": 'sanalar roʻyxati boʻlishi kerak, ["2026-12-25"]',
    "no_date": 'yil, oy va kun yozilgan sana boʻlishi kerak: "2026-12-25"',
}
