"""What every view asks of a conversation, as conditions of SQL: whether its snooze is over, and whether it is shown."""

AWAKE = "(status = 'snoozed' AND snoozed_until IS NOT NULL AND snoozed_until <= ?)"
MERGED = "SELECT id FROM conversation INDEXED BY conversation_merged WHERE merged_into IS NOT NULL"
HIDDEN = f"SELECT id FROM conversation INDEXED BY conversation_spam WHERE spam <> 0 UNION ALL {MERGED}"
"""Spam, and what is shown as part of another conversation: in no view but `all`, which has the spam."""
