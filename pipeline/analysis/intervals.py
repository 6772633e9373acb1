"""Algebra of half-open millisecond intervals. Not here: what they mean.

A set of moments is a sequence of ``(start_ms, end_ms)``. Every result is sorted, disjoint and
without empty or touching pieces, so two results are equal when they cover the same moments.

    >>> subtract([(0, 10)], [(3, 5)])
    ((0, 3), (5, 10))
"""

from collections.abc import Iterable

Interval = tuple[int, int]
Intervals = tuple[Interval, ...]


def union(*sets: Iterable[Interval]) -> Intervals:
    """Return the moments that lie in any of the sets; one set alone is put in order."""
    merged: list[Interval] = []
    for start, end in sorted(interval for some in sets for interval in some):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def intersection(first: Iterable[Interval], second: Iterable[Interval]) -> Intervals:
    """Return the moments that lie in both sets."""
    left, right = union(first), union(second)
    found: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            found.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def subtract(first: Iterable[Interval], second: Iterable[Interval]) -> Intervals:
    """Return the moments of the first set that are not in the second."""
    left = union(first)
    if not left:
        return ()
    return intersection(left, complement(second, within=(left[0][0], left[-1][1])))


def complement(some: Iterable[Interval], *, within: Interval) -> Intervals:
    """Return the moments of ``within`` that are not in the set."""
    gaps: list[Interval] = []
    at, end_all = within
    for start, end in union(some):
        gaps.append((at, min(start, end_all)))
        at = max(at, end)
    gaps.append((at, end_all))
    return union(gaps)


def padded(some: Iterable[Interval], *, by_ms: int, within: Interval) -> Intervals:
    """Return the set with every piece longer by ``by_ms`` on both sides, clipped and merged."""
    low, high = within
    return union((max(low, start - by_ms), min(high, end + by_ms)) for start, end in some)


def bridged(some: Iterable[Interval], *, gap_ms: int) -> Intervals:
    """Return the set with gaps shorter than ``gap_ms`` closed."""
    closed: list[Interval] = []
    for start, end in union(some):
        if closed and start - closed[-1][1] < gap_ms:
            closed[-1] = (closed[-1][0], end)
        else:
            closed.append((start, end))
    return tuple(closed)


def total(some: Iterable[Interval]) -> int:
    """Return how many milliseconds the set covers."""
    return sum(end - start for start, end in union(some))
