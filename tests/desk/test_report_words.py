"""A report in words."""

import pytest

from tuidesk.desk.report_words import by_name, define, name
from tuidesk.domain.metrics import BYS, METRICS
from tuidesk.domain.text import width
from tuidesk.words import ENGLISH, LANGUAGES, speak


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_has_a_short_name_and_a_definition(language: str) -> None:
    speak(language)
    try:
        names = [name(metric.key) for metric in METRICS]
        assert [called for called in names if not 0 < width(called) <= 24] == []
        assert len(set(names)) == len(METRICS)
        assert all(define(metric.key).endswith((".", "다")) for metric in METRICS)
        assert all(by_name(by) for by in BYS)
    finally:
        speak(ENGLISH)
