from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.intervals import (
    Interval,
    bridged,
    complement,
    intersection,
    padded,
    subtract,
    total,
    union,
)

MOMENT = st.integers(0, 60)
SETS = st.lists(st.tuples(MOMENT, MOMENT), max_size=8)


def moments(some: list[Interval] | tuple[Interval, ...]) -> set[int]:
    return {at for start, end in some for at in range(start, end)}


@given(SETS, SETS)
def test_operations_do_what_they_do_to_sets_of_moments(
    a: list[Interval], b: list[Interval]
) -> None:
    assert moments(union(a, b)) == moments(a) | moments(b)
    assert moments(intersection(a, b)) == moments(a) & moments(b)
    assert moments(subtract(a, b)) == moments(a) - moments(b)
    assert total(a) == len(moments(a))


@given(SETS, SETS)
def test_results_are_sorted_disjoint_and_neither_empty_nor_touching(
    a: list[Interval], b: list[Interval]
) -> None:
    for result in (union(a, b), intersection(a, b), subtract(a, b), complement(a, within=(0, 60))):
        assert all(start < end for start, end in result)
        assert all(first[1] < second[0] for first, second in pairwise(result))


@given(SETS)
def test_complement_twice_is_the_set_again(a: list[Interval]) -> None:
    assert complement(complement(a, within=(0, 60)), within=(0, 60)) == union(a)


@given(SETS, st.integers(0, 9))
def test_padding_covers_the_set_and_stays_within(a: list[Interval], by: int) -> None:
    wider = padded(union(a), by_ms=by, within=(0, 60))
    assert subtract(a, wider) == ()
    assert moments(wider) <= set(range(60))


def test_bridging_closes_short_gaps_only() -> None:
    assert bridged([(0, 10), (14, 20), (40, 50)], gap_ms=5) == ((0, 20), (40, 50))
