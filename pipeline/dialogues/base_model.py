"""The base model: what was learned from the shipped training dialogues, as plain numbers.

Made anew by ``python -m pipeline.dialogues.base_model``; the same dialogues, cues and libraries
give the same numbers.
"""

from functools import cache
from pathlib import Path

import numpy as np

from pipeline.analysis.learner import Learned
from pipeline.analysis.learning import learn
from pipeline.dialogues import TRAINING, read_dialogues
from storage.codebooks.shipped import shipped_codebooks

BASE_MODEL = Path(__file__).with_name("base_model.npz")


@cache
def base_model() -> Learned:
    """Return the base model, read once."""
    with np.load(BASE_MODEL, allow_pickle=False) as stored:
        return Learned(
            weights=stored["weights"],
            scales=stored["scales"],
            biases=stored["biases"],
            thresholds=stored["thresholds"],
        )


def trained() -> Learned:
    """Return what the shipped training dialogues teach; takes some twenty seconds."""
    return learn(list(read_dialogues(TRAINING).values()), shipped_codebooks())


def write_base_model() -> None:
    """Train anew and put the result in the base model's place."""
    made = trained()
    np.savez_compressed(
        BASE_MODEL,
        weights=made.weights,
        scales=made.scales,
        biases=made.biases,
        thresholds=made.thresholds,
    )


if __name__ == "__main__":
    write_base_model()
