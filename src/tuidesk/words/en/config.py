"""What is said about config files, their places and secrets."""

TEXTS = {
    # places and who may touch them
    "no_home": "neither HOME nor TUIDESK_HOME names a folder: run with `--home FOLDER`",
    "home_empty": "--home names no folder",
    "not_a_folder": "{path} is not a folder",
    "not_a_file": "{path} is not a file",
    "folder_not_ours": "{path} belongs to another user (uid {owner}): choose another place with TUIDESK_HOME",
    "cannot_make": "{path} cannot be made: {reason}",
    "cannot_write": "{path} cannot be written: {reason}",
    "closed": "cannot be read ({reason}): make it readable for you, or move it away",
    "exists": "{path} exists already, and tuidesk never overwrites it",
    "others_write": "{path} can be written by others, who could make tuidesk run their programs: "
    "run `chmod go-w {path}`",
    "wrong_owner": "{path} belongs to another user (uid {owner}): run `sudo chown {user} {path}` if you "
    "trust what "
    "it says",
    "too_large": "{path} is too large for a config file",
    # what a table says
    "not_utf8": "not UTF-8 text (byte {at})",
    "not_toml": "not TOML: {reason}",
    "unknown": "unknown key (known here: {known})",
    "unknown_near": "unknown key; did you mean `{near}`?",
    "missing": "is missing",
    "wrong_type": "must be {wanted}, not {given}",
    "one_of": "must be one of: {known}",
    "type_text": "text",
    "type_integer": "a whole number",
    "type_number": "a number",
    "type_bool": "true or false",
    "type_list": "a list",
    "type_table": "a table",
    "type_time": "a time",
    "hold_range": "must be seconds, from 0 to {most}",
    "view_table": 'must be a table: [[views]], name = "…", query = "…"',
    "view_unnamed": "a view has a name",
    "view_is_ours": "there is a view {name} already: choose another name",
    "view_twice": "another view is called {name}",
    "view_key": "must be one digit: g and that digit open the view",
    "view_key_twice": "another view has the digit {key}",
    "view_query": "{why} (in: {marked})",
    "view_near": "{hint}; did you mean {near}?",
    "view_sorted_twice": "the query says its order already: take one of them out",
    "lock_range": "`after_min` must be minutes, 0 for never",
    "survey_after": "after_min is from 0 to 1380 minutes",
    "idle_range": "must be seconds, more than 0 and at most {most}",
    "quiet": "`quiet` must be two times of the day, `22:00-07:00`",
    "secret_one": 'must say one place: {{ keyring = "name" }}, {{ command = [...] }}, '
    '{{ env = "NAME" }} or {{ file = "path" }}',
    # accounts
    "bad_id": "an account's id is letters, digits and . _ @ + - (at most 64, the first a letter or digit)",
    "same_id": "another account file has the same id: {other}. Neither is started",
    "team_secret": "the team's files hold no secrets: put this line in a file of your own, accounts/{name}",
    "team_in_team": "only the user's config.toml or the machine's names the team's folder",
    "no_team": "the team's folder {path} cannot be read ({reason}): correct `team` in config.toml, or take it out",
    # secrets
    "no_secret": "{file} does not say where the secret is: add a line such as "
    'secret = {{ command = ["pass", "show", "{id}"] }}',
    "no_secret_for": "{file} does not say where the secret for {use} is: add `secret` or `secrets.{use}`",
    "command_missing": "{account}: the program {program} is not there or cannot be run ({reason}): see "
    "`secret` in "
    "{file}",
    "command_failed": "{account}: {program} ended with exit code {code}: run it in a shell to see why",
    "command_slow": "{account}: {program} gave no secret within {seconds} s: run it in a shell to see "
    "what it waits "
    "for",
    "command_long": "{account}: the first line that {program} prints is too long for a secret",
    "secret_empty": "{account}: the secret is empty: see {where}",
    "secret_not_text": "{account}: the secret is not UTF-8 text: see {where}",
    "env_missing": "{account}: the environment variable {name} is not set: set it before tuidesk starts",
    "file_missing": "{account}: the secret's file {path} cannot be read: {reason}",
    "file_open": "{account}: the secret's file {path} can be read by others: run `chmod 600 {path}`",
    "file_owner": "{account}: the secret's file {path} belongs to another user: run `sudo chown {user} "
    "{path}`",
    "keyring_none": "no keyring service answers here ({reason}): name another place for the secret: a "
    "command "
    "(pass, gpg), a file or an environment variable",
    "keyring_no_dbus": "no session bus",
    "keyring_hangs": "no answer within {seconds} s",
    "keyring_no_service": "nothing serves secrets on the session bus",
    "keyring_package": "the Python packages for it are missing",
    "keyring_locked": "{account}: the keyring is locked: unlock it, then start tuidesk again",
    "keyring_failed": "{account}: the keyring did not give the secret ({reason})",
    "keyring_missing": "{account}: the keyring has no secret called {name}: run "
    "`keyring set tuidesk {name}`, or `tuidesk setup`",
    "keyring_not_stored": "the keyring did not take the secret ({reason}): name another place for it",
    "cannot_store": "a secret cannot be stored by tuidesk in {place}: put it there yourself",
    "not_one_line": "{account}: a secret is one line of text, and this one is not",
    "cannot_rotate": "{account}: its token changes with use and must be written back, and {place} cannot be written: "
    "name a file or the keyring in `secret` of {file}",
}
