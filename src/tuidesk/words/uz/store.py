"""What the store says when it cannot serve."""

TEXTS: dict[str, str] = {
    "full": "disk toʻla: hech narsa yozilmadi, matn oʻz joyida. Joy boʻshatib, qayta urining",
    "read_only": "ombor faqat oʻqish uchun: oʻqish mumkin, yozish va yuborish mumkin emas",
    "not_written": "disk qabul qilmadi ({reason}: toʻla, kvota oshgan yoki nosoz): hech narsa "
    "yozilmadi, matn oʻz joyida. Joy boʻshatib, qayta urining",
    "busy_pid": "{pid}-jarayon ombor yozuv qulfini ushlab turibdi; matn saqlandi, qayta urining",
    "opening": "boshqa tuidesk hali omborni tayyorlamoqda; birozdan keyin qayta urining",
    "busy": "boshqa dastur ombor yozuv qulfini ushlab turibdi; matn saqlandi, qayta urining",
    "broken": "ombor shikastlangan ({reason}). tuidesk uni keyingi safar yozish uchun ochganda chetga "
    "oladi va saqlab boʻladiganini saqlaydi",
    "is_empty": "fayl boʻsh",
    "log_is_damaged": "jurnalini oʻqib boʻlmaydi",
    "log_moved": "ombor jurnali shikastlangan edi: {moved} nomi bilan saqlandi. Bevosita oldin "
    "yozilgani yoʻqolgan boʻlishi mumkin",
    "in_use": "{reason}. Uni hali boshqa tuidesk ochib turibdi (jarayon {pids}): avval uni toʻxtating, "
    "keyin qayta ishga tushiring",
    "failed": "ombor xatosi: {reason}",
    "none_yet": "hali ombor yoʻq: `tuidesk setup` hisob qoʻshadi, `tuidesk demo` namuna stolni koʻrsatadi",
    "not_synced": "hali hech narsa olinmagan: `tuidesk sync --once` oladi, `tuidesk` ekranni ochadi",
    "newer": "bu omborni yangiroq tuidesk yozgan ({found}-versiya, bu dastur {known} ni biladi): "
    "tuidesk ni yangilang; hech narsaga tegilmadi",
    "older": "{path}: eskiroq tuidesk yozgan ({found}-versiya, bu dastur {known} ni biladi), yangilash "
    "kerak, lekin faqat oʻqish mumkin",
    "foreign": "{path} boshqa dasturning bazasi: hech narsaga tegilmadi. TUIDESK_HOME yoki `[store] "
    "local_dir` bilan boshqa joy tanlang",
    "closed": "{path}: ochib boʻlmadi: {reason}",
    "no_folder": "{path} papka emas: boshqa joyga koʻchiring yoki TUIDESK_HOME bilan boshqa joy tanlang",
    "no_file": "{path} fayl emas: boshqa joyga koʻchiring yoki TUIDESK_HOME bilan boshqa joy tanlang",
    "link": "{path} — {target} ga havola: omborni shu yerga koʻchiring yoki uning papkasini "
    "config.toml dagi `[store] local_dir` da koʻrsating",
    "dangling": "{path} — {target} ga havola, lekin u yoʻq: qaytaring yoki havolani oʻchiring",
    "backup_exists": "{path} allaqachon bor; zaxira nusxa ustiga yozmaydi",
    "backup_failed": "{path}: yozib boʻlmadi: {reason}",
    "cannot_make": "{path}: yozib boʻlmadi: {reason}",
    "owner": "{path} boshqa foydalanuvchiniki (uid {uid}): tuidesk mijozlar soʻzini faqat siz oʻqiy "
    "oladigan joyda saqlaydi. TUIDESK_HOME bilan boshqa joy tanlang",
    "writable": "{path}: boshqalar yozishi mumkin: `chmod go-w {path}` buyrugʻini bering",
    "network": "{path} tarmoq fayl tizimida ({kind}), u yerda ombor buzilishi mumkin: config.toml dagi "
    "`[store] local_dir` da mahalliy papkani koʻrsating",
    "salvaged_account": "shikastlangan ombordan saqlab qolindi",
    "salvaged": "ombor shikastlangan edi: {moved} nomi bilan saqlandi. Undan {drafts} ta qoralama va "
    "{replies} ta ketmagan javob saqlab qolindi (qoralama qilib: hech narsa oʻz-oʻzidan "
    "yuborilmaydi); xatlar hisoblardan qayta keladi",
}
