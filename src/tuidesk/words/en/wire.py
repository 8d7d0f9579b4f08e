"""What the wire itself says."""

TEXTS = {
    "unknown_kind": 'no adapter for kind "{kind}" (known: {known})',
    "several": "Several messages could be this one: the thread shows them",
    "early": "The line broke a moment ago, and the service may still be at it",
    "not_whole": "The service shows too little of the thread to say",
}
