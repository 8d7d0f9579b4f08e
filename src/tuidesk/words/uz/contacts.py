"""What is said of customers: what was done about them, and why two may be one."""

TEXTS: dict[str, str] = {
    "called": "{name} ({n})",
    "called_nobody": "{n}-mijoz",
    "no_contact": "{n}-mijoz yoʻq",
    "no_handle": "{handle}: bunday mijoz yoʻq",
    "several": "{handle} shu mijozlardan biri boʻlishi mumkin: {which}. Raqamini yozing",
    "no_note": "mijoz {who} haqida {n}-qayd yoʻq",
    "one_already": "{a} va {b} allaqachon bir odam",
    "not_merged": "{a} hech kim bilan birlashtirilmagan",
    "not_directly": "{a} va {b} boshqalar orqali bir odam: {a} birlashtirilgan: {which}",
    "note_same": "qayd allaqachon shunday",
    "undo_moved": "{what}: shu orada oʻzgardi, shunday qoldirildi",
    "did_merge": "{a} va {b} birlashtirish",
    "did_unmerge": "{a} va {b} ajratish",
    "did_keep_apart": "{a} va {b} alohida qoldirish",
    "did_note": "{who} haqida qayd",
    "did_edit_note": "{who} haqidagi qaydni tahrirlash",
    "did_archive_note": "{who} haqidagi qaydni arxivlash",
    # why two customers may be one
    "why_field": "{field} da {what}",
    "why_their_field": "uning {field} maydonida {what}",
    "why_signature": "imzoda {what}, #{n}",
    "why_their_signature": "uning imzosida {what}, #{n}",
    "why_name": "ismi bir xil, #{n} va #{other} da {what}",
}
