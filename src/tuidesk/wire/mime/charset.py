"""Bytes and what they say about themselves → text."""

import codecs
import re
from contextlib import suppress
from functools import lru_cache

_WIDER = {
    # What senders call by the narrow name is in truth the wider set (encoding.spec.whatwg.org §4.2).
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "csgb2312": "gb18030", "gb_2312-80": "gb18030",
    "chinesesimplified": "gb18030", "hz-gb-2312": "hz", "big5": "big5hkscs", "cn-big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949",
    "ksc_5601": "cp949",
    "windows-949": "cp949", "x-windows-949": "cp949", "uhc": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext", "x-euc-jp": "euc_jp", "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874",
    "iso-8859-8-i": "iso8859_8", "iso-8859-8-e": "iso8859_8",
    "macintosh": "mac_roman", "x-mac-roman": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8", "cp-850": "cp850",
}  # fmt: skip
_WESTERN = {"iso8859-1", "ascii", "cp1252", "iso8859-15"}
_NOT_OF_MAIL = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-8-sig"}
"""Codecs of Python's that are no charset of mail; some are slow on purpose-made input."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{1,39}")
_SURROGATES = re.compile("[\ud800-\udfff]")
_WESTERN_FALLBACK = "cp1252"
_ISO_2022_KR = b"\x1b$)C"
_JIS_SHIFT = re.compile(rb"(\x1b(?:\$[@B]|\([BIJ]|\$\(D))")
_JIS_PAIR = re.compile(rb"([!-~])([!-~])")


def text_of(data: bytes, declared: str = "", hint: str = "") -> str:
    """Bytes → text, whatever they call themselves; never fails, never a lone surrogate.

    `declared` is the mail's own word, `hint` a charset used elsewhere in that mail, for bytes without one.
    """
    name = _codec(declared)
    if name is None or name in _WESTERN:
        text = _western(data, name, _codec(hint))
    elif name == "utf-8":
        text = _utf8(data)
    else:
        text = _as_declared(data, name)
    return scrub(text)


def scrub(text: str) -> str:
    """Lone surrogates, which UTF-7 and broken JSON can smuggle in, become U+FFFD."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


@lru_cache(maxsize=256)
def _codec(declared: str) -> str | None:
    """The codec for a charset's name, None if it is the name of none."""
    match = _NAME.search(declared)
    if not match:
        return None
    name = match[0].lower()
    try:
        found = codecs.lookup(_WIDER.get(name, name)).name
        bytes(4).decode(found, "replace")  # raises for rot13, zlib and the other codecs that are no charsets
    except (LookupError, ValueError):
        return None
    return None if found in _NOT_OF_MAIL else found


def _western(data: bytes, name: str | None, hint: str | None) -> str:
    """Unlabelled, or labelled with what mailers write when they do not know."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        if name in (None, "ascii") and hint not in (None, "utf-8", *_WESTERN):
            with suppress(ValueError):  # a guess that does not fit loses letters; a western one loses none
                return data.decode(hint or _WESTERN_FALLBACK)
        fallback = name if name == "iso8859-15" else _WESTERN_FALLBACK
        return data.decode(fallback, "replace")
    if "\x1b$" in text:
        return _as_declared(data, "iso2022_jp_ext")
    return text.removeprefix("\ufeff")


def _utf8(data: bytes) -> str:
    """UTF-8, unless more of it is broken than whole: then it is one byte a character under a wrong label."""
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for character in text if character > "\x7f") - broken
    return data.decode(_WESTERN_FALLBACK, "replace") if broken > whole else text


def _as_declared(data: bytes, name: str) -> str:
    if name == "iso2022_kr" and _ISO_2022_KR not in data:
        data = _ISO_2022_KR + b"\n" + data
        return _as_declared(data, name).removeprefix("\n")
    try:
        return data.decode(name)
    except ValueError:
        pass
    if name.startswith("iso2022_jp"):
        return _as_microsofts_jis(data)
    try:
        return data.decode("utf-8")
    except ValueError:
        return data.decode(name, "replace")


def _as_microsofts_jis(data: bytes) -> str:
    """ISO-2022-JP as most of Japan writes it (CP50220): with signs of NEC and IBM, `①` and `㈱`, in free rows."""
    out = []
    mode = b""
    for piece in _JIS_SHIFT.split(data):
        if _JIS_SHIFT.fullmatch(piece):
            mode = piece
        elif mode in (b"\x1b$B", b"\x1b$@"):
            pairs, end, rest = piece.partition(b"\n")  # a line's end shifts back, as RFC 1468 has it
            out += [
                _shifted(pairs).decode("cp932", "replace"),
                (end + rest).decode("iso2022_jp_ext", "replace"),
            ]
        else:
            out.append((mode + piece).decode("iso2022_jp_ext", "replace"))
    return "".join(out)


def _shifted(line: bytes) -> bytes:
    """Pairs of JIS X 0208 → Shift_JIS; what is no pair stays."""
    return _JIS_PAIR.sub(lambda match: bytes(_shift(match[1][0], match[2][0])), line)


def _shift(row: int, cell: int) -> tuple[int, int]:
    lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    if row % 2 == 0:
        return lead, cell + 0x7E
    return lead, cell + (0x1F if cell < 0x60 else 0x20)
