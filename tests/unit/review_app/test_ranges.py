"""What RFC 9110 says of conditions and ranges (sections 13 and 14)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_app.ranges import Answer, answer_to

ETAG = '"a1"'
WHOLE = Answer(200, 0, 1000)  # type: ignore[arg-type] # a status compares with its number


def answered(**headers: str) -> tuple[int, int, int]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = answer_to(named, etag=ETAG, size=1000)
    return int(answer.status), answer.start, answer.end


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=0-", (0, 1000)),
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("Bytes = 10-19 ", (10, 20)),
        ("bytes=10-19,", (10, 20)),
        ("bytes=990-2000", (990, 1000)),
        ("bytes=0-18446744073709551615", (0, 1000)),
        ("bytes=-10", (990, 1000)),
        ("bytes=-5000", (0, 1000)),
    ],
)
def test_one_range_is_answered_with_a_part(asked: str, span: tuple[int, int]) -> None:
    assert answered(range=asked) == (206, *span)


@pytest.mark.parametrize(
    "asked", ["", "items=0-1", "garbage", "bytes", "bytes=0-1,3-4", "bytes=-1,0-"]
)
def test_no_range_another_unit_and_several_are_answered_with_the_whole(asked: str) -> None:
    assert answered(range=asked) == (200, 0, 1000)


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=-0",
        "bytes=1000-",
        "bytes=5-4",
        "bytes=a-b",
        "bytes=²-",
        "bytes=0-1,x",
        "bytes=1000-,-0",
        f"bytes={'9' * 5000}-",
    ],
)
def test_what_cannot_be_answered_is_refused(asked: str) -> None:
    assert answered(range=asked) == (416, 0, 0)


@pytest.mark.parametrize(
    ("tags", "weakly", "strongly"),
    [
        ('"a1"', True, True),
        ("*", True, True),
        ('"b", "a1"', True, True),
        ('W/"a1"', True, False),
        ('"a,1"', False, False),
        ("a1", False, False),
        ("", False, False),
    ],
)
def test_a_version_at_hand_is_not_sent_and_another_is_not_taken_for_it(
    tags: str, *, weakly: bool, strongly: bool
) -> None:
    assert answered(if_none_match=tags)[0] == (304 if weakly else 200)
    assert answered(if_match=tags)[0] == (200 if strongly else 412)
    assert answered(if_none_match=tags, range="bytes=0-4")[0] == (304 if weakly else 206)


def test_a_failed_match_stands_above_everything_else() -> None:
    assert answered(if_match='"b"', if_none_match=ETAG, range="bytes=5000-") == (412, 0, 0)


@pytest.mark.parametrize(
    ("version", "status"),
    [(ETAG, 206), ('W/"a1"', 200), ('"b"', 200), ("Tue, 10 Mar 2026 12:00:00 GMT", 200)],
)
def test_a_part_of_another_version_is_never_joined_to_it(version: str, status: int) -> None:
    assert answered(if_range=version, range="bytes=0-4")[0] == status
    assert answered(if_range=version)[0] == 200


def test_a_question_for_the_head_asks_for_no_part() -> None:
    assert answer_to({"range": "bytes=5-9"}, etag=ETAG, size=1000, head=True) == WHOLE


@given(
    size=st.integers(0, 10**10),
    asked=st.from_regex(re.compile(r"bytes=[0-9]{0,11}-[0-9]{0,11}", re.ASCII), fullmatch=True),
)
def test_no_part_is_empty_or_reaches_outside_the_film(size: int, asked: str) -> None:
    answer = answer_to({"range": asked}, etag=ETAG, size=size)
    if answer.status == 206:
        assert 0 <= answer.start < answer.end <= size
        first, last = asked.removeprefix("bytes=").split("-")
        if first:
            assert answer.start == int(first)
        else:
            assert (answer.start, answer.end) == (max(0, size - int(last)), size)
    else:
        assert answer == Answer(answer.status)
        assert answer.status == 416
