"""What `doctor` says of tmux and GNU screen."""

TEXTS = {
    "tmux_silent": "tmux: it did not say how it is set up",
    "escape": "tmux: escape-time is {ms} ms, which is how long every Esc waits",
    "focus": "tmux: focus-events is {value}",
    "clipboard": "tmux: set-clipboard is {value} (on: y and Y get to your clipboard)",
    "through": "tmux: allow-passthrough is {value}, and notifications have to get through",
    "term": "tmux: TERM is {term}",
    "colours": "tmux: not set up for 16 million colours",
    "screen_term": "screen: TERM is {term}",
    "screen_escape": "screen: it cannot be asked how long an Esc waits",
    "tmux_line": "put `{line}` into ~/.tmux.conf, then run `tmux source ~/.tmux.conf`",
    "screen_line": "put `{line}` into ~/.screenrc",
}
