"""Which folder is which: by SPECIAL-USE (RFC 6154), else by the names that mail programs give, else by option."""

from collections.abc import Sequence
from dataclasses import dataclass

_SENT = (
    "sent", "sent items", "sent messages", "sent mail", "sent-mail", "outbox sent",
    "gesendet", "gesendete objekte", "gesendete elemente", "gesendete nachrichten",
    "envoyés", "éléments envoyés", "messages envoyés", "courrier envoyé",
    "enviados", "elementos enviados", "mensajes enviados", "correo enviado", "itens enviados", "mensagens enviadas",
    "inviata", "posta inviata", "inviati", "messaggi inviati", "elementi inviati",
    "verzonden", "verzonden items", "verzonden berichten", "skickat", "skickade objekt",
    "sendt", "sendte elementer", "lähetetyt",
    "wysłane", "elementy wysłane", "odeslaná pošta", "odeslané", "elküldött elemek", "trimise",
    "отправленные", "надіслані", "yuborilgan", "yuborilganlar", "gönderilmiş", "gönderilenler", "gönderilmiş öğeler",
    "보낸편지함", "보낸 편지함", "보낸메일함", "보낸 메일함", "보낸 항목",
    "送信済み", "送信済みアイテム", "送信済みメール", "送信済みトレイ", "已发送", "已发送邮件", "已傳送", "寄件備份",
    "المرسلة", "البريد المرسل", "العناصر المرسلة", "الرسائل المرسلة", "נשלח", "דואר שנשלח", "ส่งแล้ว", "đã gửi",
)  # fmt: skip
_ARCHIVE = (
    "archive", "archives", "archiv", "archivo", "archivio", "archief", "arquivo", "arkiv", "arkisto", "archiwum",
    "архив", "архів", "arxiv", "arşiv", "보관함", "보관", "アーカイブ", "归档", "存档", "封存", "الأرشيف", "ארכיון",
)  # fmt: skip
_CANNOT_BE_SELECTED = {"\\noselect", "\\nonexistent"}


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders that we work with. None: there is none."""

    inbox: str
    sent: str | None
    archive: str | None
    prefix: str
    """What a new folder's name begins with: some servers keep all folders below the inbox."""
    guessed: bool = False
    """Sent was recognised by its name."""


Listed = Sequence[tuple[frozenset[str], str, str]]
"""(flags in lower case, separator, name) of each folder."""


def recognised(there: Listed, *, inbox: str = "", sent: str = "", archive: str = "") -> Folders:
    """Among those that are there; a name given by the account's options is taken as it is."""
    listed = [
        (flags, separator, name)
        for flags, separator, name in there
        if not flags & _CANNOT_BE_SELECTED and name.upper() != "INBOX"
    ]
    special = _special(listed, "\\sent")
    return Folders(
        inbox=inbox or "INBOX",
        sent=sent or special or _named(listed, _SENT),
        archive=archive or _special(listed, "\\archive") or _named(listed, _ARCHIVE),
        prefix=_prefix(listed),
        guessed=not sent and special is None,
    )


def _special(listed: Listed, flag: str) -> str | None:
    return next((name for flags, _, name in listed if flag in flags), None)


def _named(listed: Listed, names: tuple[str, ...]) -> str | None:
    """The folder with the most usual of the names, nearest to the root."""
    ranked = [
        (names.index(last), name.count(separator) if separator else 0, name)
        for _, separator, name in listed
        if (last := (name.rpartition(separator)[2] if separator else name).casefold()) in names
    ]
    return min(ranked)[2] if ranked else None


def _prefix(listed: Listed) -> str:
    """`INBOX.` where every folder lies there."""
    heads = {name[: 5 + len(separator)] for _, separator, name in listed if separator}
    if len(heads) == 1 and (head := heads.pop())[:5].upper() == "INBOX":
        return head
    return ""
