"""What the Telegram channel says."""

TEXTS: dict[str, str] = {
    "help_server": "the Bot API server: Telegram's, or one of your own",
    "help_team": "numbers or @names of colleagues who answer by their own Telegram account",
    "help_mark_read": "whether a business account's customer sees that what you answer was read",
    "help_poll_s": "seconds that the server waits for news before it says there is none",
    "help_ca": "PEM file of an authority to trust besides the system's",
    "credential": "The secret is the bot's token: in Telegram write /newbot to @BotFather, or /token for a bot you "
    "have, and copy the line that looks like 123456:ABC. No other program may read this bot at the same time. "
    "In groups, switch off privacy mode (/setprivacy) if the bot is to see every message.",
    "found": "The bot is {name} (@{handle})",
    "one_reader": "Only one program can read a bot: leave this token to tuidesk, on one machine",
    "privacy": "In groups the bot sees only commands, mentions and answers to it: /setprivacy at @BotFather changes it",
    "bad_token": "Telegram does not know this token: /token at @BotFather shows the right one",
    "webhook": "A webhook at {host} gets this bot's messages, so tuidesk cannot: give tuidesk a bot of its own, or "
    "take the webhook away there (deleteWebhook)",
    "second_reader": "Another program reads this bot, and each gets only a part of the messages: stop it, or give "
    "tuidesk a bot of its own. tuidesk makes way for five minutes, then looks again",
    "unsupported": "A Telegram bot has no {type}",
    "no_chat": "It is not known in which chat this is",
    "window": "A business account's customer can be answered for a day after their last message",
    "nobody": "A bot can only write to one person alone, and only to somebody who has written to it",
    "no_file": "There is no such file",
    "no_find": "A bot cannot look at what it has sent: look in the chat",
    "too_big": "{name} is bigger than the {limit} MB that a bot can send",
    "too_long": "A message has at most {most} characters",
    "half": "Only a part was sent: {reason}",
    "paced": "Telegram takes twenty messages a minute to a group: a moment",
    "blocked": "The customer has blocked the bot",
    "removed": "The bot is not in this group any more",
    "no_right": "{who} does not let the bot answer",
    "disconnected": "{who} has disconnected the bot",
}
