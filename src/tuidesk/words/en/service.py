"""What is said about the systemd user unit."""

TEXTS = {
    "description": "tuidesk: mail in, replies out",
    "odd": "{word} cannot stand in a systemd unit: move it to a path of plain characters",
    "foreign": "{path} was not written by tuidesk: move it away first",
    "start": "Start it now and at every login: systemctl --user daemon-reload && "
    "systemctl --user enable --now tuidesk",
    "linger": "Let it run while you are not logged in: loginctl enable-linger",
    "env": "{account}: the service does not see your shell's {name}: set it with `systemctl --user edit {unit}` "
    "(EnvironmentFile=), or keep the secret in a file",
    "keyring": "{account}: while nobody is logged in the keyring is locked, and this account waits",
    "command": "{account}: {program} must give the secret without asking, or this account waits until you log in",
}
