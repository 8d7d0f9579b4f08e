"""Why a delivery stands where it stands."""

TEXTS = {
    "cut": "the program ended while it was sending; it may have arrived",
    "silent": "no answer after sending; it may have arrived",
    "crashed": "the channel's adapter failed while sending ({what}); it may have arrived",
    "refused": "not taken for {who}",
    "shown": "the channel shows these words, sent at {at}: it has probably arrived",
    "missing": "it had not arrived; sending it again",
}
