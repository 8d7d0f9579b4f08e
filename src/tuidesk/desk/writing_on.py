"""A draft that is written on by a door which has only its text before it: all else that it says stays."""

from tuidesk.desk.picture import Draft
from tuidesk.domain.commands import Mode, SaveDraft


def keeping(conversation: int, mode: Mode, text: str, before: Draft | None) -> SaveDraft:
    """The command that keeps a text, with what the draft said before; conversation 0 does not exist yet."""
    if before is None:
        return SaveDraft(conversation=conversation or None, mode=mode, text=text)
    return SaveDraft(
        conversation=conversation or None,
        mode=mode,
        text=text,
        to=before.to,
        cc=before.cc,
        bcc=before.bcc,
        subject=before.subject,
        account=before.account,
        sender=before.sender,
        files=before.files,
        alts=before.alts,
        visibility=before.visibility,
        medium=before.medium,
        canned=before.canned,
        began=before.began or None,
    )
