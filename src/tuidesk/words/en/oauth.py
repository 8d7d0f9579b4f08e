"""What is said of sign-ins in the browser."""

TEXTS: dict[str, str] = {
    # the account's file
    "help_client_id": "id of the app that your team registered with the provider",
    "no_client_id": "client_id is missing: the id of the app that your team registered with the provider",
    "own_address": "its addresses are known: leave out authorize_url, token_url, device_url and issuer",
    "no_address": "a provider other than google and microsoft needs token_url, and authorize_url or device_url",
    # what is kept
    "none": "nobody has signed in yet",
    "of_another": "the sign-in that is kept belongs to another client_id or provider than the account's file names",
    "again": "{why}. Sign in again: tuidesk setup --login {account}",
    "newer": "another program has signed in meanwhile: its token is tried next",
    "no_lock": "{folder} takes no file ({reason}), so two programs could spend one token",
    "busy": "another tuidesk is renewing the sign-in of this account and does not come to an end",
    "no_client_secret": "the app's own secret is missing: secrets = {{ client_secret = … }} says where it is",
    # what the provider says
    "ended": "{host} has ended the sign-in: {said}",
    "not_known": "{host} does not take the app: {said}. Look at client_id, and whether it needs a client secret",
    "no_such_scope": "{host} does not give this app the permissions it asks for: {said}",
    "refused": "{host} refuses: {said}",
    "no_token": "no token",
    "no_code": "no code",
    "no_refresh": "{host} gave a token that cannot be renewed: the app needs offline access",
    "no_scope": "not all was allowed at {host}: {scopes} is missing. Sign in again and allow it",
    "denied": "at {host} the answer was no",
    "too_late": "nobody has answered at {host} in time",
    "bad_code": "{host} does not take the code ({said}): it was used before, is too old or was not copied whole",
    # what the browser brings back
    "no_answer": "that is neither the address the browser ended at nor its code",
    "other_state": "that is the answer to another sign-in: open the address that is shown here",
    "other_issuer": "the answer comes from {issuer}, not from {wanted}",
    "page": "tuidesk has your answer. You can close this page and go back to the terminal.",
    "page_other": "Not for tuidesk.",
    # at the mail server
    "control": "the user name or the token holds a sign that no login can carry",
    "no_method": "{host} takes no sign-ins (neither OAUTHBEARER nor XOAUTH2)",
    "server_refused": "{host} does not take the sign-in of {user} ({reason})",
    "lacks_scope": "{host} wants the permission {scope}, which the sign-in of {user} lacks",
}
