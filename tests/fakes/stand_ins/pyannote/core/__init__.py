"""Stands in for pyannote.core where it is not installed: segments, and who speaks in them."""

from collections.abc import Iterator
from typing import Literal, NamedTuple


class Segment(NamedTuple):
    """Seconds from when until when."""

    start: float
    end: float


class Annotation:
    """Who speaks when."""

    def __init__(self) -> None:
        self._labels: dict[Segment, str] = {}

    def __setitem__(self, segment: Segment, label: str) -> None:
        self._labels[segment] = label

    def labels(self) -> list[str]:
        """Return everybody's label, in order."""
        return sorted(set(self._labels.values()))

    def itertracks(self, *, yield_label: Literal[True]) -> Iterator[tuple[Segment, str, str]]:
        """Yield each segment with a track of its own and its label, in order of time."""
        assert yield_label
        for segment, label in sorted(self._labels.items()):
            yield segment, "_", label
