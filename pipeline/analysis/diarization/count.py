"""A guess at how many people speak. Only for evaluation: at upload, people are asked.

On made talk, three alike voices are taken for two in most cases, so nothing is built on it.
"""

from collections.abc import Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.diarization.acoustic import AXES, describe, windows
from pipeline.analysis.diarization.features import log_pitch, mfcc, principal
from pipeline.analysis.diarization.mixture import fitted_mixture
from pipeline.analysis.intervals import Interval
from pipeline.analysis.sound import Sound

MOST = 6
ONE_VOICE = 0.12
"""Mean silhouette under which even the best division into voices is no division."""


def estimated_speakers(sound: Sound, *, speech: Sequence[Interval], seed: int = 0) -> int:
    """Return how many voices divide the speech most clearly, 1..6; 0 where nobody speaks.

    Source: Rousseeuw 1987, Silhouettes: a graphical aid to the interpretation of cluster analysis.
    """
    from sklearn.metrics import silhouette_score  # late: only this needs it

    pieces = windows(speech)
    if not pieces:
        return 0
    audio = mono_for_recognition(sound)
    with threadpool_limits(limits=1):
        described = describe(mfcc(audio), log_pitch(audio), pieces=pieces, speech=speech)
        axes = min(AXES, len(pieces) - 1)
        if axes < 1:
            return 1
        everything = np.ones(len(pieces), np.bool_)
        shape = principal(described[:, :-1], of=everything, components=axes)
        cue = np.hstack([shape, described[:, -1:]])
        best, clearest = 1, ONE_VOICE
        for count in range(2, min(MOST, len(pieces) - 1) + 1):
            groups = fitted_mixture(cue, components=count, seed=seed).predict(cue)
            if len(set(groups)) > 1 and (clear := silhouette_score(cue, groups)) > clearest:
                best, clearest = count, float(clear)
    return best
