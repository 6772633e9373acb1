"""The base model is small, plain, made by its recipe, and worth having in every language."""

from dataclasses import fields
from itertools import chain

import numpy as np
import pytest

from pipeline.analysis.evidence import evidence_of
from pipeline.analysis.learner import suggest
from pipeline.analysis.learning import learn
from pipeline.analysis.suggestion_scores import Ratios, findings, micro, pooled
from pipeline.dialogue_evaluation import evaluate_dialogues
from pipeline.dialogues.base_model import BASE_MODEL, base_model, base_phases, inputs, kept_inputs
from storage.codebooks.matching.tagging import suggest_tags
from storage.codebooks.shipped import shipped_codebooks
from storage.dialogues import HELD_OUT, STRANGERS, TRAINING, read_dialogues
from storage.dialogues.dialogue import Dialogue, turns_of
from storage.dialogues.guide import Label

MIB = 1024**2
BOOKS = shipped_codebooks()


def test_it_is_small_and_nothing_but_numbers() -> None:
    assert BASE_MODEL.stat().st_size < 4 * MIB
    with np.load(BASE_MODEL, allow_pickle=False) as stored:
        kinds = {name: stored[name].dtype.kind for name in stored}
    assert set(kinds.values()) == {"i", "u", "f"}


def test_nothing_held_out_is_trained_on() -> None:
    training, held_out, strangers = (
        {
            line.text
            for line in chain.from_iterable(each.lines for each in read_dialogues(folder).values())
            if len(line.text.split()) > 8
        }
        for folder in (TRAINING, HELD_OUT, STRANGERS)
    )
    assert not training & (held_out | strangers)


def test_it_was_made_of_these_dialogues_and_cues() -> None:
    """After a change of either, or of traits: python -m pipeline.dialogues.base_model."""
    assert np.array_equal(kept_inputs(), inputs())


def test_the_same_dialogues_teach_the_same() -> None:
    few = [each for each in read_dialogues(TRAINING).values() if each.language == "en"][:2]
    for first, second in zip(learn(few, BOOKS), learn(few, BOOKS), strict=True):
        for field in fields(first):
            assert np.array_equal(getattr(first, field.name), getattr(second, field.name))


def test_chances_come_to_about_as_many_turns_as_there_are() -> None:
    """A solver that stopped anywhere made them seven times too small for disclosures."""
    expected, there = np.zeros(len(Label)), np.zeros(len(Label))
    for each in read_dialogues(HELD_OUT).values():
        traits = evidence_of(turns_of(each), BOOKS, language=each.language).traits
        expected += base_model().probabilities(traits).sum(axis=0)
        there += [sum(label in line.labels for line in each.lines) for label in Label]
    assert expected / there == pytest.approx(1, abs=0.4)


def test_learned_phases_come_near_the_labeled_ones() -> None:
    """Windows in which a border is missed or invented: about half by rules, or by none at all."""
    dialogues = read_dialogues(HELD_OUT)
    result = evaluate_dialogues(dialogues, learned=base_model(), phases=base_phases())
    assert result["phases"]["pk"] < 0.35
    for language in result["languages"].values():
        assert language["phases"]["pk"] < 0.4


@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_it_finds_much_more_than_the_rules_and_is_hardly_less_right(language: str) -> None:
    held_out = {
        name: each for name, each in read_dialogues(HELD_OUT).items() if each.language == language
    }
    rules, both = figures(held_out, learned=False), figures(held_out, learned=True)

    assert both.f1 > rules.f1 + 0.1
    assert both.recall > rules.recall + 0.25
    assert both.precision > rules.precision - 0.1


def figures(dialogues: dict[str, Dialogue], *, learned: bool) -> Ratios:
    return micro(
        pooled(
            findings(
                [line.labels for line in each.lines],
                suggest(
                    evidence_of(turns_of(each), BOOKS, language=each.language),
                    BOOKS,
                    learned=base_model(),
                )
                if learned
                else suggest_tags(turns_of(each), BOOKS, language=each.language),
                file=name,
            )
            for name, each in dialogues.items()
        )
    )
