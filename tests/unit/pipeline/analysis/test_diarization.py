from collections.abc import Sequence

import numpy as np
import pytest

from pipeline.analysis.diarization import diarize
from pipeline.analysis.diarization.decided import decided
from pipeline.analysis.diarization.mixture import ashman_d, best_path, smoothed_posteriors
from pipeline.analysis.scores import diarization_score
from pipeline.analysis.sound import Diarization, Sound
from storage.records import SoundLayout, Word
from tests.signals import HIGH, LOW, Talk, one_device, talk, two_microphones

ALIKE = talk([LOW, LOW], seconds=60, seed=1)
DIFFERENT = talk([LOW, HIGH], seconds=60, seed=2)
CASEWORKER = "Hvordan har du det i dag, og hvad vil du gerne tale om?"
YOUTH = "Det ved jeg ikke, jeg er bare lidt træt."


def run(
    sound: Sound,
    made: Talk,
    *,
    layout: SoundLayout = SoundLayout.ONE_DEVICE,
    words: Sequence[Word] = (),
    speakers: int = 2,
) -> Diarization:
    return diarize(
        sound,
        speech=made.speech,
        words=words,
        speakers=speakers,
        layout=layout,
        language="da",
    )


def confusion(found: Diarization, made: Talk) -> float:
    named = [(start, end, str(voice)) for start, end, voice in found.segments()]
    return diarization_score(made.truth, named).confusion


def said(made: Talk) -> tuple[Word, ...]:
    """Fill each turn with words that fit its speaker."""
    words = []
    for start, end, who in made.truth:
        texts = (CASEWORKER if who == "0" else YOUTH).split()
        step = (end - start) / len(texts)
        words += [
            Word(round(start + i * step), round(start + (i + 1) * step), text)
            for i, text in enumerate(texts)
        ]
    return tuple(words)


def test_directions_tell_identical_voices_apart() -> None:
    found = run(one_device(ALIKE, delays=(-3.0, 4.25)), ALIKE)
    assert found.engine == "arrival_time"
    assert not found.doubtful
    assert confusion(found, ALIKE) < 0.03


def test_three_directions_are_three_voices() -> None:
    made = talk([LOW, LOW, HIGH], seconds=90, seed=4)
    found = run(one_device(made, delays=(-5.0, 0.5, 5.0)), made, speakers=3)
    assert confusion(found, made) < 0.05


def test_two_microphones_go_by_level() -> None:
    found = run(two_microphones(ALIKE), ALIKE, layout=SoundLayout.TWO_MICROPHONES)
    assert found.engine == "level"
    assert confusion(found, ALIKE) < 0.05


def test_one_direction_is_not_taken_for_two() -> None:
    found = run(one_device(DIFFERENT, delays=(1.0, 1.0), noise=0.02), DIFFERENT)
    assert found.engine == "acoustic"
    assert found.doubtful


def test_different_voices_are_told_apart_on_one_channel() -> None:
    sound = Sound((DIFFERENT.tracks[0] + DIFFERENT.tracks[1])[None])
    found = run(sound, DIFFERENT)
    assert found.engine == "acoustic"
    assert confusion(found, DIFFERENT) < 0.1


def test_text_helps_where_voices_are_alike_and_there_is_one_channel() -> None:
    sound = Sound((ALIKE.tracks[0] + ALIKE.tracks[1])[None])
    found = run(sound, ALIKE, words=said(ALIKE))
    assert found.engine == "fused"
    assert confusion(found, ALIKE) < 0.05


