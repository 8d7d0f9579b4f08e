"""What the mail parser says."""

TEXTS: dict[str, str] = {
    "too_big": "the mail has {size:,} bytes; {limit:,} are read at most",
    "too_many_parts": "the mail has more than {limit:,} parts",
    "too_deep": "the mail is nested deeper than {limit}",
    "too_many_headers": "the mail has more than {limit:,} header lines",
    "header_too_long": "a header of the mail is longer than {limit:,} bytes",
    "malformed": "the mail cannot be read ({kind})",
    "no_part": "the mail has no part {ref}",
    "slow": "reading the mail took longer than {seconds:g} s",
    "died": "the mail made its reader stop (out of memory, or a crash)",
    "garbled": "the mail's reader answered nonsense",
    "no_worker": "the mail reader cannot be started: {reason}",
}
