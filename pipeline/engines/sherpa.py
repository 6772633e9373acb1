"""Voices told apart by sherpa-onnx, with the site's own model files. Nothing is ever fetched.

It ends the process over a file that is no model of its kind, so it runs confined (``foreign``).
"""

import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.engines.deciding import DecidingDiarizer
from pipeline.engines.errors import VoiceModelsMissing

if TYPE_CHECKING:
    from sherpa_onnx import OfflineSpeakerDiarization

SEGMENTATION, EMBEDDING = "segmentation.onnx", "embedding.onnx"
THREADS = 2
SHORTEST_S, LONGEST_GAP_S = 0.3, 0.5


class SherpaDiarizer(DecidingDiarizer):
    """Who speaks when by two neural models: one cuts the talk, one tells the cuts apart.

    What it has learned about the voices is gone when ``diarize`` returns.

    Args:
        folder: Holds ``segmentation.onnx`` and ``embedding.onnx``.

    Raises:
        VoiceModelsMissing: One of the two is not there.

    Source: Bredin, pyannote.audio 2.1 speaker diarization pipeline, Interspeech 2023, which
        sherpa-onnx follows.
    """

    def __init__(self, folder: Path) -> None:
        check_voice_models(folder)
        self._folder = folder

    @cached_property
    def name(self) -> str:
        """Engine and the beginning of its models' checksum."""
        digest = hashlib.sha256()
        for file in (SEGMENTATION, EMBEDDING):
            digest.update((self._folder / file).read_bytes())
        return f"sherpa-onnx/{digest.hexdigest()[:8]}"

    def segments(self, audio: NDArray[np.float32], *, speakers: int) -> list[tuple[int, int, int]]:
        """Return what the two models have decided."""
        found = self._engine(speakers).process(audio).sort_by_start_time()
        return [(round(each.start * 1000), round(each.end * 1000), each.speaker) for each in found]

    def _engine(self, speakers: int) -> "OfflineSpeakerDiarization":
        import sherpa_onnx as sherpa

        return sherpa.OfflineSpeakerDiarization(
            sherpa.OfflineSpeakerDiarizationConfig(
                segmentation=sherpa.OfflineSpeakerSegmentationModelConfig(
                    pyannote=sherpa.OfflineSpeakerSegmentationPyannoteModelConfig(
                        model=str(self._folder / SEGMENTATION)
                    ),
                    num_threads=THREADS,
                ),
                embedding=sherpa.SpeakerEmbeddingExtractorConfig(
                    model=str(self._folder / EMBEDDING), num_threads=THREADS
                ),
                clustering=sherpa.FastClusteringConfig(num_clusters=speakers),
                min_duration_on=SHORTEST_S,
                min_duration_off=LONGEST_GAP_S,
            )
        )


def check_voice_models(folder: Path) -> None:
    """Check that both models are there.

    Raises:
        VoiceModelsMissing: One is not.
    """
    for file in (SEGMENTATION, EMBEDDING):
        if not (folder / file).is_file():
            raise VoiceModelsMissing(f"{folder} has no {file}")
