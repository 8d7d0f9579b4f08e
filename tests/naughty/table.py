"""Strings that have broken programs before, and by hand what must be shown of each.

Chosen from the Big List of Naughty Strings and from what terminals obey.
"""

TABLE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    # the string; where one line must do; as a text, line by line
    ("undefined", "undefined", ("undefined",)),
    ("None", "None", ("None",)),
    ("\\", "\\", ("\\",)),
    ("%*.*s", "%*.*s", ("%*.*s",)),
    ("{0} {undone}", "{0} {undone}", ("{0} {undone}",)),
    ("$(touch /tmp/blns.fail)", "$(touch /tmp/blns.fail)", ("$(touch /tmp/blns.fail)",)),
    ("1'; DROP TABLE users-- 1", "1'; DROP TABLE users-- 1", ("1'; DROP TABLE users-- 1",)),
    ("../../../etc/passwd%00", "../../../etc/passwd%00", ("../../../etc/passwd%00",)),
    ("<script>alert(123)</script>", "<script>alert(123)</script>", ("<script>alert(123)</script>",)),
    ("&lt;b&gt;&#39;", "&lt;b&gt;&#39;", ("&lt;b&gt;&#39;",)),
    ("<foo val=“bar” />", "<foo val=“bar” />", ("<foo val=“bar” />",)),
    # markup of our own toolkit
    ("[@click=app.quit]Refund[/]", "[@click=app.quit]Refund[/]", ("[@click=app.quit]Refund[/]",)),
    ("[link=https://evil.example]x[/link]",) * 2 + (("[link=https://evil.example]x[/link]",),),
    ("[/]", "[/]", ("[/]",)),
    ("I [never] got [my order]", "I [never] got [my order]", ("I [never] got [my order]",)),
    # what a terminal obeys
    ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m", ("␛[31mred␛[0m",)),
    ("But now...\x1b[20Cfor my\x1b[8m", "But now...␛[20Cfor my␛[8m", ("But now...␛[20Cfor my␛[8m",)),
    ("\x1b]0;title\x07", "␛]0;title␇", ("␛]0;title␇",)),
    ("\x1b]52;c;aGk=\x1b\\", "␛]52;c;aGk=␛\\", ("␛]52;c;aGk=␛\\",)),
    ("The quic\x08\x08k br\x07\x07own", "The quic␈␈k br␇␇own", ("The quic␈␈k br␇␇own",)),
    ("\x9b31m\x9d0;t\x9c", "<U+009B>31m<U+009D>0;t<U+009C>", ("<U+009B>31m<U+009D>0;t<U+009C>",)),
    ("null\x00byte\x7f", "null␀byte␡", ("null␀byte␡",)),
    ("hidden\rshown", "hidden␍shown", ("hidden␍shown",)),
    ("Refund\nBcc: evil@x.example", "Refund␊Bcc: evil@x.example", ("Refund", "Bcc: evil@x.example")),
    ("tab\tstop", "tab     stop", ("tab     stop",)),
    # what turns, hides or splits
    ("\u202a\u202atest\u202a", "<U+202A><U+202A>test<U+202A>", ("<U+202A><U+202A>test<U+202A>",)),
    ("invoice\u202efdp.exe", "invoice<U+202E>fdp.exe", ("invoice<U+202E>fdp.exe",)),
    ("\u2066test\u2067", "<U+2066>test<U+2067>", ("<U+2066>test<U+2067>",)),
    ("\u2029test\u2028", "<U+2029>test<U+2028>", ("<U+2029>test<U+2028>",)),
    ("test\u2060test\u202b", "test<U+2060>test<U+202B>", ("test<U+2060>test<U+202B>",)),
    ("\u200b", "<U+200B>", ("<U+200B>",)),
    ("\ufeffstart\u180e", "<U+FEFF>start<U+180E>", ("<U+FEFF>start<U+180E>",)),
    ("hi\U000e0068\U000e0069", "hi<U+E0068><U+E0069>", ("hi<U+E0068><U+E0069>",)),
    ("soft\u00adhyphen", "soft<U+00AD>hyphen", ("soft<U+00AD>hyphen",)),
    ("half \ud83d", "half �", ("half �",)),
    (
        "Z" + "\u0301" * 20 + "algo",
        "Z" + "\u0301" * 8 + "<+12 marks>algo",
        ("Z" + "\u0301" * 8 + "<+12 marks>algo",),
    ),
    # what is nothing but somebody's language
    ("田中さんにあげて下さい", "田中さんにあげて下さい", ("田中さんにあげて下さい",)),
    ("사회과학원 어학연구소", "사회과학원 어학연구소", ("사회과학원 어학연구소",)),
    ("𠜎𠜱𠝹𠱓𠱸𠲖𠳏", "𠜎𠜱𠝹𠱓𠱸𠲖𠳏", ("𠜎𠜱𠝹𠱓𠱸𠲖𠳏",)),
    ("ثم نفس سقطت وبالتحديد،", "ثم نفس سقطت وبالتحديد،", ("ثم نفس سقطت وبالتحديد،",)),
    ("בְּרֵאשִׁית, בָּרָא", "בְּרֵאשִׁית, בָּרָא", ("בְּרֵאשִׁית, בָּרָא",)),
    ("می\u200cخواهم", "می\u200cخواهم", ("می\u200cخواهم",)),
    ("Đường, naïve, toʻlov", "Đường, naïve, toʻlov", ("Đường, naïve, toʻlov",)),
    ("(ﾉಥ益ಥ）ﾉ\ufeff ┻━┻", "(ﾉಥ益ಥ）ﾉ<U+FEFF> ┻━┻", ("(ﾉಥ益ಥ）ﾉ<U+FEFF> ┻━┻",)),
    (
        "👩🏽 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3",
        "👩🏽 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3",
        ("👩🏽 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3",),
    ),
    ("🇺🇸🇷🇺🇸 👨\u200d👩\u200d👧", "🇺🇸🇷🇺🇸 👨\u200d👩\u200d👧", ("🇺🇸🇷🇺🇸 👨\u200d👩\u200d👧",)),
)

FILES: tuple[tuple[str, str], ...] = (
    # the name of an attachment; the file that is written
    ("receipt.pdf", "receipt.pdf"),
    ("../../../etc/passwd", "passwd"),
    ("/etc/shadow", "shadow"),
    ("C:\\Windows\\evil.exe", "evil.exe"),
    ("..", "attachment"),
    (".bashrc", "bashrc"),
    ("-rf", "_-rf"),
    ("CON", "_CON"),
    ("aux.txt", "_aux.txt"),
    ("a\x00b\x1b[8;77m.txt", "a_b_[8;77m.txt"),
    ("one\ntwo.txt", "one_two.txt"),
    ("invoice\u202efdp.exe", "invoice_U+202E_fdp.exe"),
    ('a<b>c:d"e|f?g*h.txt', "a_b_c_d_e_f_g_h.txt"),
    (" spaced. ", "spaced"),
    ("$(touch x);`y`.sh", "$(touch x);`y`.sh"),
    ("환불 영수증.pdf", "환불 영수증.pdf"),
    ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ("", "attachment"),
)
