"""Sound and who-speaks-when as values. Not here: how either is made or stored."""

import io
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.errors import SoundUnusable

RATE = 16_000
FRAME_MS = 100
"""Step of everything that says who speaks: 10 Hz is enough and keeps an hour at 150 kB."""

SEPARABILITY_SURE = 5.0
SEPARABILITY_POOR = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Decoded sound.

    Attributes:
        samples: Shape (channels, n), float32 within -1..1.
        rate: Samples per second; everything in this package expects 16 kHz.

    Raises:
        SoundUnusable: No channel, or another rate.
    """

    samples: NDArray[np.float32]
    rate: int = RATE

    def __post_init__(self) -> None:
        if self.samples.ndim != 2 or not len(self.samples) or self.rate != RATE:  # noqa: PLR2004
            raise SoundUnusable(f"shape {self.samples.shape}, {self.rate} Hz")

    @property
    def channels(self) -> int:
        """How many channels there are."""
        return len(self.samples)

    @property
    def duration_ms(self) -> int:
        """Length in whole milliseconds."""
        return int(self.samples.shape[1]) * 1000 // self.rate


@dataclass(frozen=True, slots=True, eq=False)
class Diarization:
    """Which voice speaks when, as probabilities.

    Posteriors instead of segments let word assignment, the least-sure queue and re-runs
    share one object.

    Attributes:
        posteriors: Shape (frames at 10 Hz, voices), float16. A row sums to 1 where somebody
            speaks and is zero where nobody does.
        engine: How it was found, such as "arrival_time".
        separability: Ashman's D of the cue that told the voices apart; None where no such
            cue was measured. Under 5 it is doubtful.
        graded: Whether the posteriors say how sure the engine is; if not, 1 means chosen.
    """

    posteriors: NDArray[np.float16]
    engine: str
    separability: float | None = None
    graded: bool = True

    @property
    def voices(self) -> int:
        """How many voices are told apart."""
        return int(self.posteriors.shape[1])

    @property
    def doubtful(self) -> bool:
        """Return whether a person should check the names before trusting them."""
        return self.separability is None or self.separability < SEPARABILITY_SURE

    def to_bytes(self) -> bytes:
        """Return everything as one document, to keep and to read back with ``from_bytes``."""
        held = io.BytesIO()
        np.savez_compressed(
            held,
            posteriors=self.posteriors,
            engine=np.array(self.engine),
            separability=np.array(np.nan if self.separability is None else self.separability),
            graded=np.array(self.graded),
        )
        return held.getvalue()

    @classmethod
    def from_bytes(cls, document: bytes) -> Self:
        """Return what ``to_bytes`` wrote."""
        with np.load(io.BytesIO(document), allow_pickle=False) as held:
            separability = float(held["separability"])
            return cls(
                posteriors=held["posteriors"],
                engine=str(held["engine"]),
                separability=None if np.isnan(separability) else separability,
                graded=bool(held["graded"]) if "graded" in held else True,
            )

    def segments(self) -> tuple[tuple[int, int, int], ...]:
        """Return the most likely voice as (start_ms, end_ms, voice), silence left out."""
        label = np.where(self.posteriors.max(1) > 0, self.posteriors.argmax(1), -1)
        borders = np.flatnonzero(np.diff(label, prepend=-2, append=-2))
        return tuple(
            (int(a) * FRAME_MS, int(b) * FRAME_MS, int(label[a]))
            for a, b in pairwise(borders)
            if label[a] >= 0
        )
