"""The base model is small, plain, made by its recipe, and worth having in every language."""

from itertools import chain

import numpy as np
import pytest

from pipeline.analysis.dialogue import Dialogue, turns_of
from pipeline.analysis.learner import suggest
from pipeline.analysis.suggestion_scores import Ratios, findings, micro, pooled
from pipeline.analysis.tagging import suggest_tags
from pipeline.dialogues import HELD_OUT, TRAINING, read_dialogues
from pipeline.dialogues.base_model import BASE_MODEL, base_model, trained
from storage.codebooks.shipped import shipped_codebooks

MIB = 1024**2
BOOKS = shipped_codebooks()


def test_it_is_small_and_nothing_but_numbers() -> None:
    assert BASE_MODEL.stat().st_size < 3 * MIB
    with np.load(BASE_MODEL, allow_pickle=False) as stored:
        kinds = {name: stored[name].dtype.kind for name in stored}
    assert kinds == {"weights": "i", "scales": "f", "biases": "f", "thresholds": "f"}


def test_nothing_held_out_is_trained_on() -> None:
    training, held_out = (
        {
            line.text
            for line in chain.from_iterable(each.lines for each in read_dialogues(folder).values())
            if len(line.text.split()) > 8
        }
        for folder in (TRAINING, HELD_OUT)
    )
    assert not training & held_out


@pytest.mark.slow
def test_the_recipe_makes_it() -> None:
    """After a change of cues, dialogues or traits: python -m pipeline.dialogues.base_model."""
    made, shipped = trained(), base_model()

    assert np.abs(made.weights.astype(int) - shipped.weights).max() <= 1
    assert made.scales == pytest.approx(shipped.scales, rel=1e-3)
    assert made.thresholds == pytest.approx(shipped.thresholds, abs=0.01)


@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_it_finds_much_more_than_the_rules_and_is_hardly_less_right(language: str) -> None:
    held_out = {
        name: each for name, each in read_dialogues(HELD_OUT).items() if each.language == language
    }
    rules, both = figures(held_out, learned=False), figures(held_out, learned=True)

    assert both.f1 > rules.f1 + 0.15
    assert both.recall > rules.recall + 0.25
    assert both.precision > rules.precision - 0.1


def figures(dialogues: dict[str, Dialogue], *, learned: bool) -> Ratios:
    return micro(
        pooled(
            findings(
                [line.labels for line in each.lines],
                suggest(turns_of(each), BOOKS, language=each.language, learned=base_model())
                if learned
                else suggest_tags(turns_of(each), BOOKS, language=each.language),
                file=name,
            )
            for name, each in dialogues.items()
        )
    )
