"""A pipeline of pyannote.audio that needs no models: it knows a low voice from a high one."""

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
from pyannote.audio import Pipeline  # noqa: TID253 - the confined process imports this alone
from pyannote.core import Annotation, Segment  # noqa: TID253

from tests.fakes.voices import is_low

_STEP_S = 0.3
_SILENT = 1e-3


class PitchPipeline(Pipeline):
    """Takes whatever has much under 140 Hz for the first voice; it hears no other difference.

    It works only where pyannote.audio is told to tell nobody how it is used.
    """

    def __init__(self, **_: object) -> None:
        super().__init__()
        assert os.environ["PYANNOTE_METRICS_ENABLED"] == "false"

    def apply(self, file: Mapping[str, Any], *, num_speakers: int) -> Annotation:
        """Return who speaks when."""
        samples, rate = np.asarray(file["waveform"])[0], file["sample_rate"]
        found = Annotation()
        step = round(_STEP_S * rate)
        for start in range(0, len(samples) - step + 1, step):
            piece = samples[start : start + step]
            if np.abs(piece).max() > _SILENT:
                voice = 0 if num_speakers == 1 or is_low(piece) else 1
                found[Segment(start / rate, (start + step) / rate)] = f"SPEAKER_{voice:02d}"
        return found
