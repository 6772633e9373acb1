"""A corrected text goes on its way: found by its new words, and kept to in a new run."""

import numpy as np
import pytest

from consent.model import RecordingId
from pipeline.analysis.diarization import MeasuredDiarizer
from pipeline.analysis.sound import Diarization
from pipeline.engines.voice_activity import SileroVoiceActivity
from pipeline.stages import attribute, work
from pipeline.stages.workshop import Engines, Workshop
from storage import corrections, recordings, transcripts
from storage.media import transcript_of
from storage.records import BlobRole, SpeakerSet, WordsReplaced
from tests.fakes.engines import FakeRecognizer
from tests.house import SUPERVISOR, House

HEARD = (
    (0, "Hvordan"),
    (400, "går"),
    (800, "det?"),
    (2_000, "Fint"),
    (2_400, "i"),
    (2_800, "oden"),
)


@pytest.fixture
def shop(house: House) -> Workshop:
    engines = Engines(
        recognizer=FakeRecognizer, voice_activity=SileroVoiceActivity, diarizer=MeasuredDiarizer
    )
    return Workshop(house.home, engines, lambda _: None)


@pytest.fixture
def heard(house: House) -> RecordingId:
    recording = house.recording()
    words = [
        {"start_ms": at, "end_ms": at + 300, "text": text, "probability": 0.9, "segment": 0}
        for at, text in HEARD
    ]
    found = {"words": words, "engine": "test", "rehearsal": True}
    house.document(recording, BlobRole.WORDS, found)
    house.document(recording, BlobRole.SPEECH, [[0, 3_100]])
    posteriors = np.zeros((32, 2), np.float16)
    posteriors[:15, 0] = posteriors[15:, 1] = 1
    house.put(recording, BlobRole.SPEAKERS, Diarization(posteriors, engine="test").to_bytes())
    return recording


def lines(house: House, recording: RecordingId, version: int | None = None) -> list[str]:
    with house.home.reading() as tx:
        text = transcript_of(house.home, tx, house.permit(recording), version=version)
    return [f"{turn.speaker}: {turn.text}" for turn in text.turns]


def test_who_speaks_by_hand_is_kept_when_speech_is_run_again(
    house: House, shop: Workshop, heard: RecordingId
) -> None:
    attribute.run(heard, shop=shop)
    attribute.run(heard, shop=shop)
    assert lines(house, heard) == ["caseworker: Hvordan går det?", "youth: Fint i oden"]
    house.clock.go_on(seconds=1)
    with house.home.transaction() as tx:
        change = SpeakerSet(3, old="youth", new="parent")
        by = house.people[SUPERVISOR].id
        corrections.add_correction(tx, house.permit(heard), [change], version=1, by=by)
    attribute.run(heard, shop=shop)
    attribute.run(heard, shop=shop)
    assert lines(house, heard, version=2) == ["caseworker: Hvordan går det?", "parent: Fint i oden"]
    with house.home.reading() as tx:
        assert len(transcripts.versions_of(tx, house.permit(heard))) == 2


def test_a_corrected_word_is_found_and_the_day_of_erasure_stays(
    house: House, shop: Workshop, heard: RecordingId, monkeypatch: pytest.MonkeyPatch
) -> None:
    attribute.run(heard, shop=shop)
    with house.home.transaction() as tx:
        change = WordsReplaced((5,), old="oden", new="Odense")
        by = house.people[SUPERVISOR].id
        corrections.add_correction(tx, house.permit(heard), [change], version=1, by=by)
        before = recordings.recording(tx, heard).erase_after
    monkeypatch.setattr(work, "place", lambda: (shop.home, shop.engines))
    house.clock.go_on(days=3)
    work.reread(lambda _: None, recording=heard)
    (hit,) = house.home.search.find("Odense", recordings=[heard], language="da")
    assert hit.start_ms == 2_000
    with house.home.reading() as tx:
        assert recordings.recording(tx, heard).erase_after == before
