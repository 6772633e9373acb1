"""Films with wrong moments in them: seconds of film must not become hours of silence."""

import io

import pytest

from pipeline.engines.probing import Limits, probe
from pipeline.errors import MediaRefused, Refusal
from tests import films


def with_a_hole(seconds: int) -> bytes:
    """Return three seconds of sound and picture, the last two coming so much later."""
    later = f"if(gte(T,1),PTS+{seconds}/TB,PTS)"
    return films.made(
        "mkv",
        *films.picture(3, size="64x64", rate=10),
        *films.tone(3),
        *("-vf", f"setpts='{later}'", "-af", f"asetpts='{later}'", "-fps_mode", "passthrough"),
        *films.X264,
        *("-c:a", "pcm_s16le"),
    )


def test_a_pause_is_part_of_a_recording() -> None:
    film = with_a_hole(300)
    assert probe(io.BytesIO(film), size=len(film)).duration_ms > 300_000


@pytest.mark.parametrize("seconds", [1500, 36_000])
def test_a_recording_that_is_mostly_a_hole_is_damaged(seconds: int) -> None:
    film = with_a_hole(seconds)
    with pytest.raises(MediaRefused) as refused:
        probe(io.BytesIO(film), size=len(film))
    assert refused.value.code is Refusal.DAMAGED


def test_how_long_a_hole_may_be_can_be_set() -> None:
    film = with_a_hole(300)
    with pytest.raises(MediaRefused):
        probe(io.BytesIO(film), size=len(film), limits=Limits(hole_ms=60_000))


def test_sound_without_a_shape_is_damaged() -> None:
    film = films.made("webm", *films.picture(1), *films.tone(1), "-c:a", "libvorbis")
    head = film.index(b"\x01vorbis")
    changed = film[:head] + bytes(7) + film[head + 7 :]
    with pytest.raises(MediaRefused) as refused:
        probe(io.BytesIO(changed), size=len(changed))
    assert refused.value.code is Refusal.DAMAGED
