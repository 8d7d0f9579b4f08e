"""What is said about `[[targets]]`."""

TEXTS: dict[str, str] = {
    "table": 'jadval boʻlishi kerak: bir qatorda [[targets]], ostida first_response = "1h"',
    "no_aim": 'maqsad yoʻq: first_response, reply yoki resolution qoʻshing, masalan reply = "4h"',
    "length": '"90m", "4h" yoki "2d" kabi davomiylik boʻlishi kerak',
    "near_account": "bunday hisob yoʻq; balki {near}?",
    "no_account": "bunday hisob yoʻq (borlari: {known})",
}
