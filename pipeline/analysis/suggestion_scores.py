"""How good suggestions are against labels that people set. For testing ourselves, never people."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from statistics import fmean
from typing import Self

from storage.codebooks.matching.tagging import TagSuggestion
from storage.dialogues.guide import CODES, Label

_LABEL_OF = {pair: label for label, pairs in CODES.items() for pair in pairs}

Place = tuple[str, int]
"""A file's name and a line's place in it."""


@dataclass(frozen=True, slots=True)
class Ratios:
    """Precision, recall and their harmonic mean, 0..1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What was to be found of one label and what was suggested, with its confidence."""

    truth: frozenset[Place] = frozenset()
    suggested: Mapping[Place, float] = field(default_factory=dict)

    @property
    def right(self) -> int:
        """How many suggestions are right."""
        return len(self.truth & self.suggested.keys())

    def ratios(self) -> Ratios:
        """Return precision, recall and F1; all 1 where nothing was there and nothing found."""
        return _ratios(self.right, len(self.suggested), len(self.truth))

    def precision_at_n(self) -> float:
        """Return the share of right ones among the n surest, n being how many there are."""
        return self._right_among(len(self.truth)) / len(self.truth) if self.truth else 1.0

    def recall_at_2n(self) -> float:
        """Return the share that is found by whoever reads the 2n surest suggestions."""
        return self._right_among(2 * len(self.truth)) / len(self.truth) if self.truth else 1.0

    def _right_among(self, most: int) -> int:
        ranked = sorted(self.suggested, key=lambda place: (-self.suggested[place], place))
        return sum(place in self.truth for place in ranked[:most])

    def joined(self, other: Self) -> "Finding":
        """Return two findings of different files as one."""
        return Finding(self.truth | other.truth, {**self.suggested, **other.suggested})


Findings = Mapping[Label, Finding]


def findings(
    labels: Sequence[Collection[Label]], suggestions: Iterable[TagSuggestion], *, file: str
) -> Findings:
    """Return for every label what one dialogue holds and what was suggested.

    Args:
        labels: The labels of every line.
        suggestions: Suggestions whose ``turn`` is a place among the lines. Codes that stand for
            no label are left out; of several suggestions on one line the surest counts.
        file: Name under which the places are kept.
    """
    suggested: dict[Label, dict[Place, float]] = {label: {} for label in Label}
    for each in suggestions:
        label = _LABEL_OF.get((each.codebook.partition("@")[0], each.code))
        if label is not None:
            known = suggested[label].get((file, each.turn), 0.0)
            suggested[label][file, each.turn] = max(known, each.confidence)
    return {
        label: Finding(
            truth=frozenset((file, at) for at, some in enumerate(labels) if label in some),
            suggested=suggested[label],
        )
        for label in Label
    }


def pooled(several: Iterable[Findings]) -> Findings:
    """Return the findings of several files as those of one."""
    total: dict[Label, Finding] = {label: Finding() for label in Label}
    for label, finding in chain.from_iterable(some.items() for some in several):
        total[label] = total[label].joined(finding)
    return total


def micro(some: Findings) -> Ratios:
    """Return the ratios over all labels at once: every turn's label counts alike."""
    return _ratios(
        sum(finding.right for finding in some.values()),
        sum(len(finding.suggested) for finding in some.values()),
        sum(len(finding.truth) for finding in some.values()),
    )


def macro(some: Findings) -> Ratios:
    """Return the mean of the labels' ratios, of those labels that occur: every label counts alike.

    Where none occurs, the ratios over all labels at once.
    """
    each = [finding.ratios() for finding in some.values() if finding.truth]
    if not each:
        return micro(some)
    return Ratios(
        precision=fmean(ratios.precision for ratios in each),
        recall=fmean(ratios.recall for ratios in each),
        f1=fmean(ratios.f1 for ratios in each),
    )


def _ratios(right: int, suggested: int, there: int) -> Ratios:
    nothing = 1.0 if suggested == there == 0 else 0.0
    return Ratios(
        precision=right / suggested if suggested else nothing,
        recall=right / there if there else nothing,
        f1=2 * right / (suggested + there) if suggested + there else nothing,
    )
