"""How good is the recognizer on the sample, whose true script is known?"""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.analysis.scores import word_error_rate
from pipeline.hearing import heard
from pipeline.rehearsal import (
    SAMPLE,
    SampleScript,
    plain_words,
    sample_script,
    words_of_script,
)
from storage.records import SoundLayout, Turn, TurnKind


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out.

    Attributes:
        word_error_rate: Substitutions, deletions and insertions per true word (0 is best).
        speaker_accuracy: Share of recognized words given to the one who was speaking.
        real_time_factor: Seconds of sound recognized in a second.
    """

    word_error_rate: float
    speaker_accuracy: float
    words: int
    real_time_factor: float
    model: str


def evaluate_sample(*, progress: Callable[[float], None]) -> Evaluation:
    """Decode, recognize and attribute the sample, and compare with its script."""
    script = sample_script()
    result = heard(
        SAMPLE, language="da", speakers=2, layout=SoundLayout.ONE_DEVICE, progress=progress
    )
    said = words_of_script()
    return Evaluation(
        word_error_rate=word_error_rate(
            " ".join(said), " ".join(plain_words(" ".join(word.text for word in result.words)))
        ),
        speaker_accuracy=_speaker_accuracy(result.turns, script),
        words=len(said),
        real_time_factor=result.duration_ms / 1000 / result.took_s,
        model=result.model,
    )


def _speaker_accuracy(turns: tuple[Turn, ...], script: SampleScript) -> float:
    right = total = 0
    for turn in turns:
        if turn.kind is not TurnKind.TURN:
            continue
        for word in turn.words:
            middle = (word.start_ms + word.end_ms) // 2
            speaking = {
                line.role.value for line in script.lines if line.start_ms <= middle < line.end_ms
            }
            if speaking:
                total += 1
                right += turn.speaker in speaking
    return right / total if total else 0.0
