"""Rows of how good the text is, on the sample, whose true script is known."""

from functools import cache

from pipeline.evaluation import Evaluation, evaluate_sample
from tests.bench.rows import ROWS, Better


@ROWS.row(goal=8.0, unit="%")
def sample_wer() -> float:
    """Words the rehearsal model got wrong / words of the script. Made voices, no people."""
    return 100 * _evaluation().word_error_rate


@ROWS.row(goal=98.0, better=Better.HIGHER, unit="%")
def sample_speaker_accuracy() -> float:
    """Recognized words given to the right speaker / all recognized words. Made voices."""
    return 100 * _evaluation().speaker_accuracy


@cache
def _evaluation() -> Evaluation:
    return evaluate_sample(progress=lambda _: None)
