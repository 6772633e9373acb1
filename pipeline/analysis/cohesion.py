"""How well the words of a stretch of talk hold together. Only numbers; no opinion on phases."""

from collections.abc import Sequence
from math import log

_SMOOTHING = 0.1


class Cohesion:
    """The cost of drawing the words of a stretch from one urn.

    A word that has been drawn before is cheaper the next time, so stretches that go on about
    one thing cost less than stretches across two.

    Args:
        units: The content stems of every turn.

    Source: Eisenstein and Barzilay 2008, Bayesian unsupervised topic segmentation.
    """

    def __init__(self, units: Sequence[Sequence[str]]) -> None:
        numbers: dict[str, int] = {}
        self._units = [[numbers.setdefault(stem, len(numbers)) for stem in unit] for unit in units]
        self._kinds = len(numbers)
        total = sum(len(unit) for unit in units)
        self._seen = [log(count + _SMOOTHING) for count in range(total + 1)]
        self._drawn = [log(count + _SMOOTHING * max(1, self._kinds)) for count in range(total + 1)]

    def costs_from(self, start: int) -> list[float]:
        """Return the cost in nats of the first 0, 1, 2 … turns from a start on, to the end."""
        seen, drawn = self._seen, self._drawn
        counts = [0] * self._kinds
        costs = [0.0]
        cost = 0.0
        place = 0
        for unit in self._units[start:]:
            for kind in unit:
                cost += drawn[place] - seen[counts[kind]]
                counts[kind] += 1
                place += 1
            costs.append(cost)
        return costs
