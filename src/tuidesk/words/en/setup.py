"""What `setup` asks and says, and what a login ended in."""

TEXTS = {
    "kind": "What kind of account?",
    "kind_mail": "a mailbox over IMAP and SMTP",
    "kind_maildir": "a Maildir or mbox on this machine",
    "kind_mastodon": "a Mastodon account: mentions and direct messages",
    "kind_bluesky": "a Bluesky account: mentions, replies, direct messages",
    "kind_matrix": "a Matrix account: rooms and direct chats",
    "kind_telegram": "a Telegram bot",
    "kind_twilio": "Twilio: SMS, WhatsApp and phone calls",
    "kind_chatwoot": "a Chatwoot team: all its inboxes",
    "kind_rt": "Request Tracker: a team's queues",
    "kind_pipe": "a program of your own that speaks JSON lines",
    "kind_demo": "a sample desk, to look around",
    "kind_other": "{kind}, of a package that is installed beside tuidesk",
    "address": "Its mail address",
    "not_an_address": "that is no mail address (name@domain)",
    "name": "Name of the account (also of its file)",
    "taken": "there is an account called {id} already: choose another name, or edit or remove its file",
    "or_none": " (a blank: none)",
    "nothing": "this cannot be empty",
    "quotes": "a quote is not closed",
    "not_a_number": "that is no number",
    "auth": "How do you log in there?",
    "auth_password": "with a password (or an app password)",
    "auth_google": "by signing in at Google",
    "auth_microsoft": "by signing in at Microsoft 365",
    "auth_other": "by signing in elsewhere (OAuth 2)",
    "app_google": (
        "Your team needs an app of its own there: console.cloud.google.com, APIs & Services, "
        "Credentials, Create OAuth client ID, type Desktop app; enable the Gmail API, and give "
        "the consent screen the scope https://mail.google.com/ (audience Internal needs no "
        "review)."
    ),
    "app_microsoft": (
        "Your team needs an app of its own there: entra.microsoft.com, App registrations, New "
        "registration; under Authentication add the platform Mobile and desktop with "
        "http://localhost and allow public client flows; under API permissions add "
        "IMAP.AccessAsUser.All, SMTP.Send and offline_access."
    ),
    "app_other": (
        "Your team needs an app of its own there: register it with the provider as a native app "
        "that comes back to http://127.0.0.1 at any port."
    ),
    "client_id": "Id of that app (client_id)",
    "has_client_secret": "Does that app have a secret of its own (client_secret)?",
    "client_secret": "Secret of that app (not shown)",
    "tenant": "Your organisation there: its id or domain (common: any)",
    "authorize_url": "Address where a browser signs in (empty: none)",
    "token_url": "Address where tokens are given",
    "device_url": "Address where codes for other devices are given (empty: none)",
    "scopes": "Scopes to ask for, a blank between them",
    "rotates": (
        "What a sign-in gives is renewed again and again: it needs a place that tuidesk can "
        "write, so no program and no variable."
    ),
    "no_keyring": "No keyring service answers here.",
    "sign_in": "How do you want to sign in?",
    "sign_in_device": "with a code that you type in at any device",
    "sign_in_browser": "in a browser",
    "device": "Open {address} on any device and type in this code: {code}",
    "waiting": "Waiting for your answer there …",
    "browser": (
        "Open this address in a browser. If that runs on another machine, it ends at a page that "
        "it cannot load: copy that page's address and paste it here."
    ),
    "pasted": "That address, or nothing where the browser comes back by itself",
    "no_account": "there is no account called {name}",
    "no_sign_in": "{name} does not log in by a browser: {file} says where its secret is",
    "yes": "yes",
    "no": "no",
    # how a Maildir's replies leave
    "out": "How do replies leave?",
    "out_program": "through a program of this machine, as sendmail",
    "out_smtp": "through a server (SMTP)",
    "out_nothing": "not at all: this account is only read",
    "out_command": "The program, with its arguments",
    "smtp_host": "Host of the server",
    "smtp_security": "How is the line to it kept private?",
    "smtp_tls": "TLS from the start (port 465)",
    "smtp_starttls": "STARTTLS (port 587)",
    "smtp_port": "Port",
    "smtp_user": "User to log in as there (empty: no login)",
    # the secret
    "where": "Where is its password or token kept?",
    "in_keyring": "in the keyring of this desktop",
    "in_command": "a program prints it (pass, gpg, age …)",
    "in_file": "in a file that only you can read",
    "in_env": "in an environment variable",
    "secret": "Password or token (not shown)",
    "command": "The program, with its arguments; its first line is the secret",
    "env": "Name of the variable",
    "file": "The file (it is made, for you alone, if it is not there)",
    # the login
    "trying": "Trying the login …",
    "logged_in": "Logged in as {who}.",
    "refused": "the login was refused ({reason}): check the password or token, and the user name",
    "sign_in_refused": (
        "the login was refused ({reason}): check that you signed in as that user, and what the app may do"
    ),
    "unavailable": "no login now ({reason}): check host, port and security, and whether the server is up",
    "unavailable_there": "no login now ({reason}): check the address, and whether server and network are up",
    "unavailable_here": "it cannot be used now ({reason}): check the program or path, and that you may use it",
    "slow": "no answer within {seconds} s: check host and port, and whether a firewall is between",
    "crashed": "the {kind} adapter failed on it ({reason}): this is a mistake in the program",
    "now_what": "What now?",
    "then_secret": "give the password or token again",
    "then_sign_in": "sign in again",
    "then_again": "go through the answers again",
    "then_write": "write the account as it is",
    "then_quit": "leave, and write nothing",
}
