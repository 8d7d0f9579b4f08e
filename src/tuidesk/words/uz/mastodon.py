"""What the Mastodon channel says."""

TEXTS: dict[str, str] = {
    "help_server": "server, masalan mastodon.social",
    "help_days": "birinchi sinxronlash necha kun orqani oʻqiydi",
    "help_poll_s": "oqimi yoʻq serverda ikki qarash orasidagi soniyalar",
    "help_ca": "tizimnikidan tashqari ishoniladigan idoraning PEM fayli",
    "credential": "Maxfiy soʻz hisobning kirish tokenidir: serverda Sozlamalar, Ishlab chiqish, Yangi ilova, "
    "read va write doiralari bilan; soʻng kirish tokeni satrini nusxalang.",
    "found": "Hisob: {server} dagi @{acct}",
    "scope": "Tokenda {scope} doirasi yoʻq: Sozlamalar, Ishlab chiqishda yangisini yarating",
    "unsupported": "Mastodonda {type} yoʻq",
    "stranger": "Matnda @{handle} bor, bu toʻgʻridan-toʻgʻri xabar unga ham boradi: @ belgisini oling",
    "media_slow": "{name} serverda hali tayyor emas: keyinroq yana",
    "nobody": "U yerda @{handle} degan odam yoʻq",
    "no_file": "Bunday fayl yoʻq",
}
