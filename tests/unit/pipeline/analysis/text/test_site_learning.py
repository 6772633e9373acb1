"""What a site's verdicts may change, and what they may not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from pipeline.analysis.learner import Learned
from pipeline.analysis.site_learning import PENALTY, Example, adjusted, pack, unpack
from storage.dialogues.guide import Label

LABELS = list(Label)
WIDTH = 12
ROWS = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0, 2.0]), min_size=WIDTH, max_size=WIDTH).map(
    lambda row: csr_array(np.array([row]))
)
EXAMPLES = st.lists(st.builds(Example, st.sampled_from(LABELS), st.booleans(), ROWS), max_size=6)


def some_base() -> Learned:
    spread = np.random.default_rng(0)
    return Learned(
        weights=spread.integers(-127, 128, (len(LABELS), WIDTH)).astype(np.int8),
        scales=np.full(len(LABELS), 0.01),
        biases=np.linspace(-3, 0, len(LABELS)),
        thresholds=np.full(len(LABELS), 0.3),
    )


BASE = some_base()


def ranks(learned: Learned, row: csr_array) -> np.ndarray:
    return learned.ranks(row, likely=learned.probabilities(row))


def odds(learned: Learned, row: csr_array) -> np.ndarray:
    chances = ranks(learned, row)[0]
    return np.log(chances / (1 - chances))


def likeness(one: csr_array, other: csr_array) -> float:
    return float((one @ other.T).sum()) + 1.0


def test_without_verdicts_it_is_the_base() -> None:
    assert adjusted(BASE, []) is BASE


@settings(max_examples=30)
@given(EXAMPLES, ROWS)
def test_no_example_moves_more_than_its_share(examples: list[Example], row: csr_array) -> None:
    moved = np.abs(odds(adjusted(BASE, examples), row) - odds(BASE, row))
    for column, label in enumerate(LABELS):
        share = sum(likeness(e.traits, row) for e in examples if e.label is label)
        assert moved[column] <= share / PENALTY + 1e-3


@settings(max_examples=30)
@given(st.sampled_from(LABELS), st.booleans(), ROWS)
def test_the_same_turn_follows_its_verdict(
    label: Label,
    accepted: bool,  # noqa: FBT001 - Hypothesis passes it so
    row: csr_array,
) -> None:
    column = LABELS.index(label)
    before = odds(BASE, row)[column]
    after = odds(adjusted(BASE, [Example(label, accepted, row)]), row)[column]
    if accepted:
        assert after > before
    elif label is Label.DISCLOSURE:
        assert after == pytest.approx(before)
    else:
        assert after < before


@settings(max_examples=30)
@given(EXAMPLES, ROWS)
def test_nothing_makes_a_disclosure_less_likely(examples: list[Example], row: csr_array) -> None:
    column = LABELS.index(Label.DISCLOSURE)
    after = odds(adjusted(BASE, examples), row)[column]
    assert after >= odds(BASE, row)[column] - 1e-9


@settings(max_examples=30)
@given(EXAMPLES, ROWS)
def test_labels_that_nobody_judged_stay_as_they_are(
    examples: list[Example], row: csr_array
) -> None:
    judged = {LABELS.index(each.label) for each in examples}
    after, before = odds(adjusted(BASE, examples), row), odds(BASE, row)
    for column in set(range(len(LABELS))) - judged:
        assert after[column] == pytest.approx(before[column])


@settings(max_examples=30)
@given(EXAMPLES, ROWS)
def test_the_order_of_verdicts_does_not_matter(examples: list[Example], row: csr_array) -> None:
    there, back = adjusted(BASE, examples), adjusted(BASE, examples[::-1])
    assert odds(there, row) == pytest.approx(odds(back, row), abs=1e-3)


def test_many_verdicts_outweigh_the_base() -> None:
    row = csr_array(np.eye(1, WIDTH))
    column = LABELS.index(Label.REFLECTION)
    few, many = (
        adjusted(BASE, [Example(Label.REFLECTION, accepted=True, traits=row)] * count)
        for count in (2, 400)
    )
    assert ranks(few, row)[0, column] < 0.3
    assert ranks(many, row)[0, column] > 0.8


@settings(max_examples=30)
@given(ROWS)
def test_what_is_packed_comes_back(row: csr_array) -> None:
    assert (unpack(pack(row), width=WIDTH) != row).nnz == 0


@settings(max_examples=30)
@given(EXAMPLES, ROWS)
def test_verdicts_change_the_order_and_not_what_is_suggested(
    examples: list[Example], row: csr_array
) -> None:
    after = adjusted(BASE, examples)
    assert np.array_equal(after.probabilities(row), BASE.probabilities(row))
    assert np.array_equal(after.thresholds, BASE.thresholds)
