"""Letters of other keyboards → the keys they lie on: with a Hangul or Cyrillic input method on, a command is still one.

Only what is no ASCII is read so: which key a Russian `.` was cannot be known. Of Hangul's two sets the first (두벌식),
where Shift makes another letter of seven keys only: `ㅁ` is `a`, whether or not Shift was held.
"""

_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё"
_SHIFTED = 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>~'
_OTHERS = {"і": "s", "ї": "]", "є": "'", "ў": "o", "қ": "s", "ғ": "-", "ҳ": "="}
"""Of the Ukrainian and the Uzbek keyboard, where they differ from the Russian."""

# in the order of Unicode's syllables
_LEADS = "r R s e E f a q Q t T d w W c z x v g".split()  # noqa: SIM905 - as they are read
_VOWELS = "k o i O j p u P h hk ho hl y n nj np nl b m ml l".split()  # noqa: SIM905 - as they are read
_FINALS = " r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".split(" ")  # noqa: SIM905 - as they are read
_SINGLE = "r R rt s sw sg e E f fr fa fq ft fx fv fg a q Q qt t T d w W c z x v g".split()  # noqa: SIM905 - as they are read
"""The consonants as letters of their own, from U+3131; the vowels come after them."""
_SYLLABLES, _SYLLABLES_END, _LETTERS, _LETTERS_END = 0xAC00, 0xD7A3, 0x3131, 0x3163

_BY_LETTER = {
    **dict(zip(_CYRILLIC, _KEYS, strict=True)),
    **dict(zip(_CYRILLIC.upper(), _SHIFTED, strict=True)),
    **_OTHERS,
    **{letter.upper(): key.upper() for letter, key in _OTHERS.items() if key.isalpha()},
}


_ON_KEY = {key: chr(_LETTERS + at) for at, key in enumerate((*_SINGLE, *_VOWELS)) if len(key) == 1}


def key_of(letter: str) -> str:
    """The key that a letter lies on, `ㄷ` → `e`, `У` → `E`; "" where it is read as it is, or is more than one key."""
    keys = _keys(letter)
    return keys if len(keys) == 1 else ""


def letters_of(character: str) -> tuple[str, ...]:
    """A Hangul syllable as the letters that were typed, a key each: `해` → `ㅎ`, `ㅐ`; anything else as it is."""
    keys = _keys(character)
    return tuple(_ON_KEY[key] for key in keys) if len(keys) > 1 else (character,)


def _keys(character: str) -> str:
    if character.isascii() or len(character) != 1:
        return ""
    code = ord(character)
    if _SYLLABLES <= code <= _SYLLABLES_END:
        rest, final = divmod(code - _SYLLABLES, len(_FINALS))
        lead, vowel = divmod(rest, len(_VOWELS))
        return _LEADS[lead] + _VOWELS[vowel] + _FINALS[final]
    if _LETTERS <= code <= _LETTERS_END:
        return (*_SINGLE, *_VOWELS)[code - _LETTERS]
    return _BY_LETTER.get(character, "")
