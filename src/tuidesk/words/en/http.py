"""What is said of HTTP and of who speaks it."""

TEXTS: dict[str, str] = {
    "bad_base": "{base!r} is no address tuidesk can log in at: https://… (http only on this machine)",
    "ca": "The authorities in {path} cannot be read: {reason}",
    "bad_proxy": "The environment's proxy cannot be used ({what}): look at HTTPS_PROXY and ALL_PROXY",
    "bad_secret": "The secret holds signs that no header can carry: look whether it was copied whole",
    "closed": "The account is being closed",
    "unwritable": "The request cannot be written ({what}): look at the address and the secret",
    "no_connection": "{host} cannot be reached: {why}",
    "certificate": "{host} shows a certificate that cannot be trusted: {why}",
    "slow": "{host} did not answer in time",
    "broken": "The line to {host} broke ({what})",
    "ended": "{host} ended the stream",
    "endless": "page after page without end",
    "status": "{host} answered {status} {phrase}",
    "moved": "{host} sends us to another address: set the one it names in the account's file",
    "elsewhere": "{host} names an address at {other}, where tuidesk does not go",
    "not_understood": "Unexpected answer from {host}: {what}",
    "no_json": "no JSON",
    "too_much": "more than {limit} bytes",
    "too_big": "The file is bigger than {limit} bytes",
    "limited": "The service's limit is reached: waiting until it is filled up again",
}
