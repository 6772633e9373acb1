"""What every Diarizer promises: our own way, a fake run confined, sherpa-onnx, pyannote.audio.

A site runs the same on its own: SAMSPIL_DIARIZER=module:name pytest tests/contract/test_diarizer.py
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from pipeline.analysis.diarization import MeasuredDiarizer
from pipeline.analysis.scores import diarization_score
from pipeline.analysis.sound import FRAME_MS, RATE, Diarization, Sound
from pipeline.children.diarizer import SHIPPED, chosen_diarizer, installed
from pipeline.engines.errors import DiarizerMissing, VoiceModelsMissing
from pipeline.engines.ports import Diarizer
from pipeline.engines.pyannote import PIPELINE
from pipeline.engines.sherpa import EMBEDDING, SEGMENTATION
from pipeline.errors import ChildDied, EngineFailed, TaskFailed
from storage.records import SoundLayout
from storage.settings import Settings
from tests.signals import HIGH, LOW, talk
from tests.voice_models import save_voice_models

SITES_OWN = os.environ.get("SAMSPIL_DIARIZER", "")
TALK = talk([LOW, HIGH], seconds=24, seed=2)
SOUND = Sound((TALK.tracks[0] + TALK.tracks[1])[None])
PAUSE_MS = 4_000
PYANNOTE_THERE = "tests.fakes.pyannote_there:PyannoteDiarizer"
PITCH_PIPELINE = '{"pipeline": {"name": "tests.fakes.pitch.PitchPipeline"}}'
"""JSON, which is YAML too."""


@pytest.fixture(
    scope="module",
    params=["measured", "confined", "sherpa", "pyannote", *(["site"] if SITES_OWN else [])],
)
def diarizer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Diarizer:
    folder: Path = tmp_path_factory.mktemp("voices")
    match request.param:
        case "measured":
            return MeasuredDiarizer()
        case "confined":
            return chosen_diarizer(
                Settings(diarizer="tests.fakes.voices:FakeDiarizer", diarizer_dir=folder)
            )
        case "sherpa":
            save_voice_models(folder)
            return chosen_diarizer(Settings(diarizer="sherpa-onnx", diarizer_dir=folder))
        case "pyannote":
            (folder / PIPELINE).write_text(PITCH_PIPELINE)
            return chosen_diarizer(Settings(diarizer=PYANNOTE_THERE, diarizer_dir=folder))
        case _:
            return chosen_diarizer(Settings())


@pytest.fixture(scope="module")
def found(diarizer: Diarizer) -> Diarization:
    return told_apart(diarizer)


def told_apart(
    diarizer: Diarizer,
    sound: Sound = SOUND,
    *,
    speech: Sequence[tuple[int, int]] = TALK.speech,
    speakers: int = 2,
) -> Diarization:
    return diarizer.diarize(
        sound,
        speech=speech,
        words=(),
        speakers=speakers,
        layout=SoundLayout.ONE_DEVICE,
        language="da",
    )


class TestDiarizer:
    def test_a_row_for_each_tenth_of_a_second_and_a_column_for_each_voice(
        self, found: Diarization
    ) -> None:
        assert found.posteriors.shape == (SOUND.duration_ms // FRAME_MS, 2)
        assert found.posteriors.dtype == np.float16
        assert found.engine

    def test_rows_sum_to_one_in_speech_and_to_zero_in_silence(self, found: Diarization) -> None:
        sums = found.posteriors.astype(np.float32).sum(1)
        spoken = np.zeros(len(sums), np.bool_)
        for start, end in TALK.speech:
            spoken[round(start / FRAME_MS) : round(end / FRAME_MS)] = True
        assert np.all(np.abs(sums[spoken] - 1) < 0.01)
        assert np.all(sums[~spoken] == 0)

    def test_different_voices_are_told_apart(self, found: Diarization) -> None:
        named = [(start, end, str(voice)) for start, end, voice in found.segments()]
        assert diarization_score(TALK.truth, named).confusion < 0.1

    def test_it_claims_no_more_than_it_knows(self, found: Diarization) -> None:
        hard = np.isin(found.posteriors, (0, 0.5, 1)).all()
        assert found.doubtful
        assert not (found.graded and hard)

    def test_the_sound_is_left_as_it_was_and_gives_the_same_again(
        self, diarizer: Diarizer, found: Diarization
    ) -> None:
        before = SOUND.samples.copy()
        again = told_apart(diarizer)
        assert np.array_equal(SOUND.samples, before)
        assert np.array_equal(again.posteriors, found.posteriors)

    def test_where_nobody_speaks_nobody_is_named(self, diarizer: Diarizer) -> None:
        silence = told_apart(diarizer, Sound(np.zeros((2, 5 * RATE), np.float32)), speech=())
        assert silence.posteriors.shape == (50, 2)
        assert not silence.posteriors.any()

    def test_hardly_any_speech_names_as_many_as_were_told(self, diarizer: Diarizer) -> None:
        part = Sound(SOUND.samples[:, : PAUSE_MS * RATE // 1000])
        few = told_apart(diarizer, part, speech=[(500, 1_500)], speakers=4)
        sums = few.posteriors.astype(np.float32).sum(1)
        assert few.voices == 4
        assert np.all(np.abs(sums[5:15] - 1) < 0.01)


class TestForeignDiarizer:
    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux gives the means")
    @pytest.mark.parametrize("wants", ["Telephoning", "Nosy"])
    def test_it_reaches_neither_the_network_nor_other_files(
        self, wants: str, tmp_path: Path
    ) -> None:
        (tmp_path / "secret").write_bytes(b"key")
        own = Settings(
            diarizer=f"tests.fakes.voices:{wants}Diarizer", diarizer_dir=tmp_path / "voices"
        )
        with pytest.raises(TaskFailed) as refused:
            told_apart(chosen_diarizer(own))
        assert refused.value.kind == "PermissionError"

    @pytest.mark.parametrize("says", ["Lying", "Talkative"])
    def test_what_is_no_diarization_is_not_taken(self, says: str, tmp_path: Path) -> None:
        own = Settings(diarizer=f"tests.fakes.voices:{says}Diarizer", diarizer_dir=tmp_path)
        with pytest.raises(EngineFailed):
            told_apart(chosen_diarizer(own))

    @pytest.mark.parametrize(
        "name",
        [
            "nowhere:Diarizer",
            "tests.fakes.voices",
            ":made",
            *(name for name, each in SHIPPED.items() if not installed(each.library)),
        ],
    )
    def test_what_is_not_installed_is_said_at_once(self, name: str) -> None:
        with pytest.raises(DiarizerMissing):
            chosen_diarizer(Settings(diarizer=name))

    def test_what_its_module_lacks_is_said_too(self, tmp_path: Path) -> None:
        own = Settings(diarizer="tests.fakes.voices:Nobody", diarizer_dir=tmp_path)
        with pytest.raises(TaskFailed) as missing:
            told_apart(chosen_diarizer(own))
        assert missing.value.kind == DiarizerMissing.__name__

    @pytest.mark.parametrize("name", SHIPPED)
    def test_models_that_are_not_there_are_said_at_once(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(VoiceModelsMissing):
            SHIPPED[name].check(tmp_path)
        with pytest.raises((VoiceModelsMissing, DiarizerMissing)):
            chosen_diarizer(Settings(diarizer=name, diarizer_dir=tmp_path))

    def test_a_file_that_is_no_model_ends_only_the_confined_process(self, tmp_path: Path) -> None:
        for file in (SEGMENTATION, EMBEDDING):
            (tmp_path / file).write_bytes(b"no model")
        with pytest.raises((EngineFailed, ChildDied, TaskFailed)):
            told_apart(chosen_diarizer(Settings(diarizer="sherpa-onnx", diarizer_dir=tmp_path)))
