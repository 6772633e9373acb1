"""Voices told apart by pyannote.audio, with a pipeline that lies here. Nothing is fetched.

Its models are pickles, which can do anything when they are opened, and it tells its makers how it
is used unless told not to. So it runs confined (``foreign``), where neither comes to anything.
"""

import hashlib
import os
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.sound import RATE
from pipeline.engines.deciding import DecidingDiarizer
from pipeline.engines.errors import VoiceModelsMissing

PIPELINE = "config.yaml"
"""Names the pipeline's class, its models beside it, and its parameters."""


class PyannoteDiarizer(DecidingDiarizer):
    """Who speaks when by a pipeline of pyannote.audio 4.

    The voice prints that it hands out are dropped where it hands them out.

    Args:
        folder: The pipeline as published, such as a clone of
            ``pyannote/speaker-diarization-community-1``: ``config.yaml`` and its models.

    Raises:
        VoiceModelsMissing: There is no ``config.yaml``.

    Source: Bredin, pyannote.audio 2.1 speaker diarization pipeline, Interspeech 2023.
    """

    def __init__(self, folder: Path) -> None:
        check_voice_pipeline(folder)
        self._folder = folder

    @cached_property
    def name(self) -> str:
        """Engine and the beginning of its files' checksum."""
        digest = hashlib.sha256()
        for file in sorted(self._folder.rglob("*")):
            if file.is_file() and ".git" not in file.parts:  # a clone's own notes change
                digest.update(file.read_bytes())
        return f"pyannote.audio/{digest.hexdigest()[:8]}"

    def segments(self, audio: NDArray[np.float32], *, speakers: int) -> list[tuple[int, int, int]]:
        """Return what the pipeline has decided."""
        _name_places(self._folder)
        import torch
        from pyannote.audio import Pipeline

        file = {"waveform": torch.from_numpy(audio[None]), "sample_rate": RATE}
        told: Any = Pipeline.from_pretrained(self._folder)(file, num_speakers=speakers)
        heard = getattr(told, "speaker_diarization", told)  # the published one says more
        voices = {label: number for number, label in enumerate(heard.labels())}
        return [
            (round(turn.start * 1000), round(turn.end * 1000), voices[label])
            for turn, _, label in heard.itertracks(yield_label=True)
        ]


def _name_places(folder: Path) -> None:
    """Name a folder where PyTorch, being imported, looks for one to write to; it writes nothing."""
    tempfile.tempdir = str(folder)
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder)
    os.environ.setdefault("LOGNAME", "nobody")  # it asks who runs it, and the list of users is shut


def check_voice_pipeline(folder: Path) -> None:
    """Check that a folder holds a pipeline.

    Raises:
        VoiceModelsMissing: It does not.
    """
    if not (folder / PIPELINE).is_file():
        raise VoiceModelsMissing(f"{folder} has no {PIPELINE}")
