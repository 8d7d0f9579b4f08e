"""What of a mail's text is new, quoted, signature. Nothing is lost: the segments are the text.

One pass over the lines. The rules lean towards showing: a quote that stays open costs a glance, a sentence
folded away is not read.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["text", "quote", "signature"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of lines of one kind, line ends included: all segments joined are the text."""

    kind: Kind
    text: str
    folded: bool = False
    """To be shown as `+ 14 quoted lines`. Quotes between answers stay open: these mean nothing alone."""

    @property
    def lines(self) -> int:
        """How many lines, the empty ones at the end not counted."""
        return self.text.rstrip().count("\n") + 1


def split(text: str) -> tuple[Segment, ...]:
    """The text in segments. If nothing would stay visible, nothing is folded."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    kinds = _kinds(lines)
    segments: list[Segment] = []
    begin = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or kinds[at] != kinds[begin]:
            segments.append(Segment(kinds[begin], "".join(lines[begin:at])))
            begin = at
    return _folded(segments)


def new_in(text: str) -> str:
    """What its writer has written, without quotes and signature."""
    return "".join(segment.text for segment in split(text) if segment.kind == "text")


def _folded(segments: list[Segment]) -> tuple[Segment, ...]:
    """Signatures, and whatever comes after the last that is new."""
    last_text = max(
        (at for at, segment in enumerate(segments) if segment.kind == "text" and segment.text.strip()),
        default=-1,
    )
    if last_text < 0:
        return tuple(segments)
    return tuple(
        replace(segment, folded=segment.kind == "signature" or at > last_text)
        for at, segment in enumerate(segments)
    )


_LOOKED_AT = 500
"""Characters of a line that are looked at."""

_QUOTED = re.compile(r"[ \t]{0,3}>(?!From )")

_WROTE = (
    r"wrote|writes|said", r"schrieb(?: am)?(?:\s.{1,120})?", r"geschrieben", r"a [ée]crit"
    r"|écrivait", r"escribi[óo]",
    r"ha scritto|scrive", r"escreveu", r"schreef(?:\s.{1,120})?|heeft geschreven", r"님이 작성|작성"
    r"|썼습니다|쓰셨습니다",
    r"書きました|書き込みました|さんのメール", r"写道|寫道", r"пишет|писал(?:\(?а\)?)?"
    r"|написал(?:\(?а\)?)?", r"yozdi|ёзди",
    r"كتب|كتبت", r"yazd[ıi]|şunu yazdı|tarihinde .{1,120}", r"napisał\(?a?\)?", r"skrev",
)  # fmt: skip
_ATTRIBUTION_END = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(_WROTE)})\s{{0,2}}[:：]\s*$", re.IGNORECASE)
_ATTRIBUTION_BEGIN = re.compile(
    r"[ \t*]{0,4}(?:on|am|le|el|il|em|op|den|på|dnia|a|w|в|пт|пн|вт|ср|чт|сб|вс|el día|il giorno|في|بتاريخ"
    r"|at|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim))\b|[ \t*]{0,4}\d",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"<[^<>\s]{1,200}@[^<>\s]{1,200}>\)?\s?[:：]\s*$")
"""Gmail in Japanese, Russian and Arabic needs no verb."""
_DATED = re.compile(r"\d|@|<")
_TIMED = re.compile(r"\d{1,2}[:.h]\d{2}|@|\d시|\d時")
_ATTRIBUTION_LINES = 4

_HEADER = re.compile(
    r"[ \t>*]{0,6}(?P<key>from|von|de|van|da|от|보낸 ?사람|보낸이|发件人|寄件者|差出人|送信者|kimden"
    r"|gönderen|من|kimdan|fra|från|od"
    r"|sent|date|gesendet|datum|envoyé|enviado(?: el)?|data|inviato|verzonden|отправлено|дата|보낸 ?날짜"
    r"|날짜|发送时间|日期|送信日時|日時"
    r"|gönderilme(?: tarihi)?|tarih|تاريخ(?: الإرسال)?|تم الإرسال|yuborilgan|sana"
    r"|to|an|à|para|a|aan|кому|받는 ?사람|받는이|收件人|宛先|kime|إلى|kimga|cc|kopie|копия|참조"
    r"|subject|betreff|objet|asunto|oggetto|onderwerp|assunto|тема|제목|主题|主旨|件名|konu|الموضوع|mavzu)"
    r"[ \t]?\*?[ \t]?[:：]\*?(?:[ \t]|$)",
    re.IGNORECASE,
)
_FROM = frozenset((
    "from", "von", "de", "van", "da", "от", "보낸사람", "보낸이", "发件人", "寄件者", "差出人", "送信者",
    "kimden", "gönderen", "من", "kimdan", "fra", "från", "od",
))  # fmt: skip
_RULE = re.compile(r"[ \t>]{0,4}(?:_{5,}|-{3,}|={5,}|—{3,})[ \t]*$")
_ORIGINAL = re.compile(
    r"[ \t>]{0,4}-{2,}[ \t]*(?:original message|original appointment|reply message|ursprüngliche nachricht"
    r"|originalnachricht"
    r"|message d.origine|message original|mensaje original|mensagem original|messaggio originale"
    r"|oorspronkelijk bericht"
    r"|исходное сообщение|원본 ?메[시세]지|원본 ?메일|元のメッセージ|original ?メッセージ|原始邮件"
    r"|原始郵件|özgün ileti|orijinal mesaj"
    r"|الرسالة الأصلية|asl xabar)[ \t]*-{2,}[ \t]*$",
    re.IGNORECASE,
)

_FORWARDED = re.compile(
    r"[ \t]{0,4}(?:-{2,}[ \t]*(?:forwarded message|weitergeleitete nachricht|message transféré"
    r"|mensaje reenviado"
    r"|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht|пересылаемое сообщение"
    r"|전달된 ?메[시세]지"
    r"|転送(?:された)?メッセージ|转发的?邮件|iletilmiş mesaj|الرسالة المعاد توجيهها)[ \t]*-{2,}"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message réexpédié ?:)[ \t]*$",
    re.IGNORECASE,
)

_DASHES = re.compile(r"(?:--[ \t\xa0]?|—[ \t]?|__|_{20,})$")
_SENT_FROM = re.compile(
    r"sent (?:from|via|with|using) |get outlook for |gesendet|envoyé |enviado |inviato |verzonden |verstuurd "
    r"|отправлено |보[냄낸]|から送信|发自|gönderildi|أُ?رسلت? |yuborildi|skickat |sendt |wysłane ",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"from my |iphone|ipad|ios|android|samsung|galaxy|huawei|xiaomi|redmi|blackberry|outlook|mail|yahoo"
    r"|windows"
    r"|thunderbird|phone|mobile|handy|móvil|celular|телефон|смартфон|휴대|스마트폰|携帯|スマホ|هاتف|جوال"
    r"|telefon",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.,;!?。、](?:\s|$)")
_DASHED_NAME = re.compile(r"[-–—][^\W\d_][\w.]{1,30}(?: [^\W\d_][\w.]{0,30}){0,2}[ \t]*$")
_SIGNATURE_LINES = 20
"""A line of dashes opens a signature only if no more follows: else it parts two chapters."""


def _kinds(lines: list[str]) -> list[Kind]:
    """The kind of each line."""
    kinds: list[Kind] = ["text"] * len(lines)
    short = [line[:_LOOKED_AT].rstrip("\r\n") for line in lines]
    at = 0
    while at < len(lines):
        line = short[at]
        if _QUOTED.match(line):
            kinds[at] = "quote"
        elif stop := _attributed(short, at):
            kinds[at:stop] = ["quote"] * (stop - at)
            at = stop
            continue
        elif _FORWARDED.match(line):
            break  # what they pass on is news to us
        elif _ORIGINAL.match(line) or _begins_headers(short, at):
            kinds[at:] = ["quote"] * (len(lines) - at)
            break
        at += 1
    _close_gaps(short, kinds)
    _sign(short, kinds)
    return kinds


def _attributed(short: list[str], at: int) -> int:
    """Behind the attribution that begins here: up to the `>` lines, or, if there are none, to the text's end.

    The latter only if it names an hour or an address: "on 3 May I wrote:" is how people tell what they did.
    """
    end = _attribution(short, at)
    below = _below(short, end) if end else None
    if below is None:
        return 0
    if _QUOTED.match(short[below]):
        return below
    return len(short) if _TIMED.search(" ".join(short[at:end])) else 0


def _attribution(short: list[str], at: int) -> int:
    """Behind the `On …, … wrote:` that begins here, wrapped over a few lines perhaps; 0 if none does."""
    line = short[at]
    if not line.strip() or len(line) > 300:
        return 0
    starts = _ATTRIBUTION_BEGIN.match(line) is not None
    joined = ""
    for end in range(at, min(at + _ATTRIBUTION_LINES, len(short))):
        piece = short[end]
        if not piece.strip() or _QUOTED.match(piece):
            return 0
        joined = f"{joined} {piece.strip()}"
        if _ATTRIBUTION_END.search(joined) or (starts and _ADDRESSED.search(joined)):
            return end + 1 if _DATED.search(joined) and (starts or end == at) else 0
        if not starts:
            return 0
    return 0


def _below(short: list[str], at: int) -> int | None:
    """The next line that is not empty."""
    return next((below for below in range(at, len(short)) if short[below].strip()), None)


def _begins_headers(short: list[str], at: int) -> bool:
    """Whether an Outlook block, `From: … Sent: … To: …`, begins here, or the rule above one."""
    if _RULE.match(short[at]):
        following = _below(short, at + 1)
        if following is None or following > at + 3:
            return False
        at = following
    first = _HEADER.match(short[at])
    if first is None or first["key"].lower().replace(" ", "") not in _FROM:
        return False
    keys = {
        match["key"].lower() for line in short[at : at + 10] if (match := _HEADER.match(line)) is not None
    }
    return len(keys) >= 3


def _close_gaps(short: list[str], kinds: list[Kind]) -> None:
    """Empty lines belong to the quote before them if a quote follows or nothing does."""
    at = 0
    while at < len(short):
        if kinds[at] == "text" and not short[at].strip() and at and kinds[at - 1] == "quote":
            end = at
            while end < len(short) and kinds[end] == "text" and not short[end].strip():
                end += 1
            if end == len(short) or kinds[end] == "quote":
                kinds[at:end] = ["quote"] * (end - at)
            at = end
        else:
            at += 1


def _sign(short: list[str], kinds: list[Kind]) -> None:
    """Marks the signature at the end of each run of text that a quote, or nothing, follows."""
    end = len(short)
    while end > 0:
        begin = end
        while begin > 0 and kinds[begin - 1] == "text":
            begin -= 1
        if begin < end:
            opened = _signature(short, begin, end)
            kinds[opened:end] = ["signature"] * (end - opened)
        end = max(begin, 0)
        while end > 0 and kinds[end - 1] != "text":
            end -= 1


def _signature(short: list[str], begin: int, end: int) -> int:
    """Where the signature of these lines begins; `end` if they have none."""
    last = end
    while last > begin and not short[last - 1].strip():
        last -= 1
    opened = end
    for at in range(last - 1, max(begin, last - _SIGNATURE_LINES) - 1, -1):
        if _DASHES.match(short[at]):
            opened = last = at
            while last > begin and not short[last - 1].strip():
                last -= 1
    if last > begin and (_is_sent_from(short[last - 1]) or _is_dashed_name(short, begin, last - 1)):
        opened = last - 1
    return opened


def _is_sent_from(line: str) -> bool:
    """`Sent from my iPhone` and its like: a verb, a device, and no sentence around them."""
    line = line.strip(" \t*")
    if len(line) > 60 or _SENTENCE.search(line):
        return False
    return _SENT_FROM.search(line) is not None and _DEVICE.search(line) is not None


def _is_dashed_name(short: list[str], begin: int, at: int) -> bool:
    """`-Dana Ortiz` in a paragraph of its own; in a list it would be the last item."""
    alone = at == begin or not short[at - 1].strip()
    return alone and _DASHED_NAME.match(short[at]) is not None and short[at][1].isupper()
