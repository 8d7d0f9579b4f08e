"""What is said of files that are fetched."""

TEXTS = {
    "no_attachment": "this message has no attachment {name}",
    "no_source": "this message's source is not kept, and its channel does not give it",
    "too_many": "there are too many files called {name}",
    "too_large": "larger than {most} MB: not fetched",
}
