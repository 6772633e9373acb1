"""The site's words on their way to the recognizer, with the model that is shipped."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from consent.gate import Permit
from pipeline.analysis.diarization import MeasuredDiarizer
from pipeline.analysis.sound import RATE, Sound
from pipeline.engines.ports import RecognizedWord
from pipeline.engines.whisper import MOST_TOKENS, FasterWhisperRecognizer
from pipeline.rehearsal import MODEL_DIR, SAMPLE
from pipeline.stages import transcribe
from pipeline.stages.workshop import Engines, Workshop
from storage import requests, vocabulary
from storage.media import document_of
from storage.records import BlobRole
from tests.fakes.engines import FakeRecognizer, FakeVoiceActivity
from tests.house import SUPERVISOR, House

WORDS = ("Børnehuset Lunden", "Horsens", "bisidder")
LENGTH_MS = 12_000


@pytest.fixture(scope="module")
def real() -> FasterWhisperRecognizer:
    """The small model, taken for one that can be told something."""
    return FasterWhisperRecognizer(MODEL_DIR, rehearsal=False, threads=1)


def test_the_words_reach_the_model_and_it_still_hears(
    real: FasterWhisperRecognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from faster_whisper import BatchedInferencePipeline, decode_audio

    given: list[str | None] = []
    transcribe_as_before = BatchedInferencePipeline.transcribe

    def listen(self: Any, audio: Any, **options: Any) -> Any:  # noqa: ANN401
        given.append(options["hotwords"])
        return transcribe_as_before(self, audio, **options)

    monkeypatch.setattr(BatchedInferencePipeline, "transcribe", listen)
    sound = decode_audio(str(SAMPLE))[: LENGTH_MS * 16]
    heard = real.recognize(
        sound,
        language="da",
        speech=[(0, LENGTH_MS)],
        progress=lambda _: None,
        vocabulary=real.fitting(WORDS),
    )
    assert given == ["Børnehuset Lunden, Horsens, bisidder"]
    assert " ".join(word.text for word in heard).startswith("Hej Malte")


def test_a_list_that_is_too_long_is_cut_after_its_first_words(
    real: FasterWhisperRecognizer,
) -> None:
    words = [f"Opholdsstedet Nummer {number}" for number in range(100)]
    told = real.fitting(words)
    assert 0 < len(told) < len(words)
    assert list(told) == words[: len(told)]
    encode = real._pipeline.model.hf_tokenizer.encode  # noqa: SLF001 - to count as the model does
    one_more = ", ".join(words[: len(told) + 1])
    assert len(encode(f" {', '.join(told)}", add_special_tokens=False).ids) <= MOST_TOKENS
    assert len(encode(f" {one_more}", add_special_tokens=False).ids) > MOST_TOKENS


@dataclass(frozen=True)
class Attentive(FakeRecognizer):
    """It can be told three words, and notes what it was told."""

    told: list[str] = field(default_factory=list)

    def fitting(self, vocabulary: Sequence[str]) -> tuple[str, ...]:
        return tuple(vocabulary[:3])

    def recognize(self, *arguments: Any, **options: Any) -> tuple[RecognizedWord, ...]:  # noqa: ANN401
        self.told.extend(options["vocabulary"])
        return super().recognize(*arguments, **options)


class SilentShop(Workshop):
    """A place in which there is a second of silence to listen to."""

    def sound(self, _permit: Permit) -> Sound:
        return Sound(np.zeros((1, RATE), np.float32))


def test_a_run_keeps_which_words_it_was_told(house: House) -> None:
    recording = house.recording()
    house.document(recording, BlobRole.SPEECH, [])
    with house.home.transaction() as tx:
        by = house.people[SUPERVISOR].id
        vocabulary.keep_vocabulary(tx, "da", lines=["Horsens", "Vejle"], edition=0, by=by)
    ears = Attentive()
    shop = SilentShop(
        house.home, Engines(lambda: ears, FakeVoiceActivity, MeasuredDiarizer), lambda _: None
    )
    transcribe.run(recording, shop=shop)
    with house.home.reading() as tx:
        kept = document_of(house.home, tx, house.permit(recording), BlobRole.WORDS)
    assert ears.told == ["Horsens", "Vejle", vocabulary.legal_terms("da")[0]]
    assert kept["vocabulary"] == {"edition": 1, "told": 3}


def test_other_words_begin_no_work_and_are_told_when_it_is_asked_for_again(house: House) -> None:
    recording = house.recording()
    with house.home.transaction() as tx:
        before = vocabulary.words_from(tx, recording, model="m")
        by = house.people[SUPERVISOR].id
        vocabulary.keep_vocabulary(tx, "sv", lines=["Växjö"], edition=0, by=by)
        assert vocabulary.words_from(tx, recording, model="m") == before
        vocabulary.keep_vocabulary(tx, "da", lines=["Horsens"], edition=0, by=by)
        assert vocabulary.words_from(tx, recording, model="m") != before
        assert requests.waiting(tx) == ()
