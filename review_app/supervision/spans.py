"""Stretches of film, merged into as few as say the same. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

BRIDGED_MS: Final = 1_000
"""A gap up to this long between two stretches is a jump of the clock, not of the viewer."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Milliseconds ``[start_ms, end_ms)`` of a film."""

    start_ms: int
    end_ms: int


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans in order, those that touch or nearly touch as one.

    Whatever was in a span still is, nothing further than a bridged gap is added, and between
    two of the result there is always more than such a gap. Empty spans are left out.
    """
    found: list[Span] = []
    for span in sorted(each for each in spans if each.start_ms < each.end_ms):
        if found and span.start_ms - found[-1].end_ms <= BRIDGED_MS:
            found[-1] = Span(found[-1].start_ms, max(found[-1].end_ms, span.end_ms))
        else:
            found.append(span)
    return tuple(found)


def within(spans: Iterable[Span], *, end_ms: int) -> tuple[Span, ...]:
    """Return what of the spans lies in a film of a length; nothing lies before its beginning."""
    cut = (Span(max(0, each.start_ms), min(end_ms, each.end_ms)) for each in spans)
    return tuple(each for each in cut if each.start_ms < each.end_ms)
