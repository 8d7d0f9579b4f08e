"""Words that stand in for text that cannot be shown, and the warnings beside a sender."""

TEXTS: dict[str, str] = {
    "marks": "<+{count} belgi>",
    "more": "[yana {kilobytes} kB]",
    "mixed-script": "bir soʻzda turli alifbo harflari",
    "foreign-domain": "domenda oddiy lotin harflaridan boshqasi bor",
    "name-address": "ismda boshqa manzil yozilgan",
    "agent-name": "bizdan birining ismi",
}
