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


def test_a_turn_sees_the_words_of_the_turns_beside_it_and_of_no_other() -> None:
    def traits(answer: str) -> NDArray[np.float64]:
        turns = talk(
            (YOUTH, "Der var ikke andet."),
            (CASEWORKER, "Hvad skete der?"),
            (YOUTH, answer),
            (CASEWORKER, "Hvornår var det?"),
            (YOUTH, "I går."),
        )
        _, wholes = read(turns, language=text_language("da"))
        return traits_of(turns, {}, wholes=wholes, language="da").toarray()

    differs = (traits("Han slog mig.") != traits("Vi spillede bold.")).any(axis=1)
    assert differs.tolist() == [False, True, True, True, False]
