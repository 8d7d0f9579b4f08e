"""Countries by their dialling code, as far as a number says what time it is there."""

from collections.abc import Iterable

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


def zone(numbers: Iterable[str]) -> tuple[str, str]:
    """(zone, `+82`) of E.164 numbers that agree on it; ("", "") where they do not, or do not say."""
    found = {_of(number) for number in numbers}
    return found.pop() if len(found) == 1 else ("", "")


def _of(number: str) -> tuple[str, str]:
    digits = number.removeprefix("+")
    code = next((digits[:size] for size in (3, 2) if digits[:size] in _ZONES), "")
    return (_ZONES[code], f"+{code}") if code else ("", "")