def test_fused_puts_the_caseworker_first() -> None:
    sound = Sound((ALIKE.tracks[0] + ALIKE.tracks[1])[None])
    found = run(sound, ALIKE, words=said(ALIKE))
    start, end, who = ALIKE.truth[0]
    assert who == "0"
    assert found.posteriors[(start + end) // 200].argmax() == 0


def test_rows_sum_to_one_in_speech_and_to_zero_in_silence() -> None:
    found = run(one_device(ALIKE, delays=(-3.0, 4.0)), ALIKE)
    sums = found.posteriors.astype(np.float32).sum(1)
    assert found.posteriors.dtype == np.float16
    assert len(sums) == 600
    assert np.all((np.abs(sums - 1) < 0.01) | (sums == 0))
    assert sums[0] == 0


def test_the_same_seed_gives_the_same_result() -> None:
    sound = one_device(ALIKE, delays=(-3.0, 4.0))
    first, second = (run(sound, ALIKE).posteriors for _ in range(2))
    assert np.array_equal(first, second)


def test_a_few_seconds_each_are_too_few_to_know_voices_by_their_sound() -> None:
    """Four people in twenty seconds: clusters were sentences, and most were wrong."""
    made = talk([LOW, HIGH], seconds=20, seed=4)
    sound = Sound((made.tracks[0] + made.tracks[1])[None])
    assert run(sound, made, speakers=4).engine == "none"
    found = run(one_device(made, delays=(-3.0, 4.25)), made)
    assert found.engine == "arrival_time"
    assert confusion(found, made) < 0.05


@pytest.mark.parametrize("channels", [1, 2])
def test_hardly_any_speech_is_shared_evenly(channels: int) -> None:
    sound = Sound(np.zeros((channels, 16_000), np.float32))
    found = diarize(
        sound,
        speech=[(100, 600)],
        words=(),
        speakers=2,
        layout=SoundLayout.ONE_DEVICE,
        language="da",
    )
    assert found.engine == "none"
    assert found.posteriors[3].tolist() == [0.5, 0.5]


def test_decisions_become_shares_and_no_probabilities() -> None:
    found = decided(
        [(0, 1_000, 0), (800, 2_000, 1)],
        speech=[(0, 2_500)],
        frames=30,
        speakers=2,
        engine="decides",
    )
    shares = found.posteriors.astype(np.float32)
    assert shares[:8].tolist() == [[1, 0]] * 8
    assert shares[8:10].tolist() == [[0.5, 0.5]] * 2, "both speak"
    assert shares[10:20].tolist() == [[0, 1]] * 10
    assert shares[20:25].tolist() == [[0.5, 0.5]] * 5, "somebody speaks, and nobody is named"
    assert not shares[25:].any()
    assert not found.graded


@pytest.mark.parametrize("graded", [True, False])
def test_a_diarization_comes_back_from_its_bytes(*, graded: bool) -> None:
    posteriors = np.array([[1, 0], [0.5, 0.5]], np.float16)
    kept = Diarization(posteriors, engine="made", separability=4.0, graded=graded).to_bytes()
    back = Diarization.from_bytes(kept)
    assert np.array_equal(back.posteriors, posteriors)
    assert (back.engine, back.separability, back.graded) == ("made", 4.0, graded)


def test_a_constant_cue_is_not_separable() -> None:
    cue = np.concatenate([np.full(980, 4.0), np.full(20, 30.0)])
    assert ashman_d(cue, floor=0.5, seed=0) == 0


def test_two_humps_are_separable_in_proportion_to_their_distance() -> None:
    random = np.random.default_rng(0)
    near, far = (
        ashman_d(
            np.concatenate([random.normal(0, 1, 500), random.normal(d, 1, 500)]), floor=0.1, seed=0
        )
        for d in (4.0, 8.0)
    )
    assert 3 < near < 5
    assert far > near


def test_a_single_frame_does_not_change_the_voice() -> None:
    evidence = np.zeros((30, 2))
    evidence[:15, 1] = evidence[15:, 0] = -3
    evidence[7] = (-3, 0)
    posteriors = smoothed_posteriors(evidence, switch_nats=6.0)
    assert posteriors[:15].argmax(1).tolist() == [0] * 15
    assert posteriors[15:].argmax(1).tolist() == [1] * 15


def test_the_best_path_pays_for_each_change() -> None:
    scores = np.array([[0.0, -1], [-1, 0], [0, -1]])
    assert best_path(scores, switch_costs=np.full(3, 5.0)).tolist() == [0, 0, 0]
    assert best_path(scores, switch_costs=np.full(3, 0.1)).tolist() == [0, 1, 0]
