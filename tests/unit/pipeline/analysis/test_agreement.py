"""Agreement: the published examples, scikit-learn beside, and what must hold of any two people."""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score  # noqa: TID253 - what ours is held against

from consent.model import RecordingId
from pipeline.analysis.agreement import agreement_document, alpha, icc, kappa
from storage.records import Coding, CodingId, CodingSheet, UserId
from tests.unit.storage.codebooks.matching.talk import talk

AT = datetime(2026, 3, 1, tzinfo=UTC)
Statistic = Callable[..., np.ndarray]
BOTH = [kappa, alpha]
CODES = ("open", "closed", "mirror")
ratings = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40).filter(
    lambda pairs: len({value for pair in pairs for value in pair}) > 1
)


def arrays(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.array(pairs, float).T
    return first, second


def tallied(table: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return two people's categories from a table of how often each pair came up."""
    pairs = [
        (row, column)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]
    return arrays(pairs)


@pytest.mark.parametrize(
    ("table", "published"),
    [
        ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.49),  # Cohen (1960), table 2
        ([[25, 13, 12], [12, 2, 16], [3, 15, 2]], -0.09),  # Cohen (1960), table 1
    ],
)
def test_kappa_of_the_first_paper(table: list[list[int]], published: float) -> None:
    assert kappa(*tallied(table)) == pytest.approx(published, abs=0.005)


@pytest.mark.parametrize(
    ("meg", "owen", "published"),
    [
        ("0100000010", "1110010000", 0.095),  # Krippendorff (2011), A: binary, two observers
        ("aabbdcccedda", "babbbccceddd", 0.692),  # B: nominal, two observers
    ],
)
def test_alpha_of_its_authors_examples(meg: str, owen: str, published: float) -> None:
    first, second = (np.array([ord(sign) for sign in each], float) for each in (meg, owen))
    assert alpha(first, second) == pytest.approx(published, abs=0.0005)


def test_icc_of_shrout_and_fleiss() -> None:
    judged = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    assert icc(np.array(judged, float)) == pytest.approx(0.29, abs=0.005)  # their table 4


@given(ratings)
def test_kappa_is_scikit_learns(pairs: list[tuple[int, int]]) -> None:
    first, second = arrays(pairs)
    ours = kappa(first, second)
    if np.isfinite(ours):
        assert ours == pytest.approx(cohen_kappa_score(first, second))


@pytest.mark.parametrize("statistic", BOTH)
@given(values=st.lists(st.integers(0, 3), min_size=2).filter(lambda each: len(set(each)) > 1))
def test_who_marks_the_same_agrees_fully(statistic: Statistic, values: list[int]) -> None:
    marked = np.array(values, float)
    assert statistic(marked, marked) == pytest.approx(1)


@pytest.mark.parametrize("statistic", BOTH)
@given(pairs=ratings, names=st.permutations(range(4)))
def test_names_and_order_of_the_two_do_not_matter(
    statistic: Statistic, pairs: list[tuple[int, int]], names: list[int]
) -> None:
    first, second = arrays(pairs)
    renamed = [np.array(names, float)[each.astype(int)] for each in (first, second)]
    assert statistic(*renamed) == pytest.approx(statistic(first, second), nan_ok=True)
    assert statistic(second, first) == pytest.approx(statistic(first, second), nan_ok=True)


@pytest.mark.parametrize("statistic", BOTH)
def test_where_nothing_varies_there_is_no_agreement_to_tell(statistic: Statistic) -> None:
    assert np.isnan(statistic(np.zeros(9), np.zeros(9)))
    assert np.isnan(icc(np.zeros((4, 2))))


def marked(by: str, *marks: tuple[int, str]) -> CodingSheet:
    return CodingSheet(CodingId("c"), UserId(by), frozenset(marks), AT)


def a_coding(end_ms: int = 10**9) -> Coding:
    return Coding(
        CodingId("c"), RecordingId("r"), "conversation@1", CODES, 1, 0, 0, end_ms, UserId("a"), AT
    )


TURNS = talk(*[("caseworker", "hvad synes du"), ("youth", "det ved jeg ikke")] * 15)


def test_a_stretch_that_both_marked() -> None:
    same = [(index, "open") for index in range(0, 12, 2)]
    first = marked("a", *same, (14, "closed"), (1, "mirror"))
    second = marked("b", *same, (16, "closed"), (1, "mirror"), (3, "mirror"))
    found = agreement_document(a_coding(), (first, second), turns=TURNS)

    assert found["turns"] == 30
    assert found["codes"]["open"]["kappa"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert found["codes"]["closed"] == {"first": 1, "second": 1}, "two turns are too few"
    together = found["together"]
    assert together["kappa"]["low"] < together["kappa"]["value"] < 1
    assert together["icc"]["low"] <= together["icc"]["value"] <= together["icc"]["high"]
    assert agreement_document(a_coding(), (first, second), turns=TURNS) == found


def test_a_short_stretch_has_counts_and_no_figures() -> None:
    sheet = marked("a", *((index, "open") for index in range(8)))
    end_ms = TURNS[19].start_ms  # nineteen turns
    found = agreement_document(a_coding(end_ms), (sheet, sheet), turns=TURNS)
    assert (found["turns"], found["together"]) == (19, {})
    assert found["codes"]["open"] == {"first": 8, "second": 8}


def test_who_both_mark_nothing_get_no_figure_and_no_failure() -> None:
    nothing = marked("a")
    found = agreement_document(a_coding(), (nothing, nothing), turns=TURNS)
    assert found["together"] == {"kappa": None, "alpha": None, "icc": None}
