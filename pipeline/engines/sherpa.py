"""Voices told apart by sherpa-onnx, with the site's own model files. Nothing is ever fetched.

It ends the process over a file that is no model of its kind, so it runs confined (``foreign``).
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.diarization.decided import decided
from pipeline.analysis.diarization.features import frame_count
from pipeline.analysis.intervals import Interval
from pipeline.analysis.sound import Diarization, Sound
from pipeline.engines.errors import VoiceModelsMissing
from storage.records import SoundLayout, Word

if TYPE_CHECKING:
    from sherpa_onnx import OfflineSpeakerDiarization

SEGMENTATION, EMBEDDING = "segmentation.onnx", "embedding.onnx"
THREADS = 2
SHORTEST_S, LONGEST_GAP_S = 0.3, 0.5


class SherpaDiarizer:
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

    def diarize(
        self,
        sound: Sound,
        *,
        speech: Sequence[Interval],
        words: Sequence[Word],  # noqa: ARG002 - it only listens
        speakers: int,
        layout: SoundLayout,  # noqa: ARG002 - it hears one channel
        language: str,  # noqa: ARG002 - and no words
        seed: int = 0,  # noqa: ARG002 - nothing in it is random
    ) -> Diarization:
        """Return what it has decided; it does not say how sure it is."""
        audio = mono_for_recognition(sound)
        found = self._engine(speakers).process(audio).sort_by_start_time() if speech else ()
        return decided(
            [(round(each.start * 1000), round(each.end * 1000), each.speaker) for each in found],
            speech=speech,
            frames=frame_count(len(audio)),
            speakers=speakers,
            engine=self.name,
        )

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
