"""What `setup` asks and says, and what a login ended in."""

TEXTS: dict[str, str] = {
    "kind": "Qanday hisob?",
    "kind_mail": "IMAP va SMTP orqali pochta qutisi",
    "kind_maildir": "shu kompyuterdagi Maildir yoki mbox",
    "kind_mastodon": "Mastodon hisobi: eslatmalar va shaxsiy xabarlar",
    "kind_bluesky": "Bluesky hisobi: eslatmalar, javoblar, shaxsiy xabarlar",
    "kind_matrix": "Matrix hisobi: xonalar va shaxsiy suhbatlar",
    "kind_telegram": "Telegram boti",
    "kind_twilio": "Twilio: SMS, WhatsApp va telefon",
    "kind_chatwoot": "Chatwoot jamoasi: barcha qutilari",
    "kind_rt": "Request Tracker: jamoa navbatlari",
    "kind_pipe": "JSON qatorlarda gaplashadigan oʻz dasturingiz",
    "kind_demo": "tanishish uchun namuna stol",
    "kind_other": "{kind}: alohida oʻrnatilgan paketdan",
    "address": "Pochta manzili",
    "not_an_address": "bu pochta manzili emas (name@domain)",
    "name": "Hisob nomi (faylining ham nomi)",
    "taken": "{id} hisobi allaqachon bor: boshqa nom tanlang yoki faylini tahrirlang yoxud oʻchiring",
    "or_none": " (bitta boʻshliq: yoʻq)",
    "nothing": "boʻsh boʻlishi mumkin emas",
    "quotes": "qoʻshtirnoq yopilmagan",
    "not_a_number": "bu son emas",
    "auth": "U yerga qanday kirasiz?",
    "auth_password": "parol (yoki ilova paroli) bilan",
    "auth_google": "Google orqali kirib",
    "auth_microsoft": "Microsoft 365 orqali kirib",
    "auth_other": "boshqa joy orqali kirib (OAuth 2)",
    "app_google": (
        "Jamoangizning oʻz ilovasi kerak: console.cloud.google.com, APIs & Services, "
        "Credentials, Create OAuth client ID, turi Desktop app; Gmail API ni yoqing va rozilik "
        "oynasiga https://mail.google.com/ doirasini bering (Internal auditoriya uchun tekshiruv "
        "kerak emas)."
    ),
    "app_microsoft": (
        "Jamoangizning oʻz ilovasi kerak: entra.microsoft.com, App registrations, New "
        "registration; Authentication boʻlimida Mobile and desktop platformasini "
        "http://localhost bilan qoʻshing va public client flows ga ruxsat bering; API "
        "permissions ga IMAP.AccessAsUser.All, SMTP.Send va offline_access ni qoʻshing."
    ),
    "app_other": (
        "Jamoangizning oʻz ilovasi kerak: uni provayderda istalgan portdagi http://127.0.0.1 ga "
        "qaytadigan native ilova sifatida roʻyxatdan oʻtkazing."
    ),
    "client_id": "Oʻsha ilovaning identifikatori (client_id)",
    "has_client_secret": "Oʻsha ilovaning oʻz siri (client_secret) bormi?",
    "client_secret": "Oʻsha ilovaning siri (koʻrsatilmaydi)",
    "tenant": "U yerdagi tashkilotingiz: identifikatori yoki domeni (common: istalgani)",
    "authorize_url": "Brauzer kiradigan manzil (boʻsh: yoʻq)",
    "token_url": "Tokenlar beriladigan manzil",
    "device_url": "Boshqa qurilmalar uchun kod beriladigan manzil (boʻsh: yoʻq)",
    "scopes": "Soʻraladigan doiralar, orasida boʻsh joy",
    "rotates": (
        "Kirish bergan narsa qayta-qayta yangilanadi: unga tuidesk yoza oladigan joy kerak, "
        "dastur ham, oʻzgaruvchi ham boʻlmaydi."
    ),
    "no_keyring": "Bu yerda kalitdon xizmati javob bermayapti.",
    "sign_in": "Qanday kirmoqchisiz?",
    "sign_in_device": "istalgan qurilmada teriladigan kod bilan",
    "sign_in_browser": "brauzerda",
    "device": "Istalgan qurilmada {address} ni oching va shu kodni tering: {code}",
    "waiting": "U yerdagi javobingiz kutilmoqda …",
    "browser": (
        "Bu manzilni brauzerda oching. U boshqa mashinada ishlasa, ochilmaydigan sahifada "
        "tugaydi: oʻsha sahifaning manzilini koʻchirib, shu yerga qoʻying."
    ),
    "pasted": "Oʻsha manzil (brauzer oʻzi qaytsa, hech narsa)",
    "no_account": "{name} degan hisob yoʻq",
    "no_sign_in": "{name} brauzer orqali kirmaydi: sirining joyi {file} da yozilgan",
    "yes": "ha",
    "no": "yoʻq",
    # how a Maildir's replies leave
    "out": "Javoblar qanday yuboriladi?",
    "out_program": "shu kompyuterdagi dastur orqali, masalan sendmail",
    "out_smtp": "server orqali (SMTP)",
    "out_nothing": "yuborilmaydi: bu hisob faqat oʻqiladi",
    "out_command": "Dastur va uning argumentlari",
    "smtp_host": "Server hosti",
    "smtp_security": "Aloqa qanday himoyalanadi?",
    "smtp_tls": "boshidan TLS (465-port)",
    "smtp_starttls": "STARTTLS (587-port)",
    "smtp_port": "Port",
    "smtp_user": "U yerga kiradigan foydalanuvchi (boʻsh: kirishsiz)",
    # the secret
    "where": "Paroli yoki tokeni qayerda saqlanadi?",
    "in_keyring": "shu ish stolining kalitdonida",
    "in_command": "dastur chiqaradi (pass, gpg, age …)",
    "in_file": "faqat siz oʻqiy oladigan faylda",
    "in_env": "muhit oʻzgaruvchisida",
    "secret": "Parol yoki token (koʻrsatilmaydi)",
    "command": "Dastur va argumentlari; birinchi qatori — maxfiy soʻz",
    "env": "Oʻzgaruvchi nomi",
    "file": "Fayl (boʻlmasa, faqat siz uchun yaratiladi)",
    # the login
    "trying": "Kirib koʻrilmoqda …",
    "logged_in": "{who} sifatida kirildi.",
    "refused": "kirish rad etildi ({reason}): parol yoki tokenni va foydalanuvchi nomini tekshiring",
    "sign_in_refused": (
        "kirish rad etildi ({reason}): oʻsha foydalanuvchi sifatida kirganingizni va ilovaga "
        "nima mumkinligini tekshiring"
    ),
    "unavailable": "hozir kirib boʻlmadi ({reason}): host, port, himoya va server ishlashini tekshiring",
    "unavailable_there": "hozir kirib boʻlmadi ({reason}): manzilni, server va tarmoq ishlashini tekshiring",
    "unavailable_here": "hozir ishlatib boʻlmaydi ({reason}): dastur yoki yoʻlni va ruxsatingizni tekshiring",
    "slow": "{seconds} soniyada javob yoʻq: host, port va toʻsiqni (firewall) tekshiring",
    "crashed": "{kind} adapteri ishdan chiqdi ({reason}): bu dasturdagi xato",
    "now_what": "Endi nima qilamiz?",
    "then_secret": "parol yoki tokenni qayta kiritish",
    "then_sign_in": "qayta kirish",
    "then_again": "javoblarni qaytadan koʻrib chiqish",
    "then_write": "hisobni shundayligicha yozish",
    "then_quit": "hech narsa yozmay chiqish",
}
