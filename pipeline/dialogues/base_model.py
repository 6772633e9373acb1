"""The base model: what was learned from the shipped training dialogues, as plain numbers.

Made anew by ``python -m pipeline.dialogues.base_model``; the same dialogues, cues and libraries
give the same numbers.
"""

from dataclasses import fields
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.learner import Learned
from pipeline.analysis.learning import learn
from pipeline.analysis.phase_model import LearnedPhases
from storage.codebooks.shipped import shipped_codebooks
from storage.dialogues import EXCHANGES, TRAINING, read_dialogues

BASE_MODEL = Path(__file__).with_name("base_model.npz")
_INPUTS = (
    "storage/dialogues/training/*.tsv",
    "storage/dialogues/exchanges/*.tsv",
    "storage/codebooks/*.toml",
    "pipeline/analysis/languages/*.toml",
    "pipeline/analysis/wordlists/*.toml",
    "storage/codebooks/matching/languages/*.toml",
)


@cache
def base_model() -> Learned:
    """Return what is known about keywords, read once."""
    return Learned(**_read("keywords"))


@cache
def base_phases() -> LearnedPhases:
    """Return what is known about phases, read once."""
    return LearnedPhases(**_read("phases"))


def write_base_model() -> None:
    """Train anew on the shipped training dialogues and put the result in the base model's place.

    Takes some minutes.
    """
    dialogues = list(read_dialogues(TRAINING).values())
    exchanges = list(read_dialogues(EXCHANGES).values())
    keywords, phases = learn(dialogues, shipped_codebooks(), exchanges=exchanges)
    np.savez_compressed(BASE_MODEL, inputs=inputs(), **_arrays(keywords, phases))


def inputs() -> NDArray[np.uint8]:
    """Return a digest of all that the base model is made of but the code: 32 numbers.

    It is kept with the model, so that a forgotten training shows without training.
    """
    here = Path(__file__).parents[2]
    digest = sha256()
    for pattern in _INPUTS:
        for path in sorted(here.glob(pattern)):
            digest.update(path.read_bytes())
    return np.frombuffer(digest.digest(), np.uint8)


def kept_inputs() -> NDArray[np.uint8]:
    """Return the digest of what the base model was made of."""
    with np.load(BASE_MODEL, allow_pickle=False) as stored:
        return np.asarray(stored["inputs"])


def _arrays(keywords: Learned, phases: LearnedPhases) -> dict[str, Any]:
    """Return everything that was learned as arrays by name, as they are kept."""
    return {
        **{
            f"keywords_{each.name}": value
            for each in fields(Learned)
            if (value := getattr(keywords, each.name)) is not None
        },
        **{f"phases_{each.name}": getattr(phases, each.name) for each in fields(LearnedPhases)},
    }


def _read(part: str) -> dict[str, Any]:
    with np.load(BASE_MODEL, allow_pickle=False) as stored:
        return {
            name.removeprefix(f"{part}_"): stored[name]
            for name in stored
            if name.startswith(f"{part}_")
        }


if __name__ == "__main__":
    write_base_model()
