"""The command `report`."""

TEXTS: dict[str, str] = {
    "since_help": "qachondan: 7 kun, kecha, dushanba, oʻtgan oy, 2-noyabr, 2026-11, 2026-11-20 9:00, RFC "
    "3339; berilmasa, oxiridan yetti kun oldin",
    "until_help": "qachongacha: aytilgan kun, hafta yoki oyning oxirigacha; berilmasa, hozirgacha",
    "by_help": "shulardan biri boʻyicha: {known}",
    "me_help": "faqat sizniki",
    "compare_help": "oldingi shunday uzunlikdagi davrga nisbatan",
    "team_help": "faqat jamoa: bir necha kishi javob beradigan hisoblarda kim javob bergani, qanchalik "
    "tez, nimani yakunlagani",
    "pictures_help": "hajm va qolgan suhbatlar, hafta soatlari, javob vaqtlari taqsimoti, jamoa, "
    "mavzular, tayyor javoblar, mijozlar aytgani ham (html da doim bor)",
    "format_help": "shulardan biri: {known}; berilmasa, fayl nomiga qarab, boʻlmasa jadval",
    "output_help": "shu faylga, faqat siz uchun; berilmasa, stdout ga",
    "force_help": "allaqachon bor fayl oʻrniga",
    "one_format": "yo --json, yo --format",
    "no_pictures": "CSV faylda bitta jadval boʻladi: --pictures ni olib tashlang yoki boshqa format tanlang",
    "no_team_alone": "sahifada butun hisobot, jamoa bilan birga: --team ni olib tashlang",
    "no_ending": "{ending} hisobot shakli emas: faylni {known} bilan tugating yoki --format bilan ayting",
    "team_alone": "jamoa jadvali bitta, har kishi boʻyicha: {option} ni olib tashlang",
    "exists": "{path} allaqachon bor: --force hisobotni uning oʻrniga qoʻyadi",
    "written": "Hisobot {path} da.",
}
