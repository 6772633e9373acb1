from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from review_app.supervision.spans import BRIDGED_MS, Span, merged, within

PLACES = st.integers(0, 8_000)
SPANS = st.lists(st.builds(Span, PLACES, PLACES), max_size=30)


def covered(spans: object) -> set[int]:
    assert isinstance(spans, list | tuple)
    return {ms for span in spans for ms in range(span.start_ms, span.end_ms)}


@given(SPANS)
def test_everything_that_was_played_is_said(spans: list[Span]) -> None:
    assert covered(spans) <= covered(merged(spans))


@given(SPANS)
def test_nothing_is_added_but_short_gaps_between_what_was_played(spans: list[Span]) -> None:
    real = [span for span in spans if span.start_ms < span.end_ms]
    played = covered(real)
    added = covered(merged(spans)) - played
    starts = {ms for ms in added if ms - 1 not in added}
    for start in starts:
        end = next(ms for ms in range(start, start + BRIDGED_MS + 1) if ms not in added)
        assert start - 1 in played
        assert end in played


@given(SPANS)
def test_they_are_in_order_and_apart(spans: list[Span]) -> None:
    found = merged(spans)
    assert all(span.start_ms < span.end_ms for span in found)
    for before, after in pairwise(found):
        assert after.start_ms - before.end_ms > BRIDGED_MS


@given(SPANS, SPANS)
def test_merging_again_or_bit_by_bit_changes_nothing(one: list[Span], other: list[Span]) -> None:
    assert merged(merged(one)) == merged(one)
    assert merged([*merged(one), *other]) == merged([*one, *other])


@given(SPANS, st.integers(0, 9_000))
def test_nothing_lies_beyond_the_film(spans: list[Span], end_ms: int) -> None:
    assert covered(within(spans, end_ms=end_ms)) == {ms for ms in covered(spans) if ms < end_ms}
