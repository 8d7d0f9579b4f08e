"""Words that stand in for text that cannot be shown, and the warnings beside a sender."""

TEXTS: dict[str, str] = {
    "marks": "<+{count} marks>",
    "more": "[{kilobytes:,} kB more]",
    "mixed-script": "letters of different alphabets in one word",
    "foreign-domain": "a domain in other than plain letters",
    "name-address": "the name shows another address",
    "agent-name": "the name of one of us",
}
