import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_app.routes.media import LARGEST_ANSWER, RangeUnsatisfiable, span_of


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        (None, (0, 1000)),
        ("bytes=0-", (0, 1000)),
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("bytes=990-2000", (990, 1000)),
        ("bytes=-10", (990, 1000)),
        ("bytes=-5000", (0, 1000)),
    ],
)
def test_a_range_is_answered_as_rfc_9110_says(asked: str | None, span: tuple[int, int]) -> None:
    assert span_of(asked, size=1000) == span


@pytest.mark.parametrize(
    "asked",
    ["bytes=1000-", "bytes=5-4", "bytes=-", "bytes=-0", "items=0-1", "bytes=0-1,3-4", "bytes=a-b"],
)
def test_what_cannot_be_answered_is_refused(asked: str) -> None:
    with pytest.raises(RangeUnsatisfiable):
        span_of(asked, size=1000)


@given(
    size=st.integers(1, 10**10),
    first=st.integers(0, 10**10),
    length=st.none() | st.integers(0, 10**10),
)
def test_no_answer_is_larger_than_the_limit_or_outside_the_film(
    size: int, first: int, length: int | None
) -> None:
    asked = f"bytes={first}-" if length is None else f"bytes={first}-{first + length}"
    try:
        start, end = span_of(asked, size=size)
    except RangeUnsatisfiable:
        assert first >= size
    else:
        assert first == start < end <= size
        assert end - start <= LARGEST_ANSWER
