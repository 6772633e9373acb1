from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.intervals import subtract, union
from pipeline.analysis.packing import WINDOW_MS, Window, pack

DURATION = 400_000
SPEECH = st.lists(
    st.tuples(st.integers(0, 350_000), st.integers(1, 50_000)).map(lambda s: (s[0], s[0] + s[1])),
    max_size=12,
).map(union)


@given(SPEECH)
def test_windows_hold_all_speech_and_fit(speech: tuple[tuple[int, int], ...]) -> None:
    windows = pack(speech, duration_ms=DURATION)
    assert all(0 < window.length_ms <= WINDOW_MS for window in windows)
    pieces = [piece for window in windows for piece in window.pieces]
    assert subtract(speech, pieces) == ()
    assert pieces == sorted(pieces)
    assert all(0 <= start < end <= DURATION for start, end in pieces)


@given(SPEECH, st.integers(0, WINDOW_MS))
def test_every_moment_of_a_window_comes_from_one_of_its_pieces(
    speech: tuple[tuple[int, int], ...], at: int
) -> None:
    for window in pack(speech, duration_ms=DURATION):
        start, end = window.original(min(at, window.length_ms - 1), min(at + 1, window.length_ms))
        assert any(low <= start <= end <= high for low, high in window.pieces)
        assert end - start == 1


def test_a_stretch_over_a_cut_belongs_to_the_piece_that_holds_more() -> None:
    window = Window(((1_000, 2_000), (10_000, 12_000)))
    assert window.original(900, 1_600) == (10_000, 10_600)
    assert window.original(200, 1_100) == (1_200, 2_000)


def test_a_stretch_past_the_end_is_held_back() -> None:
    assert Window(((1_000, 2_000),)).original(900, 5_000) == (1_900, 2_000)
