import io
from fractions import Fraction
from itertools import pairwise

import pytest

from pipeline.engines import containers
from pipeline.engines.containers import index_bytes, open_untrusted, packets_of, tracks_of
from pipeline.engines.probing import probe
from pipeline.engines.remux import remux
from tests import films
from tests.films import WindowWriter

REORDERED = ("-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-pix_fmt", "yuv420p")


def times(data: bytes) -> tuple[list[Fraction], list[Fraction]]:
    """Return when each packet of picture is decoded and shown, in seconds."""
    with open_untrusted(io.BytesIO(data)) as container:
        tracks = tracks_of(container)
        packets = [
            (packet.dts, packet.pts, packet.time_base)
            for packet in packets_of(container, tracks)
            if packet.stream is tracks.video
        ]
    return [(d or 0) * base for d, _, base in packets], [(p or 0) * base for _, p, base in packets]


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mts", "avi"])
def test_packets_have_both_times_and_are_decoded_before_they_are_shown(suffix: str) -> None:
    codec = REORDERED if suffix != "avi" else ("-c:v", "mpeg4", "-bf", "2")
    decoded, shown = times(films.made(suffix, *films.picture(), *films.tone(), *codec))
    assert len(shown) == 50
    assert all(a < b for a, b in pairwise(decoded))
    assert all(d <= s for d, s in zip(decoded, shown, strict=True))


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mts"])
def test_the_first_picture_is_shown_at_the_beginning(suffix: str) -> None:
    film = films.made(suffix, *films.picture(), *REORDERED)
    _, shown = times(film)
    assert min(shown) == 0
    assert sorted(shown) == pytest.approx([Fraction(n, 25) for n in range(50)], abs=0.001)


def test_an_index_that_outgrows_the_head_comes_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(containers, "HEAD_BYTES", 10_000)
    film = films.phone_film()
    writer = WindowWriter()
    found = probe(io.BytesIO(film), size=len(film))
    remux(io.BytesIO(film), writer, probe=found, progress=lambda _: None)
    copy = writer.getvalue()
    assert films.boxes(copy).index(b"moov") > films.boxes(copy).index(b"mdat")
    assert probe(io.BytesIO(copy), size=len(copy)).duration_ms == pytest.approx(2000, abs=30)


def test_the_index_of_four_hours_fits_in_the_head() -> None:
    hours = 4 * 3600
    room = index_bytes(pictures=hours * 25, sounds=hours * 47, duration_ms=hours * 1000, even=True)
    assert room < containers.HEAD_BYTES
