import subprocess
import sys

import numpy as np
import pytest

from pipeline.analysis.pieces import BUCKETS, PIECES, pieces_of

CASEWORKER, YOUTH = "caseworker", "youth"


def test_capitals_and_punctuation_do_not_count() -> None:
    plain, written = pieces_of(
        [(CASEWORKER, "hvordan går det med dig"), (CASEWORKER, "Hvordan går det, med dig?")],
        language="da",
    ).toarray()
    assert np.array_equal(plain, written)


def test_the_same_words_of_somebody_else_are_other_pieces() -> None:
    said = [(CASEWORKER, "det går godt i skolen"), (YOUTH, "det går godt i skolen")]
    asked, told = pieces_of(said, language="da").toarray()
    assert asked @ told < 0.2 * (asked @ asked)


def test_every_row_has_the_same_length_however_long_the_turn() -> None:
    pieces = pieces_of([(YOUTH, "ja"), (YOUTH, "ja det gør jeg " * 40)], language="da")[:, :BUCKETS]
    lengths = np.sqrt((pieces.toarray() ** 2).sum(axis=1))
    assert lengths == pytest.approx([2.0, 2.0])


def test_nothing_said_is_a_row_of_nothing_from_words() -> None:
    nothing = pieces_of([(YOUTH, "...")], language="da")
    assert nothing.shape == (1, PIECES)
    assert not nothing[:, BUCKETS:].sum()


def test_words_of_one_field_are_alike_though_no_letters_are() -> None:
    said = [(YOUTH, "han gav mig en lussing"), (YOUTH, "jeg fik tæsk"), (YOUTH, "fodbold")]
    slap, beaten, ball = pieces_of(said, language="da")[:, BUCKETS:].toarray()
    assert slap @ beaten > 0
    assert slap @ ball == 0


def test_numbers_are_the_same_in_every_process() -> None:
    """Python salts its own hash anew in each process."""
    code = (
        "from pipeline.analysis.pieces import pieces_of;"
        "print(sorted(pieces_of([('youth', 'jeg ved ikke')], language='da').indices.tolist()))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
