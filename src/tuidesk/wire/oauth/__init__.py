"""OAuth 2 for accounts whose login is one in a browser (RFC 6749). HTTP goes through `wire.http`.

app         who we are to a provider, and where it listens
grant       what a sign-in gave, as the one line that the account's secret is
endpoint    what the provider's token endpoint is asked, and what its refusals mean
device      sign in with a code that is typed in elsewhere (RFC 8628)
code        sign in with a browser: authorization code and PKCE (RFC 7636, RFC 8252)
loopback    where the browser comes back to, if it runs on this machine
tokens      the access token of an account, renewed by one process at a time
auth        the same as what makes a request of `wire.http` ours
sasl        the same as a login over IMAP and SMTP
"""
