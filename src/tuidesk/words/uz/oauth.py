"""What is said of sign-ins in the browser."""

TEXTS: dict[str, str] = {
    # the account's file
    "help_client_id": "jamoangiz provayderda roʻyxatdan oʻtkazgan ilovaning identifikatori",
    "no_client_id": "client_id yoʻq: jamoangiz provayderda roʻyxatdan oʻtkazgan ilovaning identifikatori kerak",
    "own_address": "manzillari maʼlum: authorize_url, token_url, device_url va issuer ni olib tashlang",
    "no_address": "provayder google yoki microsoft boʻlmasa, token_url hamda authorize_url yoki device_url kerak",
    # what is kept
    "none": "hali hech kim kirmagan",
    "of_another": "saqlangan kirish hisob faylidagidan boshqa client_id yoki provayderga tegishli",
    "again": "{why}. Qayta kiring: tuidesk setup --login {account}",
    "newer": "bu orada boshqa dastur kirdi: keyingi safar uning tokeni ishlatiladi",
    "no_lock": "{folder} fayl qabul qilmaydi ({reason}): ikki dastur bitta tokenni sarflab qoʻyishi mumkin",
    "busy": "boshqa tuidesk bu hisobning kirishini yangilamoqda va tugatmayapti",
    "no_client_secret": "ilovaning oʻz siri yoʻq: joyini fayldagi secrets = {{ client_secret = … }} bilan ayting",
    # what the provider says
    "ended": "{host} kirishni tugatdi: {said}",
    "not_known": "{host} ilovani qabul qilmaydi: {said}. client_id ni va mijoz siri kerakligini tekshiring",
    "no_such_scope": "{host} bu ilovaga soʻralgan ruxsatlarni bermaydi: {said}",
    "refused": "{host} rad etdi: {said}",
    "no_token": "token yoʻq",
    "no_code": "kod yoʻq",
    "no_refresh": "{host} yangilab boʻlmaydigan token berdi: ilovaga oflayn kirish ruxsati kerak",
    "no_scope": "{host} da hammasiga ruxsat berilmadi: {scopes} yetishmaydi. Qayta kirib, ruxsat bering",
    "denied": "{host} da javob rad boʻldi",
    "too_late": "{host} da oʻz vaqtida hech kim javob bermadi",
    "bad_code": "{host} kodni qabul qilmaydi ({said}): u ishlatilgan, eskirgan yoki toʻliq koʻchirilmagan",
    # what the browser brings back
    "no_answer": "bu brauzer yetib borgan manzil ham, uning kodi ham emas",
    "other_state": "bu boshqa kirishning javobi: shu yerda koʻrsatilgan manzilni oching",
    "other_issuer": "javob {wanted} dan emas, {issuer} dan keldi",
    "page": "tuidesk javobingizni oldi. Bu sahifani yopib, terminalga qayting.",
    "page_other": "tuidesk uchun emas.",
    # at the mail server
    "control": "foydalanuvchi nomida yoki tokenda kirishga yaramaydigan belgi bor",
    "no_method": "{host} brauzer orqali kirishni qabul qilmaydi (OAUTHBEARER ham, XOAUTH2 ham yoʻq)",
    "server_refused": "{host} {user} ning kirishini qabul qilmaydi ({reason})",
    "lacks_scope": "{host} {scope} ruxsatini talab qiladi, {user} ning kirishida esa u yoʻq",
}
