"""What is said about config files, their places and secrets."""

TEXTS: dict[str, str] = {
    # places and who may touch them
    "no_home": "HOME ham, TUIDESK_HOME ham papkani koʻrsatmaydi: `--home FOLDER` bilan ishga tushiring",
    "home_empty": "--home papkani koʻrsatmaydi",
    "not_a_folder": "{path} papka emas",
    "not_a_file": "{path} fayl emas",
    "folder_not_ours": "{path} boshqa foydalanuvchiniki (uid {owner}): TUIDESK_HOME bilan boshqa joy tanlang",
    "cannot_make": "{path}: yaratib boʻlmadi: {reason}",
    "cannot_write": "{path}: yozib boʻlmadi: {reason}",
    "closed": "oʻqib boʻlmadi ({reason}): oʻzingizga oʻqish huquqini bering yoki boshqa joyga koʻchiring",
    "exists": "{path} allaqachon bor, tuidesk ustiga yozmaydi",
    "others_write": "{path}: boshqalar yozishi va tuidesk orqali oʻz dasturini ishlatishi mumkin: "
    "`chmod go-w {path}` buyrugʻini bering",
    "wrong_owner": "{path} boshqa foydalanuvchiniki (uid {owner}): ichidagiga ishonsangiz, `sudo chown "
    "{user} {path}` buyrugʻini bering",
    "too_large": "{path} sozlama fayli uchun juda katta",
    # what a table says
    "not_utf8": "UTF-8 matn emas ({at}-bayt)",
    "not_toml": "TOML emas: {reason}",
    "unknown": "nomaʼlum kalit (borlari: {known})",
    "unknown_near": "nomaʼlum kalit; balki `{near}`?",
    "missing": "yoʻq",
    "wrong_type": "{wanted} boʻlishi kerak, {given} emas",
    "one_of": "shulardan biri boʻlishi kerak: {known}",
    "type_text": "matn",
    "type_integer": "butun son",
    "type_number": "son",
    "type_bool": "true yoki false",
    "type_list": "roʻyxat",
    "type_table": "jadval",
    "type_time": "vaqt",
    "hold_range": "0 dan {most} gacha soniya boʻlishi kerak",
    "view_table": 'jadval boʻlishi kerak: [[views]], name = "…", query = "…"',
    "view_unnamed": "koʻrinishning nomi boʻlishi kerak",
    "view_is_ours": "{name} koʻrinishi allaqachon bor: boshqa nom tanlang",
    "view_twice": "boshqa koʻrinish ham {name} deb ataladi",
    "view_key": "bitta raqam boʻlishi kerak: g va shu raqam koʻrinishni ochadi",
    "view_key_twice": "boshqa koʻrinishning raqami ham {key}",
    "view_query": "{why} (joyi: {marked})",
    "view_near": "{hint}; balki {near}?",
    "view_sorted_twice": "soʻrovda tartib allaqachon bor: birini olib tashlang",
    "lock_range": "`after_min` daqiqalarda boʻlishi kerak, 0 — hech qachon",
    "survey_after": "after_min 0 dan 1380 daqiqagacha",
    "idle_range": "0 dan katta, {most} dan oshmagan soniya boʻlishi kerak",
    "quiet": "`quiet` kunning ikki vaqti boʻlishi kerak, `22:00-07:00`",
    "secret_one": 'bitta joy koʻrsatilishi kerak: {{ keyring = "name" }}, {{ command = [...] }}, {{ '
    'env = "NAME" }} yoki {{ file = "path" }}',
    # accounts
    "bad_id": "hisob id si harf, raqam va . _ @ + - dan iborat (koʻpi bilan 64 ta, birinchisi harf "
    "yoki raqam)",
    "same_id": "boshqa hisob faylida ham shu id: {other}. Ikkalasi ham ishga tushmaydi",
    "team_secret": "jamoa fayllarida maxfiy soʻz boʻlmaydi: bu qatorni oʻz faylingizga yozing: "
    "accounts/{name}",
    "team_in_team": "jamoa papkasini faqat foydalanuvchi yoki kompyuterning config.toml fayli koʻrsatadi",
    "no_team": "jamoa papkasi {path}: oʻqib boʻlmadi ({reason}). config.toml dagi `team` ni "
    "toʻgʻrilang yoki oling",
    # secrets
    "no_secret": "{file} maxfiy soʻz qayerdaligini aytmaydi: shunday qator qoʻshing: secret = {{ "
    'command = ["pass", "show", "{id}"] }}',
    "no_secret_for": "{file}: {use} uchun maxfiy soʻz qayerdaligi aytilmagan: `secret` yoki "
    "`secrets.{use}` qoʻshing",
    "command_missing": "{account}: {program} dasturi yoʻq yoki ishga tushmaydi ({reason}): {file} dagi "
    "`secret` ga qarang",
    "command_failed": "{account}: {program} {code} kodi bilan tugadi: sababini bilish uchun terminalda "
    "ishlatib koʻring",
    "command_slow": "{account}: {program} {seconds} soniyada maxfiy soʻzni bermadi: nimani "
    "kutayotganini terminalda koʻring",
    "command_long": "{account}: {program} chiqargan birinchi qator maxfiy soʻz uchun juda uzun",
    "secret_empty": "{account}: maxfiy soʻz boʻsh: {where}",
    "secret_not_text": "{account}: maxfiy soʻz UTF-8 matn emas: {where}",
    "env_missing": "{account}: {name} muhit oʻzgaruvchisi yoʻq: tuidesk boshlanishidan oldin oʻrnating",
    "file_missing": "{account}: maxfiy soʻz fayli {path}: oʻqib boʻlmadi: {reason}",
    "file_open": "{account}: maxfiy soʻz fayli {path} ni boshqalar oʻqiy oladi: `chmod 600 {path}` "
    "buyrugʻini bering",
    "file_owner": "{account}: maxfiy soʻz fayli {path} boshqa foydalanuvchiniki: `sudo chown {user} "
    "{path}` buyrugʻini bering",
    "keyring_none": "bu yerda kalitdon xizmati javob bermaydi ({reason}): boshqa joy koʻrsating: "
    "buyruq (pass, gpg), fayl yoki muhit oʻzgaruvchisi",
    "keyring_no_dbus": "seans shinasi yoʻq",
    "keyring_hangs": "{seconds} soniyada javob yoʻq",
    "keyring_no_service": "seans shinasida maxfiy soʻzlar xizmati yoʻq",
    "keyring_package": "buning uchun Python paketlari yoʻq",
    "keyring_locked": "{account}: kalitdon qulflangan: qulfini ochib, tuidesk ni qayta ishga tushiring",
    "keyring_failed": "{account}: kalitdon maxfiy soʻzni bermadi ({reason})",
    "keyring_missing": "{account}: kalitdonda {name} yoʻq: `keyring set tuidesk {name}` yoki `tuidesk "
    "setup` buyrugʻini bering",
    "keyring_not_stored": "kalitdon maxfiy soʻzni olmadi ({reason}): boshqa joy koʻrsating",
    "cannot_store": "tuidesk {place} ga maxfiy soʻz yoza olmaydi: oʻzingiz yozing",
    "not_one_line": "{account}: maxfiy so‘z bir qatorli matn bo‘lishi kerak, bu esa unday emas",
    "cannot_rotate": "{account}: token har safar almashadi va qayta yozilishi kerak, {place} ga esa yozib bo‘lmaydi: "
    "{file} dagi `secret` da fayl yoki kalitlar omborini ko‘rsating",
}
