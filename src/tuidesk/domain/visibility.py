"""Who can read a message: from the customer alone to everybody. What the word for it means."""

WIDENING = ("direct", "private", "unlisted", "public")
"""`direct`: the customer alone; `private`: whoever follows the one who writes as well; `unlisted`: everybody, though it
stands on no public list; `public`: everybody."""


def known(word: str) -> str:
    """A channel's word; one that we do not know counts as the widest."""
    return word if word in WIDENING else "public"


def is_shared(word: str) -> bool:
    """Whether others than the customer can read it."""
    return word != "direct"


def is_wider(word: str, other: str) -> bool:
    """Whether more people can read the first than the second."""
    return WIDENING.index(known(word)) > WIDENING.index(known(other))


def narrower(word: str, other: str) -> str:
    """Of two the one that fewer people can read."""
    return other if is_wider(word, other) else word
