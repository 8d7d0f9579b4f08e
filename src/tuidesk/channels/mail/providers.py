"""What follows from whose mailbox it is, where the login is a sign-in in the browser."""

from collections.abc import Mapping
from typing import Any

SCOPES: Mapping[str, tuple[str, ...]] = {
    "google": ("https://mail.google.com/",),
    "microsoft": (
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
        "offline_access",
    ),
}
"""What the sign-in asks for, by provider."""

TABLES: Mapping[str, Mapping[str, Any]] = {
    "google": {"imap": {"host": "imap.gmail.com"}, "smtp": {"host": "smtp.gmail.com"}},
    "microsoft": {
        "imap": {"host": "outlook.office365.com"},
        "smtp": {"host": "smtp.office365.com", "port": 587, "security": "starttls"},
    },
    "other": {},
}
"""What the account's table says then, unless the agent knows better."""
