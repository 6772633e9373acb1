import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.setting_aside import folds_of
from storage.dialogues.dialogue import Dialogue, Line


def dialogue(language: str, *, turns: int = 1) -> Dialogue:
    return Dialogue(language, (Line("youth", "aabning", frozenset(), "ja"),) * turns)


def test_neighbors_in_a_language_are_set_aside_together() -> None:
    dialogues = [dialogue(language) for language in ["da", "da", "da", "da", "en", "en"]]
    assert folds_of(dialogues, most=2).tolist() == [0, 0, 1, 1, 0, 1]


def test_every_spoken_turn_has_its_dialogues_fold() -> None:
    dialogues = [dialogue("da", turns=2), dialogue("da", turns=3)]
    assert folds_of(dialogues, most=5).tolist() == [0, 0, 1, 1, 1]


@pytest.mark.parametrize("languages", [["da", "da"], ["da", "en"], ["da", "en", "sv"]])
def test_few_dialogues_are_set_aside_one_by_one(languages: list[str]) -> None:
    folds = folds_of([dialogue(each) for each in languages], most=5)
    assert folds.tolist() == [*range(len(languages))]


@given(st.lists(st.sampled_from(["da", "sv", "en"]), min_size=2, max_size=40), st.integers(2, 9))
def test_there_is_always_something_left_to_learn_from(languages: list[str], most: int) -> None:
    folds = folds_of([dialogue(each) for each in languages], most=most)
    assert len(folds) == len(languages)
    assert len({*folds}) > 1
