"""A bare Textual program that redraws twelve cells with every key: what a key costs before anything is ours."""

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static


class Echo(App[None]):
    """Counts keys."""

    CSS = "Static { width: 12; height: 1; }"

    def compose(self) -> ComposeResult:
        self._count = 0
        self._label = Static("ready 0")
        yield self._label

    def on_key(self, event: Key) -> None:
        event.stop()
        self._count += 1
        self._label.update(f"key {self._count}")


if __name__ == "__main__":
    Echo().run()
