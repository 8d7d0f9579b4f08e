"""What is said of customers: what was done about them, and why two may be one."""

TEXTS: dict[str, str] = {
    "called": "{name} ({n})",
    "called_nobody": "customer {n}",
    "no_contact": "there is no customer {n}",
    "no_handle": "no customer is known as {handle}",
    "several": "{handle} may be customer {which}: give the number",
    "no_note": "there is no note {n} about customer {who}",
    "one_already": "{a} and {b} are one already",
    "not_merged": "{a} is merged with nobody",
    "not_directly": "{a} and {b} are one by way of others: {a} is merged with {which}",
    "note_same": "the note says that already",
    "undo_moved": "{what}: that has changed since, so it is left as it is",
    "did_merge": "merge {a} with {b}",
    "did_unmerge": "split {a} from {b}",
    "did_keep_apart": "keep {a} and {b} apart",
    "did_note": "note about {who}",
    "did_edit_note": "edit a note about {who}",
    "did_archive_note": "archive a note about {who}",
    # why two customers may be one
    "why_field": "{field} here says {what}",
    "why_their_field": "their {field} says {what}",
    "why_signature": "{what} in a signature here, #{n}",
    "why_their_signature": "{what} in their signature, #{n}",
    "why_name": "same name, and {what} in #{n} and #{other}",
}
