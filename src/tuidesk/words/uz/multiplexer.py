"""What `doctor` says of tmux and GNU screen."""

TEXTS: dict[str, str] = {
    "tmux_silent": "tmux: qanday sozlanganini aytmadi",
    "escape": "tmux: escape-time {ms} ms, har bir Esc shuncha kutadi",
    "focus": "tmux: focus-events qiymati {value}",
    "clipboard": "tmux: set-clipboard qiymati {value} (on: y va Y buferingizga yetadi)",
    "through": "tmux: allow-passthrough qiymati {value}, bildirishnomalar oʻtishi kerak",
    "term": "tmux: TERM qiymati {term}",
    "colours": "tmux: 16 million rangga sozlanmagan",
    "screen_term": "screen: TERM qiymati {term}",
    "screen_escape": "screen: Esc qancha kutishini soʻrab boʻlmaydi",
    "tmux_line": "~/.tmux.conf ga `{line}` qoʻshing, keyin `tmux source ~/.tmux.conf` buyrugʻini bering",
    "screen_line": "~/.screenrc ga `{line}` qoʻshing",
}
