"""What `doctor` says of tmux and GNU screen."""

TEXTS: dict[str, str] = {
    "tmux_silent": "tmux: 설정을 알려 주지 않음",
    "escape": "tmux: escape-time이 {ms}ms, Esc를 누를 때마다 그만큼 기다림",
    "focus": "tmux: focus-events가 {value}",
    "clipboard": "tmux: set-clipboard가 {value}(on: y와 Y가 클립보드에 닿음)",
    "through": "tmux: allow-passthrough가 {value}, 알림이 통과해야 함",
    "term": "tmux: TERM이 {term}",
    "colours": "tmux: 1600만 색으로 설정되지 않음",
    "screen_term": "screen: TERM이 {term}",
    "screen_escape": "screen: Esc를 얼마나 기다리는지 물을 수 없음",
    "tmux_line": "~/.tmux.conf에 `{line}`을 넣고 `tmux source ~/.tmux.conf`를 실행하세요",
    "screen_line": "~/.screenrc에 `{line}`을 넣으세요",
}
