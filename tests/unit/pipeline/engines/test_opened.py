"""A file opened at several places behaves as one on disk, and is fetched in large ranges."""

import io
import os

from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines.opened import MOST_AT_ONCE, Opened
from tests.child_tasks.held import Held

PLACES = st.integers(0, 120)
STEPS = st.one_of(
    st.tuples(st.just("read"), st.integers(-1, 60)),
    st.tuples(st.just("set"), PLACES),
    st.tuples(st.just("end"), st.integers(-100, 20)),
)
MIB = 1024 * 1024


@given(st.lists(st.tuples(st.integers(0, 1), STEPS), max_size=40))
def test_each_opening_reads_as_a_file_of_its_own_does(steps: list[tuple[int, object]]) -> None:
    content = bytes(range(100))
    file = Held(content)
    opened, truth = [Opened(file) for _ in "ab"], [io.BytesIO(content) for _ in "ab"]
    for which, step in steps:
        match step:
            case ("read", int(size)):
                assert opened[which].read(size) == truth[which].read(size)
            case ("set", int(place)):
                assert opened[which].seek(place) == truth[which].seek(place)
            case ("end", int(back)):
                place = truth[which].seek(back, os.SEEK_END)
                assert opened[which].seek(back, os.SEEK_END) == place
        assert opened[which].tell() == truth[which].tell()


def test_who_reads_on_gets_more_at_once() -> None:
    file = Held(bytes(20 * MIB))
    opened = Opened(file)
    while opened.read(4096):
        pass
    assert len(file.asked) < 30
    assert max(length for _, length in file.asked) == MOST_AT_ONCE


def test_who_jumps_gets_what_he_asks_for() -> None:
    file = Held(bytes(20 * MIB))
    opened = Opened(file)
    for place in (3, 15, 7):
        opened.seek(place * MIB)
        opened.read(100)
    assert file.asked == [(place * MIB, 100) for place in (3, 15, 7)]


def test_no_request_is_larger_than_is_answered() -> None:
    file = Held(os.urandom(3 * MIB + 5))
    assert Opened(file).read() == file.pread(0, file.size)
    assert all(length <= MOST_AT_ONCE for _, length in file.asked[:-1])
