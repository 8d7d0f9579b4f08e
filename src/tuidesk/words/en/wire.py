"""What the wire itself says."""

TEXTS = {
    "unknown_kind": 'no adapter for kind "{kind}" (known: {known})',
}
