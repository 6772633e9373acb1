import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.suggestion_scores import (
    Finding,
    Ratios,
    findings,
    macro,
    micro,
    pooled,
)
from storage.codebooks.matching.tagging import TagSuggestion
from storage.dialogues.guide import CODES, Label

OQ, RF, DI = Label.OPEN_QUESTION, Label.REFLECTION, Label.DISCLOSURE


def suggestion(label: Label, line: int, confidence: float = 0.8, *, code: int = 0) -> TagSuggestion:
    codebook, name = CODES[label][code]
    return TagSuggestion(f"{codebook}@7", name, 0, 1, confidence, "cue.1", line, (0, 1))


def test_ratios_by_hand() -> None:
    """Open questions: 2 of 3 found, 1 wrong. Reflections: 1 there, none found."""
    labels = [{OQ}, {OQ, RF}, {OQ}, set()]
    found = findings(labels, [suggestion(OQ, at) for at in (0, 1, 3)], file="a")

    assert found[OQ].ratios() == pytest.approx(Ratios(2 / 3, 2 / 3, 2 / 3))
    assert found[RF].ratios() == Ratios(0, 0, 0)
    assert micro(found) == Ratios(2 / 3, 2 / 4, 4 / 7)
    assert macro(found) == pytest.approx(Ratios(1 / 3, 1 / 3, 1 / 3))


def test_ranking_is_by_confidence() -> None:
    """Two are there; the surest suggestion is wrong, the second and the fourth are right."""
    order = [suggestion(DI, 9, 0.9), suggestion(DI, 1, 0.8), suggestion(DI, 8, 0.7)]
    labels = [{DI} if at in {1, 2} else set[Label]() for at in range(10)]
    found = findings(labels, [*order, suggestion(DI, 2, 0.6)], file="a")[DI]

    assert found.precision_at_n() == 1 / 2
    assert found.recall_at_2n() == 1.0


def test_several_suggestions_on_a_line_count_once_and_the_surest_ranks() -> None:
    support = Label.SUPPORT
    suggestions = [suggestion(support, 0, 0.5), suggestion(support, 0, 0.9, code=1)]
    found = findings([{support}], suggestions, file="a")

    assert found[support].suggested == {("a", 0): 0.9}


def test_codes_that_stand_for_no_label_are_left_out() -> None:
    other = TagSuggestion("conversation@1", "pause", 0, 1, 0.9, "cue.1", 0, (0, 1))
    assert micro(findings([set()], [other], file="a")) == Ratios(1, 1, 1)


def test_files_are_pooled_turn_by_turn() -> None:
    first = findings([{OQ}], [suggestion(OQ, 0)], file="a")
    second = findings([{OQ}], [], file="b")

    assert pooled([first, second])[OQ].ratios() == pytest.approx(Ratios(1, 1 / 2, 2 / 3))


labeled = st.lists(st.sets(st.sampled_from(Label)), max_size=12)


@given(labeled)
def test_perfect_suggestions_are_perfect_by_every_measure(labels: list[set[Label]]) -> None:
    perfect = [suggestion(label, at) for at, some in enumerate(labels) for label in some]
    found = findings(labels, perfect, file="a")

    assert micro(found) == macro(found) == Ratios(1, 1, 1)
    assert all(
        each.precision_at_n() == each.recall_at_2n() == each.ratios().f1 == 1
        for each in found.values()
    )


@given(labeled, st.lists(st.tuples(st.sampled_from(Label), st.integers(0, 11), st.floats(0, 1))))
def test_every_figure_is_a_share(
    labels: list[set[Label]], said: list[tuple[Label, int, float]]
) -> None:
    found = findings(labels, [suggestion(*each) for each in said], file="a")

    for finding in [*found.values(), Finding()]:
        ratios = finding.ratios()
        shares = (finding.precision_at_n(), finding.recall_at_2n(), ratios.f1)
        assert all(0 <= share <= 1 for share in shares)
        assert finding.precision_at_n() <= finding.recall_at_2n() <= max(1, ratios.recall)
