"""A masked copy: no field of the picture tells more than one tone, no voice is its own."""

import io
from collections.abc import Iterator

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.engines.masking import (
    ACROSS,
    DOWN,
    FIELD,
    RATE,
    SHIFT_HZ,
    VOICE_RANGE,
    grid_of,
    mark_picture,
    masked,
    mosaic,
)
from pipeline.errors import EngineFailed, Failure
from tests import films
from tests.films import AAC, X264, WindowWriter

MARK = "Mette Hansen · rådgiver · 10.3.2026 kl. 13.00"
HERTZ = 180
SECONDS = 4
TOLD = ("-metadata", "title=Jonas", "-metadata", "location=+55.6+12.5/", "-metadata")
CREATED = "creation_time=2026-03-10T12:00:00Z"


def film() -> bytes:
    picture = ("-f", "lavfi", "-i", f"mandelbrot=s=640x360:r=25:start_scale=0.8,trim=0:{SECONDS}")
    tone = films.tone(SECONDS, hertz=HERTZ)
    return films.made("mp4", *picture, *tone, *X264, *AAC, "-shortest", *TOLD, CREATED, "-g", "25")


def copy_of(
    source: bytes, *, span_ms: tuple[int, int] = (1_000, 3_000), voice: float | None = 1.25
) -> bytes:
    writer, told = WindowWriter(), []
    masked(
        io.BytesIO(source), writer, span_ms=span_ms, voice=voice, mark=MARK, progress=told.append
    )
    assert told == sorted(told)
    assert told[-1] == 1.0
    return writer.content.getvalue()


@pytest.fixture(scope="module")
def copy() -> bytes:
    return copy_of(film())


def pictures(data: bytes) -> Iterator[NDArray[np.uint8]]:
    with av.open(io.BytesIO(data)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="gray").astype(np.uint8)


def sound(data: bytes) -> tuple[int, NDArray[np.float32]]:
    with av.open(io.BytesIO(data)) as container:
        rate = container.streams.audio[0].rate
        parts = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    return rate, np.concatenate(parts).astype(np.float32)


def fundamental(data: bytes) -> float:
    """Return the strongest tone in Hz."""
    rate, samples = sound(data)
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    return float(np.fft.rfftfreq(len(middle), 1 / rate)[spectrum.argmax()])


def test_each_field_has_one_tone(copy: bytes) -> None:
    shape = (DOWN * FIELD, ACROSS * FIELD)
    _, covers = mark_picture(MARK, width=shape[1], height=shape[0])
    count = 0
    for picture in pictures(copy):
        assert picture.shape == shape
        fields = picture.reshape(DOWN, FIELD, ACROSS, FIELD).swapaxes(1, 2)
        marked = covers.reshape(DOWN, FIELD, ACROSS, FIELD).swapaxes(1, 2).max(axis=(2, 3)) > 0
        marked[1:] |= marked[:-1].copy()  # the codec smears the mark a little
        marked[:-1] |= marked[1:].copy()
        spread = fields[:, :, 2:-2, 2:-2].astype(float).std(axis=(2, 3))
        assert spread[~marked].max() < 4
        count += 1
    assert count == 2 * RATE


def test_a_sharp_detail_is_gone_before_anything_is_encoded() -> None:
    fine = np.indices((360, 640)).sum(0).astype(np.uint8) % 2 * 255
    made = mosaic(fine, grid_of(640, 360))
    assert made.max() - made.min() <= 1
    assert len(np.unique(mosaic(fine[:, :400], (40, 36)).reshape(36, 10, 400), axis=1)) == 36


@pytest.mark.parametrize(
    ("size", "grid"),
    [((1280, 720), (64, 36)), ((960, 720), (48, 36)), ((720, 1280), (36, 64)), ((80, 8), (64, 6))],
)
def test_no_picture_gets_more_fields_than_allowed(
    size: tuple[int, int], grid: tuple[int, int]
) -> None:
    assert grid_of(*size) == grid


def test_who_took_it_stands_in_the_picture_and_leaves_no_third_unmarked() -> None:
    drawn, covers = mark_picture(MARK + " #let x = [", width=640, height=360)
    assert drawn.shape == covers.shape == (360, 640)
    for third in range(3):
        assert covers[third * 120 : (third + 1) * 120].max() > 0.5
    other = mark_picture("somebody else", width=640, height=360)[1]
    assert np.abs(covers - other).max() > 0.5


def test_the_mark_is_burnt_in() -> None:
    black = films.made("mp4", "-f", "lavfi", "-i", "color=black:s=640x360:r=25:d=1", *X264)
    picture = next(pictures(copy_of(black, span_ms=(0, 1_000), voice=None)))
    drawn, covers = mark_picture(MARK, width=640, height=360)
    assert picture[(covers > 0.9) & (drawn > 200)].mean() > 120
    assert picture[covers == 0].mean() < 20


@pytest.mark.parametrize("voice", VOICE_RANGE)
def test_the_voices_fundamental_has_moved_and_its_time_has_not(voice: float) -> None:
    source = film()
    made = copy_of(source, voice=voice)
    assert fundamental(source) == pytest.approx(HERTZ, rel=0.02)
    assert fundamental(made) == pytest.approx(HERTZ * voice + SHIFT_HZ, rel=0.03)
    rate, samples = sound(made)
    assert len(samples) / rate == pytest.approx(2.0, abs=0.15)


def test_without_voices_there_is_no_sound_at_all() -> None:
    with av.open(io.BytesIO(copy_of(film(), voice=None))) as container:
        assert not container.streams.audio


def test_nothing_the_file_tells_goes_along(copy: bytes) -> None:
    with av.open(io.BytesIO(film())) as container:
        assert container.metadata["title"] == "Jonas"
    with av.open(io.BytesIO(copy)) as container:
        told = container.metadata.keys() | {
            key for stream in container.streams for key in stream.metadata
        }
    assert not told & {"title", "location", "creation_time", "date", "comment"}
    assert b"Jonas" not in copy
    assert b"Mette" not in copy


def test_a_film_without_picture_or_with_a_broken_one_is_refused() -> None:
    silent = films.made("mp4", *films.tone(1), *AAC)
    with pytest.raises(EngineFailed) as raised:
        copy_of(silent, span_ms=(0, 1_000))
    assert raised.value.code is Failure.UNREADABLE
    with pytest.raises(EngineFailed):
        copy_of(film()[:2_000])


def test_the_last_moment_of_a_film_is_shown_to_its_end() -> None:
    made = copy_of(film(), span_ms=(SECONDS * 1000 - 300, SECONDS * 1000))
    assert len(list(pictures(made))) == 3


def test_fields_are_no_larger_than_they_say() -> None:
    picture = cv2.resize(np.arange(16, dtype=np.uint8).reshape(4, 4) * 16, (640, 640))
    made = mosaic(picture.astype(np.uint8), (36, 36))
    assert made.shape == (360, 360)
