from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.traits import traits_of
from storage.codebooks.matching.reading import read
from storage.codebooks.matching.text_language import text_language
from storage.dialogues.guide import Label
from tests.unit.storage.codebooks.matching.talk import talk

CASEWORKER, YOUTH = "caseworker", "youth"


def test_traits_have_a_row_per_turn_and_know_what_the_rules_say() -> None:
    turns = talk((CASEWORKER, "Hvordan har du det?"), (YOUTH, "Træls."), (CASEWORKER, "Træls?"))
    _, wholes = read(turns, language=text_language("da"))
    without, ruled = (
        traits_of(turns, known, wholes=wholes, language="da").toarray()
        for known in ({}, {(0, Label.OPEN_QUESTION): 0.8})
    )

    assert without.shape[0] == 3
    assert not np.array_equal(without[0], ruled[0])
    assert np.array_equal(without[2], ruled[2])


def traits_beside(said: Sequence[str], *, language: str = "da") -> NDArray[np.float64]:
    turns = talk(*((CASEWORKER if at % 2 else YOUTH, text) for at, text in enumerate(said)))
    _, wholes = read(turns, language=text_language(language))
    return traits_of(turns, {}, wholes=wholes, language=language).toarray()


def test_a_turn_sees_the_words_of_eight_turns_before_and_after_and_no_more() -> None:
    numbers = ("en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni")
    around = [f"Det var nummer {number}." for number in numbers]
    slog, spillede = (
        traits_beside([*around, told, *around]) for told in ("Han slog mig.", "Vi spillede bold.")
    )

    differs = (slog != spillede).any(axis=1)
    assert differs.tolist() == [False, *[True] * 17, False]


def test_what_is_further_off_counts_for_less() -> None:
    quiet = ["Ja."] * 19
    told = [*quiet[:9], "Han slog mig i går aftes.", *quiet[10:]]
    changed = np.abs(traits_beside(told) - traits_beside(quiet)).sum(axis=1)

    assert (np.diff(changed[:9]) > -1e-9).all(), changed
    assert changed[9] > 2 * changed[8] > 2 * changed[1] > 0


def test_talk_shorter_than_what_a_turn_sees_has_as_many_traits() -> None:
    assert traits_beside(["Ja."]).shape[1] == traits_beside(["Ja."] * 30).shape[1]
