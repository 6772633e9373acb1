import time

import jiwer
import numpy as np
import numpy.typing as npt
import pytest
from scipy.signal import stft  # noqa: TID253 - a test pays what it costs

from pipeline.rehearsal import MODEL_DIR, SAMPLE, SampleRole, plain_words, sample_script
from pipeline.rehearsal import words_of_script as true_words

RATE = 16_000
Samples = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def stereo() -> tuple[Samples, Samples]:
    from faster_whisper import decode_audio

    left, right = decode_audio(str(SAMPLE), sampling_rate=RATE, split_stereo=True)
    return left, right


@pytest.mark.slow
def test_shipped_model_recognizes_the_sample(stereo: tuple[Samples, Samples]) -> None:
    from faster_whisper import WhisperModel

    began = time.process_time()
    model = WhisperModel(str(MODEL_DIR), device="cpu", compute_type="int8", local_files_only=True)
    segments, _ = model.transcribe(
        (stereo[0] + stereo[1]) / 2,
        language=sample_script().language,
        condition_on_previous_text=False,
        vad_filter=True,
        word_timestamps=True,
    )
    heard = [word for segment in segments for word in plain_words(segment.text)]
    assert jiwer.wer(" ".join(true_words()), " ".join(heard)) <= 0.08
    assert time.process_time() - began < 60


def delay_ms(stereo: tuple[Samples, Samples], *, start_ms: int, end_ms: int) -> float:
    """Return by how much the right channel lags behind the left (GCC-PHAT over one line)."""
    part = slice(start_ms * RATE // 1000, end_ms * RATE // 1000)
    size, finer = 1024, 16
    left, right = (stft(channel[part], RATE, nperseg=size)[2] for channel in stereo)
    cross = right * np.conj(left)
    whitened = (cross / (np.abs(cross) + 1e-9)).sum(axis=1)
    whitened[: 300 * size // RATE] = 0
    whitened[6000 * size // RATE :] = 0
    correlation = np.fft.irfft(whitened, size * finer)
    near = np.arange(-8 * finer, 8 * finer + 1)
    return float(near[correlation[near].argmax()] / finer / RATE * 1000)


def test_each_voice_reaches_the_two_channels_at_its_own_delay(
    stereo: tuple[Samples, Samples],
) -> None:
    delays = {
        role: [
            delay_ms(stereo, start_ms=line.start_ms, end_ms=line.end_ms)
            for line in sample_script().lines
            if line.role is role and line.end_ms - line.start_ms > 500
        ]
        for role in SampleRole
    }
    caseworker, youth = delays[SampleRole.CASEWORKER], delays[SampleRole.YOUTH]
    assert 0.2 < np.median(caseworker) < 0.3
    assert -0.3 < np.median(youth) < -0.2
    assert max(youth) < 0 < min(caseworker)


def test_no_voice_is_missing_from_either_channel(stereo: tuple[Samples, Samples]) -> None:
    for role in SampleRole:
        levels_db = []
        for channel in stereo:
            spoken = np.concatenate(
                [
                    channel[line.start_ms * RATE // 1000 : line.end_ms * RATE // 1000]
                    for line in sample_script().lines
                    if line.role is role
                ]
            )
            levels_db.append(10 * np.log10((spoken**2).mean()))
        assert 0.3 < abs(levels_db[0] - levels_db[1]) < 6
