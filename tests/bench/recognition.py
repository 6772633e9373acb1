"""Rows of how good the text is, on the sample, whose true script is known."""

from functools import cache

from pipeline.evaluation import Evaluation, evaluate_sample
from tests.bench.rows import ROWS, Better


@ROWS.row(goal=8.0, unit="%")
def sample_wer() -> float:
    """Wrong, missing and added words of the rehearsal model / words of the true script."""
    return 100 * _evaluation().word_error_rate


@ROWS.row(goal=98.0, better=Better.HIGHER, unit="%")
def sample_speaker_accuracy() -> float:
    """Recognized words given to the one who was speaking / all recognized words."""
    return 100 * _evaluation().speaker_accuracy


@cache
def _evaluation() -> Evaluation:
    return evaluate_sample(progress=lambda _: None)
