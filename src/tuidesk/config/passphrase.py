"""What opens a locked screen, compared in constant time."""

import hmac
from hashlib import sha256

from tuidesk.config.secrets import AccountSecrets
from tuidesk.config.tables import AccountFile, AccountKeys, SecretSource


class Passphrase:
    """One passphrase."""

    def __init__(self, text: str) -> None:
        self._digest = sha256(text.encode()).digest()

    def is_it(self, typed: str) -> bool:
        """Whether this was typed."""
        return hmac.compare_digest(sha256(typed.encode()).digest(), self._digest)


def passphrase(source: SecretSource, file: str) -> Passphrase:
    """That of `[lock] secret`, asked for where that is needed: before the screen starts. `file` says it.

    Raises:
        SecretError: it cannot be had.
    """
    account = AccountFile(file, "lock", AccountKeys(kind="lock", secret=source), {})
    return Passphrase(AccountSecrets(account, ask=True).get())
