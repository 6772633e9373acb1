"""Running a diarizer that is not ours, where it can reach nothing: in a confined process.

Whoever asks for it lives in ``pipeline.children.diarizer``; this is the other end.
"""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.sound import Sound
from pipeline.engines.containers import Writer
from pipeline.engines.errors import DiarizerMissing
from pipeline.engines.opened import MOST_AT_ONCE, Ranges
from pipeline.engines.ports import Diarizer
from storage.records import SoundLayout, Word

_QUIET = {"HF_HUB_OFFLINE": "1", "PYANNOTE_METRICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
"""Sockets are shut anyway; a library that is told so does not wait for an answer."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a diarizer is told besides the sound."""

    speech: Sequence[tuple[int, int]]
    words: Sequence[Word]
    speakers: int
    layout: SoundLayout
    language: str
    seed: int

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "speech": [[int(start), int(end)] for start, end in self.speech],
            "words": [astuple(word)[:4] for word in self.words],
            "speakers": self.speakers,
            "layout": self.layout.value,
            "language": self.language,
            "seed": self.seed,
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """Return what ``to_json`` wrote."""
        return cls(
            speech=[(start, end) for start, end in told["speech"]],
            words=[Word(*word) for word in told["words"]],
            speakers=told["speakers"],
            layout=SoundLayout(told["layout"]),
            language=told["language"],
            seed=told["seed"],
        )


def run(
    source: Sequence[Ranges],
    target: Writer,
    *,
    progress: Callable[[float], None],
    adapter: str,
    place: str | None,
    folder: str,
    told: dict[str, Any],
) -> dict[str, object]:
    """Write the posteriors, float16 row by row, and return what else there is to know of them.

    Args:
        source: Each channel as float32.
        target: Where the posteriors go.
        progress: Called when it is done; diarizers do not say how far they are.
        adapter: ``module:name`` of what makes the diarizer from a folder of models.
        place: Where the module lies, if not where ours do.
        folder: The models.
        told: A ``Told`` as JSON.

    Raises:
        DiarizerMissing: There is no such adapter.
    """
    os.environ.update(_QUIET)
    if place:
        sys.path.append(place)
    talk = Told.from_json(told)
    found = _adapter(adapter)(Path(folder)).diarize(
        Sound(np.stack([_channel(each) for each in source])),
        speech=talk.speech,
        words=talk.words,
        speakers=talk.speakers,
        layout=talk.layout,
        language=talk.language,
        seed=talk.seed,
    )
    target.write(np.ascontiguousarray(found.posteriors, np.float16).tobytes())
    progress(1.0)
    return {
        "engine": found.engine,
        "separability": found.separability,
        "graded": found.graded,
    }


def _adapter(name: str) -> Callable[[Path], Diarizer]:
    module, _, function = name.partition(":")
    try:
        found: Callable[[Path], Diarizer] = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError):
        raise DiarizerMissing(name) from None
    return found


def _channel(file: Ranges) -> NDArray[np.float32]:
    samples = np.empty(file.size // 4, np.float32)
    view = samples.data.cast("B")
    for at in range(0, len(view), MOST_AT_ONCE):
        view[at : at + MOST_AT_ONCE] = file.pread(at, MOST_AT_ONCE)
    return samples
