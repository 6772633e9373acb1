"""How well borders between stretches were found. Both figures are errors: 0 is best."""

from collections.abc import Collection
from dataclasses import dataclass

_SHORTEST_WINDOW = 2


@dataclass(frozen=True, slots=True)
class SegmentationScore:
    """Two shares of windows in which the found borders differ from the true ones."""

    pk: float
    windowdiff: float


def segmentation_score(
    truth: Collection[int], found: Collection[int], *, count: int
) -> SegmentationScore:
    """Return how wrong borders between ``count`` units in order are.

    A window half as long as the mean true stretch slides over the units. Pk counts the windows
    in which one of the two has a border and the other has none; WindowDiff those in which the
    numbers of borders differ, so that a border too many is not forgiven.

    Args:
        truth: Units, from 1 to ``count - 1``, before which there is a border.
        found: The same as somebody else sees it.
        count: How many units there are.

    Source: Pk, Beeferman, Berger and Lafferty 1999, Statistical models for text segmentation;
    WindowDiff, Pevzner and Hearst 2002, A critique and improvement of an evaluation metric.
    """
    window = max(_SHORTEST_WINDOW, round(count / (len(set(truth)) + 1) / 2))
    windows = max(0, count - window)
    if not windows:
        return SegmentationScore(pk=0.0, windowdiff=0.0)
    true_counts, found_counts = (
        [sum(start < border <= start + window for border in set(some)) for start in range(windows)]
        for some in (truth, found)
    )
    pairs = list(zip(true_counts, found_counts, strict=True))
    return SegmentationScore(
        pk=sum(bool(a) != bool(b) for a, b in pairs) / windows,
        windowdiff=sum(a != b for a, b in pairs) / windows,
    )
