"""Somebody who answers `setup`, as written down beforehand."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tuidesk.desk.questions import Choice


@dataclass
class Person:
    """Answers by the beginning of the question; Enter (the default) to whatever is not written down."""

    answers: dict[str, list[str]]
    heard: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    offered: dict[str, list[str]] = field(default_factory=dict)
    looks: Callable[[str], object] = lambda _: None
    """What they do when they are told something: open an address, type a code in elsewhere."""

    def text(self, question: str, default: str = "") -> str:
        return self._answer(question, default)

    def secret(self, question: str) -> str:
        return self._answer(question, "")

    def choose(self, question: str, choices: tuple[Choice, ...], default: str) -> str:
        values = [choice.value for choice in choices]
        assert default in values
        self.offered[question] = values
        answer = self._answer(question, default)
        assert answer in values
        return answer

    def until(self, question: str, done: Callable[[], bool]) -> str | None:
        answer = self._answer(question, "")
        end = time.monotonic() + 20
        while not answer and not done():
            assert time.monotonic() < end, "waited without end"
            time.sleep(0.01)
        return answer or None

    def tell(self, text: str) -> None:
        self.heard.append(text)
        self.looks(text)

    def _answer(self, question: str, default: str) -> str:
        self.asked.append(question)
        assert len(self.asked) < 100, "asked without end"
        for beginning, answers in self.answers.items():
            if question.startswith(beginning) and answers:
                return answers.pop(0)
        return default

    @property
    def told(self) -> str:
        """Everything that was shown."""
        return "\n".join([*self.heard, *self.asked])
