"""Telephone numbers: in the one form that every service takes, and what time it is where they ring."""

import re
from collections.abc import Iterable

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_BETWEEN = re.compile(r"\(0\)|[\s().\-/\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""What people and programs write into a number: blanks and dashes of every kind, marks of direction, `(0)`."""
_ZONES = {
    "20": "Africa/Cairo", "27": "Africa/Johannesburg", "30": "Europe/Athens", "31": "Europe/Amsterdam",
    "32": "Europe/Brussels", "33": "Europe/Paris", "36": "Europe/Budapest", "39": "Europe/Rome",
    "40": "Europe/Bucharest", "41": "Europe/Zurich", "43": "Europe/Vienna", "44": "Europe/London",
    "45": "Europe/Copenhagen", "46": "Europe/Stockholm", "47": "Europe/Oslo", "48": "Europe/Warsaw",
    "49": "Europe/Berlin", "51": "America/Lima", "54": "America/Argentina/Buenos_Aires",
    "57": "America/Bogota", "58": "America/Caracas", "60": "Asia/Kuala_Lumpur", "63": "Asia/Manila",
    "65": "Asia/Singapore", "66": "Asia/Bangkok", "81": "Asia/Tokyo", "82": "Asia/Seoul",
    "84": "Asia/Ho_Chi_Minh", "86": "Asia/Shanghai", "90": "Europe/Istanbul", "91": "Asia/Kolkata",
    "92": "Asia/Karachi", "93": "Asia/Kabul", "94": "Asia/Colombo", "95": "Asia/Yangon", "98": "Asia/Tehran",
    "212": "Africa/Casablanca", "213": "Africa/Algiers", "216": "Africa/Tunis", "233": "Africa/Accra",
    "234": "Africa/Lagos", "251": "Africa/Addis_Ababa", "254": "Africa/Nairobi", "353": "Europe/Dublin",
    "354": "Atlantic/Reykjavik", "358": "Europe/Helsinki", "359": "Europe/Sofia", "370": "Europe/Vilnius",
    "371": "Europe/Riga", "372": "Europe/Tallinn", "374": "Asia/Yerevan", "380": "Europe/Kyiv",
    "381": "Europe/Belgrade", "385": "Europe/Zagreb", "386": "Europe/Ljubljana", "420": "Europe/Prague",
    "421": "Europe/Bratislava", "852": "Asia/Hong_Kong", "880": "Asia/Dhaka", "886": "Asia/Taipei",
    "961": "Asia/Beirut", "962": "Asia/Amman", "964": "Asia/Baghdad", "965": "Asia/Kuwait",
    "966": "Asia/Riyadh", "968": "Asia/Muscat", "971": "Asia/Dubai", "972": "Asia/Jerusalem",
    "973": "Asia/Bahrain", "974": "Asia/Qatar", "977": "Asia/Kathmandu", "992": "Asia/Dushanbe",
    "993": "Asia/Ashgabat", "994": "Asia/Baku", "995": "Asia/Tbilisi", "996": "Asia/Bishkek",
    "998": "Asia/Tashkent",
}  # fmt: skip
"""Countries of one time. +1, +7, +34, +55, +61 and others have several, so their numbers do not say."""


def e164(written: str) -> str:
    """`+82 (0)10-5550-0117` → `+821055500117`; "" where it is no number with its country's code."""
    number = _BETWEEN.sub("", written)
    number = "+" + number[2:] if number.startswith("00") else number
    return number if _E164.fullmatch(number) else ""


def zone(numbers: Iterable[str]) -> tuple[str, str]:
    """(zone, `+82`) of E.164 numbers that agree on it; ("", "") where they do not, or do not say."""
    found = {_of(number) for number in numbers}
    return found.pop() if len(found) == 1 else ("", "")


def _of(number: str) -> tuple[str, str]:
    digits = number.removeprefix("+")
    code = next((digits[:size] for size in (3, 2) if digits[:size] in _ZONES), "")
    return (_ZONES[code], f"+{code}") if code else ("", "")
