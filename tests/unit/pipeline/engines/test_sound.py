import io
from itertools import pairwise

import numpy as np
import pytest

from pipeline.engines.sound import CHUNK_S, RATE, decode, store_flac, waveform, whole
from pipeline.errors import EngineFailed, MediaRefused, Refusal
from tests import films
from tests.films import WindowWriter


def decoded(data: bytes, *, duration_ms: int = 2000) -> np.ndarray:
    return whole(decode(io.BytesIO(data), duration_ms=duration_ms, progress=lambda _: None))


def pitch(channel: np.ndarray) -> float:
    strength = np.abs(np.fft.rfft(channel * np.hanning(len(channel))))
    return float(np.argmax(strength)) * RATE / len(channel)


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv", "webm", "avi", "mp3", "wav", "flac"])
def test_sound_of_every_kind_comes_out_at_16_khz(suffix: str) -> None:
    pictured = suffix in {"mp4", "mov", "mkv", "webm", "avi"}
    data = films.made(suffix, *(films.picture() if pictured else ()), *films.tone())
    sound = decoded(data)
    assert sound.dtype == np.float32
    assert sound.shape[0] == 1
    assert sound.shape[1] == pytest.approx(2 * RATE, abs=RATE // 10)
    assert pitch(sound[0]) == pytest.approx(440, abs=2)
    assert 0.25 < np.abs(sound).max() < 0.5


def test_two_channels_are_kept_apart() -> None:
    sound = decoded(films.made("wav", *films.tone(channels=2)))
    assert [pitch(channel) for channel in sound] == pytest.approx([440, 880], abs=2)


def test_six_channels_become_two() -> None:
    assert decoded(films.made("wav", *films.tone(channels=6))).shape[0] == 2


def test_sound_that_begins_late_keeps_its_place() -> None:
    film = films.made(
        "mp4",
        *films.picture(3),
        *("-itsoffset", "1", *films.tone(1)),
        *(*films.X264, *films.AAC),
    )
    sound = decoded(film, duration_ms=3000)[0]
    assert np.abs(sound[: RATE - 800]).max() < 0.01
    assert np.abs(sound[RATE + 800 : RATE * 2 - 800]).max() > 0.2


def test_a_hole_in_the_sound_becomes_silence() -> None:
    film = films.made(
        "mkv", *films.tone(3), "-af", "aselect='not(between(t,1,2))'", "-c:a", "pcm_s16le"
    )
    sound = decoded(film, duration_ms=3000)[0]
    assert len(sound) == pytest.approx(3 * RATE, abs=800)
    assert np.abs(sound[RATE + 800 : 2 * RATE - 800]).max() == 0
    assert np.abs(sound[2 * RATE + 800 :]).max() > 0.2


def test_a_hole_of_hours_is_filled_a_chunk_at_a_time() -> None:
    film = films.made(
        "mkv", *films.tone(2), "-af", "asetpts='if(gt(T,1),PTS+3*3600/TB,PTS)'", "-c:a", "pcm_s16le"
    )
    chunks = decode(io.BytesIO(film), duration_ms=10_802_000, progress=lambda _: None)
    lengths = [chunk.shape[1] for chunk in chunks]
    assert max(lengths) < (CHUNK_S + 2) * RATE
    assert sum(lengths) == pytest.approx(10_802 * RATE, abs=RATE)


def test_damaged_sound_keeps_its_length() -> None:
    sound = decoded(films.flipped(films.made("m4a", *films.tone(4)), share=0.01))
    assert sound.shape[1] == pytest.approx(4 * RATE, abs=RATE // 2)


def test_a_long_recording_comes_in_chunks_with_progress() -> None:
    data = films.made("flac", *films.tone(35))
    progress: list[float] = []
    lengths = [
        chunk.shape[1]
        for chunk in decode(io.BytesIO(data), duration_ms=35_000, progress=progress.append)
    ]
    assert len(lengths) == 4
    assert max(lengths) < (CHUNK_S + 1) * RATE
    assert sum(lengths) == 35 * RATE
    assert all(a <= b for a, b in pairwise(progress))
    assert progress[-1] == 1.0


def test_no_sound_is_said_so() -> None:
    with pytest.raises(MediaRefused) as refused:
        decoded(films.made("mp4", *films.picture(1), *films.X264))
    assert refused.value.code is Refusal.NO_SOUND


def test_what_cannot_be_opened_is_said_so() -> None:
    with pytest.raises(EngineFailed):
        decoded(b"no sound at all" * 100)


@pytest.mark.parametrize("channels", [1, 2])
def test_kept_sound_comes_back_sample_by_sample(channels: int) -> None:
    rng = np.random.default_rng(5)
    sound = rng.uniform(-0.9, 0.9, (channels, 33_333)).astype(np.float32)
    writer = WindowWriter()
    assert store_flac([sound[:, :20_000], sound[:, 20_000:]], writer) == 2083
    back = decoded(writer.getvalue())
    assert back.shape == sound.shape
    assert np.abs(back - sound).max() < 2 / 32_768


def test_kept_sound_that_is_too_loud_is_clipped_not_wrapped() -> None:
    writer = WindowWriter()
    store_flac([np.full((1, 8000), 1.5, np.float32)], writer)
    assert decoded(writer.getvalue()).min() > 0.99


def test_nothing_is_no_sound_to_keep() -> None:
    with pytest.raises(MediaRefused):
        store_flac([], WindowWriter())


def test_the_wave_follows_the_sound() -> None:
    quiet_then_loud = np.concatenate([np.full((2, 8000), 0.01), np.full((2, 8000), -0.1)], axis=1)
    wave = waveform(quiet_then_loud.astype(np.float32), n=100)
    assert len(wave) == 100
    assert set(wave[:50]) <= {25, 26}
    assert set(wave[50:]) == {255}


def test_the_wave_of_silence_is_flat_and_of_little_sound_complete() -> None:
    assert waveform(np.zeros((1, 5000), np.float32)) == bytes(2000)
    assert len(waveform(np.ones((1, 3), np.float32), n=10)) == 10
    assert waveform(np.zeros((1, 0), np.float32), n=4) == bytes(4)


@pytest.mark.parametrize("duration_ms", [0, 400, 60_000])
def test_chunks_become_one_whatever_length_was_expected(duration_ms: int) -> None:
    chunks = [np.full((2, length), at, np.float32) for at, length in enumerate([7, 300_000, 1, 9])]
    joined = whole(iter(chunks), duration_ms=duration_ms)
    assert np.array_equal(joined, np.concatenate(chunks, axis=1))


def test_no_chunk_at_all_is_no_sound() -> None:
    with pytest.raises(MediaRefused):
        whole(iter(()), duration_ms=1000)
