"""What is said of customers: what was done about them, and why two may be one."""

TEXTS: dict[str, str] = {
    "called": "{name}({n})",
    "called_nobody": "고객 {n}",
    "no_contact": "고객 {n}이(가) 없습니다",
    "no_handle": "{handle}: 그런 고객이 없습니다",
    "several": "{handle}: 고객 {which}일 수 있습니다. 번호를 쓰세요",
    "no_note": "고객 {who}에 메모 {n}이(가) 없습니다",
    "one_already": "{a}, {b}: 이미 같은 사람입니다",
    "not_merged": "{a}: 병합되어 있지 않습니다",
    "not_directly": "{a}, {b}: 다른 고객을 거쳐 같은 사람입니다. {a}은(는) {which}와(과) 병합되어 있습니다",
    "note_same": "메모 내용이 이미 같습니다",
    "undo_moved": "{what}: 그사이 바뀌어 그대로 둡니다",
    "did_merge": "{a}, {b} 병합",
    "did_unmerge": "{a}, {b} 분리",
    "did_keep_apart": "{a}, {b} 다른 사람으로 둠",
    "did_note": "{who}에 대한 메모",
    "did_edit_note": "{who}에 대한 메모 수정",
    "did_archive_note": "{who}에 대한 메모 치움",
    # why two customers may be one
    "why_field": "{field}에 {what}",
    "why_their_field": "상대의 {field}에 {what}",
    "why_signature": "서명에 {what}, #{n}",
    "why_their_signature": "상대의 서명에 {what}, #{n}",
    "why_name": "이름이 같고, #{n}, #{other}에 모두 {what}",
}
