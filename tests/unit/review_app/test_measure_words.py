"""Every measure has its words: what it is, how it is counted, where it is from, its limits."""

import pytest

from pipeline.analysis.measures.figures import Measure, Withheld
from review_app import measure_words as words


@pytest.mark.parametrize(
    "table",
    [
        words.UNITS,
        words.TITLE_WORDS,
        words.COUNT_WORDS,
        words.FORMULA_WORDS,
        words.SOURCE_WORDS,
        words.CAVEAT_WORDS,
    ],
)
def test_every_measure_is_in_every_table(table: dict[str, object]) -> None:
    assert table.keys() == {measure.value for measure in Measure}


def test_every_reason_to_withhold_is_told() -> None:
    assert {reason.value for reason in Withheld} < words.WITHHELD_WORDS.keys()
    assert words.UNIT_WORDS.keys() == set(words.Unit)
