"""Uzbek, in Latin script (ʻ in oʻ and gʻ, ʼ elsewhere). What a person types in the shell stays English: commands,
options, file names, words of JSON.

    account    hisob                 adapter    adapter          agent      xodim (men, siz)
    away       yoʻq paytida          canned     tayyor javob     channel    kanal
    check      tekshiruv             colleague  hamkasb          complete   yakunlash, yakunlangan
    conversation, thread  suhbat     customer   mijoz            draft      qoralama
    firm snooze  qatʼiy keyinga      forward    yoʻnaltirish     handover   topshirish
    keyring    kalitdon              macro      makros           mark       belgi
    medium     vosita                merge      birlashtirish    mute       jim qilish
    note       qayd                  open       ochiq            owner, assign  masʼul
    pending    kutuvda               priority   muhimlik         public     ommaviy
    queue      navbat                queued     navbatda         reopen     qayta ochish
    reply      javob                 secret     maxfiy soʻz      snooze     keyinga qoldirish, keyinga
    spam       spam                  split      ajratish         star       yulduzcha
    store      ombor                 sync       sinxronlash      tag        teg
    take       oʻziga olish          undo       qaytarish        unknown (a reply)  nomaʼlum
    unread     oʻqilmagan            view       koʻrinish        wait       kutmoqda, kut
    woke       qaytdi

Numbers stand without separators: theirs is a blank, which no format has. Case endings stand apart from values (#42 ga,
9:00 gacha). A span has five cells: 12min, 1s 05, 23s, 3kun, where s is soat; a second is soniya.
"""
