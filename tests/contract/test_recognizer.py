"""What every Recognizer promises, run on the fake and on the rehearsal model."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import pipeline
from pipeline.analysis.intervals import padded
from pipeline.analysis.sound import RATE
from pipeline.engines.ports import Recognizer
from pipeline.engines.whisper import FasterWhisperRecognizer
from tests.fakes.engines import FakeRecognizer
from tests.signals import HIGH, LOW, talk

REHEARSAL = Path(pipeline.__file__).parent / "rehearsal" / "model"
TALK = talk([LOW, HIGH], seconds=40, seed=5)
AUDIO = TALK.tracks[0] + TALK.tracks[1]


@pytest.fixture(scope="module", params=["fake", "rehearsal"])
def recognizer(request: pytest.FixtureRequest) -> Recognizer:
    if request.param == "fake":
        return FakeRecognizer()
    return FasterWhisperRecognizer(REHEARSAL, rehearsal=True, threads=1)


class TestRecognizer:
    def test_words_are_in_order_and_within_the_sound(self, recognizer: Recognizer) -> None:
        words = recognizer.recognize(
            AUDIO, language="da", speech=TALK.speech, progress=lambda _: None
        )
        assert all(a.start_ms <= b.start_ms for a, b in pairwise(words))
        assert all(0 <= w.start_ms <= w.end_ms <= 40_000 for w in words)
        assert all(0 <= w.probability <= 1 for w in words)

    def test_words_are_single_and_not_empty(self, recognizer: Recognizer) -> None:
        words = recognizer.recognize(
            AUDIO, language="da", speech=TALK.speech, progress=lambda _: None
        )
        assert all(w.text and w.text == w.text.strip() for w in words)

    def test_segments_count_upwards(self, recognizer: Recognizer) -> None:
        words = recognizer.recognize(
            AUDIO, language="da", speech=TALK.speech, progress=lambda _: None
        )
        segments = [w.segment for w in words]
        assert min(segments, default=0) >= 0
        assert segments == sorted(segments)

    def test_nothing_is_listened_to_outside_speech(self, recognizer: Recognizer) -> None:
        part = ((2_000, 9_000),)
        words = recognizer.recognize(AUDIO, language="da", speech=part, progress=lambda _: None)
        ((low, high),) = padded(part, by_ms=400, within=(0, 40_000))
        assert all(low <= w.start_ms and w.end_ms <= high for w in words)

    def test_no_speech_gives_no_words_and_full_progress(self, recognizer: Recognizer) -> None:
        seen: list[float] = []
        words = recognizer.recognize(
            np.zeros(RATE, np.float32), language="da", speech=(), progress=seen.append
        )
        assert words == ()
        assert seen == [1.0]

    def test_progress_rises_to_one(self, recognizer: Recognizer) -> None:
        seen: list[float] = []
        recognizer.recognize(AUDIO, language="da", speech=TALK.speech, progress=seen.append)
        assert seen == sorted(seen)
        assert seen[-1] == 1.0

    def test_what_it_can_be_told_is_a_beginning_of_what_there_is(
        self, recognizer: Recognizer
    ) -> None:
        words = [f"Sted {number}" for number in range(200)]
        told = recognizer.fitting(words)
        assert list(told) == words[: len(told)]
        assert recognizer.fitting(()) == ()

    def test_it_says_that_it_is_only_a_rehearsal(self, recognizer: Recognizer) -> None:
        assert recognizer.rehearsal
        assert "/" in recognizer.name
