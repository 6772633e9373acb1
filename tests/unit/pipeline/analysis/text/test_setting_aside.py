import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.setting_aside import folds_of, of_folds
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


def test_each_fold_gets_what_is_learned_of_the_others_in_their_order() -> None:
    fold_of = np.array([0, 1, 0, 2, 1])
    found = [(own.tolist(), rest) for own, rest in of_folds(fold_of, lambda rest: rest.sum())]
    assert found == [
        ([True, False, True, False, False], 3),
        ([False, True, False, False, True], 3),
        ([False, False, False, True, False], 4),
    ]
