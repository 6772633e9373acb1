import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rehearsal.recipe.sentences import Split, draw, fill, inventory, is_unseen, template_of

SEEDS = st.integers(min_value=0, max_value=10_000)


@given(seed=SEEDS, split=st.sampled_from(Split))
def test_every_sentence_is_traced_back_to_a_template_that_gives_it(seed: int, split: Split) -> None:
    text = draw(random.Random(seed), split=split)
    template = template_of(text)
    assert template is not None
    assert "{" in template or template == text


@given(seed=SEEDS)
def test_training_never_sees_an_unseen_combination(seed: int) -> None:
    text = draw(random.Random(seed), split=Split.TRAINED)
    template = template_of(text)
    assert template is not None
    assert "{" not in template or not is_unseen(text)


@given(seed=SEEDS)
def test_unseen_sentences_are_slot_combinations_kept_from_training(seed: int) -> None:
    assert is_unseen(draw(random.Random(seed), split=Split.UNSEEN))


@given(seed=SEEDS)
def test_a_slot_that_occurs_twice_gets_two_values(seed: int) -> None:
    first, second = fill("{navn} {navn}", rng=random.Random(seed)).split()
    assert first != second


def test_a_sentence_from_elsewhere_has_no_template() -> None:
    assert template_of("Det regner på havet.") is None


@pytest.mark.parametrize("slot", sorted(inventory().slots))
def test_every_slot_is_used(slot: str) -> None:
    assert any(f"{{{slot}}}" in template for template in inventory().templates)
