"""Somebody who answers `setup`, as written down beforehand."""

from dataclasses import dataclass, field

from tuidesk.desk.questions import Choice


@dataclass
class Person:
    """Answers by the beginning of the question; Enter (the default) to whatever is not written down."""

    answers: dict[str, list[str]]
    heard: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    offered: dict[str, list[str]] = field(default_factory=dict)

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

    def tell(self, text: str) -> None:
        self.heard.append(text)

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
