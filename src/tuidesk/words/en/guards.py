"""What is asked once before a text leaves (`domain.guards`)."""

TEXTS: dict[str, str] = {
    "placeholder": "“{what}” is still to be filled in.",
    "file": "“{what}” promises a file, and none goes along.",
    "note": "“{what}” looks like a note for the team, and this goes to the customer.",
    "window": "The time in which this channel takes replies is over; it will most likely be refused.",
    "long": "Too long for one message here: it goes in {what} parts of at most {most:,}, one after the other.",
    "card": "A card number ({what}) for everybody to read?",
    "direct": "This answers a direct message, and everybody will be able to read it.",
    "public": "PUBLIC: everybody can read this.",
    "bare": "Not a word of yours goes with it.",
    "domain": "{who} has no dot after the @.",
    "moved_in": "{who} wrote {ago}: {text}",
    "moved_out": "{who} answered {ago}: {text}",
    "moved_note": "{who} noted {ago}: {text}",
    "moved_more": "And {count} more since you began.",
    "moved_you": "You",
    "sent_already": "The same words were sent {ago}.",
    "question": "{ask}  {send} again sends, {leave} goes back",
    "wider": "This answers what fewer people could read than will read it.",
    "unlisted": "UNLISTED: everybody can read this, though it is on no public list.",
    "private": "FOLLOWERS can read this as well, not the customer alone.",
}
