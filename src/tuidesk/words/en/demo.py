"""What the demo says itself. What its customers and colleagues write is in the channel's own data."""

TEXTS = {
    "help_seed": "which course of events: the same number gives the same desk",
    "help_size": "how many conversations to make up for a load test; 0 is the hand-written desk",
    "help_live": "new messages arrive while it runs, and customers answer; off, nothing happens by itself",
    "help_pace": "how long things take: 0.5 is twice as fast",
    "bad_size": "size is a number of conversations, 0 or more",
    "bad_pace": "pace is a number above 0",
    "found": "The demo is embedded: nothing you send leaves this machine.",
    "faults": (
        "To see what goes wrong elsewhere, write into a reply: #fail (refused), #limit (wait 20 s), "
        "#unknown (the answer is lost, once), #bounce (comes back later)."
    ),
    "fail": "The demo refuses texts with #fail.",
    "limit": "Too much at once: the demo makes texts with #limit wait.",
    "unknown": "The demo lost the line before it could answer, because the text has #unknown.",
    "bounced": "The demo sends texts with #bounce back: no such mailbox.",
    "no_file": "No message of the demo carries such a file.",
}
